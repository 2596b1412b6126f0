#include "lsp/command.h"

#include <inttypes.h>

#include "lint/linter.h"
#include "lsp/baseline.h"
#include "lsp/code_action.h"
#include "lsp/uri.h"
#include "report/json_value.h"
#include "report/rule_page.h"

// --- edits ---------------------------------------------------------------------------------------

static void note_applied(Server *server, Arena *arena, const json_t *result, const json_t *error) {
  (void)arena;
  if (json_is_true(json_object_get(result, "applied"))) return;
  const char *why = json_string_value(json_object_get(result, "failureReason"));
  if (!why) why = json_string_value(json_object_get(error, "message"));
  server_log(server, LOG_WARNING, "the edit was not made: %s", why ? why : "no reason is given");
}

static json_t *ask_for_edit(Call *call, const char *label, json_t *edit) {
  json_t *params = json_pack("{s:s, s:o}", "label", label, "edit", edit);
  server_ask(call->server, "workspace/applyEdit", params, note_applied);
  return NULL;
}

static bool can_edit(Call *call) {
  bool can = call->server->client.applies_edits;
  if (!can) call_fail(call, CODE_REQUEST_FAILED, "the client does not take edits");
  return can;
}

static json_t *apply_action(Call *call, Param data) {
  Checked checked;
  Action action;
  if (!can_edit(call) || !code_action_find(call, data, &checked, &action)) return NULL;
  return ask_for_edit(call, "awry", code_action_edit(call, &checked, &action));
}

// `{ uri, version }`; without the version it is for the document as it is.
static json_t *apply_autofix(Call *call, Param argument) {
  Str uri = param_text(param(argument, "uri"));
  Param version = param_optional(argument, "version");
  int64_t wanted = param_is_there(version) ? param_integer(version) : NO_VERSION;
  if (call->params.reader->fault.len > 0 || !can_edit(call)) return NULL;
  const Buffer *buffer = server_buffer(call->server, uri, call->arena);
  if (!buffer) return call_fail(call, CODE_INVALID_PARAMS, "uri: this document is not open");
  bool is_same = wanted == NO_VERSION || wanted == buffer->version;
  if (!is_same || buffer->is_out_of_sync)
    return call_fail(call, CODE_CONTENT_MODIFIED, "the document has changed meanwhile");
  Checked checked;
  Action action = { .kind = ACTION_FIX_ALL };
  if (!check_file(call->server, call->arena, buffer->path, &checked)) return NULL;
  return ask_for_edit(call, "awry: Make all safe fixes", code_action_edit(call, &checked, &action));
}

// --- what is known -------------------------------------------------------------------------------

// The name or code of a rule, or `{ rule }`.
static json_t *explain_rule(Call *call, Param argument) {
  Str name = param_text(json_is_object(argument.value) ? param(argument, "rule") : argument);
  if (call->params.reader->fault.len > 0) return NULL;
  const RuleEntry *entry = linter_find_rule(name);
  if (!entry)
    return call_fail(call, CODE_INVALID_PARAMS, "there is no rule \"%.*s\"", STR_ARGS(name));
  Text page = { .arena = call->arena };
  rule_page(&page, entry);
  return json_from(call->arena, text_str(&page));
}

static void add_buffer(Call *call, Text *text, const Buffer *buffer) {
  Checked checked;
  text_format(text, "  %.*s version %" PRId64, STR_ARGS(buffer->texts[0].uri), buffer->version);
  if (buffer->is_out_of_sync) {
    text_add(text, STR(": out of sync\n"));
  } else if (!check_file(call->server, call->arena, buffer->path, &checked)) {
    text_add(text, STR(": cannot be read\n"));
  } else {
    const WorkspaceResult *result = &checked.result;
    text_format(text, ": %u findings", result->findings.count);
    if (result->target_minor > 0) text_format(text, ", for Python 3.%u", result->target_minor);
    if (result->is_excluded) text_add(text, STR(", excluded by settings"));
    text_format(text, ", in %.*s\n", STR_ARGS(result->folder));
  }
}

static json_t *print_debug_information(Call *call, Param argument) {
  (void)argument;
  const Server *server = call->server;
  const Buffers *buffers = &server->buffers;
  Text text = { .arena = call->arena };
  text_format(&text, "awry %.*s\n", STR_ARGS(server->version));
  text_format(&text, "started in %.*s\n", STR_ARGS(server->folder));
  text_format(&text, "places count in %s\n", encoding_name(server->client.encoding));
  text_format(&text, "diagnostics are %s\n", server->client.pulls ? "asked for" : "published");
  text_add(&text, STR("open:\n"));
  for (uint32_t i = 0; i < buffers->items.count; i++)
    add_buffer(call, &text, buffers->items.items[i]);
  server_log(call->server, LOG_INFO, "%.*s", STR_ARGS(text_str(&text)));
  return json_from(call->arena, text_str(&text));
}

// --- which there are -----------------------------------------------------------------------------

typedef struct {
  const char *name;
  json_t *(*run)(Call *call, Param argument);
} Command;

static const Command commands[] = {
  { "awry.applyAction", apply_action }, // of clients that know no other code actions
  { "awry.applyAutofix", apply_autofix }, { "awry.createBaseline", create_baseline },
  { "awry.explainRule", explain_rule },   { "awry.printDebugInformation", print_debug_information },
};

json_t *command_names(void) {
  json_t *names = json_array();
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    json_array_append_new(names, json_string(commands[i].name));
  return names;
}

json_t *handle_execute_command(Call *call) {
  Str name = param_text(param(call->params, "command"));
  Param argument = param_item(param_optional(call->params, "arguments"), 0);
  if (call->params.reader->fault.len > 0) return NULL;
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
    if (str_is(name, commands[i].name)) return commands[i].run(call, argument);
  }
  return call_fail(call, CODE_INVALID_PARAMS, "there is no command \"%.*s\"", STR_ARGS(name));
}
