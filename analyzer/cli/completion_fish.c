#include "cli/completion.h"

#include "report/rule_page.h"

static void add_quoted(Text *out, const char *text) { add_single_quoted(out, text, "\\'"); }

/* One `complete` for a command, up to its own switches. */
static void add_start(Text *out, const Command *command) {
  text_format(out, "complete -c awry -n '__fish_seen_subcommand_from %s'", command->name);
}

static void add_value(Text *out, const Offered *value) {
  if (value->kind == OFFERED_FILE) return;
  text_add(out, STR(" -x"));
  if (value->kind == OFFERED_FOLDER) text_add(out, STR(" -a '(__fish_complete_directories)'"));
  if (value->kind == OFFERED_RULE)
    text_add(
      out, value->is_list ? STR(" -a '(__awry_list __awry_rules)'") : STR(" -a '(__awry_rules)'")
    );
  if (value->kind != OFFERED_WORD) return;
  text_add(out, value->is_list ? STR(" -a '(__awry_list printf \"%s\\n\" ") : STR(" -a '"));
  add_offered(out, value, " ");
  text_add(out, value->is_list ? STR(")'") : STR("'"));
}

static void add_option(Text *out, const Command *command, const Option *option) {
  const char *name = option_value(option);
  add_start(out, command);
  text_format(out, " -l %s", option->name + 2);
  if (name) {
    Offered value = offered_for(out->arena, name);
    text_add(out, STR(" -r"));
    add_value(out, &value);
  }
  text_add(out, STR(" -d "));
  add_quoted(out, option_help(option));
  text_add_char(out, '\n');
}

static void add_command(Text *out, const Command *command) {
  text_format(out, "complete -c awry -n __fish_use_subcommand -f -a %s -d ", command->name);
  add_quoted(out, command->summary);
  text_add_char(out, '\n');
  for (uint32_t i = 0; i < command->action_count; i++) {
    text_format(
      out,
      "complete -c awry -n '__fish_seen_subcommand_from %s; and test (count (commandline -opc)) "
      "-eq 2' -f -a %s -d ",
      command->name,
      command->actions[i].name
    );
    add_quoted(out, command->actions[i].summary);
    text_add_char(out, '\n');
  }
  for (uint32_t i = 0; i < command->option_count; i++) {
    if (command->options[i].kind != OPTION_GROUP) add_option(out, command, &command->options[i]);
  }
  Offered operand = offered_for(out->arena, command->operand);
  operand.is_list = false;
  if (operand.kind != OFFERED_FILE) {
    add_start(out, command);
    add_value(out, &operand);
    text_add_char(out, '\n');
  }
}

static void write_fish(Text *out) {
  const RuleEntry **rules = rules_sorted(out->arena);
  text_add(
    out,
    STR("# fish completion for awry: save it as awry.fish in a completions folder of fish.\n\n"
        "function __awry_rules\n"
        "    printf '%s\\t%s\\n' ALL 'every rule'")
  );
  for (uint32_t i = 0; i < rule_entry_count; i++) {
    const Rule *rule = rules[i]->rule;
    text_format(out, " \\\n        %s ", rule->name);
    add_quoted(out, rule->summary);
    text_format(out, " %s %s", rule->code, rule->name);
  }
  text_add(
    out,
    STR("\nend\n\n"
        "# What the function offers, behind the last comma of what has been typed.\n"
        "function __awry_list\n"
        "    set -l before (string match -r '.*,' -- (string replace -r '^--[a-z-]+=' '' -- "
        "(commandline -ct)))\n"
        "    for line in ($argv)\n"
        "        echo $before$line\n"
        "    end\n"
        "end\n\n"
        "complete -c awry -n __fish_use_subcommand -l help -d 'show the commands'\n"
        "complete -c awry -n __fish_use_subcommand -l version -d 'show the version'\n"
        "complete -c awry -n 'not __fish_use_subcommand' -l help -d 'show help'\n")
  );
  for (uint32_t i = 0; i < command_count; i++) add_command(out, commands[i]);
}

const Completion completion_fish = { "fish", write_fish };
