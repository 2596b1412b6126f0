#include "lint/selector.h"

#include "lint/foreign.h"
#include "lint/linter.h"
#include "lint/nearest.h"

static char upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c; }

static bool starts_with_any_case(Str str, Str prefix) {
  if (prefix.len > str.len) return false;
  for (uint32_t i = 0; i < prefix.len; i++) {
    if (upper(str.data[i]) != upper(prefix.data[i])) return false;
  }
  return true;
}

Selected selector_selects(Str selector, const Rule *rule) {
  static const Selected by_prefix_length[] = {
    [3] = SELECTED_BY_PREFIX,
    [4] = SELECTED_BY_LONG_PREFIX,
    [5] = SELECTED_BY_LONGER_PREFIX,
  };
  if (str_is_any_case(selector, rule->name) || str_is_any_case(selector, rule->code))
    return SELECTED_BY_NAME;
  if (str_is_any_case(selector, "ALL")) return SELECTED_BY_ALL;
  const Foreign *foreign = foreign_find(selector);
  if (foreign && foreign->is_exact && foreign_means(foreign, rule)) return SELECTED_BY_NAME;
  bool is_prefix =
    selector.len >= SELECTOR_SHORTEST_PREFIX && selector.len <= SELECTOR_LONGEST_PREFIX;
  if (!is_prefix || !starts_with_any_case(str_from(rule->code), selector)) return SELECTED_NOT;
  return by_prefix_length[selector.len];
}

Selected selectors_select(const Strs *selectors, const Rule *rule) {
  Selected best = SELECTED_NOT;
  for (uint32_t i = 0; i < selectors->count; i++) {
    Selected selected = selector_selects(selectors->items[i], rule);
    const Foreign *foreign = selected == SELECTED_NOT ? foreign_find(selectors->items[i]) : NULL;
    if (foreign && foreign_means(foreign, rule)) selected = SELECTED_BY_NAME;
    if (selected > best) best = selected;
  }
  return best;
}

bool selector_is_known(Str selector) {
  if (foreign_find(selector)) return true;
  for (uint32_t i = 0; i < rule_entry_count; i++) {
    if (selector_selects(selector, rule_entries[i].rule) != SELECTED_NOT) return true;
  }
  return false;
}

const RuleEntry *linter_find_rule(Str name_or_code) {
  for (uint32_t i = 0; i < rule_entry_count; i++) {
    if (selector_selects(name_or_code, rule_entries[i].rule) == SELECTED_BY_NAME)
      return &rule_entries[i];
  }
  return NULL;
}

static const char *name_of(const char *code) {
  return linter_find_rule(str_from(code))->rule->name;
}

Str selector_note(Arena *arena, Str selector) {
  const Foreign *foreign = foreign_find(selector);
  if (!foreign || foreign->is_exact) return STR_EMPTY;
  const char *second = foreign->rules[1];
  return str_format(
    arena,
    "%.*s is a rule of %s; nearest to it %s %s%s%s",
    STR_ARGS(selector),
    foreign->tool,
    second ? "are" : "is",
    name_of(foreign->rules[0]),
    second ? " and " : "",
    second ? name_of(second) : ""
  );
}

Str selector_problem(Arena *arena, Str selector) {
  Str note = selector_note(arena, selector);
  if (note.len > 0) return note;
  const char **names = arena_array(arena, const char *, rule_entry_count);
  for (uint32_t i = 0; i < rule_entry_count; i++) names[i] = rule_entries[i].rule->name;
  const char *nearest = nearest_word(arena, str_lower(arena, selector), names, rule_entry_count);
  if (nearest == NULL) return str_format(arena, "unknown rule \"%.*s\"", STR_ARGS(selector));
  return str_format(
    arena, "unknown rule \"%.*s\"; did you mean \"%s\"?", STR_ARGS(selector), nearest
  );
}
