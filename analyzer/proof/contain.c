#include "proof/contain.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proof/walls.h"

/* So many processes and threads more than there are on the machine: the limit counts all of the user. */
enum { MORE_PROCESSES = 256 };

/* --- limits ------------------------------------------------------------------------------------ */

/* The first of the limits can be noticed, the second cannot. */
static void limit(int resource, uint64_t soft, uint64_t hard) {
  struct rlimit now;
  if (getrlimit(resource, &now) != 0) return;
  rlim_t most = now.rlim_max == RLIM_INFINITY || now.rlim_max > hard ? (rlim_t)hard : now.rlim_max;
  setrlimit(resource, &(struct rlimit){ most < soft ? most : (rlim_t)soft, most });
}

uint32_t machine_task_count(void) {
  char line[128] = "";
  int descriptor = open("/proc/loadavg", O_RDONLY);
  ssize_t len = descriptor < 0 ? 0 : read(descriptor, line, sizeof(line) - 1);
  if (descriptor >= 0) close(descriptor);
  const char *total = len > 0 ? strchr(line, '/') : NULL;
  return total ? (uint32_t)strtoul(total + 1, NULL, 10) : 0;
}

static void set_limits(const Containment *containment) {
  limit(RLIMIT_CPU, containment->cpu_seconds, containment->cpu_seconds + 2);
  limit(RLIMIT_AS, containment->memory_bytes, containment->memory_bytes);
  limit(RLIMIT_FSIZE, containment->file_bytes, containment->file_bytes);
  limit(RLIMIT_CORE, 0, 0);
  uint32_t running = machine_task_count();
  uint64_t allowed = (uint64_t)running + MORE_PROCESSES;
  if (running > 0) limit(RLIMIT_NPROC, allowed, allowed);
}

/* --- descriptors ------------------------------------------------------------------------------- */

/* Closes what is open beyond the standard ones but for two. */
static void close_others(int report, int status_end) {
  struct rlimit open_files = { .rlim_cur = 1024 };
  getrlimit(RLIMIT_NOFILE, &open_files);
  int most = open_files.rlim_cur > 65536 ? 65536 : (int)open_files.rlim_cur;
  for (int descriptor = 3; descriptor < most; descriptor++) {
    if (descriptor != report && descriptor != status_end) close(descriptor);
  }
}

static bool set_streams(const Containment *containment) {
  int nothing = open("/dev/null", O_RDONLY);
  return nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 &&
    dup2(containment->output, STDOUT_FILENO) >= 0 && dup2(containment->output, STDERR_FILENO) >= 0;
}

/* --- the first process of a namespace ---------------------------------------------------------- */

/* Waits for the program and tells of its end. When it ends itself, the system ends all that is left. */
static _Noreturn void be_first(pid_t program, int status_end) {
  int status = 0;
  pid_t ended;
  do ended = wait(&status);
  while (ended != program && (ended > 0 || errno == EINTR));
  if (ended == program && write(status_end, &status, sizeof(status)) < 0) _exit(1);
  _exit(0);
}

/* Returns in a grandchild: outside stays a process that waits, inside one that is the first. */
static bool enter_processes(int report, int status_end) {
  pid_t first = fork();
  if (first != 0) {
    close(report);
    close(status_end);
    if (first > 0) waitpid(first, &(int){ 0 }, 0);
    _exit(first > 0 ? 0 : 1);
  }
  walls_die_with_parent();
  walls_number_processes();
  pid_t program = fork();
  if (program < 0) return false;
  if (program > 0) {
    close(report);
    be_first(program, status_end);
  }
  close(status_end);
  return true;
}

/* --- all of it --------------------------------------------------------------------------------- */

static bool
build_walls(const Containment *containment, int report, int status_end, const char **why) {
  if (!containment->walls.has_namespaces) {
    *why = "the network cannot be kept from it on this system";
    return containment->allows_network || walls_filter_network();
  }
  *why = "the namespaces that were there a moment ago cannot be had";
  return walls_enter_namespaces(containment) && enter_processes(report, status_end) &&
    walls_drop_privileges();
}

bool contain(const Containment *containment, int report, int status_end, const char **why) {
  walls_die_with_parent();
  *why = "its standard streams cannot be set up";
  if (!set_streams(containment)) return false;
  close_others(report, status_end);
  if (!build_walls(containment, report, status_end, why)) return false;
  *why = "the folder that it is to work in cannot be entered";
  if (containment->folder && chdir(containment->folder) != 0) return false;
  set_limits(containment);
  return true;
}

Walls walls_find(const char *scratch) {
  Walls walls = { 0 };
  char covered[4096], upper[4096], work[4096];
  snprintf(covered, sizeof(covered), "%s/covered", scratch);
  snprintf(upper, sizeof(upper), "%s/upper", scratch);
  snprintf(work, sizeof(work), "%s/work", scratch);
  bool has_folders = mkdir(covered, 0700) == 0 && mkdir(upper, 0700) == 0 && mkdir(work, 0700) == 0;
  for (int attempt = 0; attempt < 2; attempt++) {
    pid_t child = fork();
    if (child == 0) {
      Containment tried = { .scratch = scratch, .covered = covered, .upper = upper, .work = work };
      bool is_granted =
        attempt > 0 ? walls_filter_network() : has_folders && walls_enter_namespaces(&tried);
      _exit(is_granted ? 0 : 1);
    }
    int status = 1;
    bool is_granted = child > 0 && waitpid(child, &status, 0) == child && status == 0;
    *(attempt > 0 ? &walls.has_filter : &walls.has_namespaces) = is_granted;
  }
  return walls;
}

/* --- counting ---------------------------------------------------------------------------------- */

/* The namespace of processes that children of the process live in; 0: unknown. */
static uint64_t namespace_of(const char *process, const char *kind) {
  char path[128];
  struct stat facts;
  snprintf(path, sizeof(path), "/proc/%s/ns/%s", process, kind);
  return stat(path, &facts) == 0 ? (uint64_t)facts.st_ino : 0;
}

uint32_t contained_count(pid_t child) {
  char name[32];
  snprintf(name, sizeof(name), "%ld", (long)child);
  uint64_t inside = namespace_of(name, "pid_for_children");
  bool is_own = inside != 0 && inside != namespace_of("self", "pid");
  DIR *folder = opendir("/proc");
  uint32_t count = 0;
  for (struct dirent *entry = folder ? readdir(folder) : NULL; entry; entry = readdir(folder)) {
    char *end;
    long process = strtol(entry->d_name, &end, 10);
    if (process <= 0 || *end) continue;
    count +=
      getpgid((pid_t)process) == child || (is_own && namespace_of(entry->d_name, "pid") == inside);
  }
  if (folder) closedir(folder);
  return count;
}
