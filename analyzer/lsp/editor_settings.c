#include "lsp/editor_settings.h"

#include <string.h>

#include "lsp/publish.h"
#include "project/settings_file.h"
#include "report/json_value.h"

static void add_key(Text *text, const char *key) { text_add_json(text, json_string(key)); }

// Strings, lists of them, numbers and truth values are the same in JSON and TOML.
static void add_value(Text *text, json_t *value) {
  text_add_char(text, '=');
  text_add_json(text, json_incref(value));
  text_add_char(text, '\n');
}

// A table: its members by dotted keys.
static void add_table(Text *text, const char *name, json_t *table) {
  const char *key;
  json_t *value;
  json_object_foreach(table, key, value) {
    if (json_is_null(value)) continue;
    add_key(text, name);
    text_add_char(text, '.');
    add_key(text, key);
    add_value(text, value);
  }
}

// Settings as a settings file would tell them, so that there is one place that knows the keys.
static Str toml_from(Arena *arena, json_t *settings) {
  Text text = { .arena = arena };
  const char *key;
  json_t *value;
  json_object_foreach(settings, key, value) {
    if (json_is_null(value) || strcmp(key, "isolated") == 0) continue;
    if (json_is_object(value)) {
      add_table(&text, key, value);
      continue;
    }
    add_key(&text, key);
    add_value(&text, value);
  }
  return text_str(&text);
}

static json_t *unwrap(json_t *value) {
  static const char *const wrappers[] = { "awry", "settings" };
  for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++) {
    json_t *inner = json_object_get(value, wrappers[i]);
    if (json_is_object(inner)) value = inner;
  }
  return value;
}

// The workspace keeps pointers into what it is configured with: the old settings go last.
static void apply(Server *server, json_t *value) {
  EditorSettings *own = &server->settings;
  Arena *arena = arena_new();
  Settings *settings = arena_make(arena, Settings);
  Problems problems = { 0 };
  settings_parse(arena, STR("awry.toml"), toml_from(arena, value), settings, &problems);
  bool is_isolated = json_is_true(json_object_get(value, "isolated"));
  workspace_configure(server->workspace, settings, is_isolated);
  for (uint32_t i = 0; i < problems.count; i++) {
    Str message = problems.items[i].message;
    server_log(server, LOG_WARNING, "the editor's settings: %.*s", STR_ARGS(message));
  }
  arena_free(own->arena);
  json_decref(own->current);
  own->arena = arena;
  own->current = json_incref(value);
}

static bool says_something(const json_t *value) { return json_object_size(value) > 0; }

void editor_settings_start(Server *server, const json_t *value) {
  json_t *settings = unwrap((json_t *)value);
  if (!says_something(settings)) return;
  server->settings.initial = json_deep_copy(settings);
  apply(server, server->settings.initial);
}

void editor_settings_change(Server *server, const json_t *value) {
  EditorSettings *own = &server->settings;
  json_t *settings = unwrap((json_t *)value);
  json_t *wanted = says_something(settings) ? json_deep_copy(settings) : json_incref(own->initial);
  if (!wanted) wanted = json_object();
  bool is_same = own->current ? json_equal(wanted, own->current) : !says_something(wanted);
  if (!is_same) {
    apply(server, wanted);
    everything_changed(server);
  }
  json_decref(wanted);
}

void editor_settings_end(Server *server) {
  EditorSettings *own = &server->settings;
  json_decref(own->initial);
  json_decref(own->current);
  arena_free(own->arena);
}

static void take_settings(Server *server, Arena *arena, const json_t *result, const json_t *error) {
  (void)arena;
  (void)error; // then nothing is known, and what holds goes on
  if (json_is_array(result)) editor_settings_change(server, json_array_get(result, 0));
}

void editor_settings_ask(Server *server) {
  if (!server->client.tells_configuration) return;
  json_t *params = json_pack("{s:[{s:s}]}", "items", "section", "awry");
  server_ask(server, "workspace/configuration", params, take_settings);
}

json_t *handle_did_change_configuration(Call *call) {
  Server *server = call->server;
  Param settings = param_optional(call->params, "settings");
  if (server->client.tells_configuration) editor_settings_ask(server);
  else editor_settings_change(server, settings.value);
  return NULL;
}
