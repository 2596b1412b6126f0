#include "lsp/client.h"

#include <stddef.h>

// The value at "a.b.c"; NULL if there is none.
static const json_t *value_at(const json_t *value, Str path) {
  while (value && path.len > 0) {
    Str name = str_next(&path, '.');
    value = json_object_getn(value, name.data, name.len);
  }
  return value;
}

// True for true, and for an object that stands for it, whatever it holds.
static bool is_announced(const json_t *capabilities, const char *path) {
  const json_t *value = value_at(capabilities, str_from(path));
  return json_is_true(value) || json_is_object(value);
}

static bool lists(const json_t *capabilities, const char *path, const json_t *wanted) {
  const json_t *list = value_at(capabilities, str_from(path));
  for (size_t i = 0; i < json_array_size(list); i++) {
    if (json_equal(json_array_get(list, i), wanted)) return true;
  }
  return false;
}

static bool lists_text(const json_t *capabilities, const char *path, const char *wanted) {
  json_t *text = json_string(wanted);
  bool is_listed = lists(capabilities, path, text);
  json_decref(text);
  return is_listed;
}

typedef struct {
  const char *path;
  size_t offset;
} Flag;

#define FLAG(path, name) \
  { path, offsetof(Client, name) }

static const Flag flags[] = {
  FLAG("textDocument.diagnostic", pulls),
  FLAG("workspace.diagnostics.refreshSupport", refreshes_diagnostics),
  // Up to 3.17 what diagnostics may hold is announced for pushed ones only.
  FLAG("textDocument.publishDiagnostics.relatedInformation", shows_related),
  FLAG("textDocument.diagnostic.relatedInformation", shows_related),
  FLAG("textDocument.publishDiagnostics.codeDescriptionSupport", shows_description_links),
  FLAG("textDocument.diagnostic.codeDescriptionSupport", shows_description_links),
  FLAG("textDocument.publishDiagnostics.dataSupport", keeps_data),
  FLAG("textDocument.diagnostic.dataSupport", keeps_data),
  FLAG("textDocument.codeAction.dataSupport", keeps_action_data),
  FLAG("textDocument.codeAction.codeActionLiteralSupport", knows_action_literals),
  FLAG("textDocument.codeAction.isPreferredSupport", knows_preferred_actions),
  FLAG("notebookDocument.synchronization", knows_notebooks),
  FLAG("workspace.applyEdit", applies_edits),
  FLAG("workspace.workspaceEdit.documentChanges", versions_edits),
  FLAG("workspace.configuration", tells_configuration),
  FLAG("workspace.didChangeConfiguration.dynamicRegistration", registers_configuration),
  FLAG("workspace.didChangeWatchedFiles.dynamicRegistration", registers_watched_files),
  FLAG("workspace.didChangeWatchedFiles.relativePatternSupport", watches_anywhere),
  FLAG("workspace.workspaceFolders", has_folders),
  FLAG("window.workDoneProgress", shows_progress),
};

static void read_encoding(Client *client, const json_t *capabilities) {
  const json_t *list = value_at(capabilities, STR("general.positionEncodings"));
  for (size_t i = 0; i < json_array_size(list) && !client->offers_encodings; i++) {
    const json_t *name = json_array_get(list, i);
    if (!json_is_string(name)) continue;
    client->offers_encodings = encoding_find(str_from(json_string_value(name)), &client->encoding);
  }
}

static void read_tags(Client *client, const json_t *capabilities) {
  json_t *unnecessary = json_integer(1);
  client->shows_unnecessary =
    lists(capabilities, "textDocument.publishDiagnostics.tagSupport.valueSet", unnecessary) ||
    lists(capabilities, "textDocument.diagnostic.tagSupport.valueSet", unnecessary);
  json_decref(unnecessary);
}

void client_read(Client *client, const json_t *params) {
  *client = (Client){ 0 };
  client->process = json_integer_value(json_object_get(params, "processId"));
  const json_t *capabilities = json_object_get(params, "capabilities");
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
    bool *target = (bool *)(void *)((char *)client + flags[i].offset);
    *target = *target || is_announced(capabilities, flags[i].path);
  }
  read_encoding(client, capabilities);
  read_tags(client, capabilities);
  client->resolves_edits =
    lists_text(capabilities, "textDocument.codeAction.resolveSupport.properties", "edit");
  client->reads_markdown = lists_text(capabilities, "textDocument.hover.contentFormat", "markdown");
}
