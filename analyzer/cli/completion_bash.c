#include "cli/completion.h"

/* A list is completed at its end; bash takes `=` for a word of its own. */
static const char helpers[] =
  "# bash completion for awry: save it as awry in a folder of bash-completion, or source it.\n"
  "\n"
  "_awry_words() { # one of $1\n"
  "  mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$cur\")\n"
  "}\n"
  "\n"
  "_awry_list() { # some of $1, with commas between\n"
  "  local before=\n"
  "  [[ $cur != *,* ]] || before=${cur%,*},\n"
  "  mapfile -t COMPREPLY < <(compgen -P \"$before\" -W \"$1\" -- \"${cur##*,}\")\n"
  "  compopt -o nospace 2>/dev/null\n"
  "}\n"
  "\n"
  "_awry_files() {\n"
  "  compopt -o filenames 2>/dev/null\n"
  "  mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
  "}\n"
  "\n"
  "_awry_folders() {\n"
  "  compopt -o filenames 2>/dev/null\n"
  "  mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")\n"
  "}\n"
  "\n";

static const char start[] =
  "_awry() {\n"
  "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command= action= i\n"
  "  COMPREPLY=()\n"
  "  if [[ $cur == = ]]; then cur=\n"
  "  elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD - 2]}; fi\n"
  "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
  "    [[ ${COMP_WORDS[i]} != -* ]] || continue\n"
  "    if [[ -z $command ]]; then command=${COMP_WORDS[i]}\n"
  "    else\n"
  "      action=${COMP_WORDS[i]}\n"
  "      break\n"
  "    fi\n"
  "  done\n";

static void add_value(Text *out, const Offered *value) {
  static const char *const calls[] = {
    [OFFERED_FREE] = ":", [OFFERED_FILE] = "_awry_files", [OFFERED_FOLDER] = "_awry_folders"
  };
  if (value->kind < OFFERED_RULE) {
    text_add(out, str_from(calls[value->kind]));
    return;
  }
  text_format(out, "%s ", value->is_list ? "_awry_list" : "_awry_words");
  if (value->kind == OFFERED_RULE) {
    text_add(out, STR("\"$_awry_rules\""));
    return;
  }
  text_add_char(out, '\'');
  add_offered(out, value, " ");
  text_add_char(out, '\'');
}

static void add_option_values(Text *out, const Command *command) {
  for (uint32_t i = 0; i < command->option_count; i++) {
    const Option *option = &command->options[i];
    if (option->kind == OPTION_GROUP || !option_value(option)) continue;
    Offered value = offered_for(out->arena, option_value(option));
    text_format(out, "    %s:%s)\n      ", command->name, option->name);
    add_value(out, &value);
    text_add(out, STR("\n      return\n      ;;\n"));
  }
}

static void add_command_words(Text *out, const Command *command) {
  text_format(out, "    %s)\n      if [[ $cur == -* ]]; then _awry_words '--help", command->name);
  for (uint32_t i = 0; i < command->option_count; i++) {
    const Option *option = &command->options[i];
    if (option->kind != OPTION_GROUP) text_format(out, " %s", option->name);
  }
  text_add(out, STR("'\n"));
  if (command->action_count > 0) {
    text_add(out, STR("      elif [[ -z $action ]]; then _awry_words '"));
    for (uint32_t i = 0; i < command->action_count; i++)
      text_format(out, "%s%s", i > 0 ? " " : "", command->actions[i].name);
    text_add(out, STR("'\n"));
  }
  Offered operand = offered_for(out->arena, command->operand);
  operand.is_list = false;
  text_add(out, STR("      else "));
  add_value(out, &operand);
  text_add(out, STR("; fi\n      ;;\n"));
}

static void write_bash(Text *out) {
  Offered rules = { .kind = OFFERED_RULE };
  text_add(out, STR(helpers));
  text_add(out, STR("_awry_rules='"));
  add_offered(out, &rules, " ");
  text_add(out, STR("'\n\n"));
  text_add(out, STR(start));
  text_add(out, STR("  case $command:$prev in\n"));
  for (uint32_t i = 0; i < command_count; i++) add_option_values(out, commands[i]);
  text_add(out, STR("  esac\n  case $command in\n    '')\n      _awry_words '"));
  for (uint32_t i = 0; i < command_count; i++) text_format(out, "%s ", commands[i]->name);
  text_add(out, STR("--help --version'\n      ;;\n"));
  for (uint32_t i = 0; i < command_count; i++) add_command_words(out, commands[i]);
  text_add(out, STR("  esac\n}\n\ncomplete -F _awry awry\n"));
}

const Completion completion_bash = { "bash", write_bash };
