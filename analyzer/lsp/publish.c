#include "lsp/publish.h"

#include "lsp/checked.h"
#include "lsp/diagnostic.h"
#include "lsp/synchronize.h"
#include "report/json_value.h"

void publish_later(Server *server) {
  server->wants_publishing = !server->client.pulls;
  server->published = 0;
}

void everything_changed(Server *server) {
  arena_free(server->problems.arena);
  server->problems = (ToldProblems){ 0 };
  publish_later(server);
  server->wants_refresh = server->client.pulls && server->client.refreshes_diagnostics;
}

static void publish(Server *server, const ViewText *text, json_t *diagnostics) {
  json_t *params = json_pack(
    "{s:o, s:o}", "uri", json_from(server->message, text->uri), "diagnostics", diagnostics
  );
  if (text->version != NO_VERSION)
    json_object_set_new(params, "version", json_integer(text->version));
  server_notify(server, "textDocument/publishDiagnostics", params);
}

void publish_nothing_for(Server *server, Str uri) {
  ViewText text = { .uri = uri, .version = NO_VERSION };
  if (!server->client.pulls) publish(server, &text, json_array());
}

void publish_nothing(Server *server, const Buffer *buffer) {
  for (uint32_t i = 0; i < buffer->text_count; i++)
    publish_nothing_for(server, buffer->texts[i].uri);
}

static bool is_up_to_date(const Server *server, const Buffer *buffer) {
  if (!buffer->is_told || buffer->is_out_of_sync) return buffer->is_told;
  return workspace_is_current(server->workspace, buffer->path, buffer->told_identity);
}

static void publish_buffer(Server *server, Buffer *buffer) {
  Arena *arena = server->message;
  Checked checked;
  bool was_told = buffer->is_told;
  buffer->is_told = true;
  if (buffer->is_out_of_sync) {
    publish_nothing(server, buffer);
    return;
  }
  work_until_changed(server, arena, buffer->texts[0].uri);
  bool is_readable = check_file(server, arena, buffer->path, &checked);
  if (checked.result.was_stopped) {
    buffer->is_told = was_told;
    return;
  }
  if (was_told && checked.result.identity == buffer->told_identity) return;
  buffer->told_identity = checked.result.identity;
  for (uint32_t i = 0; i < buffer->text_count; i++) {
    json_t *diagnostics = is_readable
      ? diagnostics_json(arena, &checked.view, &checked.result.findings, i)
      : json_array();
    publish(server, &buffer->texts[i], diagnostics);
  }
}

bool publish_next(Server *server) {
  while (server->published < server->buffers.items.count) {
    Buffer *buffer = server->buffers.items.items[server->published++];
    if (is_up_to_date(server, buffer)) continue;
    publish_buffer(server, buffer);
    return true;
  }
  server->wants_publishing = false;
  return false;
}
