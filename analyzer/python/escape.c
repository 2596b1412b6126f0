/* How a handler passes on what it caught: as a value, as a flag, or to somebody else. */
#include "python/handler.h"

#include "python/iterate.h"
#include "python/name.h"
#include "python/tell.h"
#include "python/value.h"

enum {
  ESCAPE_MAX_DEPTH = 4,     /* containers around the exception */
  FLAG_MAX_TARGETS = 8,     /* in one handler */
  FLAG_MAX_DISTANCE = 5000, /* rows between a handler and the test of its flag */
  GUARDED_MAX_ROWS = 20000, /* of a try statement that are looked at for a test of cancelling() */
};

static const char *const FUTURE_SETTERS[] = { "set_exception", "set_result",
                                              "uncancel",      "athrow",
                                              "throw",         "set_exception_if_not_done" };
static const char *const FUTURE_WORDS[] = {
  "fut", "future", "futures", "waiter", "promise", "scope"
};
static const char *const EXITS[] = {
  "sys.exit", "os._exit", "exit", "quit", "os.abort", "os.kill"
};
static const char *const CURRENT_TASK[] = { "asyncio.current_task", "asyncio.Task.current_task" };

static bool value_escapes(Module *module, const Uses *uses, uint32_t depth);

static bool use_escapes(Module *module, const Use *use, uint32_t depth) {
  switch (use->kind) {
  case USE_RETURNED:
  case USE_YIELDED:
  case USE_RAISED:
  case USE_STORED:
  case USE_CAPTURED:
  case USE_CALLED:
    return true;
  case USE_ARGUMENT:
    return !use_only_tells(module, use);
  case USE_CONTAINED: {
    if (depth >= ESCAPE_MAX_DEPTH) return true;
    Uses uses = uses_of(module, use->consumer);
    return value_escapes(module, &uses, depth + 1);
  }
  case USE_METHOD: {
    if (!str_is(use->name, "with_traceback") || depth >= ESCAPE_MAX_DEPTH) return false;
    Uses uses = uses_of(module, use->consumer);
    return value_escapes(module, &uses, depth + 1);
  }
  default:
    return false;
  }
}

static bool value_escapes(Module *module, const Uses *uses, uint32_t depth) {
  for (uint32_t i = 0; i < uses->count; i++) {
    if (use_escapes(module, &uses->items[i], depth)) return true;
  }
  return false;
}

bool exception_escapes(Module *module, Node clause) {
  Caught caught = caught_by(module, clause);
  if (caught.variable == NODE_NONE) return false;
  Uses uses = uses_of_definition(module, caught.variable);
  return value_escapes(module, &uses, 0);
}

/* What a handler puts into a name, as far as the name can be a flag. */
typedef enum {
  FLAG_TRUTH, /* True or False */
  FLAG_TEXT,  /* a status or a description of the failure */
  FLAG_OTHER, /* an empty fallback, an object */
} FlagValue;

static FlagValue flag_value(const Tree *tree, Node value) {
  switch (value == NODE_NONE ? KIND_NONE : tree_kind(tree, value)) {
  case KIND_TRUE:
  case KIND_FALSE:
    return FLAG_TRUTH;
  case KIND_STRING:
  case KIND_CONCATENATED_STRING:
    return FLAG_TEXT;
  default:
    return FLAG_OTHER;
  }
}

/* Which statements a block holds, those of nested functions left out. */
static bool holds_any(const Tree *tree, Node block, bool only_raise) {
  EACH_ROW (tree, block, node) {
    switch (tree_kind(tree, node)) {
    case KIND_RAISE_STATEMENT:
      return true;
    case KIND_RETURN_STATEMENT:
    case KIND_BREAK_STATEMENT:
    case KIND_CONTINUE_STATEMENT:
      if (!only_raise) return true;
      break;
    default:
      break;
    }
  }
  return false;
}

/* The if_statement or elif_clause whose condition holds the node, or NODE_NONE. */
static Node condition_holder(const Tree *tree, Node node) {
  for (Node parent = tree_parent(tree, node); parent != NODE_NONE;
       parent = tree_parent(tree, parent)) {
    if (tree_is(tree, parent, KIND_BLOCK)) return NODE_NONE;
    bool is_branch =
      tree_is(tree, parent, KIND_IF_STATEMENT) || tree_is(tree, parent, KIND_ELIF_CLAUSE);
    if (is_branch)
      return tree_inside(tree, node, tree_child(tree, parent, FIELD_CONDITION)) ? parent
                                                                                : NODE_NONE;
  }
  return NODE_NONE;
}

/* True if what happens next hangs on this read of a flag. A status or an empty fallback counts
   only if a raise hangs on it; the text of what is raised does not. */
static bool read_decides(const Tree *tree, Node read, FlagValue value) {
  bool is_truth = value == FLAG_TRUTH;
  Node statement = tree_statement(tree, read);
  switch (tree_kind(tree, statement)) {
  case KIND_RAISE_STATEMENT:
    return value != FLAG_TEXT;
  case KIND_RETURN_STATEMENT:
    return is_truth;
  case KIND_WHILE_STATEMENT:
    return is_truth && tree_inside(tree, read, tree_child(tree, statement, FIELD_CONDITION));
  case KIND_IF_STATEMENT: {
    Node holder = condition_holder(tree, read);
    return holder != NODE_NONE &&
      holds_any(tree, tree_child(tree, holder, FIELD_CONSEQUENCE), !is_truth);
  }
  default:
    return false;
  }
}

typedef struct {
  Module *module;
  Node clause;
  uint32_t targets; /* looked at so far */
} Flags;

/* Followed through `cancelled = cancelled or …` as well. */
static bool name_is_flag(const Flags *flags, Node name, FlagValue value) {
  Uses uses = uses_of_definition(flags->module, name);
  for (uint32_t i = 0; i < uses.count; i++) {
    Node read = uses.items[i].value;
    if (tree_inside(&flags->module->tree, read, flags->clause)) continue;
    if (read_decides(&flags->module->tree, read, value)) return true;
  }
  return false;
}

/* An attribute, or the object of `stop.set()`: every mention of the same text in the function
   that is near enough. */
static bool text_is_flag(const Flags *flags, Node target, FlagValue value) {
  const Tree *tree = &flags->module->tree;
  Node home =
    module_function(flags->module, module_function_of(flags->module, flags->clause))->node;
  Node first = flags->clause - home > FLAG_MAX_DISTANCE ? flags->clause - FLAG_MAX_DISTANCE : home;
  Node last = tree_after(tree, home);
  if (last - flags->clause > FLAG_MAX_DISTANCE) last = flags->clause + FLAG_MAX_DISTANCE;
  Str text = tree_text(tree, target);
  for (Node node = first; node < last; node++) {
    if (!tree_is(tree, node, tree_kind(tree, target)) || tree_inside(tree, node, flags->clause))
      continue;
    if (tree_field(tree, node) == FIELD_LEFT || !str_equal(tree_text(tree, node), text)) continue;
    if (read_decides(tree, node, value)) return true;
  }
  return false;
}

/* `reply = await read()` in the try, `reply = None` in the handler: a stand-in for what failed.
   What is raised for want of a reply is another exception. */
static bool is_fallback(const Flags *flags, Node target, FlagValue value) {
  const Tree *tree = &flags->module->tree;
  if (value == FLAG_TRUTH || !tree_is(tree, target, KIND_IDENTIFIER)) return false;
  Node body = try_body(flags->module, tree_parent(tree, flags->clause));
  if (body == NODE_NONE) return false;
  EACH_ROW (tree, body, node) {
    if (node - body == GUARDED_MAX_ROWS) break;
    if (!tree_is(tree, node, KIND_ASSIGNMENT)) continue;
    Node bound = tree_child(tree, node, FIELD_LEFT), awaited = tree_child(tree, node, FIELD_RIGHT);
    if (!tree_is(tree, bound, KIND_IDENTIFIER) || !tree_is(tree, awaited, KIND_AWAIT)) continue;
    if (tree_same(tree, bound, target)) return true;
  }
  return false;
}

static bool assignment_sets_flag(Flags *flags, Node assignment) {
  const Tree *tree = &flags->module->tree;
  flags->targets++;
  Node target = tree_child(tree, assignment, FIELD_LEFT);
  FlagValue value = flag_value(tree, tree_child(tree, assignment, FIELD_RIGHT));
  if (is_fallback(flags, target, value)) return false;
  if (tree_is(tree, target, KIND_IDENTIFIER)) return name_is_flag(flags, target, value);
  return tree_is(tree, target, KIND_ATTRIBUTE) && text_is_flag(flags, target, value);
}

/* `stop.set()` in the handler, `while not stop.is_set()` outside. */
static bool event_is_flag(Flags *flags, Node call) {
  Module *module = flags->module;
  Node receiver = call_receiver(module, call);
  if (receiver == NODE_NONE || !str_is(call_method(module, call), "set")) return false;
  flags->targets++;
  return call_positional_count(module, call) == 0 && text_is_flag(flags, receiver, FLAG_TRUTH);
}

bool sets_flag(Module *module, Node clause) {
  const Tree *tree = &module->tree;
  Flags flags = { .module = module, .clause = clause };
  EACH_ROW (tree, clause, node) {
    if (flags.targets == FLAG_MAX_TARGETS) break;
    if (tree_is(tree, node, KIND_ASSIGNMENT) && assignment_sets_flag(&flags, node)) return true;
    if (tree_is(tree, node, KIND_CALL) && event_is_flag(&flags, node)) return true;
  }
  return false;
}

static bool never_returns(Module *module, Node call) {
  Callee callee = callee_of(module, call);
  return callee.function != NULL && !callee.is_ambiguous &&
    (callee.function->facts & FACT_NEVER_RETURNS) != 0;
}

/* `fut.cancel()` tells those who wait for it; current_task().cancel() asks again for this task's
   own end. */
static bool cancels_for_others(Module *module, Node call) {
  Node receiver = call_receiver(module, call);
  if (receiver == NODE_NONE || !str_is(call_method(module, call), "cancel")) return false;
  if (tree_is(&module->tree, receiver, KIND_CALL))
    return NAME_IN(module, call_function(module, receiver), CURRENT_TASK);
  return value_is(module, receiver, VALUE_FUTURE) ||
    HAS_WORD(module, last_name(module, receiver), FUTURE_WORDS);
}

static bool stops_loop(Module *module, Node call) {
  Node receiver = call_receiver(module, call);
  return receiver != NODE_NONE && str_is(call_method(module, call), "stop") &&
    value_is(module, receiver, VALUE_LOOP);
}

/* `self._fail(*sys.exc_info())`: the exception goes on without its name. */
static bool passes_exc_info(Module *module, Node call) {
  const Tree *tree = &module->tree;
  Node list = tree_child(tree, call, FIELD_ARGUMENTS);
  if (call_meaning(module, call) == CALL_LOG || !tree_is(tree, list, KIND_ARGUMENT_LIST))
    return false;
  TREE_EACH_CHILD (tree, list, argument) {
    Node inner = tree_is(tree, argument, KIND_LIST_SPLAT) ? tree_first(tree, argument) : argument;
    while (tree_is(tree, inner, KIND_SUBSCRIPT)) inner = tree_child(tree, inner, FIELD_VALUE);
    if (!tree_is(tree, inner, KIND_CALL)) continue;
    if (name_is(module, call_function(module, inner), "sys.exc_info")) return true;
  }
  return false;
}

static bool hands_on(Module *module, Node call) {
  Node function = call_function(module, call);
  if (NAME_IN(module, function, EXITS)) return true;
  if (call_receiver(module, call) != NODE_NONE && STR_IN(call_method(module, call), FUTURE_SETTERS))
    return true;
  return cancels_for_others(module, call) || stops_loop(module, call) ||
    passes_exc_info(module, call) || never_returns(module, call);
}

bool hands_on_failure(Module *module, Node clause) {
  const Tree *tree = &module->tree;
  EACH_ROW (tree, clause, node) {
    if (tree_is(tree, node, KIND_CALL) && hands_on(module, node)) return true;
  }
  /* Who asks whether its own task is being cancelled knows what it does. */
  Node guarded = tree_parent(tree, clause);
  EACH_ROW (tree, guarded, node) {
    if (node - guarded == GUARDED_MAX_ROWS) break;
    if (tree_is(tree, node, KIND_CALL) && str_is(call_method(module, node), "cancelling"))
      return true;
  }
  return false;
}
