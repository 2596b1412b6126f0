#include "lsp/progress.h"

#include "report/json_value.h"

void progress_part(Server *server, const json_t *token, json_t *value) {
  json_t *params = json_pack("{s:o, s:o}", "token", json_deep_copy(token), "value", value);
  server_notify(server, "$/progress", params);
}

void progress_started(Server *server, const json_t *token, const char *title) {
  if (!token) return;
  json_t *value = json_pack(
    "{s:s, s:s, s:b, s:i}", "kind", "begin", "title", title, "cancellable", 1, "percentage", 0
  );
  progress_part(server, token, value);
}

void progress_moved(Server *server, const json_t *token, uint32_t done, uint32_t total) {
  if (!token) return;
  uint32_t percentage = total > 0 ? (uint32_t)((uint64_t)done * 100 / total) : 100;
  Str text = str_format(server->message, "%u of %u files", done, total);
  json_t *value = json_pack(
    "{s:s, s:o, s:i}",
    "kind",
    "report",
    "message",
    json_from(server->message, text),
    "percentage",
    (int)percentage
  );
  progress_part(server, token, value);
}

void progress_ended(Server *server, const json_t *token) {
  if (token) progress_part(server, token, json_pack("{s:s}", "kind", "end"));
}
