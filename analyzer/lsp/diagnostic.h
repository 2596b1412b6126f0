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

/* The finding that a diagnostic was made of: the client sends it back. NULL: there is none. */
const Finding *
diagnostic_finding(const View *view, const Findings *findings, const json_t *diagnostic);
