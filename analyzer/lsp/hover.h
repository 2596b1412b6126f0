#pragma once
/*
 * Hover: what a rule is about, shown where it has a finding, and at its name or code in a comment
 * that suppresses it.
 */
#include "lint/finding.h"
#include "lsp/call.h"
#include "lsp/view.h"
#include "python/parse.h"

/* NULL: nothing is to be said of the place. */
json_t *hover_json(
  Arena *arena, const View *view, const Findings *findings, uint32_t offset, Parser *parser
);

json_t *handle_hover(Call *call);
