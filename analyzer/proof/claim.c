#include "proof/claim.h"

#include "proof/evidence.h"
#include "proof/symptom.h"

static bool holds(LineRange range, uint32_t line) {
  return range.first <= line && line <= range.last;
}

static bool claim_holds(const Claim *claim, uint32_t line) {
  for (uint32_t i = 0; line > 0 && i < claim->lines->count; i++) {
    if (holds(claim->lines->items[i], line)) return true;
  }
  return false;
}

bool claim_is_shown(Arena *arena, const Claim *claim, const Sighting *seen) {
  if (!symptom_is_of_rule(seen->kind, claim->rule)) return false;
  if (!str_equal(seen->at.file, claim->path)) return false;
  if (claim_holds(claim, seen->at.line) || claim_holds(claim, seen->handler)) return true;
  return claim_holds(claim, evidence_line(arena, claim->before, claim->path, seen));
}

bool claim_is_same_place(const Claim *claim, const Spot *before, const Spot *after) {
  if (!str_equal(before->file, after->file)) return false;
  if (!str_equal(after->file, claim->path)) return before->line == after->line;
  return holds(linemap_before(&claim->map, after->line), before->line);
}
