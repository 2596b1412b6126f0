#include "python/session.h"

#include "python/expectation.h"
#include "python/flow.h"
#include "python/handler.h"
#include "python/iterate.h"
#include "python/name.h"
#include "python/outcome.h"
#include "python/target.h"
#include "python/use.h"
#include "python/value.h"
#include "python/work.h"

/* Class names start with a capital letter, whoever wrote them. */
static bool is_constructor(Module *module, Node call) {
  if (value_is(module, call_function(module, call), VALUE_CLASS)) return true;
  Str name = call_method(module, call);
  uint32_t first = 0;
  while (first < name.len && name.data[first] == '_') first++;
  return first < name.len && name.data[first] >= 'A' && name.data[first] <= 'Z';
}

static bool is_awaited(const Module *module, Node call) {
  return tree_is(&module->tree, tree_parent(&module->tree, call), KIND_AWAIT);
}

/* Whoever gets it as an argument keeps it, as far as is known: a function that is awaited gives it
   back. */
static bool is_taken_over(Module *module, const Use *use) {
  static const char *const stacks[] = {
    "enter_async_context", "enter_context", "push_async_exit", "push"
  };
  Node call = use->consumer;
  if (!tree_is(&module->tree, call, KIND_CALL) || is_constructor(module, call)) return true;
  if (STR_IN(call_method(module, call), stacks)) return true;
  if (call_meaning(module, call) == CALL_LOG) return false;
  Callee callee = callee_of(module, call);
  if (callee.function && use->index < callee.function->parameters.count && use->name.len == 0) {
    const uint32_t takes = PARAMETER_KEPT | PARAMETER_CLOSED | PARAMETER_RETURNED;
    return (callee.function->parameters.items[use->index].facts & takes) != 0;
  }
  return !is_awaited(module, call);
}

static bool escapes(Module *module, const Use *use) {
  switch (use->kind) {
  case USE_RETURNED:
  case USE_YIELDED:
  case USE_STORED:
  case USE_CONTAINED:
  case USE_CAPTURED:
  case USE_ENTERED:
  case USE_RAISED:
  case USE_AWAITED:
    return true;
  case USE_ARGUMENT:
    return is_taken_over(module, use);
  default:
    return false;
  }
}

static bool closes(const Use *use, const SessionClass *class) {
  if (use->kind != USE_METHOD) return false;
  return str_equal(use->name, class->close_method) || str_is(use->name, "close") ||
    str_is(use->name, "aclose") || str_is(use->name, "detach") || str_is(use->name, "__aexit__");
}

/* The connector or transport that the session is given; NODE_NONE if it makes its own. */
static Node given_connector(Module *module, Node call, const SessionClass *class) {
  return class->connector_keyword ? call_keyword(module, call, class->connector_keyword)
                                  : NODE_NONE;
}

/* A connector made outside the loop that makes the sessions; without connector_owner=False each
   session closes it. */
static Node shared_connector(Module *module, Node call, const SessionClass *class) {
  if (class->reopens_connector) return NODE_NONE;
  Node loop = loop_around(module, call);
  Node owner = call_keyword(module, call, "connector_owner");
  if (loop == NODE_NONE || (owner != NODE_NONE && tree_is(&module->tree, owner, KIND_FALSE)))
    return NODE_NONE;
  Node connector = given_connector(module, call, class);
  if (!tree_is(&module->tree, connector, KIND_IDENTIFIER)) return NODE_NONE;
  Nodes definitions = definitions_of(module, connector);
  for (uint32_t i = 0; i < definitions.count; i++) {
    Node value = defined_value(module, definitions.items[i]);
    bool is_inside = tree_inside(&module->tree, definitions.items[i], loop);
    if (is_inside || !tree_is(&module->tree, value, KIND_CALL)) return NODE_NONE;
  }
  return definitions.count > 0 ? connector : NODE_NONE;
}

/* The connections belong to a connector or transport from elsewhere: closing the session would
   close it for everybody. */
static bool borrows_connector(Module *module, Node call, const SessionClass *class) {
  Node connector = given_connector(module, call, class);
  return connector != NODE_NONE && !tree_is(&module->tree, connector, KIND_CALL) &&
    !tree_is(&module->tree, connector, KIND_NONE_LITERAL);
}

static bool is_made_beside(Module *module, Node expression, Node call) {
  Nodes sources = sources_of(module, expression);
  for (uint32_t i = 0; i < sources.count; i++) {
    bool is_made = tree_is(&module->tree, sources.items[i], KIND_CALL);
    if (is_made && module_function_of(module, sources.items[i]) == module_function_of(module, call))
      return true;
  }
  return false;
}

bool session_borrows_connector(Module *module, Node call) {
  const SessionClass *class = session_class(module, call);
  if (class == NULL || !borrows_connector(module, call, class)) return false;
  return !is_made_beside(module, given_connector(module, call, class), call);
}

static const char *const CONNECTIONLESS[] = { "httpx.MockTransport",
                                              "httpx.ASGITransport",
                                              "httpx.WSGITransport" };

bool session_opens_nothing(Module *module, Node call) {
  Node transport = call_keyword(module, call, "transport");
  if (transport == NODE_NONE) return false;
  Nodes sources = sources_of(module, transport);
  for (uint32_t i = 0; i < sources.count; i++) {
    if (!tree_is(&module->tree, sources.items[i], KIND_CALL)) return false;
    if (!NAME_IN(module, call_function(module, sources.items[i]), CONNECTIONLESS)) return false;
  }
  return sources.count > 0;
}

/* The calls that close the session, and the tests of it, behind which it is closed or not there. */
typedef struct {
  Nodes stops;
  Node close; /* the last call that closes it, or NODE_NONE */
} Closing;

/* Why the session is in good hands; fills in what else becomes of it. */
static Reason kept_by_use(Module *module, Node call, const SessionClass *class, Closing *closing) {
  Uses uses = uses_of(module, call);
  for (uint32_t i = 0; i < uses.count; i++) {
    const Use *use = &uses.items[i];
    if (escapes(module, use)) return use_meaning(use->kind);
    if (closes(use, class)) {
      if (tree_ancestor(&module->tree, use->consumer, KIND_FINALLY_CLAUSE) != NODE_NONE)
        return "a finally closes it";
      closing->close = use->consumer;
      vec_push(module->arena, &closing->stops, use->consumer);
    } else if (use->kind == USE_TESTED) {
      vec_push(module->arena, &closing->stops, use->value);
    }
  }
  return NULL;
}

SessionLife session_life(Module *module, Node call, Node *place, Reason *why) {
  *place = NODE_NONE;
  const SessionClass *class = session_class(module, call);
  if (!class || !class->is_http) return SESSION_KEPT;
  *place = shared_connector(module, call, class);
  if (*place != NODE_NONE) return SESSION_SHARES_CONNECTOR;
  *why = "it is made at module level, for the whole program";
  if (module_function_of(module, call) == FUNCTION_MODULE) return SESSION_KEPT;

  *why = "a test expects the constructor to fail: there is no session";
  if (is_last_expected_to_fail(module, call)) return SESSION_KEPT;

  *why = "its transport opens no connections";
  if (session_opens_nothing(module, call)) return SESSION_KEPT;

  Closing closing = { .close = NODE_NONE };
  *why = kept_by_use(module, call, class, &closing);
  if (*why != NULL) return SESSION_KEPT;
  *place = closing.close;
  if (closing.close == NODE_NONE) {
    if (!borrows_connector(module, call, class)) return SESSION_NEVER_CLOSED;
    *why = "its connections belong to a connector from elsewhere";
    return SESSION_KEPT;
  }
  if (flow_escapes(module, call, &closing.stops, EDGES_NORMAL | EDGE_CANCEL))
    return SESSION_CLOSED_ON_SOME_PATHS;
  *why = "it is closed on every path";
  return SESSION_KEPT;
}

/* The identifier after `as`, where the session is entered. */
static Node entered_name(const Tree *tree, Node with_item) {
  Node value = tree_child(tree, with_item, FIELD_VALUE);
  Node target =
    tree_is(tree, value, KIND_AS_PATTERN) ? tree_child(tree, value, FIELD_ALIAS) : NODE_NONE;
  while (target != NODE_NONE && !tree_is(tree, target, KIND_IDENTIFIER))
    target = tree_first(tree, target);
  return target;
}

bool session_holds_connection(Module *module, Node call) {
  static const char *const methods[] = { "ws_connect", "aconnect_ws" };
  Uses uses = uses_of(module, call);
  for (uint32_t i = 0; i < uses.count; i++) {
    if (uses.items[i].kind != USE_ENTERED) continue;
    Node name = entered_name(&module->tree, uses.items[i].consumer);
    if (name == NODE_NONE) continue;
    Uses inner = uses_of_definition(module, name);
    for (uint32_t k = 0; k < inner.count; k++) {
      if (inner.items[k].kind == USE_METHOD && STR_IN(inner.items[k].name, methods)) return true;
    }
  }
  return false;
}

bool session_is_local(Module *module, Node call) {
  Uses uses = uses_of(module, call);
  for (uint32_t i = 0; i < uses.count; i++) {
    if (uses.items[i].kind == USE_ENTERED) return true;
  }
  Node place;
  Reason why = NULL;
  SessionLife life = session_life(module, call, &place, &why);
  if (life != SESSION_KEPT) return true;
  for (uint32_t i = 0; i < uses.count; i++) {
    if (escapes(module, &uses.items[i])) return false;
  }
  return true;
}

/* True if some name that the arguments read is bound inside `outer`. */
static bool reads_binding_of(Module *module, Node call, Node outer) {
  const Tree *tree = &module->tree;
  Node arguments = tree_child(tree, call, FIELD_ARGUMENTS);
  if (arguments == NODE_NONE) return false;
  for (Node row = arguments; row < tree_after(tree, arguments); row++) {
    if (!tree_is(tree, row, KIND_IDENTIFIER)) continue;
    BindingId id = scopes_binding(&module->scopes, row);
    if (id == BINDING_NONE) continue;
    const Occurrences *occurrences = &scopes_get(&module->scopes, id)->occurrences;
    for (uint32_t i = 0; i < occurrences->count; i++) {
      Occurrence occurrence = occurrences->items[i];
      bool is_self =
        tree_text_is(tree, occurrence.node, "self") || tree_text_is(tree, occurrence.node, "cls");
      if (occurrence_binds(occurrence.kind) && !is_self && tree_inside(tree, occurrence.node, outer))
        return true;
    }
  }
  return false;
}

static bool is_retry_name(Str name) {
  static const char *const words[] = { "attempt", "retry", "retries", "tries", "try" };
  for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
    if (str_contains(name, str_from(words[i]))) return true;
  }
  return str_is(name, "_") || str_is(name, "i");
}

/* A loop over attempts: its target or range says so, or a failed turn is followed by another and a
   good one ends the loop. */
static bool is_retry_loop(Module *module, Node loop) {
  const Tree *tree = &module->tree;
  Node target = tree_child(tree, loop, FIELD_LEFT);
  Node iterable = tree_child(tree, loop, FIELD_RIGHT);
  if (target != NODE_NONE && is_retry_name(tree_text(tree, target))) return true;
  if (tree_is(tree, iterable, KIND_CALL) && name_is(module, call_function(module, iterable), "range"))
    return true;
  Node body = tree_child(tree, loop, FIELD_BODY);
  return (outcome_of(module, body) & (OUTCOME_BREAKS | OUTCOME_RETURNS)) != 0;
}

Node session_item_loop(Module *module, Node call) {
  Node loop = loop_around(module, call);
  if (!tree_is(&module->tree, loop, KIND_FOR_STATEMENT) || tree_is_async(&module->tree, loop))
    return NODE_NONE;
  if (tree_inside(&module->tree, call, tree_child(&module->tree, loop, FIELD_RIGHT)))
    return NODE_NONE;
  if (is_retry_loop(module, loop) || reads_binding_of(module, call, loop)) return NODE_NONE;
  return loop;
}

bool session_depends_on_call(Module *module, Node call) {
  FunctionId function = module_function_of(module, call);
  return reads_binding_of(module, call, module_function(module, function)->node);
}

bool session_is_returned(Module *module, Node call) {
  Uses uses = uses_of(module, call);
  for (uint32_t i = 0; i < uses.count; i++) {
    if (uses.items[i].kind != USE_RETURNED) return false;
  }
  return uses.count > 0;
}

static bool names_cache(Module *module, Node expression) {
  static const char *const words[] = { "cache", "caches", "cached", "memo", "memoized" };
  if (expression == NODE_NONE) return false;
  EACH_ROW (&module->tree, expression, row) {
    if (tree_is(&module->tree, row, KIND_IDENTIFIER) && HAS_WORD(module, tree_text(&module->tree, row), words))
      return true;
  }
  return false;
}

/* `if url in self._cache`, `if not is_fresh` where that came out of a cache. */
static bool asks_cache(Module *module, Node if_statement) {
  Node condition = tree_child(&module->tree, if_statement, FIELD_CONDITION);
  if (condition == NODE_NONE || names_cache(module, condition)) return condition != NODE_NONE;
  EACH_ROW (&module->tree, condition, row) {
    if (!tree_is(&module->tree, row, KIND_IDENTIFIER)) continue;
    Nodes definitions = definitions_of(module, row);
    for (uint32_t i = 0; i < definitions.count; i++) {
      if (names_cache(module, target_of(module, definitions.items[i]).value)) return true;
    }
  }
  return false;
}

static bool returns_early(Module *module, Node statement) {
  if (!tree_is(&module->tree, statement, KIND_IF_STATEMENT)) return false;
  Node block = tree_child(&module->tree, statement, FIELD_CONSEQUENCE);
  return block != NODE_NONE && outcome_of(module, block) == OUTCOME_RETURNS;
}

enum { LEADS_MAX = 500 }; /* statements before a session in its block that are looked at */

bool session_is_behind_cache(Module *module, Node call) {
  const Tree *tree = &module->tree;
  FunctionId function = module_function_of(module, call);
  for (Node inner = call; inner != NODE_NONE; inner = tree_parent(tree, inner)) {
    Node outer = tree_parent(tree, inner);
    if (outer == NODE_NONE || module_function_of(module, inner) != function) return false;
    if (tree_is(tree, outer, KIND_IF_STATEMENT) && asks_cache(module, outer)) return true;
    if (!tree_is(tree, outer, KIND_BLOCK)) continue;
    uint32_t seen = 0;
    TREE_EACH_CHILD (tree, outer, statement) {
      if (statement >= inner || seen++ == LEADS_MAX) break;
      if (returns_early(module, statement) && asks_cache(module, statement)) return true;
    }
  }
  return false;
}
