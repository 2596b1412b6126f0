#include "cli/watch.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/map.h"
#include "base/path.h"
#include "project/configured.h"
#include "project/discovery.h"
#include "proof/interrupt.h"

/* Looking at the folders costs about as much as listing them: no watch of the system's is needed, which would have limits,
   and not see what other machines write. */
enum { MILLISECONDS_BETWEEN_LOOKS = 400, MILLISECONDS_OF_QUIET = 100 };

typedef struct {
  Arena *arena;
  Strs folders;  /* in which files may come and go */
  Strs above;    /* in which only settings matter */
  Strs settings; /* files that they are read from */
  Map known, known_above, known_settings;
} Watched;

static void add_folder(Watched *watched, Str folder) {
  if (!map_add(watched->arena, &watched->known, folder, 0)) return;
  vec_push(watched->arena, &watched->folders, folder);
  Str above = path_parent(folder);
  while (map_add(watched->arena, &watched->known_above, above, 0)) {
    vec_push(watched->arena, &watched->above, above);
    above = path_parent(above);
  }
}

static void add_files(Watched *watched, const SourceFiles *files) {
  for (uint32_t i = 0; i < files->count; i++) {
    add_folder(watched, path_parent(files->items[i].path));
  }
}

/* The files by which the settings for these folders are told, wherever they lie. */
static void add_settings(Watched *watched, const SettingsChoice *choice, Str working_folder) {
  Arena *arena = watched->arena;
  Settings none = { 0 };
  Configurations known = {
    .arena = arena, .working_folder = working_folder, .choice = *choice, .overrides = &none
  };
  for (uint32_t i = 0; i < watched->folders.count; i++) {
    const Configured *configured = configured_for(&known, watched->folders.items[i]);
    const Strs *files = &configured->settings.files;
    for (uint32_t k = 0; k < files->count; k++) {
      if (map_add(arena, &watched->known_settings, files->items[k], 0))
        vec_push(arena, &watched->settings, files->items[k]);
    }
  }
}

static bool
find_folders(Watched *watched, const Invocation *invocation, const SettingsChoice *choice) {
  Arena *arena = watched->arena;
  Strs names = { 0 };
  SourceFiles around = { 0 };
  Problems problems = { 0 };
  Map roots = { 0 };
  Str working_folder;
  if (file_current_directory(arena, &working_folder) != FILE_OK) return false;
  for (uint32_t i = 0; i < invocation->names.count; i++) {
    vec_push(arena, &names, invocation->names.items[i]);
  }
  if (names.count == 0) vec_push(arena, &names, STR("."));
  for (uint32_t i = 0; i < names.count; i++) {
    Str path = path_normalise(arena, path_join(arena, working_folder, names.items[i]));
    FileFacts facts;
    if (file_facts(path, &facts) != FILE_OK || facts.kind != FILE_KIND_DIRECTORY)
      path = path_parent(path);
    add_folder(watched, path);
  }
  SourceFiles named = discover(arena, &names, working_folder, &problems);
  for (uint32_t i = 0; i < named.count; i++) {
    if (map_add(arena, &roots, named.items[i].root, 0))
      discover_project(arena, named.items[i].root, &around);
  }
  add_files(watched, &named);
  add_files(watched, &around);
  add_settings(watched, choice, working_folder);
  return true;
}

static void add_file(Digest *digest, Arena *arena, Str folder, Str name) {
  FileFacts facts = { 0 };
  if (file_facts(path_join(arena, folder, name), &facts) != FILE_OK) return;
  digest_str(digest, name);
  if (facts.kind != FILE_KIND_REGULAR) return;
  digest_number(digest, facts.number);
  digest_number(digest, facts.size);
  digest_number(digest, (uint64_t)facts.modified);
}

static void add_settings_of(Digest *digest, Arena *arena, Str folder) {
  add_file(digest, arena, folder, STR(".awry.toml"));
  add_file(digest, arena, folder, STR("awry.toml"));
  add_file(digest, arena, folder, STR("pyproject.toml"));
}

/* What the folders hold, as one number. Other hidden files are editors' and ours. */
static uint64_t look(const Watched *watched) {
  Arena *arena = arena_new();
  Digest digest = digest_begin();
  for (uint32_t i = 0; i < watched->folders.count; i++) {
    FileEntries entries = { 0 };
    add_settings_of(&digest, arena, watched->folders.items[i]);
    file_list(arena, watched->folders.items[i], &entries);
    for (uint32_t k = 0; k < entries.count; k++) {
      Str name = entries.items[k].name;
      if (name.data[0] != '.') add_file(&digest, arena, watched->folders.items[i], name);
    }
  }
  for (uint32_t i = 0; i < watched->above.count; i++)
    add_settings_of(&digest, arena, watched->above.items[i]);
  for (uint32_t i = 0; i < watched->settings.count; i++)
    add_file(&digest, arena, STR("/"), watched->settings.items[i]);
  arena_free(arena);
  return digest_end(&digest);
}

static void pause_for(long milliseconds) {
  struct timespec time = { .tv_sec = 0, .tv_nsec = milliseconds * 1000000 };
  nanosleep(&time, NULL);
}

/* False if the user wants to end it. Changes come in swarms: their end is waited for. */
static bool wait_for_change(const Watched *watched, uint64_t before) {
  for (uint64_t now = before; now == before; now = look(watched)) {
    if (interrupts_take()) return false;
    pause_for(MILLISECONDS_BETWEEN_LOOKS);
  }
  for (uint64_t now = before, next = look(watched); now != next; next = look(watched)) {
    now = next;
    pause_for(MILLISECONDS_OF_QUIET);
    if (interrupts_take()) return false;
  }
  return true;
}

static bool watch_once(
  const Invocation *invocation,
  const SettingsChoice *choice,
  int (*run)(const Invocation *invocation)
) {
  Arena *arena = arena_new();
  Watched watched = { .arena = arena };
  Invocation once = *invocation;
  once.arena = arena;
  bool is_going_on = find_folders(&watched, &once, choice);
  uint64_t before = look(&watched);
  if (is_going_on) {
    if (isatty(STDOUT_FILENO)) fputs("\x1b[H\x1b[2J", stdout);
    run(&once);
    fflush(stdout);
    fputs("awry: waiting for changes; Ctrl-C ends it\n", stderr);
    is_going_on = fflush(stdout) == 0 && !ferror(stdout) && wait_for_change(&watched, before);
  }
  arena_free(arena);
  return is_going_on;
}

int watch(
  const Invocation *invocation,
  const SettingsChoice *choice,
  int (*run)(const Invocation *invocation)
) {
  Interrupts interrupts = interrupts_hold();
  while (watch_once(invocation, choice, run)) continue;
  interrupts_release(&interrupts);
  return EXIT_CLEAN;
}
