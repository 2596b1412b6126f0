#include "lsp/capabilities.h"

#include "lsp/action.h"
#include "lsp/command.h"

// In the protocol's numbers.
enum { SYNC_INCREMENTAL = 2 };

static json_t *sync_json(void) {
  json_t *save = json_pack("{s:b}", "includeText", 0);
  return json_pack("{s:b, s:i, s:o}", "openClose", 1, "change", SYNC_INCREMENTAL, "save", save);
}

static json_t *notebook_sync_json(void) {
  return json_pack(
    "{s:[{s:[{s:s}]}], s:b}", "notebookSelector", "cells", "language", "python", "save", 1
  );
}

static json_t *diagnostic_provider_json(void) {
  return json_pack(
    "{s:s, s:b, s:b, s:b}",
    "identifier",
    "awry",
    "interFileDependencies",
    1,
    "workspaceDiagnostics",
    1,
    "workDoneProgress",
    1
  );
}

static json_t *workspace_json(void) {
  json_t *folders = json_pack("{s:b, s:b}", "supported", 1, "changeNotifications", 1);
  return json_pack("{s:o}", "workspaceFolders", folders);
}

json_t *capabilities_json(const Server *server) {
  json_t *all = json_object();
  // A client that offers nothing may not know the answer: UTF-16 goes without saying.
  if (server->client.offers_encodings) {
    json_t *encoding = json_string(encoding_name(server->client.encoding));
    json_object_set_new(all, "positionEncoding", encoding);
  }
  json_object_set_new(all, "textDocumentSync", sync_json());
  json_object_set_new(all, "diagnosticProvider", diagnostic_provider_json());
  json_object_set_new(all, "workspace", workspace_json());
  json_object_set_new(
    all,
    "codeActionProvider",
    json_pack("{s:o, s:b}", "codeActionKinds", action_kinds(), "resolveProvider", 1)
  );
  json_object_set_new(
    all, "executeCommandProvider", json_pack("{s:o}", "commands", command_names())
  );
  json_object_set_new(all, "hoverProvider", json_true());
  if (server->client.knows_notebooks)
    json_object_set_new(all, "notebookDocumentSync", notebook_sync_json());
  return all;
}
