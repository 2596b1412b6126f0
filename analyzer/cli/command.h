#pragma once
/*
 * Command: one word after `awry`, with its options. The tables are the only list of options:
 * parsing and --help both read them.
 */
#include "base/arena.h"
#include "base/str.h"
#include "lint/settings.h"
#include "report/report.h"
#include "source/problem.h"

typedef enum {
  OPTION_FLAG,  /* bool */
  OPTION_TEXT,  /* Str */
  OPTION_LIST,  /* Strs: given several times, or with commas */
  OPTION_COUNT, /* uint32_t */
} OptionKind;

typedef struct {
  const char *name;  /* "--select" */
  const char *value; /* what --help calls the value: "RULES"; NULL for flags */
  const char *help;
  OptionKind kind;
  size_t offset; /* of the field in the command's options struct */
} Option;

typedef struct Command Command;

/* What a command is started with. */
typedef struct {
  const Command *command;
  Arena *arena;
  Strs names; /* what is not an option */
  bool is_divided;
  uint32_t divided; /* by a `--`: names before it */
  void *options;    /* the command's own struct, filled */
} Invocation;

struct Command {
  const char *name;
  const char *arguments; /* "[PATH…]" */
  const char *summary;
  const Option *options;
  uint32_t option_count;
  size_t options_size;
  int (*run)(const Invocation *invocation); /* the exit status */
};

enum { EXIT_CLEAN = 0, EXIT_FINDINGS = 1, EXIT_PROBLEM = 2 };

extern const Command command_check;
extern const Command command_run;
extern const Command command_rule;
extern const Command command_server;
extern const Command command_verify;

/* Fills the invocation from the arguments after the command's name. False with an error text if
   they are off; is_help is set if --help is among them. */
bool command_parse(
  const Command *command,
  int count,
  char **arguments,
  Invocation *invocation,
  bool *is_help,
  Str *error
);
/* The report format of that name, text for the empty one; NULL with an error text if there is none. */
const ReportFormat *command_format(Arena *arena, Str name, Str *error);
/* Whether reports on standard output are to be coloured, by the value of --color; false with an error text if it has no
   such value. */
bool command_color(Str choice, bool *has_color, Str *error);
/* Shows on standard error what is wrong with a run. */
void show_problems(const Problems *problems);
/* The text of --help. */
Str command_help(Arena *arena, const Command *command);
