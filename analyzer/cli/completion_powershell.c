#include "cli/completion.h"

static void add_quoted(Text *out, const char *text) { add_single_quoted(out, text, "''"); }

/* `@('a', 'b')`, `'files'` or `'none'` */
static void add_value(Text *out, const Offered *value) {
  if (value->kind == OFFERED_FILE || value->kind == OFFERED_FOLDER) text_add(out, STR("'files'"));
  else if (value->kind == OFFERED_FREE) text_add(out, STR("'none'"));
  else if (value->kind == OFFERED_RULE) text_add(out, STR("$rules"));
  else {
    text_add(out, STR("@('"));
    add_offered(out, value, "', '");
    text_add(out, STR("')"));
  }
}

static void add_command(Text *out, const Command *command) {
  text_format(out, "        '%s' = @{\n            help = ", command->name);
  add_quoted(out, command->summary);
  text_add(out, STR("\n            actions = @("));
  for (uint32_t i = 0; i < command->action_count; i++)
    text_format(out, "%s'%s'", i > 0 ? ", " : "", command->actions[i].name);
  text_add(out, STR(")\n            operand = "));
  Offered operand = offered_for(out->arena, command->operand);
  add_value(out, &operand);
  text_add(out, STR("\n            options = [ordered]@{\n"));
  for (uint32_t i = 0; i < command->option_count; i++) {
    const Option *option = &command->options[i];
    if (option->kind == OPTION_GROUP) continue;
    text_format(out, "                '%s' = @{ help = ", option->name);
    add_quoted(out, option_help(option));
    Offered value = offered_for(out->arena, option_value(option));
    text_add(out, STR("; value = "));
    if (option_value(option)) add_value(out, &value);
    else text_add(out, STR("$null"));
    text_add(out, STR(" }\n"));
  }
  text_add(
    out,
    STR("                '--help' = @{ help = 'show help'; value = $null }\n            }\n        "
        "}\n")
  );
}

static void write_powershell(Text *out) {
  Offered rules = { .kind = OFFERED_RULE };
  text_add(
    out,
    STR("# PowerShell completion for awry: load it from $PROFILE.\n"
        "Register-ArgumentCompleter -Native -CommandName awry -ScriptBlock {\n"
        "    param($word, $line, $position)\n"
        "    $rules = @('")
  );
  add_offered(out, &rules, "', '");
  text_add(out, STR("')\n    $commands = [ordered]@{\n"));
  for (uint32_t i = 0; i < command_count; i++) add_command(out, commands[i]);
  text_add(
    out,
    STR(
      "    }\n"
      "    $typed = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | "
      "ForEach-Object { $_.ToString() })\n"
      "    $names = @($typed | Select-Object -Skip 1 | Where-Object { -not $_.StartsWith('-') })\n"
      "    if ($names.Count -eq 0) {\n"
      "        $commands.Keys + '--help' + '--version' | Where-Object { $_ -like \"$word*\" }\n"
      "        return\n"
      "    }\n"
      "    $command = $commands[$names[0]]\n"
      "    if (-not $command) { return }\n"
      "    $option = $command.options[$typed[-1]]\n"
      "    $offered = $command.operand\n"
      "    if ($option -and $option.value) { $offered = $option.value }\n"
      "    elseif ($word.StartsWith('-')) { $offered = @($command.options.Keys) }\n"
      "    elseif ($command.actions.Count -gt 0 -and $names.Count -eq 1) { $offered = "
      "$command.actions }\n"
      "    if ($offered -is [string]) { return }\n"
      "    $comma = $word.LastIndexOf(',') + 1\n"
      "    $before = $word.Substring(0, $comma)\n"
      "    $last = $word.Substring($comma)\n"
      "    $offered | Where-Object { $_ -like \"$last*\" } | ForEach-Object {\n"
      "        $help = if ($command.options[$_]) { $command.options[$_].help } else { $_ }\n"
      "        [System.Management.Automation.CompletionResult]::new(\"$before$_\", $_, "
      "'ParameterValue', $help)\n"
      "    }\n"
      "}\n"
    )
  );
}

const Completion completion_powershell = { "powershell", write_powershell };
