/* The texts of --help, out of the tables of options. */
#include "cli/command.h"

enum { HELP_WIDTH = 80, HELP_INDENT = 2, HELP_COLUMN = 28 };

/* Columns on a terminal; the tables hold no characters that are wider or narrower than one. */
static uint32_t width_of(Str text) {
  uint32_t width = 0;
  for (uint32_t i = 0; i < text.len; i++) width += ((unsigned char)text.data[i] & 0xc0) != 0x80;
  return width;
}

/* Ends the line, and starts the next one where the texts start. */
static void start_line(Text *out) {
  text_add_char(out, '\n');
  text_add_repeated(out, ' ', HELP_COLUMN);
}

/* A name and what it stands for, broken between words. */
static void add_row(Text *out, Str name, const char *help) {
  uint32_t column = HELP_INDENT + width_of(name);
  text_add_repeated(out, ' ', HELP_INDENT);
  text_add(out, name);
  if (column + 2 > HELP_COLUMN) start_line(out);
  else text_add_repeated(out, ' ', HELP_COLUMN - column);
  column = HELP_COLUMN;
  for (Str rest = str_from(help); rest.len > 0;) {
    Str word = str_next(&rest, ' ');
    uint32_t width = width_of(word);
    if (column > HELP_COLUMN && column + 1 + width > HELP_WIDTH) {
      start_line(out);
      column = HELP_COLUMN;
    }
    if (column > HELP_COLUMN) text_add_char(out, ' ');
    column += width + (column > HELP_COLUMN);
    text_add(out, word);
  }
  text_add_char(out, '\n');
}

static void add_option(Text *out, const Option *option) {
  const char *value = option_value(option);
  Str name = str_from(option->name);
  if (value) name = str_format(out->arena, "%.*s %s", STR_ARGS(name), value);
  if (option->kind == OPTION_OPTIONAL_TEXT)
    name = str_format(out->arena, "%.*s [=%s]", STR_ARGS(name), option->value);
  add_row(out, name, option_help(option));
}

void add_command_help(Text *out, const Command *command) {
  text_format(
    out,
    "%s\n\nUsage: awry %s%s %s\n",
    command->summary,
    command->name,
    command->option_count > 0 ? " [options]" : "",
    command->arguments
  );
  if (command->action_count > 0) text_add(out, STR("\nActions:\n"));
  for (uint32_t i = 0; i < command->action_count; i++)
    add_row(out, str_from(command->actions[i].name), command->actions[i].summary);
  bool is_grouped = command->option_count > 0 && command->options[0].kind == OPTION_GROUP;
  if (!is_grouped) text_add(out, STR("\nOptions:\n"));
  for (uint32_t i = 0; i < command->option_count; i++) {
    const Option *option = &command->options[i];
    if (option->kind == OPTION_GROUP) text_format(out, "\n%s:\n", option->name);
    else add_option(out, option);
  }
  if (is_grouped) text_add(out, STR("\nHelp:\n"));
  add_row(out, STR("--help"), "show this text");
}
