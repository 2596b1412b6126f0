#include "cli/settings_options.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/path.h"
#include "project/setting.h"

Str user_settings_file(Arena *arena) {
  static const struct {
    const char *variable, *path;
  } places[] = { { "XDG_CONFIG_HOME", "awry/awry.toml" }, { "HOME", ".config/awry/awry.toml" } };
  for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
    const char *folder = getenv(places[i].variable);
    /* A relative one is to be ignored, says the XDG specification. */
    if (!folder || !path_is_absolute(str_from(folder))) continue;
    return path_normalise(arena, path_join(arena, str_from(folder), str_from(places[i].path)));
  }
  return STR_EMPTY;
}

static bool is_file(Str path) {
  FileFacts facts;
  return file_facts(path, &facts) == FILE_OK && facts.kind == FILE_KIND_REGULAR;
}

/* KEY=VALUE, as the line of a settings file. */
static void read_line(Arena *arena, Str line, Str folder, Settings *given, Problems *problems) {
  Settings own = { 0 };
  uint32_t first = problems->count;
  Str name = str_format(arena, "--config '%.*s'", STR_ARGS(line));
  settings_parse(arena, name, line, &own, problems);
  for (uint32_t i = 0; i < own.told.count; i++) {
    own.told.items[i].path = STR("--config");
    own.told.items[i].position = (Position){ 0 };
  }
  settings_rebase(arena, &own, folder);
  settings_extend(arena, given, &own);
  if (problems->count > first || own.told.count > 0) return;
  vec_push(arena, problems, ((Problem){ .path = name, .message = STR("sets nothing") }));
}

typedef struct {
  Arena *arena;
  Str folder;
  SettingsChoice *choice;
  Settings *given;
  Problems problems;
} Reading;

static Str fault_of(const Reading *reading, Str path) {
  FileFacts facts;
  FileFault fault = file_facts(path, &facts);
  if (fault == FILE_OK && facts.kind == FILE_KIND_DIRECTORY) fault = FILE_IS_DIRECTORY;
  if (fault != FILE_OK) return str_from(file_fault_text(fault));
  if (reading->choice->is_isolated) return STR("goes without --isolated");
  return reading->choice->file.len > 0 ? STR("is one settings file too many") : STR_EMPTY;
}

static void read_one(Reading *reading, Str text) {
  Arena *arena = reading->arena;
  Str path = path_normalise(arena, path_join(arena, reading->folder, text));
  if (!is_file(path) && str_contains(text, STR("="))) {
    read_line(arena, text, reading->folder, reading->given, &reading->problems);
    return;
  }
  Str name = str_format(arena, "--config %.*s", STR_ARGS(text));
  Problem problem = { .path = name, .message = fault_of(reading, path) };
  if (problem.message.len > 0) vec_push(arena, &reading->problems, problem);
  reading->choice->file = path;
}

bool settings_options_read(
  const Invocation *invocation,
  const SettingsOptions *options,
  Str working_folder,
  SettingsChoice *choice
) {
  Arena *arena = invocation->arena;
  Settings *given = arena_make(arena, Settings);
  *choice = (SettingsChoice
  ){ .is_isolated = options->isolated, .user_file = user_settings_file(arena), .given = given };
  Reading reading = { .arena = arena, .folder = working_folder, .choice = choice, .given = given };
  for (uint32_t i = 0; i < options->config.count; i++) read_one(&reading, options->config.items[i]);
  show_problems(&reading.problems);
  return reading.problems.count == 0;
}
