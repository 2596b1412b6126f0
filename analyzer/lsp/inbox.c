#include "lsp/inbox.h"

#include <string.h>

// Whoever sends more without waiting for answers has to wait. The number also bounds what it takes
// to find a request that is open.
enum { MOST_WAITING_BYTES = 128 << 20, MOST_WAITING = 10000 };

void inbox_begin(Inbox *inbox, Outbox *outbox) {
  *inbox = (Inbox){ .arena = arena_new(), .outbox = outbox };
  monitor_begin(&inbox->monitor);
}

void inbox_end(Inbox *inbox) {
  for (uint32_t i = inbox->first; i < inbox->waiting.count; i++) {
    message_free(&inbox->waiting.items[i]);
  }
  for (uint32_t i = 0; i < inbox->open.count; i++) json_decref(inbox->open.items[i].id);
  monitor_end(&inbox->monitor);
  arena_free(inbox->arena);
}

// An id may be in use twice, against the rules: then the older one that is not cancelled is meant.
static OpenRequest *find_open(Inbox *inbox, const json_t *id) {
  OpenRequest *found = NULL;
  for (uint32_t i = 0; i < inbox->open.count; i++) {
    OpenRequest *request = &inbox->open.items[i];
    if (!json_equal(request->id, id)) continue;
    if (!request->is_cancelled) return request;
    if (!found) found = request;
  }
  return found;
}

// Nothing is sent under the lock: a client that does not read its answers must not keep us from
// reading what it sends.
static void cancel(Inbox *inbox, const Message *message) {
  const json_t *id = json_object_get(message->params, "id");
  monitor_enter(&inbox->monitor);
  OpenRequest *request = id ? find_open(inbox, id) : NULL;
  bool is_new = request && !request->is_cancelled;
  if (is_new) request->is_cancelled = true;
  if (is_new && inbox->handled && json_equal(inbox->handled, id)) inbox->is_unwanted = true;
  inbox->has_mail = true;
  monitor_leave(&inbox->monitor);
  if (!is_new) return;
  Str text = STR("the client has cancelled the request");
  outbox_send(inbox->outbox, message_error(id, CODE_CANCELLED, text, NULL));
}

static bool is_cancellation(const Message *message) {
  return message->kind == MESSAGE_NOTIFICATION && str_is(message->method, "$/cancelRequest");
}

static bool is_full(const Inbox *inbox) {
  return inbox->waiting_bytes > MOST_WAITING_BYTES ||
    inbox->waiting.count - inbox->first >= MOST_WAITING;
}

void inbox_put(Inbox *inbox, Message message, bool waits) {
  if (is_cancellation(&message)) {
    cancel(inbox, &message);
    message_free(&message);
    return;
  }
  monitor_enter(&inbox->monitor);
  while (waits && is_full(inbox) && !inbox->is_closed) monitor_wait(&inbox->monitor);
  if (message.kind == MESSAGE_REQUEST) {
    vec_push(inbox->arena, &inbox->open, (OpenRequest){ .id = json_deep_copy(message.id) });
  }
  vec_push(inbox->arena, &inbox->waiting, message);
  inbox->waiting_bytes += message.bytes;
  inbox->has_mail = true;
  if (inbox->supersedes && inbox->supersedes(&message, inbox->supersedes_of))
    inbox->is_unwanted = true;
  monitor_tell(&inbox->monitor);
  monitor_leave(&inbox->monitor);
}

void inbox_wake(Inbox *inbox) {
  monitor_enter(&inbox->monitor);
  inbox->is_woken = true;
  monitor_tell(&inbox->monitor);
  monitor_leave(&inbox->monitor);
}

void inbox_close(Inbox *inbox) {
  monitor_enter(&inbox->monitor);
  inbox->is_closed = true;
  monitor_tell(&inbox->monitor);
  monitor_leave(&inbox->monitor);
}

// What has been taken is forgotten when it is half of the list, so that each message is moved
// about once.
static void forget_taken(Inbox *inbox) {
  if (inbox->first * 2 < inbox->waiting.count) return;
  uint32_t left = inbox->waiting.count - inbox->first;
  memmove(
    inbox->waiting.items, inbox->waiting.items + inbox->first, left * sizeof *inbox->waiting.items
  );
  inbox->waiting.count = left;
  inbox->first = 0;
}

static bool is_empty(const Inbox *inbox) { return inbox->first == inbox->waiting.count; }

InboxStep inbox_take(Inbox *inbox, int milliseconds, Message *message) {
  InboxStep step = INBOX_MESSAGE;
  monitor_enter(&inbox->monitor);
  if (milliseconds > 0 && is_empty(inbox) && !inbox->is_closed) {
    monitor_wait_for(&inbox->monitor, (uint32_t)milliseconds);
  }
  bool waits = milliseconds == WAIT_FOREVER;
  while (waits && is_empty(inbox) && !inbox->is_closed && !inbox->is_woken) {
    monitor_wait(&inbox->monitor);
  }
  if (!is_empty(inbox)) {
    *message = inbox->waiting.items[inbox->first++];
    inbox->waiting_bytes -= message->bytes;
    forget_taken(inbox);
    monitor_tell(&inbox->monitor);
  } else {
    step = inbox->is_closed && !inbox->is_woken ? INBOX_CLOSED : INBOX_EMPTY;
    inbox->is_woken = false;
  }
  inbox->has_mail = !is_empty(inbox);
  monitor_leave(&inbox->monitor);
  return step;
}

static bool does_any_wait(const Inbox *inbox, InboxQuestion question, const void *of) {
  bool is_any = false;
  for (uint32_t i = inbox->first; i < inbox->waiting.count && !is_any; i++) {
    is_any = question(&inbox->waiting.items[i], of);
  }
  return is_any;
}

void inbox_work_on(Inbox *inbox, const json_t *id) {
  monitor_enter(&inbox->monitor);
  inbox->handled = id;
  inbox->supersedes = NULL;
  const OpenRequest *request = id ? find_open(inbox, id) : NULL;
  inbox->is_unwanted = request && request->is_cancelled;
  monitor_leave(&inbox->monitor);
}

void inbox_work_until(Inbox *inbox, InboxQuestion supersedes, const void *of) {
  monitor_enter(&inbox->monitor);
  inbox->supersedes = supersedes;
  inbox->supersedes_of = of;
  if (does_any_wait(inbox, supersedes, of)) inbox->is_unwanted = true;
  monitor_leave(&inbox->monitor);
}

bool inbox_is_cancelled(Inbox *inbox, const json_t *id) {
  monitor_enter(&inbox->monitor);
  const OpenRequest *request = find_open(inbox, id);
  bool is_cancelled = request && request->is_cancelled;
  monitor_leave(&inbox->monitor);
  return is_cancelled;
}

void inbox_answer(Inbox *inbox, const json_t *id, json_t *answer) {
  monitor_enter(&inbox->monitor);
  OpenRequest *request = find_open(inbox, id);
  bool is_cancelled = request && request->is_cancelled;
  if (request) {
    json_decref(request->id);
    const OpenRequest *end = inbox->open.items + inbox->open.count--;
    memmove(request, request + 1, (size_t)(end - request - 1) * sizeof *request);
  }
  monitor_leave(&inbox->monitor);
  if (is_cancelled) json_decref(answer);
  else outbox_send(inbox->outbox, answer);
}
