#pragma once
/*
 * Contain: what a program that is run to prove something can do to the machine. All of it is set up between fork and exec,
 * from the outside: the program need not be asked.
 *
 * Where the system grants namespaces, the program has process numbers, mounts and a network of its own: it sees the user's
 * files as they are and where they are, and what it writes goes to the scratch folder. Elsewhere it is kept from the network
 * by a filter of system calls, and from the user's files by being run on a copy.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What the system grants to a process like ours. */
typedef struct {
  bool has_namespaces; /* of users, processes, mounts and the network; with overlays over folders */
  bool has_filter;     /* of system calls */
} Walls;

typedef struct {
  Walls walls;
  bool allows_network;
  uint32_t cpu_seconds;  /* for one process */
  uint64_t memory_bytes; /* of address space for one process */
  uint64_t file_bytes;   /* for one file */
  const char *folder;    /* to work in */
  const char *scratch;   /* may be written to */
  /* With namespaces: writes below `covered` go to `upper`, which is what the program finds there at first; `work` is the
     system's. All NULL: nothing is covered. */
  const char *covered, *upper, *work;
  int output; /* takes what is written to standard output and standard error */
} Containment;

/* Tries it out in a process of its own. `scratch` is an empty folder for that. */
Walls walls_find(const char *scratch);

/* Shuts the calling process in. Of its descriptors stay open the standard ones and `report`. Where there are namespaces the
   process stays outside to wait, and the call returns in a child, whose end is then told through `status_end`: an int, as
   waitpid gives it. False if that cannot be done: *why says it, and the process should end. Requires: one thread; the
   process leads a group. */
bool contain(const Containment *containment, int report, int status_end, const char **why);

/* Processes and threads on the whole machine, which is quickly asked; 0: unknown. */
uint32_t machine_task_count(void);
/* How many processes run in what the process `child` was shut in. */
uint32_t contained_count(pid_t child);
