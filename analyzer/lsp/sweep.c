#include "lsp/sweep.h"

#include "lsp/checked.h"
#include "lsp/diagnostic.h"
#include "lsp/progress.h"
#include "lsp/uri.h"
#include "report/json_value.h"

// What is sent in one part.
enum { PORTION_FILES = 64 };

struct Sweep {
  Arena *arena;
  json_t *id;
  json_t *partial_token;  /* NULL: the result is sent in one piece */
  json_t *progress_token; /* NULL: no progress is shown */
  json_t *items;          /* reports that are not sent yet */
  json_t *previous;       /* what the client has: a list of URIs and result ids */
  bool is_begun;
  Map ids;       /* path -> index into previous */
  Strs paths;    /* all files */
  uint32_t next; /* into paths: where the next portion begins */
  Strs portion;  /* what of it is not done yet */
  Map done;      /* paths of all portions */
};

static json_t *token_of(Param token) {
  if (!param_is_there(token)) return NULL;
  if (!json_is_string(token.value) && !json_is_integer(token.value)) {
    param_blame(token, "must be a number or a string");
    return NULL;
  }
  return json_deep_copy(token.value);
}

static void check_previous(Param list) {
  for (uint32_t i = 0; i < param_count(list); i++) {
    param_text(param(param_item(list, i), "uri"));
    param_text(param(param_item(list, i), "value"));
  }
}

static void sweep_free(Sweep *sweep) {
  json_decref(sweep->id);
  json_decref(sweep->partial_token);
  json_decref(sweep->progress_token);
  json_decref(sweep->items);
  json_decref(sweep->previous);
  arena_free(sweep->arena);
}

json_t *handle_workspace_diagnostic(Call *call) {
  Server *server = call->server;
  Param previous = param(call->params, "previousResultIds");
  check_previous(previous);
  Arena *arena = arena_new();
  Sweep *sweep = arena_make(arena, Sweep);
  *sweep = (Sweep){
    .arena = arena,
    .id = json_deep_copy(call->id),
    .partial_token = token_of(param_optional(call->params, "partialResultToken")),
    .progress_token = token_of(param_optional(call->params, "workDoneToken")),
    .items = json_array(),
    .previous = json_deep_copy(previous.value),
  };
  if (call->params.reader->fault.len > 0) {
    sweep_free(sweep);
    return NULL;
  }
  vec_push(server->arena, &server->sweeps, sweep);
  call->is_deferred = true;
  return NULL;
}

// False if it was stopped: by what ends the server.
static bool begin(Server *server, Sweep *sweep) {
  Arena *arena = sweep->arena;
  progress_started(server, sweep->progress_token, "awry: checking the workspace");
  if (!workspace_files(server->workspace, arena, &sweep->paths)) return false;
  sweep->is_begun = true;
  for (size_t i = 0; i < json_array_size(sweep->previous); i++) {
    const json_t *item = json_array_get(sweep->previous, i);
    Str uri = str_from(json_string_value(json_object_get(item, "uri")));
    map_put(arena, &sweep->ids, uri_path(arena, uri, server->folder), (uint32_t)i);
  }
  return true;
}

// The id of the result that the client has for the file; empty if it has none.
static Str previous_id(const Sweep *sweep, Str path) {
  uint32_t index;
  if (!map_get(&sweep->ids, path, &index)) return STR_EMPTY;
  const json_t *item = json_array_get(sweep->previous, index);
  return str_from(json_string_value(json_object_get(item, "value")));
}

static void
add_report(Sweep *sweep, Arena *arena, const Checked *checked, uint32_t text, Str previous) {
  const View *view = &checked->view;
  Str id = checked_id(arena, checked);
  json_t *version = view->version == NO_VERSION ? json_null() : json_integer(view->version);
  bool is_unchanged = str_equal(id, previous);
  json_t *report = json_pack(
    "{s:o, s:o, s:s, s:o}",
    "uri",
    json_from(arena, view->texts[text].uri),
    "version",
    version,
    "kind",
    is_unchanged ? "unchanged" : "full",
    "resultId",
    json_from(arena, id)
  );
  if (!is_unchanged) {
    json_t *items = diagnostics_json(arena, view, &checked->result.findings, text);
    json_object_set_new(report, "items", items);
  }
  json_array_append_new(sweep->items, report);
}

typedef struct {
  const Server *server;
  Sweep *sweep;
} Sweeping;

// Clean files of which the client knows nothing are none of its business. Places in a notebook are
// those of its cells, which nobody knows while it is not open.
static void take_result(void *state, Str path, const WorkspaceResult *result) {
  const Sweeping *sweeping = state;
  Sweep *sweep = sweeping->sweep;
  Arena *arena = arena_new();
  Checked checked;
  map_put(sweep->arena, &sweep->done, str_copy(sweep->arena, path), 0);
  Str previous = previous_id(sweep, path);
  bool is_shown = check_result(sweeping->server, arena, path, result, &checked) &&
    (checked.buffer || result->source->cell_count == 0) &&
    (checked.result.findings.count > 0 || previous.len > 0);
  bool is_lost = checked.buffer && checked.buffer->is_out_of_sync;
  for (uint32_t i = 0; is_shown && !is_lost && i < checked.view.text_count; i++) {
    add_report(sweep, arena, &checked, i, previous);
  }
  arena_free(arena);
}

static json_t *take_items(Sweep *sweep) {
  json_t *items = sweep->items;
  sweep->items = json_array();
  return json_pack("{s:o}", "items", items);
}

static void send_part(Server *server, Sweep *sweep) {
  if (!sweep->partial_token || json_array_size(sweep->items) == 0) return;
  progress_part(server, sweep->partial_token, take_items(sweep));
}

static void add_empty(Sweep *sweep, const json_t *uri) {
  json_t *report =
    json_pack("{s:O, s:n, s:s, s:[]}", "uri", uri, "version", "kind", "full", "items");
  json_array_append_new(sweep->items, report);
}

// What the client knows of files that are no longer there is taken back.
static void add_gone(const Server *server, Sweep *sweep) {
  for (size_t i = 0; i < json_array_size(sweep->previous); i++) {
    const json_t *uri = json_object_get(json_array_get(sweep->previous, i), "uri");
    Str text = str_from(json_string_value(uri));
    Str path = uri_path(sweep->arena, text, server->folder);
    bool is_there = map_has(&sweep->done, path) || buffer_find(&server->buffers, path);
    if (!is_there && str_starts_with(text, STR("file:"))) add_empty(sweep, uri);
  }
}

static void forget(Server *server, Sweep *sweep) {
  uint32_t index = 0;
  while (server->sweeps.items[index] != sweep) index++;
  server->sweeps.count--;
  for (; index < server->sweeps.count; index++) {
    server->sweeps.items[index] = server->sweeps.items[index + 1];
  }
  sweep_free(sweep);
}

// Gives up the result; NULL: it was cancelled.
static void end(Server *server, Sweep *sweep, json_t *result) {
  progress_ended(server, sweep->progress_token);
  if (result) server_answer(server, sweep->id, result);
  else server_answer_error(server, sweep->id, CODE_CANCELLED, STR("the sweep was cancelled"));
  forget(server, sweep);
}

// What was not done, for a message came, stays in the portion.
static void keep_undone(Sweep *sweep) {
  Strs undone = { 0 };
  for (uint32_t i = 0; i < sweep->portion.count; i++) {
    Str path = sweep->portion.items[i];
    if (!map_has(&sweep->done, path)) vec_push(sweep->arena, &undone, path);
  }
  sweep->portion = undone;
}

static void fill_portion(Sweep *sweep) {
  while (sweep->next < sweep->paths.count && sweep->portion.count < PORTION_FILES) {
    vec_push(sweep->arena, &sweep->portion, sweep->paths.items[sweep->next++]);
  }
}

static void do_portion(Server *server, Sweep *sweep) {
  Sweeping sweeping = { server, sweep };
  const atomic_bool *has_mail = &server->inbox->has_mail;
  workspace_lint_all(server->workspace, &sweep->portion, has_mail, take_result, &sweeping);
  keep_undone(sweep);
  send_part(server, sweep);
  progress_moved(server, sweep->progress_token, sweep->done.count, sweep->paths.count);
}

bool sweep_next(Server *server) {
  if (server->sweeps.count == 0) return false;
  Sweep *sweep = server->sweeps.items[0];
  if (inbox_is_cancelled(server->inbox, sweep->id)) {
    end(server, sweep, NULL);
    return true;
  }
  if (!sweep->is_begun && !begin(server, sweep)) {
    end(server, sweep, NULL);
    return true;
  }
  fill_portion(sweep);
  if (sweep->portion.count > 0) {
    do_portion(server, sweep);
    return true;
  }
  add_gone(server, sweep);
  send_part(server, sweep);
  end(server, sweep, take_items(sweep));
  return true;
}

json_t *handle_progress_cancel(Call *call) {
  Server *server = call->server;
  json_t *token = token_of(param(call->params, "token"));
  for (uint32_t i = 0; token && i < server->sweeps.count; i++) {
    Sweep *sweep = server->sweeps.items[i];
    if (!sweep->progress_token || !json_equal(sweep->progress_token, token)) continue;
    end(server, sweep, NULL);
    break;
  }
  json_decref(token);
  return NULL;
}

void sweeps_end(Server *server) {
  for (uint32_t i = 0; i < server->sweeps.count; i++) sweep_free(server->sweeps.items[i]);
  server->sweeps.count = 0;
}
