#include "lint/apply.h"

static bool is_same_edit(const Edit *a, const Edit *b) {
  return a->span.start == b->span.start && a->span.end == b->span.end &&
    str_equal(a->text, b->text);
}

// Edits that only touch count, too: which of two insertions at one place comes first is not theirs
// to say.
static bool edits_touch(const Edit *a, const Edit *b) {
  return a->span.start <= b->span.end && b->span.start <= a->span.end;
}

static bool holds(const Edits *edits, const Edit *edit) {
  for (uint32_t i = 0; i < edits->count; i++) {
    if (is_same_edit(&edits->items[i], edit)) return true;
  }
  return false;
}

static bool fits(const Edits *taken, const Edit *edit) {
  for (uint32_t i = 0; i < taken->count; i++) {
    if (edits_touch(&taken->items[i], edit) && !is_same_edit(&taken->items[i], edit)) return false;
  }
  return true;
}

static bool fix_fits(const Edits *taken, const Edits *own) {
  for (uint32_t i = 0; i < own->count; i++) {
    if (!fits(taken, &own->items[i])) return false;
  }
  return true;
}

static bool may_apply(const Finding *finding, Applicability boldest) {
  Applicability own = finding->fix.applicability;
  return own != FIX_NONE && own <= boldest && finding->fix.edits.count > 0;
}

Fixed fixes_apply(Arena *arena, const Findings *findings, Applicability boldest, Str text) {
  Edits taken = { 0 };
  Fixed fixed = { .text = text };
  for (uint32_t i = 0; i < findings->count; i++) {
    const Finding *finding = &findings->items[i];
    const Edits *own = &finding->fix.edits;
    if (!may_apply(finding, boldest) || !fix_fits(&taken, own)) continue;
    Edits new = { 0 };
    for (uint32_t j = 0; j < own->count; j++) {
      if (!holds(&taken, &own->items[j])) vec_push(arena, &new, own->items[j]);
    }
    for (uint32_t j = 0; j < new.count; j++) vec_push(arena, &taken, new.items[j]);
    fixed.count++;
  }
  edits_sort(arena, &taken);
  if (!edits_apply(arena, text, &taken, &fixed.text)) return (Fixed){ .text = text };
  return fixed;
}
