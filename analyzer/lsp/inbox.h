#pragma once
/*
 * Inbox: messages that wait to be handled, and the requests that are not answered yet. One thread
 * puts messages in as they arrive, another one takes them out in the same order. A cancelled
 * request is answered the moment the cancellation arrives; what it leads to afterwards is dropped.
 *
 * Owns: the messages that wait.
 */
#include "base/thread.h"
#include "base/vec.h"
#include "lsp/message.h"
#include "lsp/outbox.h"

typedef struct {
  json_t *id;
  bool is_cancelled; /* and answered */
} OpenRequest;

typedef struct {
  Monitor monitor;
  Arena *arena;
  Outbox *outbox;
  Vec(Message) waiting; /* from `first` on */
  uint32_t first;
  size_t waiting_bytes;
  atomic_bool has_mail; /* something has come since the last inbox_take: long work makes a pause */
  Vec(OpenRequest) open;
  bool is_closed; /* nothing more will come */
} Inbox;

/* Stays in its place until inbox_end. */
void inbox_begin(Inbox *inbox, Outbox *outbox);
void inbox_end(Inbox *inbox);

/* Takes the message over. Waits while too many bytes wait already, unless `waits` is false. */
void inbox_put(Inbox *inbox, Message message, bool waits);
/* Nothing more will come. */
void inbox_close(Inbox *inbox);

typedef enum {
  INBOX_MESSAGE,
  INBOX_EMPTY, /* for as long as the caller would wait */
  INBOX_CLOSED,
} InboxStep;

/* For inbox_take: how long to wait for a message, in milliseconds. */
enum { WAIT_NOT = 0, WAIT_FOREVER = -1 };

/* The next message, which then is the caller's. */
InboxStep inbox_take(Inbox *inbox, int milliseconds, Message *message);

/* True if a message waits that satisfies the question. */
bool inbox_any(
  Inbox *inbox, bool (*question)(const Message *message, const void *of), const void *of
);

bool inbox_is_cancelled(Inbox *inbox, const json_t *id);
/* Sends the answer to a request, unless it was cancelled. Gives up the answer. */
void inbox_answer(Inbox *inbox, const json_t *id, json_t *answer);
