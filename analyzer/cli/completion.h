#pragma once
/*
 * Completion: what a shell has to know to complete `awry …`, as the shell's own script, out of the tables of options. The
 * script holds the names of all rules, so that nothing is run while somebody types.
 */
#include "cli/command.h"
#include "cli/offered.h"

typedef struct {
  const char *shell;
  void (*write)(Text *out);
} Completion;

extern const Completion completion_bash;
extern const Completion completion_zsh;
extern const Completion completion_fish;
extern const Completion completion_powershell;

/* Adds the text between single quotes, with `escaped` for each of its own. */
void add_single_quoted(Text *out, const char *text, const char *escaped);

/* Adds the words, and for rules their names and codes, with `separator` between. */
void add_offered(Text *out, const Offered *value, const char *separator);
