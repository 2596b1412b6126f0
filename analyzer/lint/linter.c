#include "lint/linter.h"

#include "lint/dispatch.h"
#include "lint/findings.h"
#include "lint/near_error.h"
#include "lint/path_pattern.h"
#include "lint/screen.h"
#include "lint/selector.h"
#include "lint/unreasoned.h"
#include "lint/unused.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  const Rule *rule;
  uint32_t entry;   // its place in rule_entries
  bool is_selected; // asked for, not just on by default: then in test files, too
} EnabledRule;

struct Linter {
  Settings settings;
  Vec(EnabledRule) rules; // by code
  Screen screen;
};

static int enabled_order(const void *a, const void *b) {
  return strcmp(((const EnabledRule *)a)->rule->code, ((const EnabledRule *)b)->rule->code);
}

// Reports the unknown selectors and returns the others.
static Strs known_selectors(Arena *arena, Strs selectors, SelectorProblems *problems) {
  Strs known = { 0 };
  for (uint32_t i = 0; i < selectors.count; i++) {
    Str selector = selectors.items[i];
    if (selector_is_known(selector)) {
      vec_push(arena, &known, selector);
    } else {
      SelectorProblem problem = { .selector = selector,
                                  .message = selector_problem(arena, selector) };
      vec_push(arena, problems, problem);
    }
  }
  return known;
}

// The more exact of `select` and `ignore` decides, `ignore` where both are as exact.
static bool is_enabled(const Settings *settings, const Rule *rule, bool *is_selected) {
  Selected selected = selectors_select(&settings->select, rule);
  Selected extended = selectors_select(&settings->extend_select, rule);
  if (extended > selected) selected = extended;
  *is_selected = selected != SELECTED_NOT;
  Selected ignored = selectors_select(&settings->ignore, rule);
  if (*is_selected) return selected > ignored;
  return settings->select.count == 0 && rule->is_default && ignored == SELECTED_NOT;
}

static void add_words(Arena *arena, Screen *screen, const Rule *rule) {
  bool has_handlers = rule->on[0].event != EVENT_NONE;
  if (has_handlers && rule->words[0] == NULL) screen->passes_all = true;
  for (uint32_t i = 0; i < RULE_MAX_WORDS && rule->words[i] != NULL; i++) {
    screen_add(arena, screen, str_from(rule->words[i]));
  }
}

Linter *linter_build(Arena *arena, const Settings *settings, SelectorProblems *problems) {
  Linter *linter = arena_make(arena, Linter);
  linter->settings = *settings;
  linter->settings.select = known_selectors(arena, settings->select, problems);
  linter->settings.extend_select = known_selectors(arena, settings->extend_select, problems);
  linter->settings.ignore = known_selectors(arena, settings->ignore, problems);
  for (uint32_t i = 0; i < settings->per_file_ignores.count; i++) {
    known_selectors(arena, settings->per_file_ignores.items[i].selectors, problems);
  }
  // A selection of which nothing is known is still a selection, not the default set.
  bool selects = settings->select.count > 0;
  for (uint32_t i = 0; i < rule_entry_count; i++) {
    const Rule *rule = rule_entries[i].rule;
    bool is_selected = false;
    if (!is_enabled(&linter->settings, rule, &is_selected) || (selects && !is_selected)) continue;
    EnabledRule enabled = { .rule = rule, .entry = i, .is_selected = is_selected };
    vec_push(arena, &linter->rules, enabled);
    add_words(arena, &linter->screen, rule);
  }
  if (linter->rules.count > 1)
    qsort(linter->rules.items, linter->rules.count, sizeof *linter->rules.items, enabled_order);
  screen_build(arena, &linter->screen);
  return linter;
}

static bool is_candidate(Str text) {
  return mentions_async(text) || str_contains(text, STR("awry:"));
}

bool linter_wants(const Linter *linter, Str text) {
  return is_candidate(text) && screen_passes(&linter->screen, text);
}

Str linter_why_unwanted(const Linter *linter, Str text) {
  if (!is_candidate(text)) return STR("the file has no word of async");
  if (!screen_passes(&linter->screen, text))
    return STR("the file has none of the words that the enabled rules need");
  return STR_EMPTY;
}

// The rules that run on one file.
typedef struct {
  Vec(const Rule *) rules;
  bool *ran; // by place in rule_entries
} FileRules;

// The pattern of per-file-ignores by which the rule is off for the file; NULL if there is none.
static const Str *pattern_that_ignores(const Linter *linter, const Rule *rule, Str path) {
  for (uint32_t i = 0; i < linter->settings.per_file_ignores.count; i++) {
    const PathSelectors *ignores = &linter->settings.per_file_ignores.items[i];
    if (selectors_select(&ignores->selectors, rule) == SELECTED_NOT) continue;
    if (path_fits(path, ignores->pattern)) return &ignores->pattern;
  }
  return NULL;
}

static bool is_off_in_tests(const LintInput *input, const EnabledRule *enabled) {
  return input->identity.is_test && !enabled->is_selected && !enabled->rule->runs_in_tests;
}

// Where nobody says a version, what the code itself needs.
static uint16_t target_of(const LintInput *input) {
  if (input->target_minor != 0) return input->target_minor;
  uint16_t needed = project_needs_minor(input->project, &input->identity);
  return needed > OLDEST_SUPPORTED_MINOR ? needed : OLDEST_SUPPORTED_MINOR;
}

static bool is_before(const Rule *rule, uint16_t target) { return rule->min_minor > target; }

static bool is_behind(const Rule *rule, uint16_t target) {
  return rule->max_minor != 0 && rule->max_minor < target;
}

static FileRules file_rules(const Linter *linter, const LintInput *input, Arena *arena) {
  FileRules file = { .ran = arena_array(arena, bool, rule_entry_count) };
  for (uint32_t i = 0; i < linter->rules.count; i++) {
    const EnabledRule *enabled = &linter->rules.items[i];
    const Rule *rule = enabled->rule;
    if (is_off_in_tests(input, enabled)) continue;
    if (pattern_that_ignores(linter, rule, input->relative_path) != NULL) continue;
    // What does not concern the target version has nothing to find, which is as good as having run.
    file.ran[enabled->entry] = true;
    if (is_before(rule, target_of(input)) || is_behind(rule, target_of(input))) continue;
    vec_push(arena, &file.rules, rule);
  }
  return file;
}

// The rule of that code if it runs on the file: one that the engine itself reports.
static const Rule *running_rule(const FileRules *file, const char *code) {
  for (uint32_t i = 0; i < file->rules.count; i++) {
    if (strcmp(file->rules.items[i]->code, code) == 0) return file->rules.items[i];
  }
  return NULL;
}

// Requires: the input has a tree.
static Module *build_module(const Linter *linter, const LintInput *input, Arena *arena) {
  ModuleOptions options = {
    .identity = input->identity,
    .target = { target_of(input) },
    .project = input->project,
    .vocabulary = &linter->settings.vocabulary,
  };
  return module_build(arena, *input->tree, &options);
}

static const Project *project_of_one(const Linter *linter, const LintInput *input, Arena *arena) {
  Facts *facts = arena_make(arena, Facts);
  *facts = facts_collect(build_module(linter, input, arena), arena);
  const Facts *all[] = { facts };
  return project_merge(arena, all, 1, NULL);
}

// With all that callers may leave out. Owns: `tree` stays in its place.
static LintInput
complete(const Linter *linter, const LintInput *input, Parser *parser, Tree *tree, Arena *arena) {
  LintInput all = *input;
  *tree = input->tree ? *input->tree : parse_source(parser, input->source, arena);
  if (tree->outline == NULL) tree->outline = outline_build(arena, tree);
  all.tree = tree;
  if (all.project == NULL) all.project = project_of_one(linter, &all, arena);
  return all;
}

// Of annotations the grammar knows only the usual forms, and not `Annotated[str, KINDS[kind](1)]`.
static bool is_in_annotation(const Tree *tree, uint32_t offset) {
  Node low = 0, high = tree->count; // the last row that starts no later is in [low, high)
  while (high - low > 1) {
    Node middle = low + (high - low) / 2;
    if (tree_span(tree, middle).start <= offset) low = middle;
    else high = middle;
  }
  for (Node node = low; node != NODE_NONE; node = tree_parent(tree, node)) {
    bool is_type = tree_is(tree, node, KIND_TYPE) || tree_is(tree, node, KIND_TYPE_PARAMETER);
    if (is_type && tree_span(tree, node).end > offset) return true;
  }
  return false;
}

static void report_syntax_error(const FileRules *file, Module *module, Findings *findings) {
  const Rule *rule = running_rule(file, "AWR003");
  if (rule == NULL || module->tree.error_bytes == 0) return;
  if (is_in_annotation(&module->tree, module->tree.first_error.start)) return;
  Context cx = { .rule = rule, .module = module, .findings = findings, .arena = module->arena };
  report_span(
    &cx,
    module->tree.first_error,
    "cannot be parsed as Python here; the rest of the file was still analysed"
  );
}

// What is to be shown, and what comments cover; NULL: nobody asks for that.
typedef struct {
  Findings *findings, *covered;
} LintOutcome;

// Removes the findings that are themselves suppressed, by name: a bare directive or a prefix would
// hide that it is unused.
static void drop_suppressed_by_name(
  Module *module,
  const Rule *rule,
  const Suppressions *suppressions,
  Findings *findings,
  Findings *covered
) {
  Suppressions by_name = { 0 };
  for (uint32_t i = 0; i < suppressions->count; i++) {
    const Suppression *suppression = &suppressions->items[i];
    if (selectors_select(&suppression->selectors, rule) != SELECTED_BY_NAME) continue;
    vec_push(module->arena, &by_name, *suppression);
  }
  suppressions_apply(module->arena, module->source, &by_name, findings, covered);
}

// Adds the findings of a rule about suppressions that no suppression covers in its turn.
static void add_uncovered(
  Module *module, Findings *own, Str path, const Suppressions *suppressions, LintOutcome *outcome
) {
  if (own->count == 0) return;
  findings_complete(module->arena, own, module->source, path);
  drop_suppressed_by_name(module, own->items[0].rule, suppressions, own, outcome->covered);
  for (uint32_t i = 0; i < own->count; i++) {
    vec_push(module->arena, outcome->findings, own->items[i]);
  }
}

static void judge_suppressions(
  const FileRules *file,
  Module *module,
  Str path,
  const Suppressions *suppressions,
  LintOutcome *outcome
) {
  Findings unreasoned = { 0 }, unused = { 0 };
  const Rule *rule = running_rule(file, "AWR004");
  if (rule != NULL) unreasoned_report(rule, module, suppressions, &unreasoned);
  add_uncovered(module, &unreasoned, path, suppressions, outcome);
  // Where the parser lost its way, findings are missing, and no suppression is surely unused.
  rule = running_rule(file, "AWR001");
  if (rule == NULL || module->tree.error_bytes > 0) return;
  unused_report(rule, module, suppressions, (RulesRun){ file->ran }, &unused);
  add_uncovered(module, &unused, path, suppressions, outcome);
}

// What the settings say of the rule counts more than what the rule says of a finding.
static void set_severities(const Settings *settings, Findings *findings) {
  for (uint32_t i = 0; i < findings->count; i++) {
    Finding *finding = &findings->items[i];
    Selected best = SELECTED_NOT;
    for (uint32_t k = 0; k < settings->severities.count; k++) {
      const RuleSeverity *row = &settings->severities.items[k];
      Selected selected = selector_selects(row->selector, finding->rule);
      if (selected == SELECTED_NOT || selected < best) continue;
      best = selected;
      finding->severity = row->severity;
    }
  }
}

static void finish(const Linter *linter, const LintInput *input, Findings *findings, Arena *arena) {
  set_severities(&linter->settings, findings);
  if (!input->omits_line_hashes) findings_hash_lines(arena, findings, input->source);
}

// Makes what the rules have found what is to be shown.
static void
settle(const Linter *linter, const LintInput *input, Module *module, Findings *findings) {
  Arena *arena = module->arena;
  FileRules file = file_rules(linter, input, arena);
  Str path = input->relative_path.len > 0 ? input->relative_path : input->source->path;
  fixes_withdraw_near_errors(arena, &module->tree, findings);
  report_syntax_error(&file, module, findings);
  findings_sort(findings);
  findings_drop_repeated(findings);
  findings_complete(arena, findings, input->source, path);

  Suppressions suppressions = suppressions_read(arena, &module->tree);
  suppressions_apply(arena, input->source, &suppressions, findings, input->suppressed);
  LintOutcome outcome = { .findings = findings, .covered = input->suppressed };
  judge_suppressions(&file, module, path, &suppressions, &outcome);
  findings_sort(findings);
  finish(linter, input, findings, arena);
  if (input->suppressed == NULL) return;
  findings_sort(input->suppressed);
  finish(linter, input, input->suppressed, arena);
}

uint32_t lint_part_count(const Tree *tree) { return module_is_long(tree) ? LINT_MOST_PARTS : 1; }

// The row that the second part begins with: no function is cut, since rules ask most about what is
// around them.
static Node middle_of(const Module *module) {
  Node middle = module->tree.count / 2;
  FunctionId function = module_function_of(module, middle);
  if (function == FUNCTION_MODULE) return middle;
  return tree_after(&module->tree, module_function(module, function)->node);
}

static Rows rows_of(const Module *module, uint32_t part) {
  Rows rows = { 0, module->tree.count };
  if (lint_part_count(&module->tree) == 1) return rows;
  if (part == 0) rows.after = middle_of(module);
  else rows.first = middle_of(module);
  return rows;
}

Findings lint_part(const Linter *linter, const LintInput *input, uint32_t part, Arena *arena) {
  Findings found = { 0 };
  Module *module = build_module(linter, input, arena);
  FileRules file = file_rules(linter, input, arena);
  Dispatch dispatch = dispatch_build(arena, file.rules.items, file.rules.count);
  dispatch_run(&dispatch, module, rows_of(module, part), &found, NULL);
  return found;
}

Findings
lint_join(const Linter *linter, const LintInput *input, const Findings *parts, Arena *arena) {
  Findings findings = { 0 };
  for (uint32_t part = 0; part < lint_part_count(input->tree); part++) {
    for (uint32_t i = 0; i < parts[part].count; i++)
      vec_push(arena, &findings, parts[part].items[i]);
  }
  settle(linter, input, build_module(linter, input, arena), &findings);
  return findings;
}

Findings lint_source(const Linter *linter, const LintInput *input, Parser *parser, Arena *arena) {
  Tree tree;
  LintInput all = complete(linter, input, parser, &tree, arena);
  Findings parts[LINT_MOST_PARTS];
  for (uint32_t part = 0; part < lint_part_count(&tree); part++)
    parts[part] = lint_part(linter, &all, part, arena);
  return lint_join(linter, &all, parts, arena);
}

Findings lint_all_rules(
  const Linter *linter, const LintInput *input, Parser *parser, Arena *arena, Quiets *quiets
) {
  Tree tree;
  LintInput all = complete(linter, input, parser, &tree, arena);
  const Rule **rules = arena_array(arena, const Rule *, rule_entry_count + 1);
  for (uint32_t i = 0; i < rule_entry_count; i++) rules[i] = rule_entries[i].rule;
  Dispatch dispatch = dispatch_build(arena, rules, rule_entry_count);
  Findings findings = { 0 };
  for (uint32_t part = 0; part < lint_part_count(&tree); part++) {
    Module *module = build_module(linter, &all, arena);
    dispatch_run(&dispatch, module, rows_of(module, part), &findings, quiets);
  }
  findings_sort(&findings);
  findings_drop_repeated(&findings);
  findings_complete(arena, &findings, input->source, input->source->path);
  return findings;
}

static const EnabledRule *find_enabled(const Linter *linter, const Rule *rule) {
  for (uint32_t i = 0; i < linter->rules.count; i++) {
    if (linter->rules.items[i].rule == rule) return &linter->rules.items[i];
  }
  return NULL;
}

static Str why_not_enabled(const Linter *linter, const Rule *rule) {
  bool is_selected = false;
  is_enabled(&linter->settings, rule, &is_selected);
  if (is_selected || selectors_select(&linter->settings.ignore, rule) != SELECTED_NOT)
    return STR("ignored by the settings or options");
  if (!rule->is_default) return STR("off unless it is selected");
  return STR("not among the selected rules");
}

Str linter_why_off(const Linter *linter, const Rule *rule, const LintInput *input, Arena *arena) {
  const EnabledRule *enabled = find_enabled(linter, rule);
  if (enabled == NULL) return why_not_enabled(linter, rule);
  if (is_off_in_tests(input, enabled)) return STR("off in test files unless it is selected");
  const Str *pattern = pattern_that_ignores(linter, rule, input->relative_path);
  if (pattern != NULL)
    return str_format(arena, "ignored for files that fit \"%.*s\"", STR_ARGS(*pattern));
  uint16_t target = target_of(input);
  if (is_before(rule, target))
    return str_format(
      arena, "for Python 3.%u and later; the target is 3.%u", rule->min_minor, target
    );
  if (is_behind(rule, target))
    return str_format(
      arena, "for Python 3.%u and earlier; the target is 3.%u", rule->max_minor, target
    );
  return STR_EMPTY;
}
