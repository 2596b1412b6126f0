#include "lsp/synchronize.h"

#include "lsp/place.h"
#include "lsp/publish.h"
#include "lsp/server.h"
#include "lsp/uri.h"

static Str uri_in(const json_t *params) {
  const json_t *uri = json_object_get(json_object_get(params, "textDocument"), "uri");
  if (!json_is_string(uri)) return STR_EMPTY;
  return (Str){ json_string_value(uri), (uint32_t)json_string_length(uri) };
}

static bool is_change_of(const Message *message, const void *uri) {
  return message->kind == MESSAGE_NOTIFICATION &&
    str_is(message->method, "textDocument/didChange") &&
    str_equal(uri_in(message->params), *(const Str *)uri);
}

void work_until_changed(Server *server, Arena *arena, Str uri) {
  Str *of = arena_make(arena, Str);
  *of = str_copy(arena, uri);
  inbox_work_until(server->inbox, is_change_of, of);
}

static bool is_faulty(const Call *call) { return call->params.reader->fault.len > 0; }

static Str path_of(Call *call, Param identifier) {
  return uri_path(call->arena, param_text(param(identifier, "uri")), call->server->folder);
}

json_t *handle_did_open(Call *call) {
  Server *server = call->server;
  Param identifier = param(call->params, "textDocument");
  Str uri = param_text(param(identifier, "uri")), text = param_text(param(identifier, "text"));
  int64_t version = param_integer(param(identifier, "version"));
  if (is_faulty(call)) return NULL;
  Str path = path_of(call, identifier);
  buffer_open(&server->buffers, uri, path, version);
  workspace_open(server->workspace, path, text);
  publish_later(server);
  return NULL;
}

// False if the change cannot be applied.
static bool apply_change(Call *call, const Buffer *buffer, Param change) {
  Server *server = call->server;
  Str text = param_text(param(change, "text"));
  Param range = param_optional(change, "range");
  if (is_faulty(call)) return false;
  if (!param_is_there(range)) {
    workspace_open(server->workspace, buffer->path, text);
    return true;
  }
  const Source *source = workspace_document(server->workspace, buffer->path);
  if (!source) return false;
  Ruler ruler = { source, server->client.encoding, true };
  Span span;
  return read_span(&ruler, range, &span) &&
    workspace_edit(server->workspace, buffer->path, span, text);
}

json_t *lose_buffer(Call *call, Buffer *buffer) {
  buffer->is_out_of_sync = true;
  buffer->is_told = false;
  workspace_close(call->server->workspace, buffer->path);
  publish_later(call->server);
  const char *why =
    "a change lies outside of the document; it is left alone until it is opened anew";
  return call_fail(call, CODE_CONTENT_MODIFIED, "%.*s: %s", STR_ARGS(buffer->texts[0].uri), why);
}

json_t *leave_buffer(Call *call, Buffer *buffer) {
  Server *server = call->server;
  publish_nothing(server, buffer);
  workspace_close(server->workspace, buffer->path);
  buffer_close(&server->buffers, buffer);
  publish_later(server);
  return NULL;
}

json_t *handle_did_change(Call *call) {
  Server *server = call->server;
  Param identifier = param(call->params, "textDocument");
  Str path = path_of(call, identifier);
  if (is_faulty(call)) return NULL;
  Buffer *buffer = buffer_find(&server->buffers, path);
  if (!buffer) return call_fail(call, CODE_INVALID_PARAMS, "the document is not open");
  Param version = param_optional(identifier, "version");
  if (param_is_there(version)) buffer->version = param_integer(version);
  buffer->texts[0].version = buffer->version;
  Param changes = param(call->params, "contentChanges");
  uint32_t count = param_count(changes);
  buffer->is_told = false;
  publish_later(server);
  for (uint32_t i = 0; i < count && !buffer->is_out_of_sync; i++) {
    if (!apply_change(call, buffer, param_item(changes, i))) lose_buffer(call, buffer);
  }
  if (is_faulty(call) && !buffer->is_out_of_sync) lose_buffer(call, buffer);
  return NULL;
}

json_t *handle_did_save(Call *call) {
  Str path = path_of(call, param(call->params, "textDocument"));
  if (is_faulty(call)) return NULL;
  if (workspace_touched(call->server->workspace, path)) publish_later(call->server);
  return NULL;
}

json_t *handle_did_close(Call *call) {
  Server *server = call->server;
  Str path = path_of(call, param(call->params, "textDocument"));
  if (is_faulty(call)) return NULL;
  Buffer *buffer = buffer_find(&server->buffers, path);
  if (!buffer) return call_fail(call, CODE_INVALID_PARAMS, "the document is not open");
  return leave_buffer(call, buffer);
}
