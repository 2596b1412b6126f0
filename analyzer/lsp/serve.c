#include "lsp/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "lsp/baseline.h"
#include "lsp/frame.h"

enum { READ_BYTES = 64 << 10, WATCH_MILLISECONDS = 1000 };

typedef struct {
  int input, output;
  int wake[2]; /* a pipe: closed at its end 1, it ends the reader */
  Inbox inbox;
  Outbox outbox;
  atomic_llong parent;   /* the process of the client; 0: unknown */
  bool is_leaving;       /* it has said so; the reader's */
  atomic_bool is_ending; /* it is gone, or has waited for a while to be left */
} Session;

static bool write_all(void *state, Str bytes) {
  const Session *session = state;
  while (bytes.len > 0) {
    ssize_t written = write(session->output, bytes.data, bytes.len);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = str_slice(bytes, (uint32_t)written, bytes.len);
  }
  return true;
}

static bool is_gone(long long process) {
  return process > 0 && kill((pid_t)process, 0) != 0 && errno == ESRCH;
}

// Waits for input; false if there will be none, or nobody wants it any more.
static bool wait_for_input(Session *session) {
  for (;;) {
    struct pollfd waits[] = { { .fd = session->input, .events = POLLIN },
                              { .fd = session->wake[0], .events = POLLIN } };
    int ready = poll(waits, 2, WATCH_MILLISECONDS);
    if (ready < 0 && errno != EINTR) return false;
    if (ready > 0 && waits[1].revents != 0) return false;
    if (ready > 0) return true;
    bool is_lost = is_gone(atomic_load(&session->parent));
    if (is_lost || session->is_leaving) atomic_store(&session->is_ending, true);
    if (is_lost) return false;
  }
}

static bool is_farewell(const Message *message) {
  static const char *const farewells[] = { "shutdown", "exit" };
  bool is_named = message->kind == MESSAGE_REQUEST || message->kind == MESSAGE_NOTIFICATION;
  return is_named && STR_IN(message->method, farewells);
}

// Puts what has come into the inbox.
static void take_bytes(Session *session, Frame *frame, Str bytes) {
  while (bytes.len > 0) {
    Message message = { 0 };
    if (!message_next(frame, &bytes, &message)) continue;
    if (is_farewell(&message)) session->is_leaving = true;
    inbox_put(&session->inbox, message, true);
  }
}

static void read_input(void *argument) {
  Session *session = argument;
  Frame frame;
  frame_begin(&frame);
  Arena *arena = arena_new();
  char *buffer = arena_array(arena, char, READ_BYTES);
  while (wait_for_input(session)) {
    ssize_t len = read(session->input, buffer, READ_BYTES);
    if (len < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (len <= 0) break;
    take_bytes(session, &frame, (Str){ buffer, (uint32_t)len });
  }
  inbox_close(&session->inbox);
  arena_free(arena);
  frame_end(&frame);
}

// The process that the message says it comes from, if it can be watched: the client of a server in a
// container may be outside of it. To be asked before the answer is sent: after that it may be gone.
static long long process_to_watch(const Message *message) {
  if (message->kind != MESSAGE_REQUEST || !str_is(message->method, "initialize")) return 0;
  long long process = json_integer_value(json_object_get(message->params, "processId"));
  return is_gone(process) ? 0 : process;
}

static void handle_messages(Session *session, Server *server) {
  while (server->stage != STAGE_OVER && !session->outbox.is_broken) {
    Message message;
    InboxStep step = inbox_take(&session->inbox, server_patience(server), &message);
    if (step == INBOX_CLOSED) break;
    if (step == INBOX_EMPTY) {
      server_work(server);
      continue;
    }
    long long process = process_to_watch(&message);
    server_handle(server, &message);
    if (process > 0 && server->client.process == process) atomic_store(&session->parent, process);
  }
  if (server->stage != STAGE_OVER && !session->outbox.is_broken) baseline_finish(server);
}

ServeEnd serve(int input, int output, const ServerSetup *setup) {
  Session session = { .input = input, .output = output };
  if (pipe(session.wake) != 0) return SERVE_IMPOSSIBLE;
  outbox_begin(&session.outbox, write_all, &session);
  inbox_begin(&session.inbox, &session.outbox);
  Server server;
  ServerSetup own = *setup;
  own.is_ending = &session.is_ending;
  server_begin(&server, &session.inbox, &session.outbox, &own);
  Thread reader;
  ServeEnd end = SERVE_IMPOSSIBLE;
  bool is_reading = thread_start(&reader, read_input, &session);
  if (is_reading) {
    handle_messages(&session, &server);
    end = server.was_shut_down ? SERVE_LEFT : SERVE_ABANDONED;
    inbox_close(&session.inbox);
  }
  close(session.wake[1]);
  if (is_reading) thread_join(&reader);
  close(session.wake[0]);
  server_end(&server);
  inbox_end(&session.inbox);
  outbox_end(&session.outbox);
  return end;
}
