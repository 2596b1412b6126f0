#include "lsp/scan.h"

#include "lsp/checked.h"
#include "lsp/progress.h"

static json_t *scan_token(void) { return json_string("awry-scan"); }

static void
take_agreement(Server *server, Arena *arena, const json_t *result, const json_t *error) {
  (void)arena;
  (void)result;
  if (server->scan == SCAN_ASKED) server->scan = error ? SCAN_UNWANTED : SCAN_AGREED;
}

void scan_ask(Server *server) {
  if (!server->client.shows_progress) return;
  server->scan = SCAN_ASKED;
  json_t *params = json_pack("{s:o}", "token", scan_token());
  server_ask(server, "window/workDoneProgress/create", params, take_agreement);
}

// A file whose findings are wanted first.
static Str first_file(Server *server) {
  if (server->buffers.items.count > 0) return server->buffers.items.items[0]->path;
  Strs paths = { 0 };
  bool is_known = workspace_files(server->workspace, server->message, &paths);
  return is_known && paths.count > 0 ? paths.items[0] : STR_EMPTY;
}

void scan_show(Server *server) {
  bool is_agreed = server->scan == SCAN_AGREED;
  server->scan = SCAN_UNWANTED;
  if (!is_agreed) return;
  Str path = first_file(server);
  if (path.len == 0) return;
  json_t *token = scan_token();
  Checked checked;
  progress_started(server, token, "awry: reading the project");
  check_file(server, server->message, path, &checked);
  progress_ended(server, token);
  json_decref(token);
}
