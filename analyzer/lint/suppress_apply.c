#include "lint/suppress.h"

#include "base/map.h"
#include "lint/rule.h"
#include "lint/selector.h"

#include <stdlib.h>

typedef Vec(Suppression *) SuppressionRefs;

// The suppressions that name one rule.
typedef struct {
  const Rule *rule;
  SuppressionRefs of_lines; // by logical line, then by the last line that they cover
  SuppressionRefs of_file;
} Named;

typedef Vec(Named) NamedVec;

static int number_order(uint32_t a, uint32_t b) { return (a > b) - (a < b); }

static int suppression_order(const void *left, const void *right) {
  const Suppression *a = *(Suppression *const *)left, *b = *(Suppression *const *)right;
  int order = number_order(a->first_line, b->first_line);
  if (order == 0) order = number_order(a->last_line, b->last_line);
  // What is meant for others is used last, so that it makes none of ours superfluous.
  if (order == 0) order = a->is_noqa - b->is_noqa;
  return order != 0 ? order : number_order(a->span.start, b->span.start);
}

static Named name_rule(Arena *arena, Suppressions *suppressions, const Rule *rule) {
  Named named = { .rule = rule };
  for (uint32_t i = 0; i < suppressions->count; i++) {
    Suppression *suppression = &suppressions->items[i];
    if (!suppression_names(suppression, rule)) continue;
    bool is_of_file = suppression->last_line == UINT32_MAX;
    vec_push(arena, is_of_file ? &named.of_file : &named.of_lines, suppression);
  }
  SuppressionRefs *refs = &named.of_lines;
  if (refs->count > 1) qsort(refs->items, refs->count, sizeof *refs->items, suppression_order);
  return named;
}

static void mark_used(Suppression *suppression, const Rule *rule) {
  suppression->is_used = true;
  for (uint32_t i = 0; i < suppression->selectors.count; i++) {
    if (selector_selects(suppression->selectors.items[i], rule) != SELECTED_NOT)
      suppression->selector_is_used[i] = true;
  }
}

// Logical lines do not overlap, so the first suppression that does not end before the line is the
// only one that can be asked.
static Suppression *covering(const Named *named, uint32_t line) {
  const SuppressionRefs *refs = &named->of_lines;
  uint32_t low = 0, high = refs->count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (refs->items[middle]->last_line < line) low = middle + 1;
    else high = middle;
  }
  if (low < refs->count && refs->items[low]->first_line <= line) return refs->items[low];
  return named->of_file.count > 0 ? named->of_file.items[0] : NULL;
}

const Suppression *suppression_of(
  Arena *arena, const Source *source, Suppressions *suppressions, const Finding *finding
) {
  Named named = name_rule(arena, suppressions, finding->rule);
  return covering(&named, source_line_of(source, finding->span.start));
}

static void add_covered(
  Arena *arena, const Finding *finding, const Suppression *suppression, Findings *covered
) {
  vec_push(arena, covered, *finding);
  vec_last(covered).standing = STANDING_SUPPRESSED;
  vec_last(covered).reason = suppression->reason;
}

void suppressions_apply(
  Arena *arena,
  const Source *source,
  Suppressions *suppressions,
  Findings *findings,
  Findings *covered
) {
  if (suppressions->count == 0) return;
  NamedVec all = { 0 };
  Map by_code = { 0 };
  uint32_t kept = 0;
  for (uint32_t i = 0; i < findings->count; i++) {
    const Finding *finding = &findings->items[i];
    if (map_add(arena, &by_code, str_from(finding->rule->code), all.count))
      vec_push(arena, &all, name_rule(arena, suppressions, finding->rule));
    uint32_t index = 0;
    map_get(&by_code, str_from(finding->rule->code), &index);
    Suppression *suppression =
      covering(&all.items[index], source_line_of(source, finding->span.start));
    if (suppression == NULL) {
      findings->items[kept++] = *finding;
      continue;
    }
    mark_used(suppression, finding->rule);
    if (covered != NULL) add_covered(arena, finding, suppression, covered);
  }
  findings->count = kept;
}
