#pragma once
/*
 * A rule for programs: its record, its documentation in Markdown, and what other linters call the same.
 */
#include <jansson.h>

#include "base/arena.h"
#include "lint/rule.h"

json_t *rule_json(Arena *arena, const RuleEntry *entry);
