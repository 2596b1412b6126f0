#include "python/value.h"

#include "python/annotation.h"
#include "python/call_value.h"
#include "python/content.h"
#include "python/definition.h"
#include "python/facts.h"
#include "python/instance.h"
#include "python/memo.h"
#include "python/name.h"
#include "python/use.h"

/* More bindings or elements than this are not compared. */
enum { CHOICES_LIMIT = 24, ANYWHERE_LIMIT = 8 };

Value value_of_any(Module *module, Nodes expressions) {
  if (expressions.count == 0 || expressions.count > CHOICES_LIMIT) return VALUE_NOTHING;
  Value value = value_to_join(module, expressions.items[0]);
  for (uint32_t i = 1; i < expressions.count && value.kind != VALUE_UNKNOWN; i++)
    value = value_joined(value, value_to_join(module, expressions.items[i]));
  return value;
}

/* --- names that are bound --------------------------------------------------------------------- */

/* `a, b = value`: what one name gets. */
static Value part_of(Value value, const Target *target) {
  if (target->depth != 1) return VALUE_NOTHING;
  if (value.kind == VALUE_RESULTS)
    return (Value){ target->is_rest ? VALUE_RESULTS : VALUE_RESULT, value.origin, STR_EMPTY };
  if (value.kind != VALUE_DONE_PENDING || target->is_rest || target->path[0] > 1)
    return VALUE_NOTHING;
  return (Value){ target->path[0] == 0 ? VALUE_DONE : VALUE_PENDING, value.origin, STR_EMPTY };
}

/* What a target gets of elements that are displays: `for name, task in [("a", t), …]`. */
static Value part_of_elements(Module *module, const Target *target, Nodes elements) {
  if (target->depth != 1 || target->is_rest || elements.count > CHOICES_LIMIT) return VALUE_NOTHING;
  Nodes parts = { 0 };
  for (uint32_t i = 0; i < elements.count; i++) {
    Node element = elements.items[i];
    if (!is_sequence_display(&module->tree, element)) return VALUE_NOTHING;
    Node part = paired_item(
      &module->tree, element, target->path[0], tree_child_count(&module->tree, element)
    );
    if (part == NODE_NONE) return VALUE_NOTHING;
    vec_push(module->arena, &parts, part);
  }
  return value_of_any(module, parts);
}

static Node annotation_of(const Module *module, Node identifier) {
  const Tree *tree = &module->tree;
  Node parent = tree_parent(tree, identifier);
  bool is_annotated =
    tree_is(tree, parent, KIND_ASSIGNMENT) && tree_field(tree, identifier) == FIELD_LEFT;
  return is_annotated ? tree_child(tree, parent, FIELD_TYPE) : NODE_NONE;
}

static Node annotation_of_parameter(const Module *module, Node identifier) {
  const Binding *binding = scopes_get(&module->scopes, scopes_binding(&module->scopes, identifier));
  const Function *function =
    module_function(module, module->symbols.function_of_scope[binding->scope]);
  for (uint32_t i = 0; i < function->parameters.count; i++) {
    const Parameter *parameter = &function->parameters.items[i];
    bool is_plain = parameter->kind == PARAMETER_PLAIN || parameter->kind == PARAMETER_KEYWORD;
    if (parameter->identifier == identifier && is_plain) return parameter->annotation;
  }
  return NODE_NONE;
}

/* What a collection is declared to hold: one definition of a local name, or an attribute of
   self. */
static Value value_declared(Module *module, Node collection, Pick pick) {
  const Tree *tree = &module->tree;
  Node annotation = NODE_NONE;
  if (tree_is(tree, collection, KIND_IDENTIFIER)) {
    Nodes definitions = definitions_of(module, collection);
    if (definitions.count != 1) return VALUE_NOTHING;
    Node definition = definitions.items[0];
    bool is_parameter = scopes_occurrence(&module->scopes, definition) == OCCURRENCE_PARAMETER;
    annotation = is_parameter ? annotation_of_parameter(module, definition)
                              : annotation_of(module, definition);
  } else if (tree_is(tree, collection, KIND_ATTRIBUTE)) {
    bool is_class;
    ClassId class_id = self_class(module, tree_child(tree, collection, FIELD_OBJECT), &is_class);
    if (class_id == CLASS_NONE) return VALUE_NOTHING;
    Str name = tree_text(tree, tree_child(tree, collection, FIELD_ATTRIBUTE));
    annotation = attribute_bindings(module, class_id, name).annotation;
  }
  if (annotation == NODE_NONE) return VALUE_NOTHING;
  Str element = annotated_element(module, annotation, pick == PICK_ITEMS);
  return value_of_instance(module, element, NODE_NONE);
}

static Value value_of_loop_target(Module *module, Target target) {
  Pick pick;
  if (!target_collection(module, &target, &pick)) return VALUE_NOTHING;
  if (target.depth == 0 && !target.is_rest && pick == PICK_ITEMS) {
    Value value = value_of_element(module, target.value, value_of(module, target.value));
    if (value.kind != VALUE_UNKNOWN) return value;
  }
  Contents contents = contents_of(module, target.value, pick);
  if (target.depth > 0 || target.is_rest) return part_of_elements(module, &target, contents.items);
  Value value = value_of_any(module, contents.items);
  return value.kind == VALUE_UNKNOWN ? value_declared(module, target.value, pick) : value;
}

static Value value_of_target(Module *module, Node identifier) {
  Target target = target_of(module, identifier);
  Value value = VALUE_NOTHING;
  if (target.kind == TARGET_VALUE) {
    value = value_to_join(module, target.value);
    if (target.depth > 0 || target.is_rest) value = part_of(value, &target);
  } else if (target.kind == TARGET_ELEMENT) {
    value = value_of_loop_target(module, target);
  } else if (target.kind == TARGET_ENTERED && target.depth == 0) {
    value = value_entered(module, target.value);
  }
  if (value.kind != VALUE_UNKNOWN && value.kind != VALUE_NONE) return value;
  Node annotation = annotation_of(module, identifier);
  if (annotation == NODE_NONE) return value;
  Value annotated = value_of_instance(module, annotated_class(module, annotation), identifier);
  return annotated.kind == VALUE_UNKNOWN ? value : annotated;
}

static Value value_of_parameter(Module *module, Node identifier) {
  bool is_class;
  ClassId class_id = self_class(module, identifier, &is_class);
  if (class_id != CLASS_NONE) {
    Str name = class_dotted(module, class_id);
    return is_class ? (Value){ VALUE_CLASS, NODE_NONE, name }
                    : value_of_instance(module, name, NODE_NONE);
  }
  Node annotation = annotation_of_parameter(module, identifier);
  if (annotation == NODE_NONE) return VALUE_NOTHING;
  return value_of_instance(module, annotated_class(module, annotation), identifier);
}

/* The class of `except E as x`, or of nothing where several are caught. */
static Value value_of_caught(Module *module, Node identifier) {
  const Tree *tree = &module->tree;
  Value value = { VALUE_EXCEPTION, identifier, STR_EMPTY };
  Node pattern = tree_parent(tree, tree_parent(tree, identifier));
  if (!tree_is(tree, pattern, KIND_AS_PATTERN)) return value;
  value.name = name_of(module, tree_first(tree, pattern));
  return value;
}

static Value value_of_definition(Module *module, Node identifier) {
  switch (scopes_occurrence(&module->scopes, identifier)) {
  case OCCURRENCE_ASSIGN:
  case OCCURRENCE_WALRUS:
  case OCCURRENCE_FOR:
  case OCCURRENCE_WITH:
    return value_of_target(module, identifier);
  case OCCURRENCE_EXCEPT:
    return value_of_caught(module, identifier);
  case OCCURRENCE_PARAMETER:
    return value_of_parameter(module, identifier);
  case OCCURRENCE_IMPORT:
  case OCCURRENCE_FUNCTION:
  case OCCURRENCE_CLASS:
    return value_of_name(module, name_of(module, identifier));
  /* The object stays what it was, or nearly so. */
  case OCCURRENCE_AUGMENT:
    return (Value){ (ValueKind)VALUE_OPEN, NODE_NONE, STR_EMPTY };
  default:
    return VALUE_NOTHING;
  }
}

/* --- names that are read ---------------------------------------------------------------------- */

/* Nothing else in Python is called so as often as event loops are. */
static bool is_spelled_as_loop(Str name) {
  return str_is(name, "loop") || str_is(name, "event_loop") || str_ends_with(name, STR("_loop"));
}

static Value or_loop(Value value, Str name) {
  if (value.kind != VALUE_UNKNOWN || !is_spelled_as_loop(name)) return value;
  return (Value){ VALUE_LOOP, NODE_NONE, STR_EMPTY };
}

static Value value_of_identifier(Module *module, Node identifier) {
  BindingId id = scopes_binding(&module->scopes, identifier);
  if (id == BINDING_NONE) return value_of_name(module, name_of(module, identifier));
  if (occurrence_binds(scopes_occurrence(&module->scopes, identifier)))
    return value_of_definition(module, identifier);
  Nodes definitions = definitions_of(module, identifier);
  if (definitions.count == 0) {
    definitions = definitions_anywhere(module, identifier);
    if (definitions.count > ANYWHERE_LIMIT) definitions = (Nodes){ 0 };
  }
  Value value = value_of_any(module, definitions);
  if (value.kind == VALUE_UNKNOWN) value = value_of_name(module, name_of(module, identifier));
  return or_loop(value, tree_text(&module->tree, identifier));
}

/* --- attributes ------------------------------------------------------------------------------- */

static Value value_in_class(Module *module, ClassId class_id, Str name) {
  AttributeBindings bindings = attribute_bindings(module, class_id, name);
  Value value = bindings.is_complete ? value_of_any(module, bindings.values) : VALUE_NOTHING;
  bool is_known = value.kind != VALUE_UNKNOWN && value.kind != VALUE_NONE;
  if (is_known || bindings.annotation == NODE_NONE) return value;
  return value_of_instance(module, annotated_class(module, bindings.annotation), NODE_NONE);
}

static Str method_name(Module *module, Str class_name, Str method) {
  bool is_overridden;
  const FunctionFacts *facts = NULL;
  if (module->project != NULL)
    facts = project_method(module->project, class_name, method, &is_overridden);
  if (facts != NULL) return (facts->facts & FACT_PROPERTY) != 0 ? STR_EMPTY : facts->name;
  Str name = str_join(module->arena, class_name, '.', method);
  FunctionId id = function_named(module, name);
  return id == FUNCTION_NONE || module_function(module, id)->is_property ? STR_EMPTY : name;
}

static Str property_type(Module *module, Str class_name, Str name) {
  bool is_overridden;
  if (module->project == NULL) return STR_EMPTY;
  const FunctionFacts *facts = project_method(module->project, class_name, name, &is_overridden);
  bool is_value =
    facts != NULL && (facts->facts & FACT_PROPERTY) != 0 && (facts->facts & FACT_ASYNC) == 0;
  return is_value ? facts->returns : project_attribute_type(module->project, class_name, name);
}

static Value value_of_member(Module *module, Str class_name, Str name) {
  Str method = method_name(module, class_name, name);
  if (method.len > 0) return (Value){ VALUE_FUNCTION, NODE_NONE, method };
  ClassId class_id = class_named(module, class_name);
  Value value = class_id == CLASS_NONE ? VALUE_NOTHING : value_in_class(module, class_id, name);
  if (value.kind != VALUE_UNKNOWN && value.kind != VALUE_NONE) return value;
  Value declared = value_of_instance(module, property_type(module, class_name, name), NODE_NONE);
  return declared.kind == VALUE_UNKNOWN ? value : declared;
}

static Value value_of_attribute(Module *module, Node attribute) {
  const Tree *tree = &module->tree;
  Str name = tree_text(tree, tree_child(tree, attribute, FIELD_ATTRIBUTE));
  Value value = value_of_name(module, name_of(module, attribute));
  if (value.kind == VALUE_UNKNOWN) {
    Str class_name = class_of(module, tree_child(tree, attribute, FIELD_OBJECT));
    if (class_name.len > 0) value = value_of_member(module, class_name, name);
  }
  return or_loop(value, name);
}

/* --- expressions ------------------------------------------------------------------------------ */

static Value value_of_subscript(Module *module, Node subscript) {
  const Tree *tree = &module->tree;
  Node collection = tree_child(tree, subscript, FIELD_VALUE);
  Node index = tree_child(tree, subscript, FIELD_SUBSCRIPT);
  Value value = value_of(module, collection);
  if (tree_is(tree, index, KIND_SLICE))
    return value.kind == VALUE_RESULTS || value.kind == VALUE_COLLECTION ? value : VALUE_NOTHING;
  if (value.kind == VALUE_RESULTS) return (Value){ VALUE_RESULT, value.origin, STR_EMPTY };
  if (value.kind == VALUE_DONE_PENDING) {
    if (tree_text_is(tree, index, "0")) return (Value){ VALUE_DONE, value.origin, STR_EMPTY };
    return tree_text_is(tree, index, "1") ? (Value){ VALUE_PENDING, value.origin, STR_EMPTY }
                                          : VALUE_NOTHING;
  }
  value = value_of_any(module, contents_of(module, collection, PICK_VALUES).items);
  return value.kind == VALUE_UNKNOWN ? value_declared(module, collection, PICK_VALUES) : value;
}

static Value value_of_choice(Module *module, Node first, Node second) {
  return value_joined(value_to_join(module, first), value_to_join(module, second));
}

static Value value_of_boolean(Module *module, Node node) {
  const Tree *tree = &module->tree;
  Node right = tree_child(tree, node, FIELD_RIGHT);
  if (tree_text_is(tree, tree_child(tree, node, FIELD_OPERATOR), "and"))
    return value_to_join(module, right);
  return value_of_choice(module, tree_child(tree, node, FIELD_LEFT), right);
}

static Value value_of_literal(const char *class_name, Node node) {
  return (Value){ VALUE_INSTANCE, node, str_from(class_name) };
}

static Value value_computed(Module *module, Node node) {
  const Tree *tree = &module->tree;
  Kind kind = tree_kind(tree, node);
  if (kind_is_collection(kind)) return (Value){ VALUE_COLLECTION, node, STR_EMPTY };
  switch (kind) {
  case KIND_IDENTIFIER:
    return value_of_identifier(module, node);
  case KIND_ATTRIBUTE:
    return value_of_attribute(module, node);
  case KIND_CALL:
    return value_of_call(module, node);
  case KIND_AWAIT:
    return value_of_await(module, node);
  case KIND_SUBSCRIPT:
    return value_of_subscript(module, node);
  case KIND_CONDITIONAL_EXPRESSION:
    return value_of_choice(module, tree_nth(tree, node, 0), tree_nth(tree, node, 2));
  case KIND_BOOLEAN_OPERATOR:
    return value_of_boolean(module, node);
  case KIND_NAMED_EXPRESSION:
    return value_to_join(module, tree_child(tree, node, FIELD_VALUE));
  case KIND_NONE_LITERAL:
    return (Value){ VALUE_NONE, node, STR_EMPTY };
  case KIND_STRING:
  case KIND_CONCATENATED_STRING:
    return value_of_literal("str", node);
  case KIND_INTEGER:
    return value_of_literal("int", node);
  case KIND_FLOAT:
    return value_of_literal("float", node);
  case KIND_TRUE:
  case KIND_FALSE:
  case KIND_NOT_OPERATOR:
    return value_of_literal("bool", node);
  case KIND_LAMBDA:
    return (Value){ VALUE_FUNCTION, node, STR_EMPTY };
  default:
    return VALUE_NOTHING;
  }
}

Value value_to_join(Module *module, Node expression) {
  if (expression == NODE_NONE) return VALUE_NOTHING;
  Memo *memo = memo_of(module);
  uint32_t *known = memo_of_row(module, &memo->values, expression);
  uint32_t kept = memo->value_items.count;
  if (*known != 0) return memo->value_items.items[*known - 1];
  vec_push(
    module->arena, &memo->value_items, (Value){ (ValueKind)VALUE_OPEN, NODE_NONE, STR_EMPTY }
  );
  *known = kept + 1;
  Value value = VALUE_NOTHING;
  if (memo_enter(module)) {
    value = value_computed(module, expression);
    memo_leave(module);
  }
  memo->value_items.items[kept] = (int)value.kind == VALUE_OPEN ? VALUE_NOTHING : value;
  return value;
}

Value value_of(Module *module, Node expression) {
  Value value = value_to_join(module, expression);
  return (int)value.kind == VALUE_OPEN ? VALUE_NOTHING : value;
}

/* --- classes ---------------------------------------------------------------------------------- */

static const char *const CLASS_NAMES[] = {
  [VALUE_COROUTINE] = "types.CoroutineType",
  [VALUE_ASYNC_GENERATOR] = "types.AsyncGeneratorType",
  [VALUE_TASK] = "asyncio.Task",
  [VALUE_FUTURE] = "asyncio.Future",
  [VALUE_THREAD_FUTURE] = "concurrent.futures.Future",
  [VALUE_GATHER] = "asyncio.Future",
  [VALUE_DONE_TASK] = "asyncio.Task",
  [VALUE_RESULTS] = "list",
  [VALUE_DONE] = "set",
  [VALUE_PENDING] = "set",
  [VALUE_LOOP] = "asyncio.AbstractEventLoop",
};

static bool names_its_class(ValueKind kind) {
  return kind == VALUE_INSTANCE || kind == VALUE_CLASS || kind == VALUE_TASK ||
    kind == VALUE_FUTURE || kind == VALUE_THREAD_FUTURE || kind == VALUE_SESSION ||
    kind == VALUE_TASK_GROUP || kind == VALUE_TIMEOUT || kind == VALUE_LOOP ||
    kind == VALUE_EXCEPTION;
}

Str class_of(Module *module, Node expression) {
  Value value = value_of(module, expression);
  if (names_its_class(value.kind) && value.name.len > 0) return value.name;
  bool is_listed = (size_t)value.kind < sizeof CLASS_NAMES / sizeof *CLASS_NAMES;
  return is_listed && CLASS_NAMES[value.kind] != NULL ? str_from(CLASS_NAMES[value.kind])
                                                      : STR_EMPTY;
}
