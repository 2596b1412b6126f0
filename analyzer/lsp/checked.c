#include "lsp/checked.h"

#include <inttypes.h>

#include "base/text.h"
#include "lint/rule.h"
#include "lsp/uri.h"
#include "lsp/watch.h"

// Every editor has a tool that shows where a text is not Python, while it is being typed.
static bool is_shown(const Finding *finding) {
  return !str_is(str_from(finding->rule->name), "syntax-error");
}

static void take_shown(Arena *arena, const Findings *all, Findings *shown) {
  *shown = (Findings){ 0 };
  for (uint32_t i = 0; i < all->count; i++) {
    if (is_shown(&all->items[i])) vec_push(arena, shown, all->items[i]);
  }
}

static ViewText *text_on_disk(Arena *arena, Str path) {
  ViewText *text = arena_make(arena, ViewText);
  *text = (ViewText){ .uri = uri_of(arena, path), .version = NO_VERSION };
  return text;
}

bool check_result(
  const Server *server, Arena *arena, Str path, const WorkspaceResult *result, Checked *checked
) {
  const Buffer *buffer = buffer_find(&server->buffers, path);
  *checked = (Checked){ .result = *result, .buffer = buffer };
  if (!result->source) return false;
  take_shown(arena, &result->findings, &checked->result.findings);
  checked->view = (View){
    .client = &server->client,
    .ruler = { result->source, server->client.encoding, buffer != NULL },
    .folder = result->folder,
    .elsewhere = elsewhere_new(arena, server->workspace, server->client.encoding),
    .texts = buffer ? buffer->texts : text_on_disk(arena, path),
    .text_count = buffer ? buffer->text_count : 1,
    .version = buffer ? buffer->version : NO_VERSION,
  };
  return true;
}

// Each one once, until something changes that may have mended it.
static void tell_problems(Server *server, const Problems *problems) {
  ToldProblems *told = &server->problems;
  for (uint32_t i = 0; i < problems->count; i++) {
    const Problem *problem = &problems->items[i];
    if (!told->arena) told->arena = arena_new();
    Text text = { .arena = told->arena };
    if (problem->path.len > 0) text_format(&text, "%.*s: ", STR_ARGS(problem->path));
    if (problem->position.line > 0) text_format(&text, "line %u: ", problem->position.line);
    text_add(&text, problem->message);
    if (!map_add(told->arena, &told->texts, text_str(&text), 0)) continue;
    server_log(server, LOG_WARNING, "%.*s", STR_ARGS(text_str(&text)));
  }
}

bool check_file(Server *server, Arena *arena, Str path, Checked *checked) {
  WorkspaceResult result = { 0 };
  server->scan = SCAN_UNWANTED; // it comes with the first file
  workspace_lint(server->workspace, path, arena, &result);
  tell_problems(server, &result.problems);
  watch_settings(server);
  return check_result(server, arena, path, &result, checked);
}

Str result_id(Arena *arena, uint64_t identity, int64_t version) {
  if (version == NO_VERSION) return str_format(arena, "%" PRIx64, identity);
  return str_format(arena, "%" PRIx64 "-%" PRId64, identity, version);
}

Str checked_id(Arena *arena, const Checked *checked) {
  return result_id(arena, checked->result.identity, checked->view.version);
}
