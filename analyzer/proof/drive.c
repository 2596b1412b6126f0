#include "proof/drive.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "base/file.h"
#include "base/path.h"
#include "base/text.h"

enum {
  MAX_REPORT = 16 << 20, /* bytes that are kept of what the checker says */
  POLL_MS = 20,          /* between two looks at the program's end */
  GRACE_MS = 3000,       /* for a program that was asked to stop */
};

/* What the interpreter runs: it turns away what cannot load the checker, then hands over to it. This runs in any
   Python, however old. */
static const char loader[] =
  "import os, sys\n"
  "def start():\n"
  "    descriptor = int(os.environ.pop('AWRY_REPORT'))\n"
  "    runtime, script, path, module, function, orders = sys.argv[1:7]\n"
  "    def say(kind, key, value):\n"
  "        value = value.replace('\\\\', '/').replace('\"', \"'\").replace('\\n', ' ')\n"
  "        line = '{\"v\":1,\"kind\":\"%s\",\"%s\":\"%s\"}\\n' % (kind, key, value)\n"
  "        os.write(descriptor, line.encode('utf-8'))\n"
  "    def refuse(why):\n"
  "        say('refused', 'why', why)\n"
  "        sys.exit(2)\n"
  "    say('python', 'version', '.'.join(map(str, sys.version_info[:3])))\n"
  "    if sys.version_info < (3, 8):\n"
  "        refuse('is Python %d.%d; the checker needs 3.8 or later' % sys.version_info[:2])\n"
  "    if sys.implementation.name != 'cpython':\n"
  "        refuse('is ' + sys.implementation.name + '; the checker needs CPython')\n"
  "    if 't' in getattr(sys, 'abiflags', ''):\n"
  "        refuse('is a free-threaded build, for which there is no stable ABI yet')\n"
  "    try:\n"
  "        import importlib.util\n"
  "        spec = importlib.util.spec_from_file_location('awry_runtime', runtime)\n"
  "        loaded = importlib.util.module_from_spec(spec)\n"
  "        spec.loader.exec_module(loaded)\n"
  "    except ImportError as error:\n"
  "        refuse('cannot load the checker: ' + str(error))\n"
  "    sys.argv[:] = [script] + sys.argv[7:]\n"
  "    if sys.path and sys.path[0] == '':\n"
  "        sys.path[0] = os.path.dirname(path)\n"
  "    loaded.main(descriptor, path, module, function or None, *([orders] if orders else []))\n"
  "start()\n";

/* How often we were asked to stop. A signal handler has nowhere else to put it. */
static volatile sig_atomic_t interrupts;

static void count_interrupt(int number) {
  (void)number;
  interrupts = interrupts + 1;
}

/* --- finding the checker ----------------------------------------------------------------------- */

/* Beside our own program as it is built, or where it is installed. */
static bool find_runtime(Arena *arena, Str *path, Str *message) {
  char own[4096];
  ssize_t len = readlink("/proc/self/exe", own, sizeof(own) - 1);
  own[len > 0 ? len : 0] = '\0';
  Str folder = path_parent(str_copy(arena, str_from(own)));
  const char *const places[] = { "awry_runtime.abi3.so", "../lib/awry/awry_runtime.abi3.so" };
  for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
    FileFacts facts;
    *path = path_normalise(arena, path_join(arena, folder, str_from(places[i])));
    if (file_facts(*path, &facts) == FILE_OK && facts.kind == FILE_KIND_REGULAR) return true;
  }
  *message = str_format(
    arena,
    "the runtime checker, awry_runtime.abi3.so, is not in %.*s; it is built where the headers of "
    "Python are "
    "(python3-dev)",
    STR_ARGS(folder)
  );
  return false;
}

/* --- the child --------------------------------------------------------------------------------- */

typedef struct {
  char **arguments;
  int report; /* the end of the pipe that the checker writes to */
  bool keeps_stdout;
  bool has_terminal;
} Start;

static char **arguments_of(Arena *arena, const DriveRequest *request, Str runtime) {
  uint32_t count = 0;
  char **arguments = arena_array(arena, char *, request->arguments.count + 11);
  Str module = request->function.len > 0 ? path_stem(request->path) : STR("__main__");
  const Str fixed[] = { request->python, STR("-c"),         str_from(loader),
                        runtime,         request->script,   request->path,
                        module,          request->function, request->orders };
  for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++) {
    arguments[count++] = (char *)str_terminated(arena, fixed[i]);
  }
  for (uint32_t i = 0; i < request->arguments.count; i++) {
    arguments[count++] = (char *)str_terminated(arena, request->arguments.items[i]);
  }
  return arguments;
}

/* A group of its own, so that all it starts can be ended with it; and it does not outlive us. */
static void contain(const Start *start) {
  setpgid(0, 0);
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  if (start->has_terminal) tcsetpgrp(STDIN_FILENO, getpid());
  const int reset[] = { SIGINT, SIGTERM, SIGTTOU, SIGPIPE };
  for (size_t i = 0; i < sizeof(reset) / sizeof(*reset); i++) signal(reset[i], SIG_DFL);
}

/* Becomes the interpreter. */
static _Noreturn void run_child(const Start *start) {
  contain(start);
  if (start->keeps_stdout) dup2(STDERR_FILENO, STDOUT_FILENO);
  char number[16];
  snprintf(number, sizeof(number), "%d", start->report);
  setenv("AWRY_REPORT", number, 1);
  execvp(start->arguments[0], start->arguments);
  dprintf(
    start->report,
    "{\"v\":1,\"kind\":\"refused\",\"why\":\"cannot be started: %s\"}\n",
    strerror(errno)
  );
  _exit(127);
}

/* --- the parent -------------------------------------------------------------------------------- */

typedef struct {
  pid_t child; /* and the number of its group */
  int report;  /* the end of the pipe that we read; -1 once it is closed */
  Text lines;
} Watched;

static void read_report(Watched *watched) {
  char bytes[4096];
  ssize_t count = read(watched->report, bytes, sizeof(bytes));
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (count <= 0) {
    close(watched->report);
    watched->report = -1;
  } else if (watched->lines.len < MAX_REPORT) {
    text_add(&watched->lines, (Str){ bytes, (uint32_t)count });
  }
}

/* Waits for what the checker says, not for long. True if it said something. */
static bool wait_for_report(Watched *watched, int milliseconds) {
  struct pollfd pipe_end = { .fd = watched->report, .events = POLLIN };
  if (poll(&pipe_end, 1, milliseconds) <= 0) return false;
  read_report(watched);
  return watched->report >= 0;
}

/* The program may end itself in good order; if it does not, or if one insists, it is ended. */
static void pass_on_interrupts(const Watched *watched, int *patience) {
  if (interrupts == 0) return;
  if (*patience == GRACE_MS) kill(-watched->child, SIGINT);
  *patience -= POLL_MS;
  if (interrupts > 1 || *patience <= 0) kill(-watched->child, SIGKILL);
}

static int wait_for_end(Watched *watched) {
  int status = 0, patience = GRACE_MS;
  while (waitpid(watched->child, &status, WNOHANG) == 0) {
    wait_for_report(watched, POLL_MS);
    pass_on_interrupts(watched, &patience);
  }
  kill(-watched->child, SIGKILL); /* what it has left behind */
  while (watched->report >= 0 && wait_for_report(watched, 0)) continue;
  if (watched->report >= 0) close(watched->report);
  return status;
}

static bool make_pipe(int ends[2]) {
  if (pipe(ends) != 0) return false;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  return true;
}

static void watch_signals(void) {
  struct sigaction action = { .sa_handler = count_interrupt };
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  signal(SIGTTOU, SIG_IGN); /* so that the terminal can be taken back */
}

bool drive(Arena *arena, const DriveRequest *request, DriveResult *result, Str *message) {
  Str runtime;
  int ends[2];
  if (!find_runtime(arena, &runtime, message)) return false;
  Start start = {
    .arguments = arguments_of(arena, request, runtime),
    .keeps_stdout = request->keeps_stdout,
    .has_terminal = isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp(),
  };
  watch_signals();
  pid_t child = make_pipe(ends) ? fork() : -1;
  if (child < 0) {
    *message = str_format(arena, "no process can be started: %s", strerror(errno));
    return false;
  }
  start.report = ends[1];
  if (child == 0) run_child(&start);
  close(ends[1]);
  setpgid(child, child); /* as the child does: whoever comes first */
  Watched watched = { .child = child, .report = ends[0], .lines = { .arena = arena } };
  result->status = wait_for_end(&watched);
  result->lines = text_str(&watched.lines);
  result->is_interrupted = interrupts > 0;
  if (start.has_terminal) tcsetpgrp(STDIN_FILENO, getpgrp());
  return true;
}
