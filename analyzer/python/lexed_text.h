#pragma once
/*
 * LexedText: what lexed_of finds in a text that is edited: only the lines around what has changed
 * are looked at again.
 *
 * Owns: its memory, until it is freed. Zeroed, it is that of an empty text.
 */
#include "python/mask.h"

typedef struct {
  Arena *memory;
  Str code;
  Lexed lexed;
} LexedText;

/* Makes it that of the code, of which it keeps a copy. */
void lexed_text_update(LexedText *text, Str code, Arena *scratch);
void lexed_text_free(LexedText *text);
