/* What a handler releases, and whether the same is released when the task is cancelled. */
#include "python/handler.h"

#include "python/iterate.h"
#include "python/name.h"
#include "python/use.h"
#include "python/value.h"

enum {
  ENCLOSING_MAX = 32,   /* tries around one another */
  SEARCHED_MAX = 20000, /* rows of one block that are looked at */
};

static const char *const RELEASING_METHODS[] = {
  "close",       "aclose",     "kill",          "terminate", "release",         "unlink",
  "rmtree",      "cancel",     "set_exception", "stop",      "shutdown",        "disconnect",
  "abort",       "dispose",    "unsubscribe",   "__aexit__", "__exit__",        "killpg",
  "force_close", "force_stop", "astop",         "teardown",  "fail_connection",
};
static const char *const CONTAINER_METHODS[] = { "pop",    "popitem", "discard", "clear",
                                                 "remove", "delete",  "popleft" };
/* Functions that release what their first argument names. */
static const char *const RELEASING_FUNCTIONS[] = {
  "os.remove",
  "os.unlink",
  "os.rmdir",
  "os.removedirs",
  "os.close",
  "os.kill",
  "os.killpg",
  "shutil.rmtree",
  "aiofiles.os.remove",
  "aiofiles.os.unlink",
  "aiofiles.os.rmdir",
  "aioshutil.rmtree",
  "anyio.aclose_forcefully",
};
/* How the name of a function of the project starts that closes something. */
static const char *const RELEASING_STARTS[] = { "cleanup",  "close",   "release", "abort",
                                                "teardown", "dispose", "aclose" };
/* How the name of a method of anything starts that closes its object: `link.close_now()`,
   `transport.abort_transfer()`. */
static const char *const CLOSING_STARTS[] = { "close",     "aclose",   "abort",   "disconnect",
                                              "terminate", "teardown", "dispose", "cleanup" };
static const char *const CLOSING[] = { "contextlib.closing", "contextlib.aclosing" };
/* Methods of an exit stack: what they are given is closed with the stack. */
static const char *const STACK_METHODS[] = {
  "enter_context", "enter_async_context", "push", "push_async_exit",
  "callback",      "push_async_callback",
};

/* The first word of a name: "close" of _close_streams. */
static Str first_word(const Module *module, Str name) {
  while (str_starts_with(name, STR("_"))) name = str_slice(name, 1, name.len);
  return str_lower(module->arena, next_word(&name));
}

static bool starts_with_release(const Module *module, Str name) {
  while (str_starts_with(name, STR("_"))) name = str_slice(name, 1, name.len);
  return str_starts_with(name, STR("clean_up")) ||
    STR_IN(first_word(module, name), RELEASING_STARTS);
}

/* `self.close_streams()`, `cleanup(path)`: of the project, or inherited. */
static bool is_releasing_helper(Module *module, Node call) {
  if (!starts_with_release(module, call_method(module, call))) return false;
  Node receiver = call_receiver(module, call);
  if (tree_is(&module->tree, receiver, KIND_IDENTIFIER) && tree_text_is(&module->tree, receiver, "self"))
    return true;
  return callee_of(module, call).function != NULL;
}

static bool classify_method(const Module *module, Release *release, Str method) {
  release->is_rollback = str_is(method, "rollback") || str_is(method, "arollback");
  release->is_container = STR_IN(method, CONTAINER_METHODS);
  release->is_future = str_is(method, "set_exception");
  return release->is_rollback || release->is_container || STR_IN(method, RELEASING_METHODS) ||
    STR_IN(first_word(module, method), CLOSING_STARTS);
}

/* `pool.remove(conn)` after `conn = await pool.get()`: the object is given up where it was taken
   from. */
static bool gives_up_resource(Module *module, Node call, Node receiver) {
  const Tree *tree = &module->tree;
  Node resource = call_positional(module, call, 0);
  if (!tree_is(tree, resource, KIND_IDENTIFIER)) return false;
  Nodes definitions = definitions_of(module, resource);
  for (uint32_t i = 0; i < definitions.count; i++) {
    Node value = defined_value(module, definitions.items[i]);
    if (!tree_is(tree, value, KIND_AWAIT)) continue;
    Node taken = tree_first(tree, value);
    Node from = tree_is(tree, taken, KIND_CALL) ? call_receiver(module, taken) : NODE_NONE;
    if (from != NODE_NONE && tree_same(tree, from, receiver)) return true;
  }
  return false;
}

static bool classify_call(Module *module, Node call, Release *release) {
  *release = (Release){ .call = call, .receiver = NODE_NONE };
  CallMeaning meaning = call_meaning(module, call);
  if (meaning == CALL_LOG) return false;
  Node function = call_function(module, call);
  if (NAME_IN(module, function, RELEASING_FUNCTIONS)) {
    release->receiver = call_positional(module, call, 0);
    return true;
  }
  release->receiver = call_receiver(module, call);
  Str method = call_method(module, call);
  if (release->receiver != NODE_NONE && classify_method(module, release, method)) {
    if (release->is_container && gives_up_resource(module, call, release->receiver)) {
      release->is_container = false;
      release->receiver = call_positional(module, call, 0);
    }
    return !str_is(method, "cancel") || meaning == CALL_CANCEL;
  }
  if (!is_releasing_helper(module, call)) return false;
  if (release->receiver == NODE_NONE) release->receiver = call_positional(module, call, 0);
  return true;
}

/* `to_thread(conn.close)`, `to_thread(os.remove, path)`. */
static bool classify_reference(Module *module, Node call, Release *release) {
  const Tree *tree = &module->tree;
  CallMeaning meaning = call_meaning(module, call);
  if (meaning != CALL_TO_THREAD && meaning != CALL_RUN_IN_EXECUTOR) return false;
  uint32_t position = meaning == CALL_TO_THREAD ? 0 : 1;
  Node function = call_positional(module, call, position);
  if (!tree_is(tree, function, KIND_ATTRIBUTE)) return false;
  *release = (Release){ .call = call, .receiver = tree_child(tree, function, FIELD_OBJECT) };
  if (NAME_IN(module, function, RELEASING_FUNCTIONS)) {
    release->receiver = call_positional(module, call, position + 1);
    return true;
  }
  return classify_method(module, release, last_name(module, function));
}

/* `del self.pending[key]`: the subscripted registry. */
static void add_deletions(Module *module, Releases *releases, Node statement) {
  const Tree *tree = &module->tree;
  EACH_ROW (tree, statement, node) {
    if (!tree_is(tree, node, KIND_SUBSCRIPT)) continue;
    Release release = { .call = statement,
                        .receiver = tree_child(tree, node, FIELD_VALUE),
                        .is_container = true };
    vec_push(module->arena, releases, release);
    return;
  }
}

Releases releases_in(Module *module, Node block) {
  const Tree *tree = &module->tree;
  Releases releases = { 0 };
  if (block == NODE_NONE) return releases;
  EACH_ROW (tree, block, node) {
    Release release;
    if (node - block == SEARCHED_MAX) break;
    if (tree_is(tree, node, KIND_DELETE_STATEMENT)) add_deletions(module, &releases, node);
    if (!tree_is(tree, node, KIND_CALL)) continue;
    if (classify_call(module, node, &release) || classify_reference(module, node, &release)) {
      vec_push(module->arena, &releases, release);
    }
  }
  return releases;
}

static bool is_self(const Tree *tree, Node receiver) {
  return tree_is(tree, receiver, KIND_IDENTIFIER) && tree_text_is(tree, receiver, "self");
}

/* A release of self, or by a function without an object, is only matched by another one of the
   kind. */
static bool has_release_like(Module *module, Node block, const Release *release) {
  Releases releases = releases_in(module, block);
  for (uint32_t i = 0; i < releases.count; i++) {
    const Release *other = &releases.items[i];
    if (other->is_rollback || other->is_container) continue;
    if (release->receiver == NODE_NONE && other->receiver == NODE_NONE) return true;
    if (release->receiver == NODE_NONE || other->receiver == NODE_NONE) continue;
    if (str_starts_with(tree_text(&module->tree, other->receiver), STR("self"))) return true;
  }
  return false;
}

static bool mentions(const Tree *tree, Node block, Node receiver) {
  Str text = tree_text(tree, receiver);
  EACH_ROW (tree, block, node) {
    if (node - block == SEARCHED_MAX) break;
    if (!tree_is(tree, node, tree_kind(tree, receiver)) || tree_field(tree, node) == FIELD_ATTRIBUTE)
      continue;
    if (str_equal(tree_text(tree, node), text)) return true;
  }
  return false;
}

/* The block calls the very function that releases, whatever it hands over. */
static bool calls_again(Module *module, Node block, const Release *release) {
  Node function = call_function(module, release->call);
  return tree_is(&module->tree, function, KIND_IDENTIFIER) &&
    mentions(&module->tree, block, function);
}

static bool touches(Module *module, Node block, const Release *release) {
  if (block == NODE_NONE) return false;
  if (calls_again(module, block, release)) return true;
  bool is_vague = release->receiver == NODE_NONE || is_self(&module->tree, release->receiver);
  return is_vague ? has_release_like(module, block, release)
                  : mentions(&module->tree, block, release->receiver);
}

/* The handlers of the try that run on a cancellation of its body. */
static bool cancel_handlers_touch(Module *module, Node try_statement, const Release *release) {
  Nodes handlers = try_handlers(module, try_statement);
  for (uint32_t i = 0; i < handlers.count && i < ENCLOSING_MAX; i++) {
    if (tree_inside(&module->tree, release->call, handlers.items[i])) continue;
    Caught caught = caught_by(module, handlers.items[i]);
    if (caught_cancellation(module, &caught) && touches(module, caught.body, release)) return true;
  }
  return false;
}

static bool is_with_target(const Module *module, Node receiver) {
  if (!tree_is(&module->tree, receiver, KIND_IDENTIFIER)) return false;
  BindingId id = scopes_binding(&module->scopes, receiver);
  if (id == BINDING_NONE) return false;
  const Binding *binding = scopes_get(&module->scopes, id);
  for (uint32_t i = 0; i < binding->occurrences.count; i++) {
    if (binding->occurrences.items[i].kind == OCCURRENCE_WITH) return true;
  }
  return false;
}

/* `async with conn:` or `async with aclosing(conn):` around the try. */
static bool is_entered_around(Module *module, Node with_statement, Node receiver) {
  const Tree *tree = &module->tree;
  Node clause = tree_first(tree, with_statement);
  TREE_EACH_CHILD (tree, clause, item) {
    Node expression = with_item_expression(tree, item);
    if (expression == NODE_NONE) continue;
    bool is_call = tree_is(tree, expression, KIND_CALL);
    if (is_call && NAME_IN(module, call_function(module, expression), CLOSING)) {
      expression = call_positional(module, expression, 0);
    }
    if (expression != NODE_NONE && tree_same(tree, expression, receiver)) return true;
  }
  return false;
}

/* `stack.push_async_callback(conn.close)` in the function. */
static bool is_on_stack(Module *module, Node node, Node receiver) {
  const Tree *tree = &module->tree;
  Node home = module_function(module, module_function_of(module, node))->node;
  Node first = node - home > SEARCHED_MAX ? node - SEARCHED_MAX : home;
  for (Node call = first; call < node; call++) {
    if (!tree_is(tree, call, KIND_CALL) || call_receiver(module, call) == NODE_NONE) continue;
    if (!STR_IN(call_method(module, call), STACK_METHODS)) continue;
    Node list = tree_child(tree, call, FIELD_ARGUMENTS);
    if (list != NODE_NONE && mentions(tree, list, receiver)) return true;
  }
  return false;
}

/* The finally of the try itself runs in any case: a method of self that the handler calls beside
   it does something else, unless their names say the same. */
static bool own_finally_touches(Module *module, Node finally, const Release *release) {
  if (release->is_future && has_release_like(module, finally, release)) return true;
  if (release->receiver == NODE_NONE || !is_self(&module->tree, release->receiver))
    return touches(module, finally, release);
  Str word = first_word(module, call_method(module, release->call));
  Releases releases = releases_in(module, finally);
  for (uint32_t i = 0; i < releases.count; i++) {
    const Release *other = &releases.items[i];
    if (other->is_rollback || other->is_container || other->receiver == NODE_NONE) continue;
    if (!is_self(&module->tree, other->receiver)) {
      if (str_starts_with(tree_text(&module->tree, other->receiver), STR("self."))) return true;
    } else if (str_equal(first_word(module, call_method(module, other->call)), word)) {
      return true;
    }
  }
  return false;
}

static bool is_covered_by(Module *module, Node around, Node inner, const Release *release) {
  const Tree *tree = &module->tree;
  if (tree_is(tree, around, KIND_WITH_STATEMENT)) {
    bool is_vague = release->receiver == NODE_NONE || is_self(tree, release->receiver);
    return !is_vague && is_entered_around(module, around, release->receiver);
  }
  if (!tree_is(tree, around, KIND_TRY_STATEMENT)) return false;
  Node finally = try_finally(module, around);
  if (finally != NODE_NONE && around == inner && own_finally_touches(module, finally, release))
    return true;
  if (finally != NODE_NONE && around != inner && !tree_inside(tree, inner, finally) && touches(module, finally, release))
    return true;
  bool is_guarded = around == inner || tree_inside(tree, inner, try_body(module, around));
  return is_guarded && cancel_handlers_touch(module, around, release);
}

bool is_released_on_cancellation(Module *module, Node try_statement, const Release *release) {
  const Tree *tree = &module->tree;
  if (release->receiver != NODE_NONE && !is_self(tree, release->receiver)) {
    if (is_with_target(module, release->receiver) || is_on_stack(module, try_statement, release->receiver))
      return true;
  }
  uint32_t count = 0;
  for (Node around = try_statement; around != NODE_NONE && !opens_function(tree, around);
       around = tree_parent(tree, around)) {
    if (is_covered_by(module, around, try_statement, release)) return true;
    if (++count == ENCLOSING_MAX * 4) break;
  }
  return false;
}
