#include "cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"
#include "lint/nearest.h"
#include "lint/selector.h"
#include "project/python_version.h"

const char *option_value(const Option *option) {
  if (option->kind == OPTION_OPTIONAL_TEXT) return NULL;
  return option->kind == OPTION_SETTING ? setting_of_option(option->name)->value : option->value;
}

const char *option_help(const Option *option) {
  return option->help || option->kind != OPTION_SETTING ? option->help
                                                        : setting_of_option(option->name)->help;
}

static const Option *find_option(const Command *command, Str name) {
  for (uint32_t i = 0; i < command->option_count; i++) {
    const Option *option = &command->options[i];
    if (option->kind != OPTION_GROUP && str_is(name, option->name)) return option;
  }
  return NULL;
}

static bool add_items(Arena *arena, Strs *list, Str value) {
  while (value.len > 0) {
    Str part = str_trim(str_next(&value, ','));
    if (part.len > 0) vec_push(arena, list, part);
  }
  return true;
}

static bool set_version(Arena *arena, uint16_t *minor, Str value, Str *error) {
  if (python_version_parse(value, minor)) return true;
  *error = str_format(
    arena, "\"%.*s\" is no target version; write py310 or 3.10, from py37 on", STR_ARGS(value)
  );
  return false;
}

static bool
set_setting(const Option *option, Str value, Arena *arena, Settings *settings, Str *error) {
  const Setting *setting = setting_of_option(option->name);
  void *member = setting_member(setting, settings);
  switch (setting->kind) {
  case SETTING_RULES:
  case SETTING_PATH_PATTERNS:
    return add_items(arena, member, value);
  case SETTING_VERSION:
    return set_version(arena, member, value, error);
  case SETTING_FOLDER:
  case SETTING_FILE:
    *(Str *)member = value;
    return true;
  case SETTING_FLAG:
    *(bool *)member = true;
    return true;
  case SETTING_FAIL_ON:
    if (fail_on_parse(value, member)) return true;
    *error = str_format(arena, "%s takes error, warning, info or never", option->name);
    return false;
  case SETTING_SETTINGS_FILE:
  case SETTING_DOTTED_PATTERNS:
  case SETTING_RULES_BY_PATH:
  case SETTING_SEVERITY_BY_RULE:
    break; /* no row has an option for it */
  }
  return false;
}

static bool set_option(const Option *option, Str value, Invocation *invocation, Str *error) {
  void *field = (char *)invocation->options + option->offset;
  switch (option->kind) {
  case OPTION_FLAG:
    *(bool *)field = true;
    return true;
  case OPTION_TEXT:
    *(Str *)field = value;
    return true;
  case OPTION_OPTIONAL_TEXT:
    *(OptionalText *)field = (OptionalText){ .is_given = true, .text = value };
    return true;
  case OPTION_LIST:
    return add_items(invocation->arena, field, value);
  case OPTION_TEXTS:
    vec_push(invocation->arena, (Strs *)field, value);
    return true;
  case OPTION_SETTING:
    return set_setting(option, value, invocation->arena, field, error);
  case OPTION_COUNT:
    if (str_count(value, field)) return true;
    *error = str_format(
      invocation->arena, "%s takes a whole number, not \"%.*s\"", option->name, STR_ARGS(value)
    );
    return false;
  case OPTION_GROUP:
    break;
  }
  return false;
}

static Str unknown_option(Arena *arena, const Command *command, Str name) {
  const char **words = arena_array(arena, const char *, command->option_count + 1);
  uint32_t count = 0;
  for (uint32_t i = 0; i < command->option_count; i++) {
    const Option *option = &command->options[i];
    if (option->kind != OPTION_GROUP) words[count++] = option->name;
  }
  const char *nearest = nearest_word(arena, name, words, count);
  if (!nearest) return str_format(arena, "unknown option %.*s", STR_ARGS(name));
  return str_format(arena, "unknown option %.*s; did you mean %s?", STR_ARGS(name), nearest);
}

/* The first name says which action of the command it is. */
static bool take_action(Invocation *invocation, Str *error) {
  const Command *command = invocation->command;
  Arena *arena = invocation->arena;
  const char **words = arena_array(arena, const char *, command->action_count + 1);
  Text known = { .arena = arena };
  Str name = invocation->names.count > 0 ? invocation->names.items[0] : STR_EMPTY;
  bool is_first = !invocation->is_divided || invocation->divided > 0;
  for (uint32_t i = 0; i < command->action_count; i++) {
    words[i] = command->actions[i].name;
    text_format(&known, "%s%s", i > 0 ? ", " : "", words[i]);
    if (is_first && str_is(name, words[i])) invocation->action = &command->actions[i];
  }
  if (invocation->action) {
    invocation->names.items++;
    invocation->names.count--;
    invocation->names.capacity = 0; /* what is left is not ours to write over */
    if (invocation->is_divided) invocation->divided--;
    return true;
  }
  const char *nearest = nearest_word(arena, name, words, command->action_count);
  Str list = text_str(&known);
  if (name.len == 0) *error = str_format(arena, "do what? There are %.*s", STR_ARGS(list));
  else if (nearest)
    *error = str_format(arena, "cannot \"%.*s\"; did you mean %s?", STR_ARGS(name), nearest);
  else
    *error = str_format(arena, "cannot \"%.*s\"; there are %.*s", STR_ARGS(name), STR_ARGS(list));
  return false;
}

/* One option, and the argument after it that is its value: how many arguments that is; 0 if there is something wrong. */
static int take_option(Invocation *invocation, char **arguments, int count, Str *error) {
  Str argument = str_from(arguments[0]), value = argument;
  Str name = str_next(&value, '=');
  bool has_value = name.len < argument.len;
  Arena *arena = invocation->arena;
  const Option *option = find_option(invocation->command, name);
  if (!option) {
    *error = unknown_option(arena, invocation->command, name);
    return 0;
  }
  bool is_optional = option->kind == OPTION_OPTIONAL_TEXT;
  bool is_flag = option_value(option) == NULL;
  bool takes_next = !is_flag && !has_value;
  if (is_flag && has_value && !is_optional) {
    *error = str_format(arena, "%s takes no value", option->name);
    return 0;
  }
  if (takes_next && count < 2) {
    *error = str_format(arena, "%s needs a value: %s", option->name, option_value(option));
    return 0;
  }
  if (takes_next) value = str_from(arguments[1]);
  if (!set_option(option, value, invocation, error)) return 0;
  return takes_next ? 2 : 1;
}

bool command_parse(
  const Command *command,
  int count,
  char **arguments,
  Invocation *invocation,
  bool *is_help,
  Str *error
) {
  for (int i = 0, taken; i < count; i += taken) {
    Str argument = str_from(arguments[i]);
    taken = 1;
    if (invocation->is_divided || argument.len < 2 || argument.data[0] != '-') {
      vec_push(invocation->arena, &invocation->names, argument);
      continue;
    }
    if (str_is(argument, "--")) {
      invocation->is_divided = true;
      invocation->divided = invocation->names.count;
      continue;
    }
    if (str_is(argument, "--help") || str_is(argument, "-h")) {
      *is_help = true;
      return true;
    }
    taken = take_option(invocation, arguments + i, count - i, error);
    if (taken == 0) return false;
  }
  return command->action_count == 0 || take_action(invocation, error);
}

/* NO_COLOR and FORCE_COLOR as at no-color.org and force-color.org: set to anything but nothing. */
static bool is_set(const char *variable) {
  const char *value = getenv(variable);
  return value && *value;
}

static bool wants_color_by_default(void) {
  if (is_set("NO_COLOR")) return false;
  if (is_set("FORCE_COLOR") || is_set("CLICOLOR_FORCE")) return true;
  const char *terminal = getenv("TERM");
  return isatty(STDOUT_FILENO) && !(terminal && str_is(str_from(terminal), "dumb"));
}

const ReportFormat *command_format(Arena *arena, Str name, Str *error) {
  if (name.len == 0) return &report_full;
  const ReportFormat *format = report_format(name);
  if (format) return format;
  Str known = report_format_names(arena);
  *error = str_format(
    arena, "there is no output format \"%.*s\"; known are %.*s", STR_ARGS(name), STR_ARGS(known)
  );
  return NULL;
}

/* Columns; 0 if it is no terminal. */
static uint32_t terminal_width(void) {
  struct winsize size = { 0 };
  bool is_terminal = isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
  return is_terminal ? size.ws_col : 0;
}

bool command_terminal(Str color, ReportOptions *options, Str *error) {
  bool is_auto = color.len == 0 || str_is(color, "auto"), is_always = str_is(color, "always");
  options->has_color = is_always || (is_auto && wants_color_by_default());
  options->width = terminal_width();
  /* Links go with colours: where escape sequences are not wanted, they are none of them either. */
  options->has_links = options->has_color && isatty(STDOUT_FILENO);
  if (is_auto || is_always || str_is(color, "never")) return true;
  *error = STR("--color takes auto, always or never");
  return false;
}

int refuse(const Command *command, Str message) {
  fprintf(stderr, "awry %s: %.*s\n", command->name, STR_ARGS(message));
  return EXIT_PROBLEM;
}

void print(Str text) {
  fwrite(text.data, 1, text.len, stdout);
  fflush(stdout);
}

void show_problems(const Problems *problems) {
  for (uint32_t i = 0; i < problems->count; i++) {
    const Problem *problem = &problems->items[i];
    fputs("awry: ", stderr);
    if (problem->path.len > 0) fprintf(stderr, "%.*s", STR_ARGS(problem->path));
    if (problem->position.line > 0) {
      fprintf(stderr, ":%u:%u", problem->position.line, problem->position.column);
    }
    if (problem->path.len > 0) fputs(": ", stderr);
    fprintf(stderr, "%.*s\n", STR_ARGS(problem->message));
  }
}

static void say_nearest_of(Arena *arena, const Strs *selectors, Strs *said) {
  for (uint32_t i = 0; i < selectors->count; i++) {
    Str note = selector_note(arena, selectors->items[i]);
    bool is_said = note.len == 0;
    for (uint32_t k = 0; k < said->count && !is_said; k++)
      is_said = str_equal(said->items[k], note);
    if (is_said) continue;
    vec_push(arena, said, note);
    fprintf(stderr, "awry: %.*s\n", STR_ARGS(note));
  }
}

void say_nearest(Arena *arena, const Settings *settings) {
  Strs said = { 0 };
  say_nearest_of(arena, &settings->select, &said);
  say_nearest_of(arena, &settings->extend_select, &said);
  say_nearest_of(arena, &settings->ignore, &said);
}
