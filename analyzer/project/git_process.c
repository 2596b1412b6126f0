#include "project/git_process.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/strs.h"

extern char **environ;

enum { MAX_OUTPUT = 1 << 30, MAX_COMPLAINT = 1 << 10 };

typedef Vec(char *) Words;

/* A hook's own GIT_DIR and GIT_INDEX_FILE speak of another folder than the one that is asked
   about. */
static Words environment_for_git(Arena *arena, const GitCall *call) {
  static const char *const dropped[] = {
    "GIT_DIR=", "GIT_INDEX_FILE=", "GIT_WORK_TREE=", "GIT_PREFIX=", "LC_ALL=", "LANGUAGE=",
  };
  Words kept = { 0 };
  for (char **word = environ; *word; word++) {
    bool is_dropped = false;
    for (size_t i = 0; i < sizeof(dropped) / sizeof(*dropped); i++) {
      is_dropped |= strncmp(*word, dropped[i], strlen(dropped[i])) == 0;
    }
    if (!is_dropped) vec_push(arena, &kept, *word);
  }
  Strs added = { 0 };
  vec_push(arena, &added, STR("LC_ALL=C"));
  if (call->index_file.len > 0) {
    Str word = str_format(arena, "GIT_INDEX_FILE=%.*s", STR_ARGS(call->index_file));
    vec_push(arena, &added, word);
  }
  for (uint32_t i = 0; i < added.count; i++) {
    vec_push(arena, &kept, (char *)(uintptr_t)str_terminated(arena, added.items[i]));
  }
  vec_push(arena, &kept, NULL);
  return kept;
}

static Words words_for_git(Arena *arena, const GitCall *call) {
  Words words = { 0 };
  const char *folder = str_terminated(arena, call->folder);
  const char *const head[] = { "git", "--no-optional-locks", "-C", folder };
  for (size_t i = 0; i < sizeof(head) / sizeof(*head); i++) {
    vec_push(arena, &words, (char *)(uintptr_t)head[i]);
  }
  for (const char *const *word = call->arguments; *word; word++) {
    vec_push(arena, &words, (char *)(uintptr_t)*word);
  }
  vec_push(arena, &words, NULL);
  return words;
}

/* Standard input and standard error are files, so that no pipe can fill while another is read. */
typedef struct {
  FILE *input, *complaint;
  int output[2];
} Ends;

static void close_ends(Ends *ends) {
  if (ends->input) fclose(ends->input);
  if (ends->complaint) fclose(ends->complaint);
  for (int i = 0; i < 2; i++) {
    if (ends->output[i] >= 0) close(ends->output[i]);
  }
}

static bool write_all(int descriptor, Str text) {
  for (uint32_t done = 0; done < text.len;) {
    ssize_t written = write(descriptor, text.data + done, text.len - done);
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) done += (uint32_t)written;
  }
  return true;
}

static bool open_ends(Str input, Ends *ends) {
  *ends = (Ends){ .input = tmpfile(), .complaint = tmpfile(), .output = { -1, -1 } };
  if (ends->input == NULL || ends->complaint == NULL || pipe(ends->output) != 0) return false;
  int descriptor = fileno(ends->input);
  return write_all(descriptor, input) && lseek(descriptor, 0, SEEK_SET) == 0;
}

static int spawn(Arena *arena, const GitCall *call, const Ends *ends, pid_t *child) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(ends->input), 0);
  posix_spawn_file_actions_adddup2(&actions, ends->output[1], 1);
  posix_spawn_file_actions_adddup2(&actions, fileno(ends->complaint), 2);
  posix_spawn_file_actions_addclose(&actions, ends->output[0]);
  posix_spawn_file_actions_addclose(&actions, ends->output[1]);
  Words words = words_for_git(arena, call), environment = environment_for_git(arena, call);
  int failed = posix_spawnp(child, "git", &actions, NULL, words.items, environment.items);
  posix_spawn_file_actions_destroy(&actions);
  return failed;
}

static Str read_complaint(Arena *arena, FILE *file) {
  char said[MAX_COMPLAINT];
  if (fseek(file, 0, SEEK_SET) != 0) return STR_EMPTY;
  Str text = { .data = said, .len = (uint32_t)fread(said, 1, sizeof said, file) };
  return str_copy(arena, str_trim(str_next(&text, '\n')));
}

GitAnswer git_ask(Arena *arena, const GitCall *call) {
  GitAnswer answer = { .outcome = GIT_ABSENT, .output = STR_EMPTY, .complaint = STR_EMPTY };
  Ends ends;
  pid_t child = 0;
  if (!open_ends(call->input, &ends) || spawn(arena, call, &ends, &child) != 0) {
    close_ends(&ends);
    return answer;
  }
  close(ends.output[1]);
  ends.output[1] = -1;
  FileFault fault = file_read_descriptor(arena, ends.output[0], MAX_OUTPUT, &answer.output);
  /* What is not read to its end is not wanted: git ends when nobody reads. */
  close(ends.output[0]);
  ends.output[0] = -1;
  int status = 0;
  bool is_ended = waitpid(child, &status, 0) == child && WIFEXITED(status);
  /* 127: the system could start a child, but not git in it. */
  if (is_ended && WEXITSTATUS(status) != 127) {
    bool is_done = WEXITSTATUS(status) == 0 && fault == FILE_OK;
    answer.outcome = is_done ? GIT_DONE : GIT_REFUSED;
  }
  answer.complaint = read_complaint(arena, ends.complaint);
  close_ends(&ends);
  return answer;
}
