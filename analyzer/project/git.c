#include "project/git.h"

#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

extern char **environ;

enum { MAX_LISTING = 1 << 30 };

/* A hook's own GIT_DIR and GIT_INDEX_FILE speak of another folder than the one that is asked
   about. */
static char **environment_for_git(Arena *arena) {
  static const char *const dropped[] = { "GIT_DIR=", "GIT_INDEX_FILE=", "GIT_WORK_TREE=" };
  uint32_t count = 0;
  while (environ[count]) count++;
  char **kept = arena_array(arena, char *, count + 1);
  uint32_t len = 0;
  for (uint32_t i = 0; i < count; i++) {
    bool is_dropped = false;
    for (size_t word = 0; word < sizeof(dropped) / sizeof(*dropped); word++) {
      is_dropped |= strncmp(environ[i], dropped[word], strlen(dropped[word])) == 0;
    }
    if (!is_dropped) kept[len++] = environ[i];
  }
  return kept;
}

/* Runs git and reads what it prints; false if it cannot be started or says no. */
static bool git_output(Arena *arena, const char *const *arguments, Str *output) {
  int ends[2];
  if (pipe(ends) != 0) return false;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", 0, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", 1, 0);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  posix_spawn_file_actions_addclose(&actions, ends[1]);

  pid_t child;
  int failed = posix_spawnp(
    &child, "git", &actions, NULL, (char *const *)(uintptr_t)arguments, environment_for_git(arena)
  );
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  FileFault fault = FILE_OK;
  if (!failed) fault = file_read_descriptor(arena, ends[0], MAX_LISTING, output);
  close(ends[0]);
  if (failed) return false;

  int status = 0;
  if (waitpid(child, &status, 0) != child) return false;
  return fault == FILE_OK && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool is_ignored(Arena *arena, const char *folder) {
  const char *arguments[] = { "git", "-C", folder, "check-ignore", "-q", ".", NULL };
  Str output = STR_EMPTY;
  return git_output(arena, arguments, &output);
}

bool git_files(Arena *arena, Str folder, Strs *files) {
  const char *path = str_terminated(arena, folder);
  const char *arguments[] = {
    "git",           "-C", path,   "ls-files", "-z", "--cached", "--others", "--exclude-standard",
    "--deduplicate", "--", "*.py", "*.ipynb",  NULL
  };
  Str output = STR_EMPTY;
  if (!git_output(arena, arguments, &output)) return false;
  if (output.len == 0 && is_ignored(arena, path)) return false;
  while (output.len > 0) {
    Str name = str_next(&output, '\0');
    if (name.len > 0) vec_push(arena, files, name);
  }
  return true;
}
