#pragma once
/*
 * Command: one word after `awry`, with its options. The tables of options are the only list of them: parsing, --help,
 * completions and the man page read them. What a settings file can say, too, is a row of project/setting.h, and an option's
 * row here only says where it goes.
 */
#include "base/arena.h"
#include "base/str.h"
#include "lint/settings.h"
#include "project/setting.h"
#include "report/report.h"
#include "source/problem.h"

typedef enum {
  OPTION_FLAG,          /* bool */
  OPTION_TEXT,          /* Str */
  OPTION_LIST,          /* Strs: given several times, or with commas */
  OPTION_TEXTS,         /* Strs: given several times, each as it stands */
  OPTION_COUNT,         /* uint32_t */
  OPTION_OPTIONAL_TEXT, /* OptionalText: a value may follow behind `=` */
  OPTION_SETTING, /* Settings: the member of it that the setting with this option is about (project/setting.h) */
  OPTION_GROUP, /* no option: the heading of those that follow */
} OptionKind;

typedef struct {
  bool is_given;
  Str text; /* empty where there is no value */
} OptionalText;

typedef struct {
  const char *name;  /* "--select"; of a group its heading */
  const char *value; /* what --help calls the value, "RULES"; NULL for flags */
  const char *help;
  OptionKind kind;
  size_t offset; /* of the field in the command's options struct */
} Option;

/* Rows that tables of options share. */
#define GROUP(heading) \
  { heading, NULL, NULL, OPTION_GROUP, 0 }
#define SETTING(name, offset) \
  { name, NULL, NULL, OPTION_SETTING, offset } /* value and help are the setting's */
#define COLOR(offset) \
  { "--color", "WHEN", "auto, always or never", OPTION_TEXT, offset }
#define PYTHON(offset) \
  { "--python", "PYTHON", "the interpreter to run it with; default: python3", OPTION_TEXT, offset }

/* A second word, as in `awry baseline create`. */
typedef struct {
  const char *name;
  const char *summary;
} Action;

typedef struct Command Command;

/* What a command is started with. */
typedef struct {
  const Command *command;
  Arena *arena;
  const Action *action; /* of the command's; NULL if it has none */
  Strs names;           /* what is not an option */
  bool is_divided;
  uint32_t divided; /* by a `--`: names before it */
  void *options;    /* the command's own struct, filled */
} Invocation;

struct Command {
  const char *name;
  const char *arguments; /* "[PATH…]" */
  const char *summary;
  const char *operand;   /* what the arguments are, as offered.h calls it; NULL: nothing to list */
  const Action *actions; /* NULL: none */
  uint32_t action_count;
  const Option *options;
  uint32_t option_count;
  size_t options_size;
  int (*run)(const Invocation *invocation); /* the exit status */
};

enum { EXIT_CLEAN = 0, EXIT_FINDINGS = 1, EXIT_PROBLEM = 2 };

/* Says on standard error why the command cannot do what is asked; the result is EXIT_PROBLEM. */
int refuse(const Command *command, Str message);
/* Writes to standard output at once. */
void print(Str text);

/* All of them, in the order in which they are listed. */
extern const Command *const commands[];
extern const uint32_t command_count;

extern const Command command_baseline;
extern const Command command_cache;
extern const Command command_check;
extern const Command command_completions;
extern const Command command_config;
extern const Command command_man;
extern const Command command_migrate;
extern const Command command_run;
extern const Command command_rule;
extern const Command command_server;
extern const Command command_suppressions;
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

/* What the row says, by itself or by its setting. A value that may be left out is none. */
const char *option_value(const Option *option);
const char *option_help(const Option *option);

/* The report format of that name, text for the empty one; NULL with an error text if there is none. */
const ReportFormat *command_format(Arena *arena, Str name, Str *error);
/* What standard output can show: its width, and colours and links by the value of --color; false with an error text if
   it has no such value. */
bool command_terminal(Str color, ReportOptions *options, Str *error);
/* The text of `awry COMMAND --help`, in lines of at most 80 columns. */
void add_command_help(Text *out, const Command *command);

/* Says on standard error, once each, which names in the settings are other linters' and lead only to the nearest rules. */
void say_nearest(Arena *arena, const Settings *settings);

/* Shows on standard error what is wrong with a run. */
void show_problems(const Problems *problems);
