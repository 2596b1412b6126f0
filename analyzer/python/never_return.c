#include "python/never_return.h"

#include "python/annotation.h"
#include "python/definition.h"
#include "python/facts.h"
#include "python/library.h"
#include "python/name.h"

static const char *const NEVER_RETURN[] = {
  "exit",
  "flask.abort",
  "os._exit",
  "os.abort",
  "pytest.exit",
  "pytest.fail",
  "pytest.skip",
  "pytest.xfail",
  "quart.abort",
  "quit",
  "sys.exit",
  "thread.exit",
  "typing.assert_never",
  "typing_extensions.assert_never",
  "werkzeug.exceptions.abort",
};

/* Words that a helper's name starts with when it always raises. */
static const char *const RAISING_PREFIXES[] = {
  "raise_", "_raise", "reraise", "_reraise", "re_raise"
};
/* The same if it is given the exception. */
static const char *const CONVERTING_PREFIXES[] = {
  "convert_", "_convert_", "fail", "abort", "throw"
};

static bool starts_with_any(Str name, const char *const *prefixes, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (str_starts_with(name, str_from(prefixes[i]))) return true;
  }
  return false;
}
#define STARTS_WITH_ANY(name, prefixes) \
  starts_with_any((name), (prefixes), (uint32_t)(sizeof(prefixes) / sizeof(*(prefixes))))

static bool is_awaited(const Tree *tree, Node call) {
  return tree_is(tree, tree_parent(tree, call), KIND_AWAIT);
}

static bool name_never_returns(Module *module, Node call, Str name) {
  if (STR_IN(name, NEVER_RETURN)) return true;
  const LibraryEntry *entry = library_entry(module, name);
  if (entry != NULL) return entry->kind == LIBRARY_NEVER_RETURNS;
  const FunctionFacts *function =
    module->project != NULL ? project_function(module->project, name) : NULL;
  if (function == NULL || (function->facts & FACT_NEVER_RETURNS) == 0) return false;
  return (function->facts & FACT_ASYNC) == 0 || is_awaited(&module->tree, call);
}

/* ---- functions of the same file ---- */

/* The class around a method's body, or CLASS_NONE. */
static ClassId class_around(const Module *module, Node node) {
  FunctionId function = module_function_of(module, node);
  while (function != FUNCTION_NONE && function != FUNCTION_MODULE) {
    const Function *described = module_function(module, function);
    if (described->class_id != CLASS_NONE) return described->class_id;
    function = described->parent;
  }
  return CLASS_NONE;
}

static FunctionId function_bound_to(const Module *module, Node identifier) {
  BindingId id = scopes_binding(&module->scopes, identifier);
  if (id == BINDING_NONE) return FUNCTION_NONE;
  const Binding *binding = scopes_get(&module->scopes, id);
  if (binding->bind_count != 1) return FUNCTION_NONE;
  for (uint32_t i = 0; i < binding->occurrences.count; i++) {
    const Occurrence *occurrence = &binding->occurrences.items[i];
    if (occurrence->kind != OCCURRENCE_FUNCTION) continue;
    return symbols_function(&module->symbols, tree_parent(&module->tree, occurrence->node));
  }
  return FUNCTION_NONE;
}

static bool is_self(const Tree *tree, Node object) {
  return tree_is(tree, object, KIND_IDENTIFIER) &&
    (tree_text_is(tree, object, "self") || tree_text_is(tree, object, "cls"));
}

/* The function of this file that a call of `callee` enters, as far as its name and `self` tell. */
static FunctionId function_called(const Module *module, Node callee) {
  const Tree *tree = &module->tree;
  if (tree_is(tree, callee, KIND_IDENTIFIER)) return function_bound_to(module, callee);
  if (!tree_is(tree, callee, KIND_ATTRIBUTE)) return FUNCTION_NONE;
  if (!is_self(tree, tree_child(tree, callee, FIELD_OBJECT))) return FUNCTION_NONE;
  ClassId class_id = class_around(module, callee);
  if (class_id == CLASS_NONE) return FUNCTION_NONE;
  Str method = tree_text(tree, tree_child(tree, callee, FIELD_ATTRIBUTE));
  return symbols_method(&module->symbols, class_id, method);
}

/* A public method that only raises is often one that subclasses replace. */
static bool may_be_replaced(const Function *function) {
  return function->class_id != CLASS_NONE && !str_starts_with(function->name, STR("_")) &&
    !STARTS_WITH_ANY(function->name, RAISING_PREFIXES) &&
    !STARTS_WITH_ANY(function->name, CONVERTING_PREFIXES);
}

static bool function_never_returns(Module *module, FunctionId id, Node call, uint32_t level) {
  const Function *function = module_function(module, id);
  bool is_changed =
    function->decorators.count > 0 && !function->is_static && !function->is_class_method;
  if (is_changed || function->is_generator || function->is_stub || function->is_abstract)
    return false;
  if (function->is_async && !is_awaited(&module->tree, call)) return false;
  if (may_be_replaced(function) || level + 1 >= OUTCOME_LEVELS) return false;
  return outcome_at(module, function->body, level + 1) == OUTCOME_RAISES;
}

/* ---- helpers known by their names only ---- */

/* The except clause of the same function around the node, or NODE_NONE. */
static Node handler_around(const Tree *tree, Node node) {
  for (Node at = node; at != NODE_NONE; at = tree_parent(tree, at)) {
    Kind kind = tree_kind(tree, at);
    if (kind == KIND_FUNCTION_DEFINITION || kind == KIND_LAMBDA) return NODE_NONE;
    if (kind == KIND_EXCEPT_CLAUSE) return at;
  }
  return NODE_NONE;
}

static bool is_given_exception(Module *module, Node call, Node clause) {
  const Tree *tree = &module->tree;
  Node variable = caught_by(module, clause).variable;
  Node arguments = tree_child(tree, call, FIELD_ARGUMENTS);
  if (variable == NODE_NONE || arguments == NODE_NONE) return false;
  Str name = tree_text(tree, variable);
  TREE_EACH_CHILD (tree, arguments, argument) {
    Node value = argument;
    if (tree_is(tree, argument, KIND_KEYWORD_ARGUMENT))
      value = tree_child(tree, argument, FIELD_VALUE);
    if (tree_is(tree, value, KIND_IDENTIFIER) && str_equal(tree_text(tree, value), name))
      return true;
  }
  return false;
}

/* `context.abort(…)` of a remote call, `self.fail(…)` of a test case, and a plain `abort(404)`
   raise; `transport.abort()` does not. */
static bool is_raising_receiver(const Module *module, Node callee) {
  if (!tree_is(&module->tree, callee, KIND_ATTRIBUTE)) return true;
  Str spelled = name_spelled(module, callee);
  return str_is(spelled, "context.abort") || str_is(spelled, "ctx.abort") ||
    str_is(spelled, "self.fail");
}

/* Requires: nothing else is known of the callee. */
static bool handler_helper_raises(Module *module, Node call, Node callee) {
  const Tree *tree = &module->tree;
  Node word =
    tree_is(tree, callee, KIND_ATTRIBUTE) ? tree_child(tree, callee, FIELD_ATTRIBUTE) : callee;
  if (!tree_is(tree, word, KIND_IDENTIFIER)) return false;
  Str name = tree_text(tree, word);
  bool is_raising = STARTS_WITH_ANY(name, RAISING_PREFIXES);
  bool is_converting = STARTS_WITH_ANY(name, CONVERTING_PREFIXES);
  if (!is_raising && !is_converting) return false;
  Node clause = handler_around(tree, call);
  if (clause == NODE_NONE) return false;
  bool is_named_so = is_raising || str_is(name, "fail") || str_is(name, "abort");
  if (is_named_so && (is_raising || is_raising_receiver(module, callee))) return true;
  return is_given_exception(module, call, clause);
}

/* `self.fail()` and `self.skipTest()` of a unittest.TestCase. */
static bool test_method_raises(const Module *module, Node callee) {
  if (!module->identity.is_test || !tree_is(&module->tree, callee, KIND_ATTRIBUTE)) return false;
  Str spelled = name_spelled(module, callee);
  return str_is(spelled, "self.fail") || str_is(spelled, "self.skipTest");
}

/* ---- methods of library objects ---- */

/* What sources without stubs do not tell: methods that end the command. */
static const char *const COMMAND_CONTEXTS[] = {
  "click.Context", "click.core.Context", "typer.Context", "typer.models.Context"
};
static const char *const ENDING_METHODS[] = { "exit", "abort", "fail" };

static const char *const CONTEXT_PASSERS[] = { "click.pass_context",
                                               "click.decorators.pass_context" };
static const char *const CONTEXT_GETTERS[] = { "click.get_current_context",
                                               "click.globals.get_current_context" };

static bool is_passed_context(Module *module, const Function *function) {
  for (uint32_t i = 0; i < function->decorators.count; i++) {
    if (NAME_IN(module, function->decorators.items[i], CONTEXT_PASSERS)) return true;
  }
  return false;
}

static Str class_of_parameter(Module *module, Node identifier) {
  Node definition = tree_ancestor(&module->tree, identifier, KIND_FUNCTION_DEFINITION);
  FunctionId id = symbols_function(&module->symbols, definition);
  if (id == FUNCTION_NONE) return STR_EMPTY;
  const Function *function = module_function(module, id);
  for (uint32_t i = 0; i < function->parameters.count; i++) {
    const Parameter *parameter = &function->parameters.items[i];
    if (parameter->identifier != identifier) continue;
    if (parameter->annotation != NODE_NONE) return annotated_class(module, parameter->annotation);
    return i == 0 && is_passed_context(module, function) ? STR("click.Context") : STR_EMPTY;
  }
  return STR_EMPTY;
}

/* The class whose call is, or that a known function gives. */
static Str class_of_made(Module *module, Node made) {
  if (!tree_is(&module->tree, made, KIND_CALL)) return STR_EMPTY;
  Node function = tree_child(&module->tree, made, FIELD_FUNCTION);
  return NAME_IN(module, function, CONTEXT_GETTERS) ? STR("click.Context")
                                                    : name_of(module, function);
}

/* The dotted class that the only binding of the name shows, or empty. Values are no help here:
   they need the flow, and the flow asks what returns. */
static Str class_shown(Module *module, Node object) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, object, KIND_IDENTIFIER)) return class_of_made(module, object);
  BindingId id = scopes_binding(&module->scopes, object);
  if (id == BINDING_NONE || scopes_get(&module->scopes, id)->bind_count != 1) return STR_EMPTY;
  const Binding *binding = scopes_get(&module->scopes, id);
  for (uint32_t i = 0; i < binding->occurrences.count; i++) {
    const Occurrence *occurrence = &binding->occurrences.items[i];
    if (occurrence->kind == OCCURRENCE_PARAMETER)
      return class_of_parameter(module, occurrence->node);
    if (occurrence->kind != OCCURRENCE_ASSIGN) continue;
    Node assignment = tree_parent(tree, occurrence->node);
    return tree_is(tree, assignment, KIND_ASSIGNMENT)
      ? class_of_made(module, tree_child(tree, assignment, FIELD_RIGHT))
      : STR_EMPTY;
  }
  return STR_EMPTY;
}

static bool method_never_returns(Module *module, Node callee) {
  if (!tree_is(&module->tree, callee, KIND_ATTRIBUTE)) return false;
  Str method = tree_text(&module->tree, tree_child(&module->tree, callee, FIELD_ATTRIBUTE));
  Str name = class_shown(module, tree_child(&module->tree, callee, FIELD_OBJECT));
  if (STR_IN(name, COMMAND_CONTEXTS)) return STR_IN(method, ENDING_METHODS);
  const LibraryEntry *entry = name.len > 0 ? library_entry(module, name) : NULL;
  if (entry == NULL || entry->kind != LIBRARY_CLASS) return false;
  const LibraryEntry *found = library_method(module->library, entry, method);
  return found != NULL && found->kind == LIBRARY_NEVER_RETURNS;
}

/* ---- the questions ---- */

static bool call_never_returns_at(Module *module, Node call, uint32_t level) {
  Node callee = tree_child(&module->tree, call, FIELD_FUNCTION);
  if (callee == NODE_NONE) return false;
  if (callee_fits(module, callee, module->vocabulary->never_return)) return true;
  FunctionId function = function_called(module, callee);
  if (function != FUNCTION_NONE) return function_never_returns(module, function, call, level);
  Str name = name_of(module, callee);
  if (name.len > 0 && name_never_returns(module, call, name)) return true;
  bool is_known = name.len > 0 &&
    (library_entry(module, name) != NULL ||
     (module->project != NULL && project_function(module->project, name) != NULL));
  if (is_known) return false;
  if (method_never_returns(module, callee)) return true;
  return test_method_raises(module, callee) || handler_helper_raises(module, call, callee);
}

bool statement_never_returns_at(Module *module, Node statement, uint32_t level) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, statement, KIND_EXPRESSION_STATEMENT)) return false;
  Node expression = tree_first(tree, statement);
  if (tree_is(tree, expression, KIND_AWAIT)) expression = tree_first(tree, expression);
  return tree_is(tree, expression, KIND_CALL) && call_never_returns_at(module, expression, level);
}

bool statement_never_returns(Module *module, Node statement) {
  return statement_never_returns_at(module, statement, 0);
}
