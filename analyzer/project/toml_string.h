#pragma once
/*
 * The four kinds of TOML strings.
 */
#include "base/str.h"

/* What a string means: `literal` as it is written, quotes included. Requires: it is well-formed. An
   escape that is no character of Unicode is U+FFFD. */
Str toml_string(Arena *arena, Str literal);
