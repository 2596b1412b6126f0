#include "proof/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "proof/interrupt.h"
#include "proof/walls.h"

enum {
  MAX_REPORT = 16 << 20, /* bytes that are kept of what the checker says */
  MAX_PROCESSES = 256,   /* of a program that is contained */
  FAR_TOO_MANY = 2000,   /* new processes and threads on the whole machine */
  FIRST_PRIORITY =
    -20,           /* while we watch; granted to administrators, whom no limit of processes holds */
  POLL_MS = 20,    /* between two looks at the program's end */
  GRACE_MS = 3000, /* for a program that was asked to stop */
};

/* --- the child --------------------------------------------------------------------------------- */

typedef struct {
  const Launch *request;
  char **environment; /* terminated strings */
  int report;         /* the end of the pipe that the checker writes to */
  int status_end;     /* the end of the pipe to tell the program's end through */
  int priority;       /* to run with */
  bool has_terminal;
} Start;

static void reset_signals(void) {
  const int reset[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTTOU, SIGPIPE };
  for (size_t i = 0; i < sizeof(reset) / sizeof(*reset); i++) signal(reset[i], SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void refuse(const Start *start, const char *what, const char *why) {
  dprintf(start->report, "{\"v\":1,\"kind\":\"refused\",\"why\":\"%s%s\"}\n", what, why);
  _exit(127);
}

static void keep_open(int descriptor) { fcntl(descriptor, F_SETFD, 0); }

/* Becomes the program. */
static _Noreturn void run_child(const Start *start) {
  const Launch *request = start->request;
  const char *why;
  setpgid(0, 0);
  if (start->has_terminal) tcsetpgrp(STDIN_FILENO, getpid());
  reset_signals();
  setpriority(PRIO_PROCESS, 0, start->priority);
  if (!request->containment) {
    walls_die_with_parent();
    if (request->keeps_stdout) dup2(STDERR_FILENO, STDOUT_FILENO);
  } else if (!contain(request->containment, start->report, start->status_end, &why)) {
    refuse(start, "cannot be contained: ", why);
  }
  for (char **setting = start->environment; *setting; setting++) putenv(*setting);
  char number[32];
  snprintf(number, sizeof(number), "%d", start->report);
  setenv("AWRY_REPORT", number, 1);
  keep_open(start->report);
  execvp(request->arguments[0], request->arguments);
  refuse(start, "cannot be started: ", strerror(errno));
}

/* --- the parent -------------------------------------------------------------------------------- */

typedef struct {
  pid_t child;    /* and the number of its group */
  int report;     /* the end of the pipe that we read; -1 once it is closed */
  int status_end; /* the same of the other pipe */
  int64_t start;  /* milliseconds, of a clock that nobody sets */
  uint32_t tasks; /* on the machine at the start */
  int64_t asked;  /* when it was asked to stop; 0: it was not */
  LaunchEnd end;
  Text lines;
  Listener listener;
} Watched;

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void read_report(Watched *watched) {
  char bytes[4096];
  ssize_t count = read(watched->report, bytes, sizeof(bytes));
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (count <= 0) {
    close(watched->report);
    watched->report = -1;
  } else if (watched->lines.len < MAX_REPORT) {
    text_add(&watched->lines, (Str){ bytes, (uint32_t)count });
    Listener listener = watched->listener;
    if (listener.hear) listener.hear(listener.context, text_str(&watched->lines));
  }
}

/* Waits for what the checker says, not for long. True if it said something. */
static bool wait_for_report(Watched *watched, int milliseconds) {
  struct pollfd pipe_end = { .fd = watched->report, .events = POLLIN };
  if (poll(&pipe_end, 1, milliseconds) <= 0) return false;
  read_report(watched);
  return watched->report >= 0;
}

static void kill_all(Watched *watched, LaunchEnd end) {
  if (watched->end == LAUNCH_ENDED) watched->end = end;
  kill(-watched->child, SIGKILL);
}

/* The user's own program may end itself in good order; if it does not, or if one insists, it is ended. */
static void pass_on_interrupts(Watched *watched, const Launch *request) {
  bool is_asked = interrupts_take();
  if (is_asked && (request->containment || watched->asked > 0)) {
    kill_all(watched, LAUNCH_INTERRUPTED);
  } else if (is_asked) {
    watched->asked = now_ms();
    watched->end = LAUNCH_INTERRUPTED;
    kill(-watched->child, SIGINT);
  } else if (watched->asked > 0 && now_ms() - watched->asked > GRACE_MS) {
    kill_all(watched, LAUNCH_INTERRUPTED);
  }
}

/* Programs that multiply leave no time for counting them: what cannot have been somebody else is enough. */
static bool is_crowded(const Watched *watched) {
  uint32_t tasks = machine_task_count();
  uint32_t more = tasks > watched->tasks ? tasks - watched->tasks : 0;
  if (more <= MAX_PROCESSES && tasks > 0) return false;
  return more > FAR_TOO_MANY || contained_count(watched->child) > MAX_PROCESSES;
}

static void enforce_limits(Watched *watched, const Launch *request) {
  int64_t now = now_ms();
  if (request->seconds > 0 && now - watched->start > (int64_t)request->seconds * 1000) {
    kill_all(watched, LAUNCH_OVERDUE);
  }
  if (request->containment && is_crowded(watched)) kill_all(watched, LAUNCH_CROWDED);
}

/* What could leave its group without namespaces stays; what is in it is ended, also what is being started. */
static void end_group(const Watched *watched) {
  for (int i = 0; i < 100 && kill(-watched->child, SIGKILL) == 0; i++) poll(NULL, 0, 1);
}

static int wait_for_end(Watched *watched, const Launch *request) {
  int status = 0, told;
  while (waitpid(watched->child, &status, WNOHANG) == 0) {
    wait_for_report(watched, POLL_MS);
    pass_on_interrupts(watched, request);
    enforce_limits(watched, request);
  }
  end_group(watched);
  while (watched->report >= 0 && wait_for_report(watched, 0)) continue;
  if (watched->report >= 0) close(watched->report);
  if (read(watched->status_end, &told, sizeof(told)) == (ssize_t)sizeof(told)) status = told;
  close(watched->status_end);
  return status;
}

/* The program goes on with what we had. */
static int come_first(void) {
  int before = getpriority(PRIO_PROCESS, 0);
  setpriority(PRIO_PROCESS, 0, FIRST_PRIORITY);
  return before;
}

static bool make_pipe(int ends[2]) {
  if (pipe(ends) != 0) return false;
  for (int i = 0; i < 2; i++) fcntl(ends[i], F_SETFD, FD_CLOEXEC);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return true;
}

static char **terminated(Arena *arena, const Strs *strs) {
  char **list = arena_array(arena, char *, strs->count + 1);
  for (uint32_t i = 0; i < strs->count; i++) {
    list[i] = (char *)str_terminated(arena, strs->items[i]);
  }
  return list;
}

bool launch(Arena *arena, const Launch *request, LaunchResult *result, Str *message) {
  int report[2], status[2];
  bool is_ours = !request->containment;
  Start start = {
    .request = request,
    .environment = terminated(arena, &request->environment),
    .has_terminal = is_ours && isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp(),
  };
  signal(SIGTTOU, SIG_IGN); /* so that the terminal can be taken back */
  start.priority = is_ours ? getpriority(PRIO_PROCESS, 0) : come_first();
  pid_t child = make_pipe(report) && make_pipe(status) ? fork() : -1;
  if (child < 0) {
    setpriority(PRIO_PROCESS, 0, start.priority);
    *message = str_format(arena, "no process can be started: %s", strerror(errno));
    return false;
  }
  start.report = report[1];
  start.status_end = status[1];
  if (child == 0) run_child(&start);
  close(report[1]);
  close(status[1]);
  setpgid(child, child); /* as the child does: whoever comes first */
  Watched watched = { .child = child, .report = report[0], .status_end = status[0] };
  watched.start = now_ms();
  watched.tasks = machine_task_count();
  watched.lines.arena = arena;
  watched.listener = request->listener;
  result->status = wait_for_end(&watched, request);
  result->lines = text_str(&watched.lines);
  result->end = watched.end;
  setpriority(PRIO_PROCESS, 0, start.priority);
  if (start.has_terminal) tcsetpgrp(STDIN_FILENO, getpgrp());
  return true;
}
