#pragma once
/*
 * The JSON schema (draft 7) of `[tool.awry]` and awry.toml, out of the table of settings. It lets through what
 * settings_file.h takes without a word, and nothing else.
 */
#include <jansson.h>

#include "base/arena.h"

json_t *setting_schema(Arena *arena);
