#include "project/git.h"

#include "project/git_process.h"

static bool is_ignored(Arena *arena, Str folder) {
  static const char *const arguments[] = { "check-ignore", "-q", ".", NULL };
  GitCall call = { .folder = folder, .arguments = arguments };
  return git_ask(arena, &call).outcome == GIT_DONE;
}

GitListing git_files(Arena *arena, Str folder, Strs *files) {
  static const char *const arguments[] = {
    "ls-files",      "-z", "--cached", "--others", "--exclude-standard",
    "--deduplicate", "--", "*.py",     "*.ipynb",  NULL,
  };
  GitCall call = { .folder = folder, .arguments = arguments };
  GitAnswer answer = git_ask(arena, &call);
  if (answer.outcome != GIT_DONE) return GIT_UNKNOWN;
  Str output = answer.output;
  if (output.len == 0 && is_ignored(arena, folder)) return GIT_IGNORES;
  while (output.len > 0) {
    Str name = str_next(&output, '\0');
    if (name.len > 0) vec_push(arena, files, name);
  }
  return GIT_LISTED;
}
