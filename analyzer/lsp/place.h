#pragma once
/*
 * Places as the parameters of a message name them.
 */
#include "lsp/checked.h"

LinePosition read_position(Param position);

/* The bytes of a range in a plain text. False if it lies outside, or the parameters are faulty. */
bool read_span(const Ruler *ruler, Param range, Span *span);

/* The same in the text of a checked file that params.textDocument names. */
bool read_checked_offset(
  const Call *call, const Checked *checked, Param position, uint32_t *offset
);
bool read_checked_span(const Call *call, const Checked *checked, Param range, Span *span);
