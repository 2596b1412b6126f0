#pragma once
/*
 * Diagnostics: findings as editors show them.
 */
#include "lint/finding.h"
#include "lsp/view.h"

/* The diagnostic of a finding, with as much of its story as the client can show: what it has no
   place for goes into the message. */
json_t *diagnostic_json(Arena *arena, const View *view, const Finding *finding);

/* The diagnostics of one of the view's texts, by its index. */
json_t *diagnostics_json(Arena *arena, const View *view, const Findings *findings, uint32_t text);

/* Sets is_shown for the findings of that text which diagnostics were made of: the client sends them
   back. What else is in the list does not matter. */
void diagnostics_find(
  Arena *arena,
  const View *view,
  const Findings *findings,
  const ViewText *text,
  const json_t *diagnostics,
  bool *is_shown
);
