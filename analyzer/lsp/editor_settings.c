#include "lsp/editor_settings.h"

#include <string.h>

#include "lsp/publish.h"
#include "project/settings_file.h"
#include "project/toml_string.h"
#include "report/json_value.h"

// Settings as a settings file would tell them, so that there is one place that knows the keys and what
// they take. Each line has its place in what the editor said.
typedef struct {
  Arena *arena;
  Text toml;
  Strs places;
} Rendering;

static void end_line(Rendering *rendering, Str place) {
  text_add_char(&rendering->toml, '\n');
  vec_push(rendering->arena, &rendering->places, place);
}

// Numbers and truth values are the same in JSON and TOML. What holds others is right nowhere
// below a list or a table in a table: then only its kind matters.
static void add_plain(Rendering *rendering, json_t *value) {
  if (json_is_object(value)) text_add(&rendering->toml, STR("{}"));
  else if (json_is_array(value)) text_add(&rendering->toml, STR("[]"));
  else if (json_is_string(value)) toml_quote(&rendering->toml, str_from(json_string_value(value)));
  else text_add_json(&rendering->toml, json_incref(value));
}

static void add_value(Rendering *rendering, Str place, json_t *value) {
  text_add_char(&rendering->toml, '=');
  if (!json_is_array(value)) {
    add_plain(rendering, value);
    end_line(rendering, place);
    return;
  }
  text_add_char(&rendering->toml, '[');
  end_line(rendering, place);
  for (size_t i = 0; i < json_array_size(value); i++) {
    json_t *item = json_array_get(value, i);
    if (json_is_null(item)) continue;
    add_plain(rendering, item);
    text_add_char(&rendering->toml, ',');
    end_line(rendering, str_format(rendering->arena, "%.*s[%zu]", STR_ARGS(place), i));
  }
  text_add_char(&rendering->toml, ']');
  end_line(rendering, place);
}

static void add_key(Rendering *rendering, const char *key) {
  toml_quote(&rendering->toml, str_from(key));
}

// A table: its members by dotted keys.
static void add_table(Rendering *rendering, const char *name, json_t *table) {
  const char *key;
  json_t *value;
  json_object_foreach(table, key, value) {
    if (json_is_null(value)) continue;
    add_key(rendering, name);
    text_add_char(&rendering->toml, '.');
    add_key(rendering, key);
    add_value(rendering, str_format(rendering->arena, "%s.%s", name, key), value);
  }
}

static void render(Rendering *rendering, json_t *settings) {
  const char *key;
  json_t *value;
  json_object_foreach(settings, key, value) {
    if (json_is_null(value) || strcmp(key, "isolated") == 0) continue;
    if (json_object_size(value) > 0) {
      add_table(rendering, key, value);
      continue;
    }
    add_key(rendering, key);
    add_value(rendering, str_format(rendering->arena, "%s", key), value);
  }
}

static json_t *unwrap(json_t *value) {
  static const char *const wrappers[] = { "awry", "settings" };
  for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++) {
    json_t *inner = json_object_get(value, wrappers[i]);
    if (json_is_object(inner)) value = inner;
  }
  return value;
}

static Str line_for(Arena *arena, const Rendering *rendering, const Problem *problem) {
  uint32_t line = problem->position.line;
  bool has_place = line > 0 && line <= rendering->places.count;
  Str place = has_place ? rendering->places.items[line - 1] : STR("all of them");
  return str_format(arena, "%.*s: %.*s", STR_ARGS(place), STR_ARGS(problem->message));
}

// What is wrong, each once for as long as it lasts.
static void log_new(Server *server, const Strs *wrong) {
  const Strs *before = &server->settings.wrong;
  for (uint32_t i = 0; i < wrong->count; i++) {
    bool is_known = false;
    for (uint32_t k = 0; k < before->count && !is_known; k++)
      is_known = str_equal(before->items[k], wrong->items[i]);
    if (!is_known)
      server_log(server, LOG_WARNING, "the editor's settings: %.*s", STR_ARGS(wrong->items[i]));
  }
}

// The workspace keeps pointers into what it is configured with: the old settings go last.
static void apply(Server *server, json_t *value) {
  EditorSettings *own = &server->settings;
  Arena *arena = arena_new();
  Settings *settings = arena_make(arena, Settings);
  Problems problems = { 0 };
  Strs wrong = { 0 };
  Rendering rendering = { .arena = arena, .toml = { .arena = arena } };
  render(&rendering, value);
  settings_parse(arena, STR("awry.toml"), text_str(&rendering.toml), settings, &problems);
  json_t *isolated = json_object_get(value, "isolated");
  workspace_configure(server->workspace, settings, json_is_true(isolated));
  for (uint32_t i = 0; i < problems.count; i++)
    vec_push(arena, &wrong, line_for(arena, &rendering, &problems.items[i]));
  if (isolated && !json_is_boolean(isolated) && !json_is_null(isolated))
    vec_push(arena, &wrong, STR("isolated: must be true or false"));
  log_new(server, &wrong);
  arena_free(own->arena);
  json_decref(own->current);
  own->arena = arena;
  own->wrong = wrong;
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
