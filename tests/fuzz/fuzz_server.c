// The whole language server, without its threads: a message per line, or a stream with headers of its own. Whatever
// comes, every request is answered once, and it then answers as if nothing had happened: a question about a rule, and,
// for one in 16 of the inputs, for that takes most of the time, one about the findings of a document.
#include "base/fatal.h"
#include "base/hash.h"
#include "lsp/baseline.h"
#include "lsp/server.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
  Outbox outbox;
  Inbox inbox;
  Server server;
  uint32_t answers;
  bool has_finding; // the last diagnostics that were sent have one
  bool has_text;    // the last answer is a text
} Session;

static bool look_at(void *state, Str bytes) {
  Session *session = state;
  uint32_t start = str_find(bytes, STR("\r\n\r\n")) + 4;
  json_t *message = json_loadb(bytes.data + start, bytes.len - start, JSON_ALLOW_NUL, NULL);
  if (!message) fatal("what is sent is no JSON");
  bool has_method = json_object_get(message, "method") != NULL;
  const json_t *result = json_object_get(message, "result");
  if (!has_method) session->answers++;
  if (!has_method) session->has_text = json_is_string(result);
  session->has_finding = json_array_size(json_object_get(result, "items")) > 0;
  json_decref(message);
  return true;
}

// Handles what waits, and does what is to be done then.
static void settle(Session *session) {
  Message message;
  while (session->server.stage != STAGE_OVER) {
    if (inbox_take(&session->inbox, WAIT_NOT, &message) == INBOX_MESSAGE) {
      server_handle(&session->server, &message);
    } else if (server_has_work(&session->server)) {
      server_work(&session->server);
    } else if (session->server.baseline) {
      baseline_finish(&session->server);
    } else {
      return;
    }
  }
}

// The disk is not the fuzzer's: it works in a folder that does not exist.
static bool is_tame(Str body) {
  for (Str rest = body;;) {
    uint32_t at = str_find(rest, STR("file:"));
    if (at == UINT32_MAX) break;
    rest = str_slice(rest, at + 5, rest.len);
    if (!str_starts_with(rest, STR("///nowhere/"))) return false;
  }
  return !str_contains(body, STR("..")) && !str_contains(body, STR("%2")) &&
    !str_contains(body, STR("rootPath")) && !str_contains(body, STR("\\u00")) &&
    !str_contains(body, STR("venv")) && !str_contains(body, STR("\"exit\""));
}

static void put_line(Session *session, Str line) {
  char *body = malloc((size_t)line.len + 1);
  memcpy(body, line.data, line.len);
  inbox_put(&session->inbox, message_parse(body, line.len), false);
  free(body);
}

// An empty line is a pause, in which the server works.
static void put_lines(Session *session, Str lines) {
  while (lines.len > 0) {
    Str line = str_next(&lines, '\n');
    if (line.len == 0) settle(session);
    else put_line(session, line);
  }
}

static void put_stream(Session *session, Str bytes) {
  Frame frame;
  frame_begin(&frame);
  while (bytes.len > 0) {
    Message message;
    if (message_next(&frame, &bytes, &message)) inbox_put(&session->inbox, message, false);
  }
  frame_end(&frame);
}

static const char START[] =
  "{\"id\":\"start\",\"method\":\"initialize\",\"params\":{\"capabilities\":{},"
  "\"workspaceFolders\":[{\"uri\":\"file:///nowhere/\",\"name\":\"\"}]}}";

static const char END[] =
  "{\"method\":\"textDocument/didOpen\",\"params\":{\"textDocument\":{\"uri\":\"file:///nowhere/"
  "end.py\",\"languageId\":\"python\",\"version\":1,\"text\":\"async def save(db):\\n    "
  "await db.write()\\n\\n\\nasync def main(db):\\n    save(db)\\n\"}}}\n\n"
  "{\"id\":\"end\",\"method\":\"textDocument/diagnostic\",\"params\":{\"textDocument\":{\"uri\":"
  "\"file:///nowhere/end.py\"}}}\n\n";

static const char QUESTION[] = "{\"id\":\"question\",\"method\":\"workspace/"
                               "executeCommand\",\"params\":{\"command\":\"awry.explainRule\","
                               "\"arguments\":[\"AWR101\"]}}\n\n";

static void ask(Session *session, const char *lines) {
  uint32_t answers = session->answers;
  put_lines(session, str_from(lines));
  if (session->answers != answers + 1) fatal("a request without its answer");
}

static void check_end(Session *session, bool lints) {
  bool is_running = session->server.stage == STAGE_RUNNING;
  ask(session, QUESTION);
  if (is_running && !session->has_text) fatal("it explains no more");
  session->has_finding = false;
  if (lints) ask(session, END);
  bool is_linted = session->has_finding || session->server.settings.current != NULL;
  if (lints && is_running && !is_linted) fatal("it lints no more");
  if (session->inbox.open.count > 0) fatal("a request that is never answered");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Str bytes = { .data = (const char *)data, .len = (uint32_t)size };
  if (!is_tame(bytes)) return 0;
  Session *session = calloc(1, sizeof *session);
  outbox_begin(&session->outbox, look_at, session);
  inbox_begin(&session->inbox, &session->outbox);
  ServerSetup setup = { .version = STR("0"), .folder = STR("/nowhere"), .threads = 1 };
  server_begin(&session->server, &session->inbox, &session->outbox, &setup);
  bool is_stream = str_starts_with(bytes, STR("Content-"));
  if (!str_starts_with(bytes, STR("\n"))) put_line(session, str_from(START));
  if (is_stream) put_stream(session, bytes);
  else put_lines(session, bytes);
  settle(session);
  check_end(session, hash_of(bytes).bytes[0] % 16 == 0);
  server_end(&session->server);
  inbox_end(&session->inbox);
  outbox_end(&session->outbox);
  free(session);
  return 0;
}
