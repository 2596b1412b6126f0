#include "lsp/checked.h"

#include <inttypes.h>

#include "lint/rule.h"
#include "lsp/uri.h"

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
    .texts = buffer ? buffer->texts : text_on_disk(arena, path),
    .text_count = buffer ? buffer->text_count : 1,
    .version = buffer ? buffer->version : NO_VERSION,
  };
  return true;
}

bool check_file(Server *server, Arena *arena, Str path, Checked *checked) {
  WorkspaceResult result = { 0 };
  workspace_lint(server->workspace, path, arena, &result);
  return check_result(server, arena, path, &result, checked);
}

Str checked_id(Arena *arena, const Checked *checked) {
  return str_format(arena, "%" PRIx64 "-%" PRId64, checked->result.identity, checked->view.version);
}
