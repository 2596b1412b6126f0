#pragma once
/*
 * Outbox: messages on their way to the client. Several threads may send.
 */
#include <jansson.h>

#include "base/text.h"
#include "base/thread.h"

/* Takes all bytes of a message with its header; false: nobody reads them any more. */
typedef bool (*SendBytes)(void *state, Str bytes);

typedef struct {
  Monitor monitor;
  Arena *arena; /* of the message that is being sent */
  SendBytes send;
  void *state;
  atomic_bool is_broken; /* the client is gone */
} Outbox;

/* Stays in its place until outbox_end. */
void outbox_begin(Outbox *outbox, SendBytes send, void *state);
void outbox_end(Outbox *outbox);

/* Gives up the message. */
void outbox_send(Outbox *outbox, json_t *message);
