#include "cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "lint/nearest.h"

static const Option *find_option(const Command *command, Str name) {
  for (uint32_t i = 0; i < command->option_count; i++) {
    if (str_is(name, command->options[i].name)) return &command->options[i];
  }
  return NULL;
}

static bool set_option(const Option *option, Str value, Invocation *invocation, Str *error) {
  char *field = (char *)invocation->options + option->offset;
  switch (option->kind) {
  case OPTION_FLAG:
    *(bool *)(void *)field = true;
    return true;
  case OPTION_TEXT:
    *(Str *)(void *)field = value;
    return true;
  case OPTION_LIST:
    while (value.len > 0) {
      Str part = str_trim(str_next(&value, ','));
      if (part.len > 0) vec_push(invocation->arena, (Strs *)(void *)field, part);
    }
    return true;
  case OPTION_COUNT:
    if (str_count(value, (uint32_t *)(void *)field)) return true;
    *error = str_format(
      invocation->arena, "%s takes a whole number, not \"%.*s\"", option->name, STR_ARGS(value)
    );
    return false;
  }
  return false;
}

static Str unknown_option(Arena *arena, const Command *command, Str name) {
  const char **words = arena_array(arena, const char *, command->option_count + 1);
  for (uint32_t i = 0; i < command->option_count; i++) words[i] = command->options[i].name;
  const char *nearest = nearest_word(arena, name, words, command->option_count);
  if (!nearest) return str_format(arena, "unknown option %.*s", STR_ARGS(name));
  return str_format(arena, "unknown option %.*s; did you mean %s?", STR_ARGS(name), nearest);
}

bool command_parse(
  const Command *command,
  int count,
  char **arguments,
  Invocation *invocation,
  bool *is_help,
  Str *error
) {
  bool only_names = false;
  for (int i = 0; i < count; i++) {
    Str argument = str_from(arguments[i]);
    if (only_names || argument.len < 2 || argument.data[0] != '-') {
      vec_push(invocation->arena, &invocation->names, argument);
      continue;
    }
    if (str_is(argument, "--")) {
      only_names = true;
      invocation->is_divided = true;
      invocation->divided = invocation->names.count;
      continue;
    }
    if (str_is(argument, "--help") || str_is(argument, "-h")) {
      *is_help = true;
      return true;
    }
    Str value = argument;
    Str name = str_next(&value, '=');
    bool has_value = name.len < argument.len;
    const Option *option = find_option(command, name);
    if (!option) {
      *error = unknown_option(invocation->arena, command, name);
      return false;
    }
    if (option->kind == OPTION_FLAG && has_value) {
      *error = str_format(invocation->arena, "%s takes no value", option->name);
      return false;
    }
    if (option->kind != OPTION_FLAG && !has_value) {
      if (i + 1 == count) {
        *error = str_format(invocation->arena, "%s needs a value: %s", option->name, option->value);
        return false;
      }
      value = str_from(arguments[++i]);
    }
    if (!set_option(option, value, invocation, error)) return false;
  }
  return true;
}

Str command_help(Arena *arena, const Command *command) {
  Text text = { .arena = arena };
  text_format(
    &text,
    "%s\n\nUsage: awry %s [options] %s\n\nOptions:\n",
    command->summary,
    command->name,
    command->arguments
  );
  for (uint32_t i = 0; i < command->option_count; i++) {
    const Option *option = &command->options[i];
    Str head = str_format(
      arena, "%s%s%s", option->name, option->value ? " " : "", option->value ? option->value : ""
    );
    text_format(&text, "  %-26.*s %s\n", STR_ARGS(head), option->help);
  }
  text_format(&text, "  %-26s %s\n", "--help", "show this text");
  return text_str(&text);
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
  if (name.len == 0) return &report_text;
  const ReportFormat *format = report_format(name);
  if (format) return format;
  Str known = report_format_names(arena);
  *error = str_format(
    arena, "there is no output format \"%.*s\"; known are %.*s", STR_ARGS(name), STR_ARGS(known)
  );
  return NULL;
}

bool command_color(Str choice, bool *has_color, Str *error) {
  bool is_auto = choice.len == 0 || str_is(choice, "auto"), is_always = str_is(choice, "always");
  *has_color = is_always || (is_auto && wants_color_by_default());
  if (is_auto || is_always || str_is(choice, "never")) return true;
  *error = STR("--color takes auto, always or never");
  return false;
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
