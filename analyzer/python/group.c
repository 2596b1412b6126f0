#include "python/group.h"

#include "python/annotation.h"
#include "python/asyncio_call.h"
#include "python/definition.h"
#include "python/iterate.h"
#include "python/library.h"
#include "python/name.h"
#include "python/use.h"
#include "python/value.h"
#include "python/work.h"

static const char *const GROUP_CLASSES[] = { "ExceptionGroup", "BaseExceptionGroup" };

static bool is_wrapping_group(Module *module, Node expression) {
  if (!tree_is(&module->tree, expression, KIND_CALL)) return false;
  if (call_meaning(module, expression) != CALL_TASK_GROUP) return false;
  return call_keyword(module, expression, "strict_exception_groups") == NODE_NONE;
}

Node group_entered(Module *module, Node with_statement) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, with_statement, KIND_WITH_STATEMENT) || !tree_is_async(tree, with_statement))
    return NODE_NONE;
  Node item = tree_first(tree, tree_first(tree, with_statement));
  if (!tree_is(tree, item, KIND_WITH_ITEM)) return NODE_NONE;
  Node expression = with_item_expression(tree, item);
  return is_wrapping_group(module, expression) ? expression : NODE_NONE;
}

Node group_inside(Module *module, Node block) {
  if (block == NODE_NONE) return NODE_NONE;
  EACH_ROW (&module->tree, block, row) {
    Node group = group_entered(module, row);
    if (group != NODE_NONE) return group;
  }
  return NODE_NONE;
}

/* The call that a statement awaits and does nothing else with: `await f()`, `x = await f()`,
   `return await f()`. */
static Node awaited_call(const Tree *tree, Node statement) {
  Node expression = tree_first(tree, statement);
  if (tree_is(tree, statement, KIND_EXPRESSION_STATEMENT)) {
    if (tree_is(tree, expression, KIND_ASSIGNMENT))
      expression = tree_child(tree, expression, FIELD_RIGHT);
  } else if (!tree_is(tree, statement, KIND_RETURN_STATEMENT)) {
    return NODE_NONE;
  }
  if (!tree_is(tree, expression, KIND_AWAIT)) return NODE_NONE;
  Node call = tree_first(tree, expression);
  return tree_is(tree, call, KIND_CALL) ? call : NODE_NONE;
}

static bool has_calls_inside(const Tree *tree, Node call) {
  Node arguments = tree_child(tree, call, FIELD_ARGUMENTS);
  for (Node row = arguments; arguments != NODE_NONE && row < tree_after(tree, arguments); row++) {
    if (tree_is(tree, row, KIND_CALL) || tree_is(tree, row, KIND_SUBSCRIPT) || tree_is(tree, row, KIND_AWAIT))
      return true;
  }
  return false;
}

Node group_around_all(Module *module, Node block) {
  const Tree *tree = &module->tree;
  if (block == NODE_NONE || tree_child_count(tree, block) != 1) return NODE_NONE;
  Node statement = tree_first(tree, block);
  Node group = group_entered(module, statement);
  if (group != NODE_NONE) return group;
  Node call = awaited_call(tree, statement);
  if (call == NODE_NONE || call_meaning(module, call) != CALL_OTHER) return NODE_NONE;
  Callee callee = callee_of(module, call);
  if (callee.is_ambiguous || !callee.function || has_calls_inside(tree, call)) return NODE_NONE;
  const uint32_t facts = callee.function->facts;
  bool is_group =
    (facts & FACT_TASK_GROUP) && (facts & FACT_ASYNC) && !(facts & (FACT_OPAQUE | FACT_GENERATOR));
  return is_group ? call : NODE_NONE;
}

/* What leaves a group as it is, or may be the group itself. */
static bool may_match(Module *module, Node type) {
  static const char *const plain[] = {
    "KeyboardInterrupt",
    "SystemExit",
    "GeneratorExit",
    "Exception",
    "BaseException",
    "object",
    "asyncio.CancelledError",
    "trio.Cancelled",
    "concurrent.futures.CancelledError",
  };
  Str name = name_of(module, type);
  if (name.len == 0 || STR_IN(name, plain)) return true;
  if (str_contains(str_lower(module->arena, str_after_last(name, '.')), STR("group"))) return true;
  const LibraryEntry *entry = library_entry(module, name);
  bool is_known = is_class_name(module, name) || (entry != NULL && entry->kind == LIBRARY_CLASS);
  if (!is_known) return true;
  for (uint32_t i = 0; i < sizeof GROUP_CLASSES / sizeof *GROUP_CLASSES; i++) {
    if (project_is_subclass(module->project, name, str_from(GROUP_CLASSES[i]))) return true;
  }
  return false;
}

bool misses_groups(Module *module, Node clause) {
  const Tree *tree = &module->tree;
  Caught caught = caught_by(module, clause);
  if (caught.is_bare || caught.types == NODE_NONE || caught.group || (tree->rows[clause].flags & NODE_STAR))
    return false;
  if (!tree_is(tree, caught.types, KIND_TUPLE)) return !may_match(module, caught.types);
  TREE_EACH_CHILD (tree, caught.types, type) {
    if (may_match(module, type)) return false;
  }
  return true;
}

/* --- errors that are no Exception --- */

static bool is_no_exception(const Project *project, Str name) {
  static const char *const leave_plain[] = { "KeyboardInterrupt",
                                             "SystemExit",
                                             "asyncio.CancelledError" };
  if (name.len == 0 || project_class(project, name) == NULL) return false;
  if (project_has_unknown_base(project, name) || project_is_subclass(project, name, STR("Exception")))
    return false;
  for (size_t i = 0; i < sizeof leave_plain / sizeof *leave_plain; i++) {
    if (project_is_subclass(project, name, str_from(leave_plain[i]))) return false;
  }
  return project_is_subclass(project, name, STR("BaseException"));
}

/* What the task raises that a call of the group starts; empty if all is, or may be, an
   Exception. */
static Str base_error_of_task(Module *module, Node start) {
  Node work = call_positional(module, start, 0);
  if (work == NODE_NONE) return STR_EMPTY;
  Callee callee = tree_is(&module->tree, work, KIND_CALL) ? callee_of(module, work)
                                                          : callee_of_reference(module, work);
  const FunctionFacts *function = callee.is_ambiguous ? NULL : callee.function;
  if (function == NULL || (function->facts & FACT_OPAQUE) != 0) return STR_EMPTY;
  for (uint32_t i = 0; i < function->raised.count; i++) {
    Str name = project_canonical(module->project, function->raised.items[i]);
    if (is_no_exception(module->project, name)) return name;
  }
  return STR_EMPTY;
}

static Str base_error_at(Module *module, Node row, Node try_statement) {
  if (tree_is(&module->tree, row, KIND_CALL) && call_meaning(module, row) == CALL_GROUP_TASK)
    return base_error_of_task(module, row);
  if (!tree_is(&module->tree, row, KIND_RAISE_STATEMENT)) return STR_EMPTY;
  if (try_around(module, row) != try_statement) return STR_EMPTY;
  Str name = project_canonical(module->project, raised_class(module, row));
  return is_no_exception(module->project, name) ? name : STR_EMPTY;
}

bool base_error_in_group(Module *module, Node try_statement, BaseError *error) {
  const Tree *tree = &module->tree;
  Node body = try_body(module, try_statement);
  if (body == NODE_NONE || module->project == NULL || !may_search(module, body)) return false;
  Node group_end = 0;
  EACH_ROW (tree, body, row) {
    bool is_group =
      group_entered(module, row) != NODE_NONE && try_around(module, row) == try_statement;
    if (is_group && tree_after(tree, row) > group_end) group_end = tree_after(tree, row);
    if (row >= group_end) continue;
    Str name = base_error_at(module, row, try_statement);
    if (name.len == 0) continue;
    *error = (BaseError){ .place = row, .name = str_after_last(name, '.') };
    return true;
  }
  return false;
}

/* --- one error, plain here and wrapped there --- */

/* Something around the group can unwrap its errors: a try with handlers, or a `with` that is not
   known. */
static bool is_unwrapped(Module *module, Node with_statement) {
  const Tree *tree = &module->tree;
  for (Node outer = try_around(module, with_statement); outer != NODE_NONE;
       outer = try_around(module, outer)) {
    if (try_handlers(module, outer).count > 0) return true;
  }
  for (Node node = tree_parent(tree, with_statement);
       node != NODE_NONE && !opens_function(tree, node);
       node = tree_parent(tree, node)) {
    if (tree_is(tree, node, KIND_WITH_STATEMENT)) return true;
  }
  return tree_child_count(tree, tree_first(tree, with_statement)) > 1;
}

/* True if the function is called and awaited inside of the node, with no handler of that function
   around. */
static Node awaited_inside(Module *module, Node root, Str function) {
  const Tree *tree = &module->tree;
  if (!may_search(module, root)) return NODE_NONE;
  for (Node row = root; row < tree_after(tree, root); row++) {
    if (!tree_is(tree, row, KIND_AWAIT)) continue;
    Node call = tree_first(tree, row);
    if (!tree_is(tree, call, KIND_CALL)) continue;
    Str spelled = name_spelled(module, call_function(module, call));
    Node outer = try_around(module, row);
    if (str_equal(spelled, function) && (outer == NODE_NONE || try_handlers(module, outer).count == 0))
      return call;
  }
  return NODE_NONE;
}

/* The definition nested in the file's function that a name stands for, or NODE_NONE. */
static Node nested_definition(Module *module, Node name) {
  if (!tree_is(&module->tree, name, KIND_IDENTIFIER)) return NODE_NONE;
  BindingId id = scopes_binding(&module->scopes, name);
  if (id == BINDING_NONE) return NODE_NONE;
  const Binding *binding = scopes_get(&module->scopes, id);
  if (binding->bind_count != 1) return NODE_NONE;
  for (uint32_t i = 0; i < binding->occurrences.count; i++) {
    if (binding->occurrences.items[i].kind != OCCURRENCE_FUNCTION) continue;
    Node definition = tree_parent(&module->tree, binding->occurrences.items[i].node);
    return module_function_of(module, definition) == FUNCTION_MODULE ? NODE_NONE : definition;
  }
  return NODE_NONE;
}

/* Where one task of the group runs the function: as itself, as an argument of what runs it, or in a
   nested function. */
static Node run_by_start(Module *module, Node start, Str function) {
  const Tree *tree = &module->tree;
  Node arguments = tree_child(tree, start, FIELD_ARGUMENTS);
  if (arguments == NODE_NONE) return NODE_NONE;
  for (Node row = arguments; row < tree_after(tree, arguments); row++) {
    bool is_name = tree_is(tree, row, KIND_IDENTIFIER) || tree_is(tree, row, KIND_ATTRIBUTE);
    if (!is_name) continue;
    if (str_equal(name_spelled(module, row), function)) return row;
    Node definition = nested_definition(module, row);
    Node call = definition == NODE_NONE ? NODE_NONE : awaited_inside(module, definition, function);
    if (call != NODE_NONE) return call;
  }
  return NODE_NONE;
}

/* The definition around the with_statement: its nested functions start tasks in the group, too. */
static Node run_in_group(Module *module, Node definition, Str function) {
  const Tree *tree = &module->tree;
  if (!may_search(module, definition)) return NODE_NONE;
  for (Node row = definition; row < tree_after(tree, definition); row++) {
    if (!tree_is(tree, row, KIND_CALL) || call_meaning(module, row) != CALL_GROUP_TASK) continue;
    Node run = run_by_start(module, row, function);
    if (run != NODE_NONE) return run;
  }
  return NODE_NONE;
}

/* The part of an if_statement that holds the node: its first block, or a clause. */
static Node branch_of(const Tree *tree, Node if_statement, Node node) {
  Node consequence = tree_child(tree, if_statement, FIELD_CONSEQUENCE);
  if (consequence != NODE_NONE && tree_inside(tree, node, consequence)) return consequence;
  TREE_EACH_CHILD (tree, if_statement, child) {
    bool is_clause =
      tree_is(tree, child, KIND_ELIF_CLAUSE) || tree_is(tree, child, KIND_ELSE_CLAUSE);
    if (is_clause && tree_inside(tree, node, child)) return child;
  }
  return NODE_NONE;
}

static bool falls_through(Module *module, Node branch) {
  const Tree *tree = &module->tree;
  Node block = branch;
  if (tree_is(tree, branch, KIND_ELIF_CLAUSE)) block = tree_child(tree, branch, FIELD_CONSEQUENCE);
  if (tree_is(tree, branch, KIND_ELSE_CLAUSE)) block = tree_child(tree, branch, FIELD_BODY);
  return block == NODE_NONE || (outcome_of(module, block) & OUTCOME_FALLS) != 0;
}

/* The first node stands in a branch of an `if` whose other branches, or what follows it where that
   one never gets there, hold the second. */
static bool is_alternative(Module *module, Node first, Node second) {
  const Tree *tree = &module->tree;
  for (Node node = first; node != NODE_NONE && !opens_function(tree, node);
       node = tree_parent(tree, node)) {
    if (!tree_is(tree, node, KIND_IF_STATEMENT)) continue;
    Node branch = branch_of(tree, node, first);
    if (branch == NODE_NONE) continue;
    if (tree_inside(tree, second, node)) {
      Node other = branch_of(tree, node, second);
      return other != NODE_NONE && other != branch;
    }
    bool is_behind =
      second >= tree_after(tree, node) && tree_inside(tree, second, tree_parent(tree, node));
    if (is_behind && !falls_through(module, branch)) return true;
  }
  return false;
}

static bool are_alternatives(Module *module, Node a, Node b) {
  return is_alternative(module, a, b) || is_alternative(module, b, a);
}

bool mixed_errors_of(Module *module, Node with_statement, MixedErrors *mixed, Reason *why) {
  const Tree *tree = &module->tree;
  Node group = group_entered(module, with_statement);
  if (group == NODE_NONE) return false;
  if (is_unwrapped(module, with_statement))
    return no_fault(why, "a handler or a with around the group can unwrap its errors");
  Node definition = module_function(module, module_function_of(module, with_statement))->node;
  EACH_ROW (tree, definition, row) {
    if (!tree_is(tree, row, KIND_AWAIT) || tree_inside(tree, row, with_statement)) continue;
    if (!are_alternatives(module, row, with_statement)) continue;
    Node call = tree_first(tree, row);
    if (!tree_is(tree, call, KIND_CALL) || call_cannot_fail(module, call)) continue;
    Str function = name_spelled(module, call_function(module, call));
    if (function.len == 0 || call_meaning(module, call) != CALL_OTHER) continue;
    Node started = run_in_group(module, definition, function);
    if (started == NODE_NONE) continue;
    *mixed = (MixedErrors){ .group = group, .started = started, .awaited = call };
    return true;
  }
  return no_fault(why, "nothing that the group runs is awaited on another path");
}

/* --- members of a group --- */

/* `isinstance(e, ExceptionGroup)` in any spelling of the class. */
static bool tests_group(Module *module, Node call) {
  Node type = call_positional(module, call, 1);
  for (Node row = type; type != NODE_NONE && row < tree_after(&module->tree, type); row++) {
    if (str_contains(str_lower(module->arena, tree_text(&module->tree, row)), STR("group")))
      return true;
  }
  return false;
}

/* The first test of the member for a class of errors; NODE_NONE if it is looked into, or given to
   anybody who may. */
static Node member_test(Module *module, Node variable) {
  Node test = NODE_NONE;
  Uses uses = uses_of_definition(module, variable);
  for (uint32_t i = 0; i < uses.count; i++) {
    const Use *use = &uses.items[i];
    if (use->kind == USE_ATTRIBUTE && str_is(use->name, "exceptions")) return NODE_NONE;
    if (use->kind == USE_ARGUMENT) {
      CallMeaning meaning = call_meaning(module, use->consumer);
      if (meaning != CALL_LOG && value_of(module, use->consumer).kind != VALUE_EXCEPTION)
        return NODE_NONE;
    }
    if (use->kind != USE_CHECKED || !tree_is(&module->tree, use->consumer, KIND_CALL)) continue;
    if (tests_group(module, use->consumer)) return NODE_NONE;
    if (test == NODE_NONE && call_meaning(module, use->consumer) == CALL_ISINSTANCE)
      test = use->consumer;
  }
  return test;
}

/* The object is known to be a group: a handler or a test says so. */
static bool is_group(Module *module, Node object) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, object, KIND_IDENTIFIER)) return false;
  Nodes definitions = definitions_of(module, object);
  for (uint32_t i = 0; i < definitions.count; i++) {
    Node clause = tree_ancestor(tree, definitions.items[i], KIND_EXCEPT_CLAUSE);
    if (clause != NODE_NONE) {
      Caught caught = caught_by(module, clause);
      if (caught.variable == definitions.items[i] && (caught.group || (tree->rows[clause].flags & NODE_STAR)))
        return true;
    }
    Uses uses = uses_of_definition(module, definitions.items[i]);
    for (uint32_t k = 0; k < uses.count; k++) {
      bool is_test =
        uses.items[k].kind == USE_CHECKED && tree_is(tree, uses.items[k].consumer, KIND_CALL);
      if (is_test && tests_group(module, uses.items[k].consumer)) return true;
    }
  }
  return false;
}

static bool is_for_all_members(Module *module, Node for_in_clause) {
  const Tree *tree = &module->tree;
  Node members = tree_child(tree, for_in_clause, FIELD_RIGHT);
  if (!tree_is(tree, members, KIND_ATTRIBUTE) || !tree_text_is(tree, tree_child(tree, members, FIELD_ATTRIBUTE), "exceptions"))
    return false;
  for (Node node = tree_parent(tree, for_in_clause); node != NODE_NONE;
       node = tree_parent(tree, node)) {
    if (tree_is(tree, node, KIND_CALL)) return name_is(module, call_function(module, node), "all");
    bool is_part = tree_is(tree, node, KIND_GENERATOR_EXPRESSION) ||
      tree_is(tree, node, KIND_LIST_COMPREHENSION) || tree_is(tree, node, KIND_ARGUMENT_LIST);
    if (!is_part) return false;
  }
  return false;
}

Node shallow_member_test(Module *module, Node loop, Reason *why) {
  const Tree *tree = &module->tree;
  Node members = tree_child(tree, loop, FIELD_RIGHT), variable = tree_child(tree, loop, FIELD_LEFT);
  if (!tree_is(tree, members, KIND_ATTRIBUTE) || !tree_is(tree, variable, KIND_IDENTIFIER))
    return NODE_NONE;
  if (!tree_text_is(tree, tree_child(tree, members, FIELD_ATTRIBUTE), "exceptions"))
    return NODE_NONE;
  if (is_for_all_members(module, loop)) {
    *why = "all() says no where there is a nested group";
    return NODE_NONE;
  }
  if (!is_group(module, tree_child(tree, members, FIELD_OBJECT))) {
    *why = "it is not known that these are the members of an exception group";
    return NODE_NONE;
  }
  Node test = member_test(module, variable);
  if (test == NODE_NONE) *why = "members are looked into, given to somebody who may, or not tested";
  return test;
}

bool asks_all_members(Module *module, Node clause) {
  EACH_ROW (&module->tree, clause, row) {
    if (tree_is(&module->tree, row, KIND_FOR_IN_CLAUSE) && is_for_all_members(module, row))
      return true;
  }
  return false;
}
