#include "python/skipped_cleanup.h"

#include "python/awaits.h"
#include "python/iterate.h"
#include "python/name.h"
#include "python/needless_release.h"

enum { SEARCHED_MAX = 20000 }; /* rows of one block that are looked at */

/* Another clause of the same try runs for cancellations. */
static bool is_handled_beside(Module *module, Node try_statement) {
  Nodes handlers = try_handlers(module, try_statement);
  for (uint32_t i = 0; i < handlers.count; i++) {
    Caught caught = caught_by(module, handlers.items[i]);
    if (caught_cancellation(module, &caught)) return true;
  }
  return false;
}

/* A decorator's wrapper: the body is one call of a parameter of an enclosing function. */
static bool is_wrapper(Module *module, Node body) {
  const Tree *tree = &module->tree;
  if (body == NODE_NONE || tree_child_count(tree, body) != 1) return false;
  for (Node row = body; row < tree_after(tree, body); row++) {
    if (!tree_is(tree, row, KIND_CALL)) continue;
    Node function = call_function(module, row);
    if (!tree_is(tree, function, KIND_IDENTIFIER)) return false;
    BindingId id = scopes_binding(&module->scopes, function);
    if (id == BINDING_NONE) return false;
    const Binding *binding = scopes_get(&module->scopes, id);
    return binding->scope != module->scopes.scope_of[row] && binding->occurrences.count > 0 &&
      binding->occurrences.items[0].kind == OCCURRENCE_PARAMETER;
  }
  return false;
}

/* A cancellation can arrive in the block: at an await, or at the yield behind which the body of an
   `async with` runs. */
static bool is_cancellable(Module *module, Node body) {
  if (suspensions_in(module, body).count > 0) return true;
  return yields_to_with(module, body);
}

/* Catches Exception around something that can be cancelled, and the cancellation passes it by. */
static bool is_passed_by(Module *module, Node clause, const Caught *caught, Reason *why) {
  if (!caught->exception || caught_cancellation(module, caught) || !module_in_coroutine(module, clause))
    return false;
  Node try_statement = guarded_statement(module, clause);
  if (!is_cancellable(module, try_body(module, try_statement)))
    return no_fault(why, "nothing is awaited in this try, so that no cancellation arrives");
  if (is_handled_beside(module, try_statement))
    return no_fault(why, "another clause of this try runs for cancellations");
  return true;
}

/* The try hands its result to the future that the handler fails: `fut.set_result(…)` in the body or
   else. */
static bool resolves_future(Module *module, Node try_statement, const Release *release) {
  const Tree *tree = &module->tree;
  if (!release->is_future || release->receiver == NODE_NONE) return false;
  Str future = tree_text(tree, release->receiver);
  EACH_ROW (tree, try_statement, node) {
    if (node - try_statement == SEARCHED_MAX) break;
    if (!tree_is(tree, node, KIND_CALL) || !str_is(call_method(module, node), "set_result"))
      continue;
    if (tree_inside(tree, node, tree_ancestor(tree, release->call, KIND_EXCEPT_CLAUSE))) continue;
    Node receiver = call_receiver(module, node);
    if (receiver != NODE_NONE && str_equal(tree_text(tree, receiver), future)) return true;
  }
  return false;
}

/* The loop itself makes what the handler releases, `link = await connect()`, or `self` does, which
   closes what it has opened. What was there before the loop is released to try again with
   another. */
static bool is_made_in_loop(Module *module, Node clause, const Release *release) {
  const Tree *tree = &module->tree;
  Node loop = loop_around(module, clause);
  if (release->receiver == NODE_NONE || loop == NODE_NONE) return true;
  Str released = tree_text(tree, release->receiver);
  if (str_is(released, "self")) return true;
  EACH_ROW (tree, loop, node) {
    if (node - loop == SEARCHED_MAX) break;
    bool is_bound = tree_field(tree, node) == FIELD_LEFT || tree_field(tree, node) == FIELD_NAME ||
      tree_is(tree, node, KIND_AS_PATTERN_TARGET);
    if (!is_bound || tree_inside(tree, node, clause)) continue;
    if (str_starts_with(released, tree_text(tree, node))) return true;
  }
  return false;
}

/* The handler is the end of what the try began, not a policy for failures. A step of an iterator
   that is cancelled can be asked for again. */
static bool ends_the_try(Module *module, Node clause, const Release *release) {
  if (str_is(module_function(module, module_function_of(module, clause))->name, "__anext__"))
    return false;
  if (handler_always_raises(module, clause)) return true;
  if (resolves_future(module, guarded_statement(module, clause), release)) return true;
  return handler_may_raise(module, clause) && handler_loops_back(module, clause) &&
    is_made_in_loop(module, clause, release);
}

/* Why it does not matter that the release is skipped. */
static Reason not_missed(Module *module, Node clause, const Release *release) {
  if (release->is_rollback) return "a transaction that is not committed is rolled back anyway";
  if (release->is_container)
    return "only an entry of a container is taken out, and nothing is closed";
  if (!ends_the_try(module, clause, release))
    return "the code goes on after such a failure: this is no clean-up at the end of the try";
  if (is_released_on_cancellation(module, guarded_statement(module, clause), release))
    return "the same is released for cancellations in another place";
  return needless_release(module, clause, release);
}

bool skips_cleanup(Module *module, Node clause, Release *release, Reason *why) {
  Caught caught = caught_by(module, clause);
  if (!is_passed_by(module, clause, &caught, why)) return false;
  if (is_wrapper(module, try_body(module, guarded_statement(module, clause))))
    return no_fault(why, "the try only calls the function that this one wraps");

  *why = "this handler releases nothing";
  Releases releases = releases_in(module, caught.body);
  for (uint32_t i = 0; i < releases.count && *why != NULL; i++) {
    *release = releases.items[i];
    *why = not_missed(module, clause, release);
  }
  return *why == NULL;
}

static bool names_cancellation(Module *module, Node types) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, types, KIND_TUPLE))
    return types != NODE_NONE && name_is(module, types, "asyncio.CancelledError");
  TREE_EACH_CHILD (tree, types, type) {
    if (name_is(module, type, "asyncio.CancelledError")) return true;
  }
  return false;
}

/* Statements that a cancellation does without: it goes on its way by itself. */
static bool is_idle(const Tree *tree, Node block) {
  if (block == NODE_NONE) return false;
  TREE_EACH_CHILD (tree, block, statement) {
    switch (tree_kind(tree, statement)) {
    case KIND_RAISE_STATEMENT:
    case KIND_RETURN_STATEMENT:
    case KIND_PASS_STATEMENT:
    case KIND_BREAK_STATEMENT:
      break;
    default:
      return false;
    }
  }
  return true;
}

/* The test decides about something that a cancellation needs, too: the branch for it does more than
   to raise or to return. `if not isinstance(error, CancelledError)` keeps something from it, which
   it is without the test. */
static bool is_missed(const Tree *tree, Node body, Node test) {
  for (Node node = test; node != body && node != NODE_NONE; node = tree_parent(tree, node)) {
    Node parent = tree_parent(tree, node);
    if (tree_is(tree, parent, KIND_NOT_OPERATOR)) return false;
    bool decides =
      tree_is(tree, parent, KIND_IF_STATEMENT) || tree_is(tree, parent, KIND_ELIF_CLAUSE);
    if (decides && tree_field(tree, node) == FIELD_CONDITION)
      return !is_idle(tree, tree_child(tree, parent, FIELD_CONSEQUENCE));
  }
  return true;
}

Node dead_cancellation_test(Module *module, Node clause) {
  const Tree *tree = &module->tree;
  Caught caught = caught_by(module, clause);
  Reason why = NULL;
  if (caught.variable == NODE_NONE || !is_passed_by(module, clause, &caught, &why))
    return NODE_NONE;
  Str variable = tree_text(tree, caught.variable);
  EACH_ROW (tree, caught.body, node) {
    if (node - caught.body == SEARCHED_MAX) break;
    if (!tree_is(tree, node, KIND_CALL) || call_meaning(module, node) != CALL_ISINSTANCE) continue;
    Node tested = call_positional(module, node, 0);
    if (!tree_is(tree, tested, KIND_IDENTIFIER) || !str_equal(tree_text(tree, tested), variable))
      continue;
    if (!names_cancellation(module, call_positional(module, node, 1))) continue;
    return is_missed(tree, caught.body, node) ? node : NODE_NONE;
  }
  return NODE_NONE;
}
