#include "cli/waiting.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"

enum { MILLISECONDS_OF_SILENCE = 1000, MILLISECONDS_BETWEEN_LINES = 100 };

static int64_t milliseconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_set(const char *variable) {
  const char *value = getenv(variable);
  return value && *value && !str_is(str_from(value), "false") && !str_is(str_from(value), "0");
}

static bool somebody_looks(void) {
  const char *terminal = getenv("TERM");
  bool can_erase = terminal && *terminal && !str_is(str_from(terminal), "dumb");
  bool is_ci =
    is_set("CI") || is_set("GITHUB_ACTIONS") || is_set("GITLAB_CI") || is_set("TF_BUILD");
  return can_erase && !is_ci && isatty(STDERR_FILENO);
}

/* True if there was something to show. */
static bool show(const PoolProgress *progress) {
  const char *what = atomic_load(&progress->what);
  uint32_t count = atomic_load(&progress->count), done = atomic_load(&progress->done);
  if (what == NULL || count == 0) return false;
  fprintf(stderr, "\rawry: %u of %u file%s %s\x1b[K", done, count, count == 1 ? "" : "s", what);
  fflush(stderr);
  return true;
}

static void look(void *argument) {
  Waiting *waiting = argument;
  int64_t begin = milliseconds_now();
  bool has_line = false;
  monitor_enter(&waiting->monitor);
  while (!waiting->is_over) {
    monitor_wait_for(&waiting->monitor, MILLISECONDS_BETWEEN_LINES);
    bool is_due = milliseconds_now() - begin >= MILLISECONDS_OF_SILENCE;
    if (is_due && !waiting->is_over) has_line |= show(&waiting->progress);
  }
  monitor_leave(&waiting->monitor);
  if (has_line) fputs("\r\x1b[K", stderr);
  fflush(stderr);
}

PoolProgress *waiting_begin(Waiting *waiting) {
  *waiting = (Waiting){ .is_shown = somebody_looks() };
  if (!waiting->is_shown) return NULL;
  monitor_begin(&waiting->monitor);
  waiting->is_shown = thread_start(&waiting->thread, look, waiting);
  if (!waiting->is_shown) monitor_end(&waiting->monitor);
  return waiting->is_shown ? &waiting->progress : NULL;
}

void waiting_end(Waiting *waiting) {
  if (!waiting->is_shown) return;
  monitor_enter(&waiting->monitor);
  waiting->is_over = true;
  monitor_tell(&waiting->monitor);
  monitor_leave(&waiting->monitor);
  thread_join(&waiting->thread);
  monitor_end(&waiting->monitor);
}
