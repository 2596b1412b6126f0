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

/* A question about a message. */
typedef bool (*InboxQuestion)(const Message *message, const void *of);

typedef struct {
  Monitor monitor;
  Arena *arena;
  Outbox *outbox;
  Vec(Message) waiting; /* from `first` on */
  uint32_t first;
  size_t waiting_bytes;
  atomic_bool has_mail; /* something has come since the last inbox_take: long work makes a pause */
  Vec(OpenRequest) open;
  const json_t *handled;    /* the request that is handled just now; NULL: none */
  InboxQuestion supersedes; /* a message that makes the work at hand useless; NULL: none does */
  const void *supersedes_of;
  atomic_bool is_unwanted; /* the work at hand is: its request was cancelled, or superseded */
  bool is_woken;           /* by inbox_wake, since the last inbox_take */
  bool is_closed;          /* nothing more will come */
} Inbox;

/* Stays in its place until inbox_end. */
void inbox_begin(Inbox *inbox, Outbox *outbox);
void inbox_end(Inbox *inbox);

/* Takes the message over. Waits while too many bytes wait already, unless `waits` is false. */
void inbox_put(Inbox *inbox, Message message, bool waits);
/* Ends the wait of inbox_take, without a message. */
void inbox_wake(Inbox *inbox);
/* Nothing more will come. */
void inbox_close(Inbox *inbox);

typedef enum {
  INBOX_MESSAGE,
  INBOX_EMPTY, /* for as long as the caller would wait, or until inbox_wake */
  INBOX_CLOSED,
} InboxStep;

/* For inbox_take: how long to wait for a message, in milliseconds. */
enum { WAIT_NOT = 0, WAIT_FOREVER = -1 };

/* The next message, which then is the caller's. */
InboxStep inbox_take(Inbox *inbox, int milliseconds, Message *message);

/* From here on is_unwanted is about the work on that request (NULL: on none). What it points to
   lives until the next call. */
void inbox_work_on(Inbox *inbox, const json_t *id);
/* And is set, too, if a message comes, or waits already, that the question is true of. */
void inbox_work_until(Inbox *inbox, InboxQuestion supersedes, const void *of);

bool inbox_is_cancelled(Inbox *inbox, const json_t *id);
/* Sends the answer to a request, unless it was cancelled. Gives up the answer. */
void inbox_answer(Inbox *inbox, const json_t *id, json_t *answer);
