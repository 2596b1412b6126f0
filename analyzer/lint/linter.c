#include "lint/linter.h"

#include "lint/dispatch.h"
#include "lint/findings.h"
#include "lint/path_pattern.h"
#include "lint/screen.h"
#include "lint/selector.h"
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

static Selected most_exact(const Strs *selectors, const Rule *rule) {
  Selected best = SELECTED_NOT;
  for (uint32_t i = 0; i < selectors->count; i++) {
    Selected selected = selector_selects(selectors->items[i], rule);
    if (selected > best) best = selected;
  }
  return best;
}

// The more exact of `select` and `ignore` decides, `ignore` where both are as exact.
static bool is_enabled(const Settings *settings, const Rule *rule, bool *is_selected) {
  Selected selected = most_exact(&settings->select, rule);
  Selected extended = most_exact(&settings->extend_select, rule);
  if (extended > selected) selected = extended;
  *is_selected = selected != SELECTED_NOT;
  Selected ignored = most_exact(&settings->ignore, rule);
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

bool linter_wants(const Linter *linter, Str text) {
  bool is_candidate = mentions_async(text) || str_contains(text, STR("awry:"));
  return is_candidate && screen_passes(&linter->screen, text);
}

// The rules that run on one file.
typedef struct {
  Vec(const Rule *) rules;
  bool *ran; // by place in rule_entries
} FileRules;

static bool is_ignored_here(const Linter *linter, const Rule *rule, Str path) {
  for (uint32_t i = 0; i < linter->settings.per_file_ignores.count; i++) {
    const PathSelectors *ignores = &linter->settings.per_file_ignores.items[i];
    if (most_exact(&ignores->selectors, rule) == SELECTED_NOT) continue;
    if (path_fits(path, ignores->pattern)) return true;
  }
  return false;
}

static uint16_t target_of(const LintInput *input) {
  return input->target_minor != 0 ? input->target_minor : OLDEST_SUPPORTED_MINOR;
}

static FileRules file_rules(const Linter *linter, const LintInput *input, Arena *arena) {
  FileRules file = { .ran = arena_array(arena, bool, rule_entry_count) };
  for (uint32_t i = 0; i < linter->rules.count; i++) {
    const EnabledRule *enabled = &linter->rules.items[i];
    const Rule *rule = enabled->rule;
    if (input->identity.is_test && !enabled->is_selected && !rule->runs_in_tests) continue;
    if (is_ignored_here(linter, rule, input->relative_path)) continue;
    // What does not concern the target version has nothing to find, which is as good as having run.
    file.ran[enabled->entry] = true;
    uint16_t target = target_of(input);
    if (rule->min_minor > target || (rule->max_minor != 0 && rule->max_minor < target)) continue;
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

static Module *build_module(const Linter *linter, const LintInput *input, Tree tree, Arena *arena) {
  ModuleOptions options = {
    .identity = input->identity,
    .target = { target_of(input) },
    .project = input->project,
    .vocabulary = &linter->settings.vocabulary,
  };
  if (options.project == NULL) {
    Module *alone = module_build(arena, tree, &options);
    Facts *facts = arena_make(arena, Facts);
    *facts = facts_collect(alone, arena);
    const Facts *all[] = { facts };
    options.project = project_merge(arena, all, 1);
  }
  return module_build(arena, tree, &options);
}

static void report_syntax_error(const FileRules *file, Module *module, Findings *findings) {
  const Rule *rule = running_rule(file, "AWR003");
  if (rule == NULL || module->tree.error_bytes == 0) return;
  Context cx = { .rule = rule, .module = module, .findings = findings, .arena = module->arena };
  report_span(
    &cx,
    module->tree.first_error,
    "cannot be parsed as Python here; the rest of the file was still analysed"
  );
}

// Removes the findings that are themselves suppressed, by name: a bare directive or a prefix would
// hide that it is unused.
static void drop_suppressed_by_name(
  Arena *arena, const Rule *rule, const Suppressions *suppressions, Findings *findings
) {
  Suppressions by_name = { 0 };
  for (uint32_t i = 0; i < suppressions->count; i++) {
    const Suppression *suppression = &suppressions->items[i];
    if (most_exact(&suppression->selectors, rule) != SELECTED_BY_NAME) continue;
    vec_push(arena, &by_name, *suppression);
  }
  suppressions_apply(arena, &by_name, findings);
}

static Findings unused_suppressions(
  const FileRules *file, Module *module, Str path, const Suppressions *suppressions
) {
  Findings unused = { 0 };
  const Rule *rule = running_rule(file, "AWR001");
  // Where the parser lost its way, findings are missing, and no suppression is surely unused.
  if (rule == NULL || module->tree.error_bytes > 0) return unused;
  unused_report(rule, module, suppressions, (RulesRun){ file->ran }, &unused);
  findings_complete(module->arena, &unused, module->source, path);
  drop_suppressed_by_name(module->arena, rule, suppressions, &unused);
  return unused;
}

Findings lint_source(const Linter *linter, const LintInput *input, Parser *parser, Arena *arena) {
  Tree tree = input->tree ? *input->tree : parse_source(parser, input->source, arena);
  FileRules file = file_rules(linter, input, arena);
  Module *module = build_module(linter, input, tree, arena);
  Dispatch dispatch = dispatch_build(arena, file.rules.items, file.rules.count);
  Str path = input->relative_path.len > 0 ? input->relative_path : input->source->path;

  Findings findings = { 0 };
  dispatch_run(&dispatch, module, &findings);
  report_syntax_error(&file, module, &findings);
  findings_sort(&findings);
  findings_drop_repeated(&findings);
  findings_complete(arena, &findings, input->source, path);

  Suppressions suppressions = suppressions_read(arena, &module->tree);
  suppressions_apply(arena, &suppressions, &findings);
  Findings unused = unused_suppressions(&file, module, path, &suppressions);
  for (uint32_t i = 0; i < unused.count; i++) vec_push(arena, &findings, unused.items[i]);
  findings_sort(&findings);
  return findings;
}
