/* awry config: what can be set. */
#include <stddef.h>

#include "cli/command.h"
#include "project/setting_schema.h"
#include "report/json_value.h"

typedef struct {
  bool schema;
  bool markdown;
} ConfigOptions;

static const Option options[] = {
  { "--schema",
    NULL,
    "print the JSON schema of [tool.awry] and of awry.toml",
    OPTION_FLAG,
    offsetof(ConfigOptions, schema) },
  { "--markdown",
    NULL,
    "print a table in Markdown",
    OPTION_FLAG,
    offsetof(ConfigOptions, markdown) },
};

static Str full_key(Arena *arena, const Setting *setting) {
  Str table = setting->table ? str_from(setting->table) : STR_EMPTY;
  return str_join(arena, table, '.', str_from(setting->key));
}

static void add_plain(Text *out) {
  for (uint32_t i = 0; i < SETTING_COUNT; i++) {
    const Setting *setting = &setting_rows[i];
    Str key = full_key(out->arena, setting);
    text_format(out, "%-24.*s  %s\n", STR_ARGS(key), setting->help);
  }
}

static void add_markdown(Text *out) {
  text_add(
    out, STR("| key | option | what it says | default | example |\n|---|---|---|---|---|\n")
  );
  for (uint32_t i = 0; i < SETTING_COUNT; i++) {
    const Setting *setting = &setting_rows[i];
    Str key = full_key(out->arena, setting);
    text_format(out, "| `%.*s` | ", STR_ARGS(key));
    if (setting->option) text_format(out, "`%s` ", setting->option);
    text_format(out, "| %s | %s | `%s` |\n", setting->help, setting->by_default, setting->example);
  }
}

static int run_config(const Invocation *invocation) {
  const ConfigOptions *chosen = invocation->options;
  Text out = { .arena = invocation->arena };
  if (chosen->schema) text_add_json_document(&out, setting_schema(invocation->arena));
  else if (chosen->markdown) add_markdown(&out);
  else add_plain(&out);
  print(text_str(&out));
  return EXIT_CLEAN;
}

const Command command_config = {
  .name = "config",
  .arguments = "",
  .summary = "List the settings, or print their JSON schema",
  .options = options,
  .option_count = sizeof(options) / sizeof(*options),
  .options_size = sizeof(ConfigOptions),
  .run = run_config,
};
