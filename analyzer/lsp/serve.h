#pragma once
/*
 * Serving over a pair of descriptors: one thread reads and sees cancellations at once, the caller's
 * handles the messages.
 */
#include "lsp/server.h"

typedef enum {
  SERVE_LEFT,       /* as the protocol wants it: shutdown, then exit */
  SERVE_ABANDONED,  /* exit without shutdown, the input has ended, or the client is gone */
  SERVE_IMPOSSIBLE, /* the system has no thread or no pipe for it */
} ServeEnd;

ServeEnd serve(int input, int output, const ServerSetup *setup);
