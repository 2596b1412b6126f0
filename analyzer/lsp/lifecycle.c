#include "lsp/lifecycle.h"

#include "lsp/capabilities.h"
#include "lsp/editor_settings.h"
#include "lsp/scan.h"
#include "lsp/watch.h"
#include "report/json_value.h"

json_t *handle_initialize(Call *call) {
  Server *server = call->server;
  Param capabilities = param_optional(call->params, "capabilities");
  if (param_is_there(capabilities)) param_optional(capabilities, "general");
  if (call->params.reader->fault.len > 0) return NULL;
  client_read(&server->client, call->params.value);
  watch_folders(server, call->params);
  if (call->params.reader->fault.len > 0) return NULL;
  Param options = param_optional(call->params, "initializationOptions");
  editor_settings_start(server, options.value);
  server->stage = STAGE_RUNNING;
  json_t *info =
    json_pack("{s:s, s:o}", "name", "awry", "version", json_from(call->arena, server->version));
  return json_pack("{s:o, s:o}", "capabilities", capabilities_json(server), "serverInfo", info);
}

json_t *handle_initialized(Call *call) {
  watch_register(call->server);
  scan_ask(call->server);
  editor_settings_ask(call->server);
  return NULL;
}

json_t *handle_shutdown(Call *call) {
  call->server->stage = STAGE_SHUT_DOWN;
  return NULL;
}

json_t *handle_exit(Call *call) {
  call->server->was_shut_down = call->server->stage == STAGE_SHUT_DOWN;
  call->server->stage = STAGE_OVER;
  return NULL;
}
