#pragma once
/*
 * Foreign: what other linters call that which a rule of ours is about, by code and by name. The table is the only list of
 * them: selectors, suppressions, `awry rule` and docs/migration.md read it.
 *
 * Exact is what reports the same thing at the same place: whoever has silenced that has decided about ours. Anything else
 * only leads to the nearest rules, where somebody selects by it, and silences nothing in comments.
 */
#include "lint/rule.h"

enum { FOREIGN_MAX_RULES = 2 };

typedef struct {
  const char *code; /* "RUF006"; of tools without codes the name */
  const char *name; /* "asyncio-dangling-task"; NULL: it has none */
  const char *tool; /* who has it: "ruff" */
  bool is_exact;
  const char *why;                      /* it is exact, or is not */
  const char *rules[FOREIGN_MAX_RULES]; /* our codes; NULL: no second one */
} Foreign;

extern const Foreign foreign_rows[];
extern const uint32_t foreign_count;

/* The row of that code or name, in any case; NULL if there is none. */
const Foreign *foreign_find(Str code_or_name);

/* True if the row leads to the rule. */
bool foreign_means(const Foreign *foreign, const Rule *rule);
