/* awry man: the manual page, in roff. */
#include <stdio.h>

#include "cli/command.h"

enum { LINE_WIDTH = 60 };

/* One word, in which roff finds no signs of its own; what stands between backticks is bold. */
static void add_word(Text *out, Str word, bool *is_bold) {
  Str ellipsis = STR("\xe2\x80\xa6");
  bool may_be_request = word.data[0] == '.' || word.data[0] == '\'';
  if (may_be_request) text_add(out, STR("\\&"));
  for (uint32_t i = 0; i < word.len; i++) {
    char c = word.data[i];
    if (str_starts_with(str_slice(word, i, word.len), ellipsis)) {
      text_add(out, STR("\\[u2026]"));
      i += ellipsis.len - 1;
    } else if (c == '`') {
      *is_bold = !*is_bold;
      text_add(out, *is_bold ? STR("\\fB") : STR("\\fR"));
    } else if (c == '-' || c == '\\') {
      text_add(out, c == '-' ? STR("\\-") : STR("\\e"));
    } else {
      text_add_char(out, c);
    }
  }
}

/* Words, in lines that are not too long: roff joins them again. */
static void add_text(Text *out, const char *text) {
  bool is_bold = false;
  uint32_t start = out->len;
  for (Str rest = str_from(text); rest.len > 0;) {
    Str word = str_next(&rest, ' ');
    if (word.len > 0) add_word(out, word, &is_bold);
    bool is_full = out->len - start > LINE_WIDTH;
    if (rest.len > 0) text_add_char(out, is_full ? '\n' : ' ');
    if (is_full) start = out->len;
  }
}

/* `awry check [options] [PATH…]` */
static void add_usage(Text *out, const Command *command) {
  text_format(out, "awry %s", command->name);
  if (command->option_count > 0) text_add(out, STR(" [options]"));
  if (command->arguments[0]) text_add_char(out, ' ');
  add_text(out, command->arguments);
  text_add_char(out, '\n');
}

/* A name in bold, the value in italics, and the help below. */
static void add_item(Text *out, const char *name, const char *value, const char *help) {
  text_add(out, STR(".TP\n\\fB"));
  add_text(out, name);
  text_add(out, STR("\\fR"));
  if (value) {
    text_add(out, STR(" \\fI"));
    add_text(out, value);
    text_add(out, STR("\\fR"));
  }
  text_add_char(out, '\n');
  add_text(out, help);
  text_add(out, STR(".\n"));
}

static const char *shown_value(Arena *arena, const Option *option) {
  if (option->kind != OPTION_OPTIONAL_TEXT) return option_value(option);
  return str_terminated(arena, str_format(arena, "[=%s]", option->value));
}

static void add_command(Text *out, const Command *command) {
  text_add(out, STR(".SS "));
  add_usage(out, command);
  add_text(out, command->summary);
  text_add(out, STR(".\n"));
  for (uint32_t i = 0; i < command->action_count; i++)
    add_item(out, command->actions[i].name, NULL, command->actions[i].summary);
  for (uint32_t i = 0; i < command->option_count; i++) {
    const Option *option = &command->options[i];
    if (option->kind == OPTION_GROUP) text_format(out, ".PP\n\\fI%s\\fR\n", option->name);
    else add_item(out, option->name, shown_value(out->arena, option), option_help(option));
  }
}

static void add_settings(Text *out) {
  text_add(out, STR(".SH SETTINGS\n"));
  add_text(
    out,
    "Of a file, those of the nearest folder upwards count that has an awry.toml or a "
    "pyproject.toml with a table "
    "[tool.awry]. `awry check --show-settings` shows what counts, and where it comes from."
  );
  text_add_char(out, '\n');
  for (uint32_t i = 0; i < SETTING_COUNT; i++) {
    const Setting *setting = &setting_rows[i];
    Str name = str_join(
      out->arena, str_from(setting->table ? setting->table : ""), '.', str_from(setting->key)
    );
    add_item(out, str_terminated(out->arena, name), NULL, setting->help);
    text_add(out, STR("Default: "));
    add_text(out, setting->by_default);
    text_add(out, STR(".\n"));
  }
}

static void add_rest(Text *out) {
  text_add(out, STR(".SH EXIT STATUS\n"));
  add_item(out, "0", NULL, "Nothing was found that counts");
  add_item(out, "1", NULL, "There are findings");
  add_item(
    out,
    "2",
    NULL,
    "Something is wrong with the run itself: a file that cannot be read, bad settings or options"
  );
  text_add(out, STR(".SH ENVIRONMENT\n"));
  add_item(out, "NO_COLOR", NULL, "If set, reports have no colours");
  add_item(out, "FORCE_COLOR", NULL, "If set, reports have colours wherever they go");
  text_add(out, STR(".SH FILES\n"));
  add_item(out, ".awry.toml, awry.toml", NULL, "Settings of the project");
  add_item(out, "pyproject.toml", NULL, "The same, in the table [tool.awry]");
  const char *where =
    "The user's own, for projects that have none; in XDG_CONFIG_HOME if that is set";
  add_item(out, "~/.config/awry/awry.toml", NULL, where);
}

static int run_man(const Invocation *invocation) {
  Text out = { .arena = invocation->arena };
  text_add(
    &out,
    STR(".TH AWRY 1 \"\" \"awry " AWRY_VERSION "\" \"User Commands\"\n"
        ".SH NAME\nawry \\- find asyncio errors that never surface\n"
        ".SH SYNOPSIS\n")
  );
  for (uint32_t i = 0; i < command_count; i++) {
    if (i > 0) text_add(&out, STR(".br\n"));
    add_usage(&out, commands[i]);
  }
  text_add(&out, STR(".SH DESCRIPTION\n"));
  add_text(
    &out,
    "awry finds errors in asyncio code that get lost: exceptions in results that nobody looks at, "
    "cancellations that a "
    "handler takes and forgets, tasks and coroutines that nobody awaits. For each one it says how "
    "the error gets lost at "
    "run time, and what to do instead. `awry rule --all` lists what it looks for."
  );
  text_add_char(&out, '\n');
  text_add(&out, STR(".SH COMMANDS\n"));
  for (uint32_t i = 0; i < command_count; i++) add_command(&out, commands[i]);
  add_settings(&out);
  add_rest(&out);
  print(text_str(&out));
  return EXIT_CLEAN;
}

const Command command_man = {
  .name = "man",
  .arguments = "",
  .summary = "Print the manual page, in roff",
  .run = run_man,
};
