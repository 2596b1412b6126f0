#include "report/rule_page.h"

#include <stdlib.h>
#include <string.h>

#include "report/report.h"

static const char *fix_words(Applicability fix) {
  static const char *const words[] = {
    [FIX_NONE] = "none",
    [FIX_SAFE] = "safe",
    [FIX_UNSAFE] = "unsafe",
  };
  return words[fix];
}

static void add_versions(Text *out, const Rule *rule) {
  if (rule->min_minor > 0) text_format(out, "; target 3.%u or newer", rule->min_minor);
  if (rule->max_minor > 0) text_format(out, "; target 3.%u or older", rule->max_minor);
}

/* The title is the first line of the documentation; the facts of the record go below it. */
void rule_page(Text *out, const RuleEntry *entry) {
  const Rule *rule = entry->rule;
  uint32_t line = 0;
  if (entry->line_count > 0) text_format(out, "%s\n\n", entry->lines[line++]);
  text_format(out, "`%s` · `%s` · %s\n\n", rule->name, rule->code, entry->topic);
  text_format(
    out,
    "%s; %s%s; fix: %s; since %s",
    severity_name(rule->severity),
    rule->is_default ? "on by default" : "opt-in",
    rule->is_default && !rule->runs_in_tests ? ", off in test files" : "",
    fix_words(rule->fix),
    rule->since
  );
  add_versions(out, rule);
  text_add(out, STR(".\n"));
  for (; line < entry->line_count; line++) text_format(out, "%s\n", entry->lines[line]);
}

/* The headings of the sections that are about the rule and not about the code. */
static bool is_about_rule(Str heading) {
  return str_is(heading, "## Measured") || str_is(heading, "## Source");
}

void rule_page_brief(Text *out, const RuleEntry *entry) {
  Text page = { .arena = out->arena };
  rule_page(&page, entry);
  Str rest = text_str(&page);
  bool is_left_out = false;
  while (rest.len > 0) {
    Str line = str_next(&rest, '\n');
    bool is_heading = str_starts_with(line, STR("# ")) || str_starts_with(line, STR("## "));
    if (is_heading) is_left_out = is_about_rule(line);
    if (is_left_out) continue;
    text_format(out, "%s%.*s\n", is_heading ? "##" : "", STR_ARGS(line));
  }
}

Str rule_page_url(Arena *arena, const Rule *rule) {
  return str_format(arena, "%s/blob/main/docs/rules/%s.md", AWRY_HOMEPAGE, rule->name);
}

void rule_row(Text *out, const RuleEntry *entry) {
  text_format(
    out,
    "%s  %-28s  %-7s  %s\n",
    entry->rule->code,
    entry->rule->name,
    entry->rule->is_default ? "default" : "opt-in",
    entry->rule->summary
  );
}

static int by_code(const void *left, const void *right) {
  const RuleEntry *const *a = left;
  const RuleEntry *const *b = right;
  return strcmp((*a)->rule->code, (*b)->rule->code);
}

const RuleEntry **rules_sorted(Arena *arena) {
  const RuleEntry **sorted = arena_array(arena, const RuleEntry *, rule_entry_count + 1);
  for (uint32_t i = 0; i < rule_entry_count; i++) sorted[i] = &rule_entries[i];
  qsort(sorted, rule_entry_count, sizeof(*sorted), by_code);
  return sorted;
}
