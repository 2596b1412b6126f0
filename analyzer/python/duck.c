#include "python/duck.h"

#include "python/asyncio_call.h"
#include "python/definition.h"
#include "python/iterate.h"
#include "python/name.h"
#include "python/value.h"

enum {
  METHODS_MIN = 3,  /* different methods on one receiver; fewer fit by chance */
  TELLING_MIN = 2,  /* of them, names of several words, which other libraries hardly have */
  ROWS_MAX = 16000, /* of the class or function that are looked at */
  METHODS_MAX = 64, /* that are compared */
};

typedef struct {
  Str names[METHODS_MAX];
  uint32_t count;
  uint32_t telling;
} Methods;

static bool is_telling(Str name) {
  for (size_t i = 1; i + 1 < name.len; i++) {
    if (name.data[i] == '_') return name.data[0] != '_' || name.data[1] != '_';
  }
  return name.len > 1 && name.data[0] == '_';
}

static void add_method(Methods *methods, Str name) {
  if (methods->count == METHODS_MAX) return;
  for (uint32_t i = 0; i < methods->count; i++) {
    if (str_equal(methods->names[i], name)) return;
  }
  methods->names[methods->count++] = name;
  methods->telling += is_telling(name);
}

/* The rows in which the receiver means the same object: the class for an attribute of self, else
   the function. */
static Node home_of(const Module *module, Node receiver) {
  const Tree *tree = &module->tree;
  if (tree_is(tree, receiver, KIND_ATTRIBUTE)) {
    ClassId class_id = enclosing_class(module, receiver);
    return class_id == CLASS_NONE ? NODE_NONE : module_class(module, class_id)->node;
  }
  return module_function(module, module_function_of(module, receiver))->node;
}

static Methods methods_called(Module *module, Node receiver) {
  const Tree *tree = &module->tree;
  Methods methods = { .count = 0 };
  Str spelled = name_spelled(module, receiver);
  Node home = home_of(module, receiver);
  if (home == NODE_NONE) return methods;
  for (Node row = home; row < tree_after(tree, home) && row - home < ROWS_MAX; row++) {
    if (!tree_is(tree, row, KIND_CALL)) continue;
    Node object = call_receiver(module, row);
    if (object == NODE_NONE || tree_kind(tree, object) != tree_kind(tree, receiver)) continue;
    if (str_equal(name_spelled(module, object), spelled))
      add_method(&methods, call_method(module, row));
  }
  return methods;
}

/* `self.x` or a parameter, of which nothing is known. */
static bool is_unknown_object(Module *module, Node receiver) {
  const Tree *tree = &module->tree;
  if (tree_is(tree, receiver, KIND_ATTRIBUTE)) {
    bool is_class;
    Node object = tree_child(tree, receiver, FIELD_OBJECT);
    if (!tree_is(tree, object, KIND_IDENTIFIER)) return false;
    if (self_class(module, object, &is_class) == CLASS_NONE) return false;
  } else if (!tree_is(tree, receiver, KIND_IDENTIFIER)) {
    return false;
  }
  return value_is(module, receiver, VALUE_UNKNOWN) && name_of(module, receiver).len == 0;
}

bool may_be_project_method(Module *module, Node call) {
  if (module->project == NULL || module->identity.is_test) return false;
  Node receiver = call_receiver(module, call);
  if (receiver == NODE_NONE || project_same_named(module->project, call_method(module, call)) == 0)
    return false;
  return is_unknown_object(module, receiver);
}

static bool is_camel_case(Str name) {
  for (size_t i = 1; i < name.len; i++) {
    if (name.data[i] >= 'A' && name.data[i] <= 'Z') return true;
  }
  return false;
}

/* The same method of an object of the same name is awaited elsewhere in this file. A plain name, as
   `write`, may belong to a file here and to a stream there. */
static bool is_awaited_elsewhere(Module *module, Node call) {
  const Tree *tree = &module->tree;
  Str method = call_method(module, call);
  if (!is_telling(method) && !is_camel_case(method)) return false;
  Str receiver = name_spelled(module, call_receiver(module, call));
  if (!may_search(module, 0)) return false;
  for (Node row = 0; row < tree->count; row++) {
    if (!tree_is(tree, row, KIND_AWAIT)) continue;
    Node awaited = tree_first(tree, row);
    if (!tree_is(tree, awaited, KIND_CALL) || !str_equal(call_method(module, awaited), method))
      continue;
    Node object = call_receiver(module, awaited);
    if (object != NODE_NONE && str_equal(name_spelled(module, object), receiver)) return true;
  }
  return false;
}

const FunctionFacts *likely_method(Module *module, Node call) {
  Methods methods = methods_called(module, call_receiver(module, call));
  bool are_telling = methods.count >= METHODS_MIN && methods.telling >= TELLING_MIN;
  if (!are_telling && !is_awaited_elsewhere(module, call)) return NULL;
  return project_method_of_any(
    module->project, call_method(module, call), methods.names, methods.count
  );
}
