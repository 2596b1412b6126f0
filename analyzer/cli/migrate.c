/* awry migrate [FOLDER]: what other linters are told, as settings of awry. */
#include <stddef.h>
#include <stdio.h>

#include "base/file.h"
#include "base/path.h"
#include "cli/command.h"
#include "lint/nearest.h"
#include "project/discovery.h"
#include "project/migration.h"
#include "project/ruff_external.h"

typedef struct {
  Strs tools;
} MigrateOptions;

static const Option options[] = {
  { "--from",
    "TOOLS",
    "of these only: ruff, flake8, pylint, pyright; default: all whose settings are there",
    OPTION_LIST,
    offsetof(MigrateOptions, tools) },
};

static bool is_wanted(const Strs *tools, const char *tool) {
  for (uint32_t i = 0; i < tools->count; i++) {
    if (str_is_any_case(tools->items[i], tool)) return true;
  }
  return tools->count == 0;
}

static uint32_t tool_count(void) {
  uint32_t count = 0;
  while (foreign_tools[count] != NULL) count++;
  return count;
}

static bool tools_are_known(Arena *arena, const Strs *tools, Str *message) {
  for (uint32_t i = 0; i < tools->count; i++) {
    Str name = str_lower(arena, tools->items[i]);
    if (str_in(name, foreign_tools, tool_count())) continue;
    const char *nearest = nearest_word(arena, name, foreign_tools, tool_count());
    *message = str_format(
      arena, "--from takes ruff, flake8, pylint or pyright, not \"%.*s\"", STR_ARGS(tools->items[i])
    );
    if (nearest != NULL)
      *message = str_format(arena, "%.*s; did you mean %s?", STR_ARGS(*message), nearest);
    return false;
  }
  return true;
}

/* The files that awry would look at, seen from the folder. */
static Strs files_in(Arena *arena, Str folder) {
  Strs names = { 0 }, files = { 0 };
  Problems unseen = { 0 };
  vec_push(arena, &names, folder);
  SourceFiles found = discover(arena, &names, folder, &unseen);
  for (uint32_t i = 0; i < found.count; i++)
    vec_push(arena, &files, path_relative(arena, found.items[i].path, folder));
  return files;
}

static int show(Arena *arena, Str folder, Migration *migration) {
  Text text = { .arena = arena };
  Str path;
  Position position;
  migration->files = files_in(arena, folder);
  for (uint32_t i = 0; i < migration->count; i++) {
    bool is_ruff = str_is(str_from(migration->items[i].tool), "ruff");
    if (is_ruff) migration->lacks_external = ruff_misses_codes(arena, folder, &path, &position);
  }
  migration_write(&text, migration);
  print(text_str(&text));
  return EXIT_CLEAN;
}

static int run_migrate(const Invocation *invocation) {
  const MigrateOptions *chosen = invocation->options;
  Arena *arena = invocation->arena;
  Str here, message;
  if (invocation->names.count > 1) return refuse(&command_migrate, STR("it is about one folder"));
  if (!tools_are_known(arena, &chosen->tools, &message)) return refuse(&command_migrate, message);
  if (file_current_directory(arena, &here) != FILE_OK)
    return refuse(&command_migrate, STR("the working folder cannot be determined"));
  Str name = invocation->names.count > 0 ? invocation->names.items[0] : STR(".");
  Str folder = path_normalise(arena, path_join(arena, here, name));
  FileFacts facts;
  FileFault fault = file_facts(folder, &facts);
  if (fault == FILE_OK && facts.kind != FILE_KIND_DIRECTORY) fault = FILE_NOT_DIRECTORY;
  if (fault != FILE_OK)
    return refuse(
      &command_migrate, str_format(arena, "%.*s %s", STR_ARGS(name), file_fault_text(fault))
    );

  Problems problems = { 0 };
  ForeignSettings *settings = arena_array(arena, ForeignSettings, tool_count());
  Migration migration = { .items = settings };
  for (uint32_t i = 0; i < tool_count() && problems.count == 0; i++) {
    if (!is_wanted(&chosen->tools, foreign_tools[i])) continue;
    if (foreign_settings_read(
          arena, foreign_tools[i], folder, &settings[migration.count], &problems
        ))
      migration.count++;
  }
  show_problems(&problems);
  if (problems.count > 0) return EXIT_PROBLEM;
  if (migration.count == 0)
    return refuse(
      &command_migrate, str_format(arena, "%.*s has no settings of these linters", STR_ARGS(name))
    );
  return show(arena, folder, &migration);
}

const Command command_migrate = {
  .name = "migrate",
  .arguments = "[FOLDER]",
  .summary = "Print what ruff, flake8, pylint or pyright are told as settings of awry",
  .operand = "FOLDER",
  .options = options,
  .option_count = sizeof(options) / sizeof(*options),
  .options_size = sizeof(MigrateOptions),
  .run = run_migrate,
};
