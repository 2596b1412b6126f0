#include "lsp/server.h"

#include "lsp/baseline.h"
#include "lsp/editor_settings.h"
#include "lsp/publish.h"
#include "lsp/scan.h"
#include "lsp/sweep.h"
#include "lsp/uri.h"
#include "report/json_value.h"

// A client that does not answer gets no more of our memory.
enum { MOST_AWAITED = 100 };

void server_begin(Server *server, Inbox *inbox, Outbox *outbox, const ServerSetup *setup) {
  *server = (Server){
    .arena = arena_new(),
    .message = arena_new(),
    .inbox = inbox,
    .outbox = outbox,
    .version = setup->version,
    .folder = setup->folder,
    .setup = setup,
  };
  buffers_begin(&server->buffers);
  server->workspace = workspace_new(setup->threads, setup->user_settings);
  workspace_watch(server->workspace, &inbox->is_unwanted, setup->is_ending);
  workspace_use_caches(server->workspace, setup->build, setup->cache_folder);
}

void server_end(Server *server) {
  baseline_abandon(server);
  sweeps_end(server);
  buffers_end(&server->buffers);
  workspace_free(server->workspace);
  editor_settings_end(server);
  arena_free(server->problems.arena);
  arena_free(server->message);
  arena_free(server->arena);
}

Buffer *server_buffer(const Server *server, Str uri, Arena *arena) {
  return buffer_find(&server->buffers, uri_path(arena, uri, server->folder));
}

// --- sending ---------------------------------------------------------------------------------

void server_answer(Server *server, const json_t *id, json_t *result) {
  inbox_answer(server->inbox, id, message_result(id, result));
}

void server_answer_error(Server *server, const json_t *id, ErrorCode code, Str text) {
  inbox_answer(server->inbox, id, message_error(id, code, text, NULL));
}

void server_notify(Server *server, const char *method, json_t *params) {
  outbox_send(server->outbox, message_notification(method, params));
}

static void forget_awaited(Server *server, uint32_t index) {
  Awaited *items = server->awaited.items;
  server->awaited.count--;
  for (uint32_t i = index; i < server->awaited.count; i++) items[i] = items[i + 1];
}

void server_ask(
  Server *server,
  const char *method,
  json_t *params,
  void (*handle)(Server *server, Arena *arena, const json_t *result, const json_t *error)
) {
  uint32_t id = ++server->last_id;
  if (server->awaited.count == MOST_AWAITED) forget_awaited(server, 0);
  vec_push(server->arena, &server->awaited, (Awaited){ id, handle });
  outbox_send(server->outbox, message_request(json_integer(id), method, params));
}

void server_log(Server *server, LogLevel level, const char *format, ...) {
  va_list args;
  va_start(args, format);
  Str text = str_format_list(server->message, format, args);
  va_end(args);
  json_t *params =
    json_pack("{s:i, s:o}", "type", (int)level, "message", json_from(server->message, text));
  server_notify(server, "window/logMessage", params);
}

// --- what comes in ---------------------------------------------------------------------------

json_t *call_fail(Call *call, ErrorCode code, const char *format, ...) {
  va_list args;
  va_start(args, format);
  call->code = code;
  call->error = str_format_list(call->arena, format, args);
  va_end(args);
  return NULL;
}

// Fills in the document that the method needs; false, with an error, if it is not there.
static bool find_document(Call *call) {
  Str uri = param_text(param(param(call->params, "textDocument"), "uri"));
  if (call->params.reader->fault.len > 0) return false;
  call->buffer = server_buffer(call->server, uri, call->arena);
  if (!call->buffer) {
    call_fail(call, CODE_INVALID_PARAMS, "textDocument.uri: this document is not open");
  } else if (call->buffer->is_out_of_sync) {
    call_fail(call, CODE_CONTENT_MODIFIED, "the document is out of sync until it is opened anew");
  }
  return call->error.len == 0;
}

static void answer(Call *call, json_t *result) {
  Server *server = call->server;
  if (call->error.len == 0) {
    server_answer(server, call->id, result ? result : json_null());
    return;
  }
  json_decref(result);
  json_t *error = message_error(call->id, call->code, call->error, call->error_data);
  inbox_answer(server->inbox, call->id, error);
}

static void run_method(Server *server, const Method *method, const Message *message) {
  ParamReader reader = { .arena = server->message };
  Call call = {
    .server = server,
    .arena = server->message,
    .params = param_root(&reader, message->params, "params"),
    .id = message->id,
  };
  json_t *result = NULL;
  if (method->needs == NEEDS_NOTHING || find_document(&call)) result = method->handle(&call);
  if (reader.fault.len > 0) {
    call_fail(&call, CODE_INVALID_PARAMS, "%.*s", STR_ARGS(reader.fault));
  }
  if (method->is_request) {
    if (!call.is_deferred) answer(&call, result);
  } else if (call.error.len > 0) {
    server_log(server, LOG_WARNING, "%s: %.*s", method->name, STR_ARGS(call.error));
  }
}

// Why a request cannot be served at this stage; empty if it can.
static Str refusal(const Server *server, Str method, ErrorCode *code) {
  bool is_start = str_is(method, "initialize");
  *code = CODE_INVALID_REQUEST;
  switch (server->stage) {
  case STAGE_NEW:
    *code = CODE_NOT_INITIALIZED;
    return is_start ? STR_EMPTY : STR("the server waits for initialize");
  case STAGE_RUNNING:
    return is_start ? STR("the server is initialized already") : STR_EMPTY;
  case STAGE_SHUT_DOWN:
  case STAGE_OVER:
    break;
  }
  return STR("the server has been shut down");
}

static void handle_request(Server *server, const Message *message) {
  ErrorCode code;
  Str why = refusal(server, message->method, &code);
  const Method *method = method_find(message->method);
  if (why.len == 0 && method && method->is_request) {
    run_method(server, method, message);
    return;
  }
  if (why.len == 0) {
    code = CODE_UNKNOWN_METHOD;
    why = str_format(server->message, "there is no request \"%.*s\"", STR_ARGS(message->method));
  }
  server_answer_error(server, message->id, code, why);
}

static void handle_notification(Server *server, const Message *message) {
  const Method *method = method_find(message->method);
  bool is_exit = str_is(message->method, "exit");
  if (server->stage != STAGE_RUNNING && !is_exit) return;
  if (method && !method->is_request) {
    run_method(server, method, message);
  } else if (!str_starts_with(message->method, STR("$/"))) {
    Str name = message->method;
    server_log(server, LOG_DETAIL, "the notification \"%.*s\" is not known", STR_ARGS(name));
  }
}

static void handle_response(Server *server, const Message *message) {
  for (uint32_t i = 0; i < server->awaited.count; i++) {
    Awaited awaited = server->awaited.items[i];
    if (!json_is_integer(message->id) || json_integer_value(message->id) != awaited.id) continue;
    forget_awaited(server, i);
    const json_t *result = json_object_get(message->root, "result");
    const json_t *error = json_object_get(message->root, "error");
    if (awaited.handle) awaited.handle(server, server->message, result, error);
    return;
  }
}

static void handle_fault(Server *server, const Message *message) {
  outbox_send(server->outbox, message_error(message->id, message->code, message->fault, NULL));
}

void server_handle(Server *server, Message *message) {
  inbox_work_on(server->inbox, message->kind == MESSAGE_REQUEST ? message->id : NULL);
  switch (message->kind) {
  case MESSAGE_REQUEST:
    handle_request(server, message);
    break;
  case MESSAGE_NOTIFICATION:
    handle_notification(server, message);
    break;
  case MESSAGE_RESPONSE:
    handle_response(server, message);
    break;
  case MESSAGE_FAULT:
    handle_fault(server, message);
    break;
  }
  inbox_work_on(server->inbox, NULL);
  message_free(message);
  arena_reset(server->message);
}

// --- work between messages -------------------------------------------------------------------

bool server_has_work(const Server *server) {
  return server->scan == SCAN_AGREED || server->wants_refresh || server->wants_publishing ||
    server->sweeps.count > 0 || baseline_is_ready(server);
}

// The client answers at once, if at all; meanwhile there is not much to see.
int server_patience(const Server *server) {
  enum { SCAN_MILLISECONDS = 300 };
  if (!server_has_work(server)) return WAIT_FOREVER;
  return server->scan == SCAN_ASKED ? SCAN_MILLISECONDS : WAIT_NOT;
}

void server_work(Server *server) {
  inbox_work_on(server->inbox, NULL);
  if (baseline_is_ready(server)) {
    baseline_finish(server);
  } else if (server->scan != SCAN_UNWANTED) {
    scan_show(server);
  } else if (server->wants_refresh) {
    server->wants_refresh = false;
    server_ask(server, "workspace/diagnostic/refresh", NULL, NULL);
  } else if (!server->wants_publishing || !publish_next(server)) {
    sweep_next(server);
  }
  inbox_work_on(server->inbox, NULL);
  arena_reset(server->message);
}
