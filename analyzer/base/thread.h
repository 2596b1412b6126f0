#pragma once
/*
 * Threads, as few primitives as a pool of workers and a queue between two threads need.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  void (*run)(void *argument);
  void *argument;
  pthread_t handle;
} Thread;

/* Runs run(argument) beside the caller. Owns: nothing; `thread` stays in its place until it is
   joined. Returns false if the system has no more threads; then nothing runs. */
bool thread_start(Thread *thread, void (*run)(void *argument), void *argument);
void thread_join(Thread *thread);

/* Held by one thread at a time; others wait. Owns: nothing. */
typedef struct {
  pthread_mutex_t handle;
} Mutex;

#define MUTEX_FREE ((Mutex){ PTHREAD_MUTEX_INITIALIZER })

void mutex_lock(Mutex *mutex);
void mutex_unlock(Mutex *mutex);

/* Hands out 0, 1, 2, … to any number of threads, each number once. Zeroed, it starts at 0. */
typedef struct {
  atomic_uint_least32_t next;
} Counter;

static inline uint32_t counter_take(Counter *counter) {
  return atomic_fetch_add(&counter->next, 1);
}

/* A stock of bytes that any number of threads draw from. */
typedef struct {
  atomic_size_t left;
} Budget;

/* Takes the bytes out of the stock; false, and nothing is taken, if fewer are left. */
bool budget_take(Budget *budget, size_t bytes);

/* A lock, and a place to wait until something that it guards has changed. Stays in its place from
   monitor_begin to monitor_end. */
typedef struct {
  pthread_mutex_t lock;
  pthread_cond_t changed;
} Monitor;

void monitor_begin(Monitor *monitor);
void monitor_end(Monitor *monitor);
void monitor_enter(Monitor *monitor);
void monitor_leave(Monitor *monitor);
/* Leaves, waits for monitor_tell, enters; may come back without one. */
void monitor_wait(Monitor *monitor);
/* The same; comes back after that many milliseconds at the latest. */
void monitor_wait_for(Monitor *monitor, uint32_t milliseconds);
/* Wakes all that wait. */
void monitor_tell(Monitor *monitor);

/* How many threads of this process can run at once: at least 1. Respects the affinity mask and the
   quota of a container. */
uint32_t cpu_count(void);
