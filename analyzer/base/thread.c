#include "base/thread.h"

#include "base/fatal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

// The same on every system: some give a thread as little as 128 KiB.
enum { STACK_BYTES = 8 << 20 };

static void *thread_main(void *argument) {
  Thread *thread = argument;
  thread->run(thread->argument);
  return NULL;
}

bool thread_start(Thread *thread, void (*run)(void *argument), void *argument) {
  *thread = (Thread){ .run = run, .argument = argument };
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return false;
  bool is_started = pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0 &&
    pthread_create(&thread->handle, &attributes, thread_main, thread) == 0;
  pthread_attr_destroy(&attributes);
  return is_started;
}

void thread_join(Thread *thread) {
  if (pthread_join(thread->handle, NULL) != 0) fatal("a thread cannot be joined");
}

void mutex_lock(Mutex *mutex) {
  if (pthread_mutex_lock(&mutex->handle) != 0) fatal("a lock cannot be taken");
}

void mutex_unlock(Mutex *mutex) {
  if (pthread_mutex_unlock(&mutex->handle) != 0) fatal("a lock cannot be given back");
}

bool budget_take(Budget *budget, size_t bytes) {
  size_t left = atomic_load(&budget->left);
  while (bytes <= left) {
    if (atomic_compare_exchange_weak(&budget->left, &left, left - bytes)) return true;
  }
  return false;
}

void monitor_begin(Monitor *monitor) {
  bool is_ready = pthread_mutex_init(&monitor->lock, NULL) == 0 &&
    pthread_cond_init(&monitor->changed, NULL) == 0;
  if (!is_ready) fatal("a lock cannot be made");
}

void monitor_end(Monitor *monitor) {
  pthread_cond_destroy(&monitor->changed);
  pthread_mutex_destroy(&monitor->lock);
}

void monitor_enter(Monitor *monitor) {
  if (pthread_mutex_lock(&monitor->lock) != 0) fatal("a lock cannot be taken");
}

void monitor_leave(Monitor *monitor) {
  if (pthread_mutex_unlock(&monitor->lock) != 0) fatal("a lock cannot be given back");
}

void monitor_wait(Monitor *monitor) {
  if (pthread_cond_wait(&monitor->changed, &monitor->lock) != 0)
    fatal("a lock cannot be waited at");
}

void monitor_wait_for(Monitor *monitor, uint32_t milliseconds) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  uint64_t nanoseconds = (uint64_t)until.tv_nsec + (uint64_t)milliseconds * 1000000;
  until.tv_sec += (time_t)(nanoseconds / 1000000000);
  until.tv_nsec = (long)(nanoseconds % 1000000000);
  int fault = pthread_cond_timedwait(&monitor->changed, &monitor->lock, &until);
  if (fault != 0 && fault != ETIMEDOUT) fatal("a lock cannot be waited at");
}

void monitor_tell(Monitor *monitor) { pthread_cond_broadcast(&monitor->changed); }

// Processors that the process may run on: 0 if the system does not tell.
static uint32_t affinity_count(void) {
  uint32_t count = 0;
#ifdef __linux__
  unsigned long mask[128] = { 0 }; // of 8,192 processors
  if (syscall(SYS_sched_getaffinity, 0, sizeof mask, mask) <= 0) return 0;
  for (size_t i = 0; i < sizeof mask / sizeof *mask; i++)
    count += (uint32_t)__builtin_popcountl(mask[i]);
#endif
  return count;
}

// Processors' worth of time that the container grants: 0 if there is no quota.
static uint32_t quota_count(void) {
  // "<quota> <period>" in microseconds, or "max <period>". The size of such a file is not known.
  int descriptor = open("/sys/fs/cgroup/cpu.max", O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return 0;
  char text[64] = { 0 };
  ssize_t len = read(descriptor, text, sizeof text - 1);
  close(descriptor);
  if (len <= 0) return 0;
  char *rest;
  unsigned long quota = strtoul(text, &rest, 10);
  unsigned long period = strtoul(rest, NULL, 10); // after "max" it reads as 0
  return period == 0 ? 0 : (uint32_t)((quota + period - 1) / period);
}

uint32_t cpu_count(void) {
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  uint32_t count = affinity_count(), quota = quota_count();
  if (count == 0) count = online > 0 ? (uint32_t)online : 1;
  return quota > 0 && quota < count ? quota : count;
}
