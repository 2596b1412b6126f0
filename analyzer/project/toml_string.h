#pragma once
/*
 * The four kinds of TOML strings.
 */
#include "base/text.h"

/* What a string means: `literal` as it is written, quotes included. Requires: it is well-formed. An
   escape that is no character of Unicode is U+FFFD. */
Str toml_string(Arena *arena, Str literal);

/* The string in quotes, on one line. */
void toml_quote(Text *text, Str string);
