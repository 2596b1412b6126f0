#include "lint/apply.h"

static bool is_same_edit(const Edit *a, const Edit *b) {
  return a->span.start == b->span.start && a->span.end == b->span.end &&
    str_equal(a->text, b->text);
}

// What is taken so far. Edits that only touch count as two that do not fit, too: which of two
// insertions at one place comes first is not theirs to say.
typedef struct {
  Edits edits;
  uint32_t *at; // by offset: 1 + the index of the edit that holds or touches it; 0: none
} Taken;

// The taken edit that touches this one, or NULL.
static const Edit *taken_at(const Taken *taken, const Edit *edit) {
  for (uint32_t offset = edit->span.start; offset <= edit->span.end; offset++) {
    if (taken->at[offset] > 0) return &taken->edits.items[taken->at[offset] - 1];
  }
  return NULL;
}

static bool fix_fits(const Taken *taken, const Edits *own) {
  for (uint32_t i = 0; i < own->count; i++) {
    const Edit *other = taken_at(taken, &own->items[i]);
    if (other != NULL && !is_same_edit(other, &own->items[i])) return false;
  }
  return true;
}

static void take(Arena *arena, Taken *taken, const Edits *own) {
  uint32_t known = taken->edits.count;
  for (uint32_t i = 0; i < own->count; i++) {
    if (taken_at(taken, &own->items[i]) == NULL) vec_push(arena, &taken->edits, own->items[i]);
  }
  for (uint32_t i = known; i < taken->edits.count; i++) {
    Span span = taken->edits.items[i].span;
    for (uint32_t offset = span.start; offset <= span.end; offset++) taken->at[offset] = i + 1;
  }
}

static bool may_apply(const Finding *finding, Applicability boldest) {
  Applicability own = finding->fix.applicability;
  return own != FIX_NONE && own <= boldest && finding->fix.edits.count > 0;
}

static bool is_inside(const Edits *edits, Str text) {
  for (uint32_t i = 0; i < edits->count; i++) {
    Span span = edits->items[i].span;
    if (span.end < span.start || span.end > text.len) return false;
  }
  return true;
}

Fixed fixes_apply(Arena *arena, const Findings *findings, Applicability boldest, Str text) {
  Taken taken = { .edits = { 0 } };
  Fixed fixed = { .text = text };
  for (uint32_t i = 0; i < findings->count; i++) {
    const Finding *finding = &findings->items[i];
    const Edits *own = &finding->fix.edits;
    if (!may_apply(finding, boldest) || !is_inside(own, text)) continue;
    if (taken.at == NULL) taken.at = arena_array(arena, uint32_t, text.len + 1);
    if (!fix_fits(&taken, own)) continue;
    take(arena, &taken, own);
    fixed.count++;
  }
  edits_sort(arena, &taken.edits);
  if (!edits_apply(arena, text, &taken.edits, &fixed.text)) return (Fixed){ .text = text };
  fixed.edits = taken.edits;
  return fixed;
}
