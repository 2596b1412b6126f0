#include "lsp/watch.h"

#include "base/path.h"
#include "lsp/publish.h"
#include "lsp/uri.h"
#include "report/json_value.h"

// Python, all that settings are read from (one that is extended may have any name) or that says which
// Python a project is for, and baselines of the usual name.
static const char *const PATTERNS[] = {
  "**/*.py",     "**/*.ipynb",         "**/*.toml",     "**/.awry.toml",     "**/setup.cfg",
  "**/mypy.ini", "**/.python-version", "**/.gitignore", "**/awry-baseline*",
};

static json_t *registration(const char *id, const char *method, json_t *options) {
  return json_pack("{s:s, s:s, s:o}", "id", id, "method", method, "registerOptions", options);
}

void watch_register(Server *server) {
  json_t *all = json_array();
  if (server->client.registers_watched_files) {
    json_t *watchers = json_array();
    for (size_t i = 0; i < sizeof PATTERNS / sizeof *PATTERNS; i++) {
      json_array_append_new(watchers, json_pack("{s:s}", "globPattern", PATTERNS[i]));
    }
    json_t *options = json_pack("{s:o}", "watchers", watchers);
    const char *method = "workspace/didChangeWatchedFiles";
    json_array_append_new(all, registration("awry-files", method, options));
  }
  if (server->client.registers_configuration) {
    json_t *options = json_pack("{s:s}", "section", "awry");
    const char *method = "workspace/didChangeConfiguration";
    json_array_append_new(all, registration("awry-settings", method, options));
  }
  if (json_array_size(all) == 0) {
    json_decref(all);
    return;
  }
  server_ask(server, "client/registerCapability", json_pack("{s:o}", "registrations", all), NULL);
}

// Each once; a client is not asked without end.
enum { MOST_WATCHED = 200 };

void watch_settings(Server *server) {
  Client *client = &server->client;
  if (!client->registers_watched_files || !client->watches_anywhere) return;
  Arena *arena = server->message;
  Strs files = { 0 };
  workspace_settings_outside(server->workspace, arena, &files);
  for (uint32_t i = 0; i < files.count && server->watched.count < MOST_WATCHED; i++) {
    Str path = files.items[i];
    if (map_has(&server->watched, path)) continue;
    map_add(server->arena, &server->watched, str_copy(server->arena, path), 0);
    json_t *pattern = json_pack(
      "{s:o, s:o}",
      "baseUri",
      json_from(arena, uri_of(arena, path_parent(path))),
      "pattern",
      json_from(arena, path_name(path))
    );
    json_t *options = json_pack("{s:[{s:o}]}", "watchers", "globPattern", pattern);
    Str id = str_format(arena, "awry-file-%u", server->watched.count);
    const char *method = "workspace/didChangeWatchedFiles";
    json_t *all = json_pack("[o]", registration(str_terminated(arena, id), method, options));
    server_ask(server, "client/registerCapability", json_pack("{s:o}", "registrations", all), NULL);
  }
}

static Str path_of(const Server *server, Param folder) {
  return uri_path(server->message, param_text(param(folder, "uri")), server->folder);
}

void watch_folders(Server *server, Param params) {
  Param folders = param_optional(params, "workspaceFolders");
  Param uri = param_optional(params, "rootUri"), path = param_optional(params, "rootPath");
  for (uint32_t i = 0; i < param_count(folders); i++) {
    workspace_add_folder(server->workspace, path_of(server, param_item(folders, i)));
  }
  if (param_is_there(folders)) return;
  if (param_is_there(uri)) {
    Str root = uri_path(server->message, param_text(uri), server->folder);
    workspace_add_folder(server->workspace, root);
  } else if (param_is_there(path)) {
    Str joined = path_join(server->message, server->folder, param_text(path));
    workspace_add_folder(server->workspace, path_normalise(server->message, joined));
  }
}

json_t *handle_did_change_folders(Call *call) {
  Server *server = call->server;
  Param event = param(call->params, "event");
  Param removed = param_optional(event, "removed"), added = param_optional(event, "added");
  for (uint32_t i = 0; i < param_count(removed); i++) {
    workspace_remove_folder(server->workspace, path_of(server, param_item(removed, i)));
  }
  for (uint32_t i = 0; i < param_count(added); i++) {
    workspace_add_folder(server->workspace, path_of(server, param_item(added, i)));
  }
  everything_changed(server);
  return NULL;
}

json_t *handle_did_change_watched_files(Call *call) {
  Server *server = call->server;
  Param changes = param(call->params, "changes");
  bool matters = false;
  for (uint32_t i = 0; i < param_count(changes); i++) {
    Str path = path_of(server, param_item(changes, i));
    if (workspace_touched(server->workspace, path)) matters = true;
  }
  if (matters) everything_changed(server);
  return NULL;
}
