/* Caching, and awry cache ACTION: what there is of it on the disk. */
#include "cli/caching.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/path.h"
#include "cli/build.h"
#include "cli/settings_options.h"
#include "project/cache.h"
#include "project/cache_folder.h"
#include "project/project_folder.h"

Str caching_folder(void) {
  const char *told = getenv("AWRY_CACHE_DIR");
  return told == NULL ? STR_EMPTY : str_from(told);
}

const Hash *caching_build(Arena *arena) {
  Hash *build = arena_make(arena, Hash);
  *build = hash_of(str_from(build_identity));
  return build;
}

void caching_read(Arena *arena, RunRequest *request) {
  request->build = caching_build(arena);
  Settings *overrides = &request->overrides;
  if (overrides->cache_folder.len == 0) overrides->cache_folder = caching_folder();
}

/* --- awry cache ------------------------------------------------------------------------------- */

typedef struct {
  Settings overrides;
  SettingsOptions settings;
  uint32_t days;
} CacheOptions;

#define FIELD(name) offsetof(CacheOptions, name)

enum { DAYS_OF_PRUNE = 7 };

static const Option options[] = {
  SETTING("--cache-dir", FIELD(overrides)),
  SETTINGS_OPTIONS(CacheOptions, settings),
  { "--days",
    "N",
    "prune: the caches that were not written for so many days; default: 7",
    OPTION_COUNT,
    FIELD(days) },
};

/* Where `awry check`, started here, would have its cache; false after saying why if that cannot be told. */
static bool find_folder(const Invocation *invocation, Str *folder) {
  const CacheOptions *chosen = invocation->options;
  Arena *arena = invocation->arena;
  Str here;
  SettingsChoice choice;
  if (file_current_directory(arena, &here) != FILE_OK) {
    refuse(&command_cache, STR("the working folder cannot be determined"));
    return false;
  }
  if (!settings_options_read(invocation, &chosen->settings, here, &choice)) return false;
  Settings overrides = chosen->overrides;
  if (overrides.cache_folder.len == 0) overrides.cache_folder = caching_folder();
  Configurations known = {
    .arena = arena, .working_folder = here, .choice = choice, .overrides = &overrides
  };
  const Settings *settings = &configured_for(&known, here)->settings;
  *folder = cache_folder(&known, settings, project_folder(arena, here));
  return true;
}

static void show_size(const char *what, const CacheSize *size, Str folder) {
  const char *plural = size->files == 1 ? "" : "s";
  double megabytes = (double)size->bytes / (1024 * 1024);
  printf("%s%u file%s, %.1f MB in %.*s\n", what, size->files, plural, megabytes, STR_ARGS(folder));
}

static int run_cache(const Invocation *invocation) {
  const CacheOptions *chosen = invocation->options;
  const char *action = invocation->action->name;
  Str folder;
  if (!find_folder(invocation, &folder)) return EXIT_PROBLEM;
  Problems problems = { 0 };
  if (strcmp(action, "show") == 0) {
    CacheSize size = cache_size(invocation->arena, folder);
    show_size("", &size, folder);
    return EXIT_CLEAN;
  }
  uint32_t days = chosen->days > 0 ? chosen->days : DAYS_OF_PRUNE;
  if (strcmp(action, "clean") == 0) days = 0;
  CacheSize removed = cache_clean(invocation->arena, folder, days, &problems);
  show_size("removed ", &removed, folder);
  show_problems(&problems);
  return problems.count > 0 ? EXIT_PROBLEM : EXIT_CLEAN;
}

static const Action actions[] = {
  { "show", "say where the cache lies and how large it is" },
  { "clean", "delete it" },
  { "prune", "delete the part of it that is old" },
};

const Command command_cache = {
  .name = "cache",
  .arguments = "ACTION",
  .summary = "Show or delete what earlier checks have kept",
  .actions = actions,
  .action_count = sizeof(actions) / sizeof(*actions),
  .options = options,
  .option_count = sizeof(options) / sizeof(*options),
  .options_size = sizeof(CacheOptions),
  .run = run_cache,
};
