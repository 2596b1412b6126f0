#pragma once
/*
 * Loop: the event loops of the program, with the virtual clock. Where a loop would wait for an hour, the clock jumps to it;
 * where it would wait for nothing that can come, the program hangs. Every loop of asyncio that waits by a selector is
 * meant, however it was made.
 */
#include <stdbool.h>

typedef struct {
  /* Nothing will wake the loop any more, unless it comes in by a socket, if any is open. It waits on after this. */
  void (*hangs)(bool has_sockets);
  void (*waited)(void); /* the clock was turned forward */
} LoopListener;

/* Requires clock_install and hook_install. False with an error set if asyncio's loop is not as it was known. */
bool loop_install(LoopListener listener);

/* True once a loop has run that can be observed. */
bool loop_has_run(void);
