#pragma once
/*
 * Migration: what a project tells other linters, as `[tool.awry]` that comes to the same: settings in TOML, and comments that
 * say where each is from, and what is not taken over and why. By the table of lint/foreign.h.
 *
 * Exact rules are taken over where they are switched off by name. A rule that is only near, or off because a whole family is
 * (`disable = W`), says nothing about ours. What is switched on there is switched on here.
 */
#include "base/text.h"
#include "project/foreign_settings.h"

typedef struct {
  const ForeignSettings *items; /* one of each tool */
  uint32_t count;
  Strs files;          /* that awry looks at, seen from the folder of the settings */
  bool lacks_external; /* ruff has to be told of our codes */
} Migration;

void migration_write(Text *text, const Migration *migration);
