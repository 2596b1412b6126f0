#include "lsp/pull.h"

#include "lsp/checked.h"
#include "lsp/diagnostic.h"
#include "lsp/synchronize.h"
#include "lsp/uri.h"
#include "report/json_value.h"

static json_t *unchanged_json(Arena *arena, Str id) {
  return json_pack("{s:s, s:o}", "kind", "unchanged", "resultId", json_from(arena, id));
}

// True if that can be said without linting.
static bool is_unchanged(const Server *server, Arena *arena, const Buffer *buffer, Str previous) {
  if (!buffer || buffer->told_identity == 0) return false;
  Str told = result_id(arena, buffer->told_identity, buffer->version);
  return str_equal(told, previous) &&
    workspace_is_current(server->workspace, buffer->path, buffer->told_identity);
}

static json_t *report_json(Call *call, const Checked *checked, Str previous, Str uri) {
  Str id = checked_id(call->arena, checked);
  if (str_equal(id, previous)) return unchanged_json(call->arena, id);
  const View *view = &checked->view;
  json_t *items = checked->result.source
    ? diagnostics_json(call->arena, view, &checked->result.findings, view_find_text(view, uri))
    : json_array();
  return json_pack(
    "{s:s, s:o, s:o}", "kind", "full", "resultId", json_from(call->arena, id), "items", items
  );
}

static json_t *fail_superseded(Call *call) {
  call->error_data = json_pack("{s:b}", "retriggerRequest", 0);
  return call_fail(call, CODE_SERVER_CANCELLED, "the document has changed meanwhile");
}

json_t *handle_document_diagnostic(Call *call) {
  Server *server = call->server;
  Str uri = param_text(param(param(call->params, "textDocument"), "uri"));
  Str previous = param_text(param_optional(call->params, "previousResultId"));
  if (call->params.reader->fault.len > 0) return NULL;
  Str path = uri_path(call->arena, uri, server->folder);
  Buffer *buffer = buffer_find(&server->buffers, path);
  if (buffer && buffer->is_out_of_sync) {
    return call_fail(
      call, CODE_CONTENT_MODIFIED, "the document is out of sync until it is opened anew"
    );
  }
  // Once the next edit waits, nobody wants the findings from before it.
  work_until_changed(server, call->arena, uri);
  if (atomic_load(&server->inbox->is_unwanted)) return fail_superseded(call);
  Checked checked;
  if (is_unchanged(server, call->arena, buffer, previous))
    return unchanged_json(call->arena, previous);
  check_file(server, call->arena, buffer ? buffer->path : path, &checked);
  if (checked.result.was_stopped) return fail_superseded(call);
  if (buffer) buffer->told_identity = checked.result.identity;
  return report_json(call, &checked, previous, uri);
}
