#include "lsp/code_action.h"

#include "lsp/fix_all.h"
#include "lsp/place.h"
#include "report/json_value.h"

// In the protocol's numbers.
enum { TRIGGERED_AUTOMATICALLY = 2 };

// The command of an action, for clients that know only those.
static const char *const APPLY_ACTION = "awry.applyAction";

bool code_action_find(Call *call, Param data, Checked *checked, Action *action) {
  Str uri = param_text(param(data, "uri"));
  int64_t version = param_integer(param(data, "version"));
  if (call->params.reader->fault.len > 0) return false;
  const Buffer *buffer = server_buffer(call->server, uri, call->arena);
  bool is_same = buffer && !buffer->is_out_of_sync && buffer->version == version;
  bool is_there = is_same && check_file(call->server, call->arena, buffer->path, checked) &&
    action_find(data.value, &checked->result.findings, action);
  if (!is_there)
    call_fail(call, CODE_CONTENT_MODIFIED, "the document has changed since the action was offered");
  return is_there;
}

json_t *code_action_edit(Call *call, Checked *checked, const Action *action) {
  Arena *arena = call->arena;
  const WorkspaceResult *result = &checked->result;
  if (action->kind == ACTION_FIX_ALL) {
    const Buffer *buffer = checked->buffer;
    Edits edits = fix_all(call->server, arena, buffer, &result->findings);
    check_file(call->server, arena, buffer->path, checked);
    return view_edit(arena, &checked->view, &edits);
  }
  Parser *parser = parser_new();
  Edits edits = action_edits(arena, result->source, action, parser);
  parser_free(parser);
  return view_edit(arena, &checked->view, &edits);
}

static json_t *offer_json(Call *call, Checked *checked, const Action *action) {
  const Client *client = checked->view.client;
  json_t *offer = action_json(call->arena, &checked->view, action);
  if (!client->knows_action_literals) {
    json_t *command = json_pack(
      "{s:O, s:s, s:[o]}",
      "title",
      json_object_get(offer, "title"),
      "command",
      APPLY_ACTION,
      "arguments",
      action_data(call->arena, &checked->view, action)
    );
    json_decref(offer);
    return command;
  }
  bool is_later = client->resolves_edits && client->keeps_action_data;
  if (is_later)
    json_object_set_new(offer, "data", action_data(call->arena, &checked->view, action));
  else json_object_set_new(offer, "edit", code_action_edit(call, checked, action));
  return offer;
}

static bool read_request(Call *call, const Checked *checked, ActionRequest *request) {
  Param context = param(call->params, "context");
  Param diagnostics = param_optional(context, "diagnostics"),
        only = param_optional(context, "only");
  param_count(diagnostics);
  param_count(only);
  *request = (ActionRequest){
    .diagnostics = diagnostics.value,
    .only = only.value,
    .is_automatic =
      param_integer(param_optional(context, "triggerKind")) == TRIGGERED_AUTOMATICALLY,
  };
  return read_checked_span(call, checked, param(call->params, "range"), &request->range);
}

json_t *handle_code_action(Call *call) {
  Checked checked;
  ActionRequest request;
  json_t *offers = json_array();
  bool is_there = check_file(call->server, call->arena, call->buffer->path, &checked) &&
    read_request(call, &checked, &request);
  if (!is_there) return offers;
  Actions actions = actions_for(call->arena, &checked.view, &checked.result.findings, &request);
  for (uint32_t i = 0; i < actions.count; i++)
    json_array_append_new(offers, offer_json(call, &checked, &actions.items[i]));
  return offers;
}

json_t *handle_code_action_resolve(Call *call) {
  Checked checked;
  Action action;
  if (!code_action_find(call, param(call->params, "data"), &checked, &action)) return NULL;
  json_t *resolved = json_deep_copy(call->params.value);
  json_object_set_new(resolved, "edit", code_action_edit(call, &checked, &action));
  return resolved;
}
