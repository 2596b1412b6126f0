#include "cli/completion.h"

#include "report/rule_page.h"

/* In single quotes, with what _arguments and _describe take for signs of theirs escaped. */
static void add_escaped(Text *out, const char *text, const char *signs) {
  for (; *text; text++) {
    if (*text == '\'') text_add(out, STR("'\\''"));
    else if (str_contains(str_from(signs), (Str){ text, 1 })) text_format(out, "\\%c", *text);
    else text_add_char(out, *text);
  }
}

/* What is behind the second colon: how to complete the value. */
static void add_action(Text *out, const Offered *value) {
  if (value->kind == OFFERED_FILE) text_add(out, STR("_files"));
  if (value->kind == OFFERED_FOLDER) text_add(out, STR("_files -/"));
  if (value->kind == OFFERED_RULE)
    text_format(out, "_awry_%s", value->is_list ? "rule_list" : "rules");
  if (value->kind != OFFERED_WORD) return;
  text_add(out, value->is_list ? STR("_values -s , word ") : STR("("));
  add_offered(out, value, " ");
  if (!value->is_list) text_add_char(out, ')');
}

static void add_option(Text *out, const Option *option) {
  const char *name = option_value(option);
  text_format(out, " \\\n        '*%s%s[", option->name, name ? "=" : "");
  add_escaped(out, option_help(option), "[]\\");
  text_add_char(out, ']');
  if (name) {
    Offered value = offered_for(out->arena, name);
    text_add_char(out, ':');
    add_escaped(out, name, ":\\");
    text_add_char(out, ':');
    add_action(out, &value);
  }
  text_add_char(out, '\'');
}

static void add_actions(Text *out, const Command *command) {
  text_add(out, STR(" \\\n        '1:action:(("));
  for (uint32_t i = 0; i < command->action_count; i++) {
    text_format(out, "%s%s\\:\"", i > 0 ? " " : "", command->actions[i].name);
    add_escaped(out, command->actions[i].summary, "\"\\$`");
    text_add_char(out, '"');
  }
  text_add(out, STR("))'"));
}

static void add_command(Text *out, const Command *command) {
  text_format(out, "      %s)\n        _arguments -s '--help[show help]'", command->name);
  for (uint32_t i = 0; i < command->option_count; i++) {
    if (command->options[i].kind != OPTION_GROUP) add_option(out, &command->options[i]);
  }
  if (command->action_count > 0) add_actions(out, command);
  Offered operand = offered_for(out->arena, command->operand);
  operand.is_list = false;
  if (command->operand) {
    text_add(out, STR(" \\\n        '*:argument:"));
    add_action(out, &operand);
    text_add_char(out, '\'');
  }
  text_add(out, STR("\n        ;;\n"));
}

static void add_rules(Text *out) {
  const RuleEntry **rules = rules_sorted(out->arena);
  text_add(
    out,
    STR("#compdef awry\n"
        "# zsh completion for awry: save it as _awry in a folder of $fpath.\n\n"
        "_awry_rules() {\n  local -a rules=(\n    'ALL:every rule'\n")
  );
  for (uint32_t i = 0; i < rule_entry_count; i++) {
    const Rule *rule = rules[i]->rule;
    text_format(out, "    '%s:%s ", rule->name, rule->code);
    add_escaped(out, rule->summary, "\\");
    text_format(out, "' '%s:%s'\n", rule->code, rule->name);
  }
  text_add(
    out,
    STR("  )\n"
        "  _describe -t rules rule rules \"$@\"\n"
        "}\n\n"
        "_awry_rule_list() {\n"
        "  compset -P '*,'\n"
        "  _awry_rules -qS ,\n"
        "}\n\n")
  );
}

static void write_zsh(Text *out) {
  add_rules(out);
  text_add(
    out,
    STR("_awry() {\n"
        "  local curcontext=\"$curcontext\" state line\n"
        "  local -a commands=(\n")
  );
  for (uint32_t i = 0; i < command_count; i++) {
    text_format(out, "    '%s:", commands[i]->name);
    add_escaped(out, commands[i]->summary, "\\");
    text_add(out, STR("'\n"));
  }
  text_add(
    out,
    STR("  )\n"
        "  _arguments -C '--help[show the commands]' '--version[show the version]' \\\n"
        "    '1:command:->command' '*::argument:->arguments'\n"
        "  case $state in\n"
        "    command) _describe -t commands command commands ;;\n"
        "    arguments)\n"
        "      case $line[1] in\n")
  );
  for (uint32_t i = 0; i < command_count; i++) add_command(out, commands[i]);
  text_add(
    out,
    STR("      esac\n      ;;\n  esac\n}\n\n"
        "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _awry \"$@\"; else compdef _awry "
        "awry; fi\n")
  );
}

const Completion completion_zsh = { "zsh", write_zsh };
