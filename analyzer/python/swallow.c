#include "python/swallow.h"

#include "python/awaits.h"
#include "python/deadline.h"
#include "python/definition.h"
#include "python/expectation.h"
#include "python/iterate.h"
#include "python/name.h"

Node guarded_statement(const Module *module, Node handler) {
  Kind kind =
    tree_is(&module->tree, handler, KIND_WITH_ITEM) ? KIND_WITH_STATEMENT : KIND_TRY_STATEMENT;
  return tree_ancestor(&module->tree, handler, kind);
}

Node guarded_block(const Module *module, Node handler) {
  return tree_child(&module->tree, guarded_statement(module, handler), FIELD_BODY);
}

Caught caught_in(Module *module, Node handler) {
  if (!tree_is(&module->tree, handler, KIND_WITH_ITEM)) return caught_by(module, handler);
  Node call = tree_child(&module->tree, handler, FIELD_VALUE);
  if (tree_is(&module->tree, call, KIND_AS_PATTERN)) call = tree_first(&module->tree, call);
  return caught_by_suppress(module, call);
}

static const char PASSED_BEFORE[] = "an earlier clause of this try takes the cancellation first";
static const char NO_COROUTINE[] =
  "this is not the body of an async def, where a cancellation could arrive";
static const char CANCELLED_BEFORE[] = "what is awaited here was cancelled just before";

bool is_shadowed(Module *module, Node handler) {
  if (tree_is(&module->tree, handler, KIND_WITH_ITEM)) return false;
  Nodes handlers = try_handlers(module, guarded_statement(module, handler));
  for (uint32_t i = 0; i < handlers.count && handlers.items[i] != handler; i++) {
    Caught earlier = caught_by(module, handlers.items[i]);
    if (caught_cancellation(module, &earlier)) return true;
  }
  return false;
}

static Reason passed_on(Module *module, Node handler) {
  if (handler_may_raise(module, handler)) return "the handler raises, and so lets the caller know";
  if (sets_flag(module, handler))
    return "the handler sets a flag that decides what happens behind it";
  if (hands_on_failure(module, handler))
    return "the handler passes the failure on: to a future, to its task, or by ending the program";
  return NULL;
}

Reason handed_on(Module *module, Node handler) {
  if (tree_is(&module->tree, handler, KIND_WITH_ITEM)) return NULL;
  Reason why = passed_on(module, handler);
  if (why != NULL || !exception_escapes(module, handler)) return why;
  return "the handler keeps the exception or gives it away as a value, for somebody to look at";
}

/* Before 3.8 a handler for Exception takes cancellations without being meant for them: that it
   tells somebody of the failure does not let the cancellation out. */
static bool is_accident(const Caught *caught) { return !caught->cancelled; }

static Reason let_out(Module *module, Node handler, const Caught *caught) {
  return is_accident(caught) ? passed_on(module, handler) : handed_on(module, handler);
}

bool lists_ordinary_errors(const Caught *caught) {
  return caught->exception || caught->others || caught->timeout || caught->asyncio_timeout ||
    caught->futures_timeout;
}

/* `return x` in the handler, x being more than None. */
static bool returns_value(Module *module, Node handler) {
  const Tree *tree = &module->tree;
  for (Node node = handler; node < tree_after(tree, handler); node++) {
    if (!tree_is(tree, node, KIND_RETURN_STATEMENT)) continue;
    if (module_function_of(module, node) != module_function_of(module, handler)) continue;
    Node value = tree_first(tree, node);
    if (value != NODE_NONE && !tree_is(tree, value, KIND_NONE_LITERAL)) return true;
  }
  return false;
}

static bool continues_for(Module *module, Node handler) {
  Node loop = loop_around(module, guarded_statement(module, handler));
  return tree_is(&module->tree, loop, KIND_FOR_STATEMENT) && handler_loops_back(module, handler);
}

/* `if self.stopping: return` in the handler: whoever cancels says beforehand whether it is to
   end. */
static bool asks_whether_to_stop(Module *module, Node handler) {
  const Tree *tree = &module->tree;
  ClassId class_id = enclosing_class(module, handler);
  if (class_id == CLASS_NONE) return false;
  EACH_ROW (tree, handler, node) {
    if (!tree_is(tree, node, KIND_IF_STATEMENT)) continue;
    Node condition = tree_child(tree, node, FIELD_CONDITION);
    if (!tree_is(tree, condition, KIND_ATTRIBUTE)) continue;
    Node block = tree_child(tree, node, FIELD_CONSEQUENCE);
    if (block == NODE_NONE || (outcome_of(module, block) & (OUTCOME_FALLS | OUTCOME_CONTINUES)) != 0)
      continue;
    Str name = tree_text(tree, tree_child(tree, condition, FIELD_ATTRIBUTE));
    if (attribute_bindings(module, class_id, name).values.count > 0) return true;
  }
  return false;
}

static Swallow shape_of(Module *module, Node handler, const Caught *caught) {
  Node statement = guarded_statement(module, handler);
  FunctionId function = module_function_of(module, handler);
  bool holds_loop = try_holds_endless_loop(module, statement);
  Started started = started_as(module, function);
  bool is_closing = in_cleanup_function(module, handler);
  bool goes_on = awaits_follow(module, handler);
  bool is_failure = lists_ordinary_errors(caught);

  if (is_failure && continues_for(module, handler)) return SWALLOW_AS_FAILURE;
  if (handler_loops_back(module, handler))
    return asks_whether_to_stop(module, handler) ? SWALLOW_AT_END : SWALLOW_IN_LOOP;
  if (is_failure && (goes_on || returns_value(module, handler))) return SWALLOW_AS_FAILURE;
  if (goes_on && !is_closing && (!holds_loop || started == STARTED_BY_AWAIT))
    return SWALLOW_AND_GO_ON;
  if (started == STARTED_BY_AWAIT && !is_closing && !is_in_endless_loop(module, statement))
    return SWALLOW_FOR_CALLERS;
  return SWALLOW_AT_END;
}

static bool takes_cancellation(const Module *module, const Caught *caught) {
  return caught->cancelled || (module->target.minor < 8 && caught->exception);
}

/* `await stream.athrow(CancelledError())`: what comes back was sent by the block itself. */
static bool throws_itself(Module *module, Node block) {
  const Tree *tree = &module->tree;
  EACH_ROW (tree, block, node) {
    if (tree_is(tree, node, KIND_CALL) && str_is(call_method(module, node), "athrow")) return true;
  }
  return false;
}

/* A CancelledError of this await can be this task's own: not only that of a task or future which is
   awaited directly. */
static bool brings_own(Module *module, Node await) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, await, KIND_AWAIT)) return true;
  Node operand = tree_first(tree, await);
  if (!tree_is(tree, operand, KIND_CALL)) return work_of(module, await) != WORK_OWNED;
  return call_meaning(module, operand) != CALL_GATHER || work_of(module, await) != WORK_OWNED;
}

static bool own_can_arrive(Module *module, Node block) {
  Nodes awaits = suspensions_in(module, block);
  for (uint32_t i = 0; i < awaits.count; i++) {
    if (brings_own(module, awaits.items[i])) return true;
  }
  return false;
}

/* Nothing is lost: there is nobody to cancel, or an exception is on its way already. */
static Reason harmless(Module *module, Node handler) {
  const Function *function = module_function(module, module_function_of(module, handler));
  if (!function->is_async || function->is_stub) return NO_COROUTINE;
  if (is_unwinding(module, guarded_statement(module, handler)))
    return "another exception is on its way already, and goes on behind this handler";
  if (throws_itself(module, guarded_block(module, handler)))
    return "the block throws the cancellation itself, with athrow()";
  return NULL;
}

/* Somebody else answers for what is waited for, or this is a known idiom. */
static bool is_idiom(Module *module, Node handler) {
  Node block = guarded_block(module, handler);
  return module_function(module, module_function_of(module, handler))->is_generator ||
    !awaits_fresh_work(module, block) || awaits_only_owned(module, block) ||
    awaits_shielded(module, block);
}

/* Only a task or future from elsewhere is awaited, for whose cancellation the handler is meant. */
static bool waits_for_child(Module *module, Node handler, const Caught *caught) {
  Node block = guarded_block(module, handler);
  return caught->cancelled && !own_can_arrive(module, block) && awaits_only_owned(module, block);
}

/* The idiom loses the cancellation of this task all the same, unless there is a reason. */
static Reason harmless_idiom(Module *module, Node handler) {
  Node block = guarded_block(module, handler);
  if (!own_can_arrive(module, block))
    return "only a task or future from elsewhere is awaited: the CancelledError is taken for its "
           "own";
  if (!awaits_shielded(module, block) && in_cleanup_function(module, handler))
    return "closing code waits for what others started, which may be cancelled by now";
  return NULL;
}

/* What becomes of the cancellation, for the rules that are after another answer. */
static const Reason MEANINGS[] = {
  [SWALLOW_IN_LOOP] = "the cancellation is lost and the loop goes on: see swallowed-cancellation",
  [SWALLOW_AS_FAILURE] =
    "the cancellation counts as a failed step, and the task goes on: see swallowed-cancellation",
  [SWALLOW_AND_GO_ON] =
    "the cancellation is lost and further awaits follow: see swallowed-cancellation",
  [SWALLOW_FOR_CALLERS] =
    "callers cannot be cancelled while they wait here: see swallowed-cancellation",
  [SWALLOW_AT_END] =
    "the coroutine ends here, as it was asked to: only absorbed-cancellation objects",
  [SWALLOW_OF_TIMEOUT] = "the timeout around it is lost: see defeated-timeout",
  [SWALLOW_OF_CHILD] =
    "the task was cancelled before, or is another's: only lost-outer-cancellation objects",
  [SWALLOW_TOLERATED] =
    "a generator ends, or others own or shield what is awaited: only absorbed-cancellation objects",
};

/* `with pytest.raises(CancelledError)`, which fails if none comes. */
static bool expects_cancellation(const Module *module, Node handler) {
  if (!tree_is(&module->tree, handler, KIND_WITH_ITEM)) return false;
  Node call = with_item_expression(&module->tree, handler);
  return tree_is(&module->tree, call, KIND_CALL) && is_expectation(module, call);
}

static Reason not_swallowed(Module *module, Node handler, const Caught *caught) {
  if (is_shadowed(module, handler)) return PASSED_BEFORE;
  if (expects_cancellation(module, handler)) return "a test waits for the cancellation here";
  return module_in_coroutine(module, handler) ? let_out(module, handler, caught) : NO_COROUTINE;
}

/* A handler that is meant for cancellations takes that of a timeout, and the code ends as if it had
   been in time. */
static bool loses_timeout(Module *module, Node handler) {
  FunctionId function = module_function_of(module, handler);
  Caught caught = caught_in(module, handler);
  Deadline ignored;
  Reason why;
  if (is_accident(&caught) || module_function(module, function)->is_generator) return false;
  if (in_cleanup_function(module, handler)) return false;
  return deadline_around(module, guarded_statement(module, handler), &why) != NODE_NONE ||
    deadline_of_function(module, function, &ignored);
}

static Swallow judge_swallow(Module *module, Node handler, Reason *why) {
  Caught caught = caught_in(module, handler);
  if (!takes_cancellation(module, &caught)) {
    if (caught.exception && module_in_coroutine(module, handler))
      *why = "CancelledError is no Exception: a cancellation passes this handler by";
    return SWALLOW_NOT;
  }
  *why = not_swallowed(module, handler, &caught);
  if (*why != NULL) return SWALLOW_NOT;
  if (block_awaits_cancelled(module, guarded_block(module, handler))) return SWALLOW_OF_CHILD;
  *why = harmless(module, handler);
  if (*why != NULL) return SWALLOW_NOT;
  if (!is_idiom(module, handler)) return shape_of(module, handler, &caught);
  if (waits_for_child(module, handler, &caught)) return SWALLOW_OF_CHILD;
  *why = harmless_idiom(module, handler);
  return *why == NULL ? SWALLOW_TOLERATED : SWALLOW_NOT;
}

Swallow swallow_of(Module *module, Node handler, Reason *why) {
  Swallow swallow = judge_swallow(module, handler, why);
  bool is_quiet = swallow == SWALLOW_AT_END || swallow == SWALLOW_TOLERATED;
  if (is_quiet && loses_timeout(module, handler)) swallow = SWALLOW_OF_TIMEOUT;
  if (swallow != SWALLOW_NOT) *why = MEANINGS[swallow];
  return swallow;
}

static bool swallows_everything(Module *module, Node clause, Reason *why) {
  Caught caught = caught_by(module, clause);
  if (!caught.is_bare && !caught.base_exception) return false;
  if (!module_in_coroutine(module, clause)) return no_fault(why, NO_COROUTINE);
  if (is_shadowed(module, clause)) return no_fault(why, PASSED_BEFORE);
  Node block = guarded_block(module, clause);
  if (suspensions_in(module, block).count == 0)
    return no_fault(why, "nothing is awaited in this try, so that no cancellation arrives");
  Reason handed = handed_on(module, clause);
  if (handed != NULL) return no_fault(why, handed);
  if (awaits_only_owned(module, block))
    return no_fault(why, "only what others started is awaited, whose own end this can be");
  if (block_awaits_cancelled(module, block)) return no_fault(why, CANCELLED_BEFORE);
  if (is_unwinding(module, guarded_statement(module, clause)))
    return no_fault(
      why, "another exception is on its way already, and goes on behind this handler"
    );
  return true;
}

/* The handler is the end of a task's own body: it ends as it was asked to. */
static bool ends_task(Module *module, Node clause) {
  return started_as(module, module_function_of(module, clause)) == STARTED_AS_TASK &&
    !handler_loops_back(module, clause) && !awaits_follow(module, clause);
}

Swallow broad_swallow_of(Module *module, Node clause, Reason *why) {
  if (!swallows_everything(module, clause, why)) return SWALLOW_NOT;
  Swallow swallow = ends_task(module, clause) ? SWALLOW_AT_END : SWALLOW_AND_GO_ON;
  *why = MEANINGS[swallow];
  return swallow;
}

/* The object of a raise is a class or made of one, and none that ends the task or the program. */
static bool is_other_exception(Module *module, Node value) {
  static const char *const ends[] = {
    "asyncio.CancelledError",        "KeyboardInterrupt", "SystemExit", "GeneratorExit",
    "anyio.get_cancelled_exc_class",
  };
  const Tree *tree = &module->tree;
  Node named = tree_is(tree, value, KIND_CALL) ? call_function(module, value) : value;
  if (NAME_IN(module, named, ends)) return false;
  Str name = last_name(module, named);
  /* That of threads for a thread, or a subclass: it stays a cancellation. */
  if (str_is(name, "CancelledError") || project_is_subclass(module->project, name_of(module, named), STR("asyncio.CancelledError")))
    return false;
  return name.len > 0 && name.data[0] >= 'A' && name.data[0] <= 'Z';
}

static bool asks_for_cancelling(Module *module, Node clause) {
  const Tree *tree = &module->tree;
  EACH_ROW (tree, clause, node) {
    if (!tree_is(tree, node, KIND_CALL)) continue;
    Str method = call_method(module, node);
    if (str_is(method, "cancelling") || str_is(method, "uncancel")) return true;
  }
  return false;
}

/* The first raise of the clause, if all of them raise something else than was caught. */
static Node other_raise(Module *module, Node clause) {
  const Tree *tree = &module->tree;
  Node first = NODE_NONE;
  EACH_ROW (tree, clause, node) {
    if (!tree_is(tree, node, KIND_RAISE_STATEMENT)) continue;
    Node value = tree_first(tree, node);
    if (value == NODE_NONE || !is_other_exception(module, value)) return NODE_NONE;
    if (first == NODE_NONE) first = node;
  }
  return first;
}

/* A cancelled scope of trio or anyio raises again at the next await, in the handler as well: the
   raise behind it is never reached. */
static bool is_raised_again(Module *module, Node clause) {
  const Tree *tree = &module->tree;
  Caught caught = caught_by(module, clause);
  Node type = caught.cancelled_type;
  if (tree_is(tree, type, KIND_CALL)) type = call_function(module, type);
  if (type == NODE_NONE) return false;
  Str name = name_of(module, type);
  bool is_level = str_starts_with(name, STR("trio.")) || str_starts_with(name, STR("anyio."));
  return is_level && awaits_in(module, caught.body).count > 0;
}

static Reason not_translated(Module *module, Node clause) {
  if (module->identity.is_test)
    return "test doubles fail in their clean-up to see what the code makes of it";
  if (!handler_always_raises(module, clause)) return "some way through this handler raises nothing";
  if (!module_in_coroutine(module, clause)) return NO_COROUTINE;
  if (is_shadowed(module, clause)) return PASSED_BEFORE;
  Node block = guarded_block(module, clause);
  if (!own_can_arrive(module, block))
    return "only a task or future from elsewhere is awaited: the CancelledError is taken for its "
           "own";
  if (block_awaits_cancelled(module, block)) return CANCELLED_BEFORE;
  Reason why = harmless(module, clause);
  if (why == NULL && is_raised_again(module, clause))
    return "the cancelled scope raises again at the await in this handler";
  if (why != NULL || !asks_for_cancelling(module, clause)) return why;
  return "the handler asks whether its own task is being cancelled";
}

Node translates_cancellation(Module *module, Node clause, Reason *why) {
  Caught caught = caught_by(module, clause);
  if (!takes_cancellation(module, &caught)) return NODE_NONE;
  *why = not_translated(module, clause);
  if (*why != NULL) return NODE_NONE;
  Node raise = other_raise(module, clause);
  if (raise == NODE_NONE) *why = "what was caught is raised again, or the task is ended on purpose";
  return raise;
}

bool is_listed_with_others(const Module *module, const Caught *caught, Node type) {
  const Tree *tree = &module->tree;
  bool is_listed = type != NODE_NONE && tree_is(tree, caught->types, KIND_TUPLE) &&
    tree_parent(tree, type) == caught->types;
  return is_listed && tree_child_count(tree, caught->types) > 1;
}
