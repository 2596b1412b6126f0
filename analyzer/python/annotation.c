#include "python/annotation.h"

#include "python/definition.h"
#include "python/facts.h"
#include "python/library.h"
#include "python/name.h"

enum { ANNOTATION_DEPTH = 12 };

/* Generic names that say nothing about the class they are given. */
static const char *const WRAPPERS[] = {
  "typing.Optional",
  "typing.Annotated",
  "typing.Final",
  "typing.ClassVar",
  "typing.Required",
  "typing.NotRequired",
  "typing_extensions.Annotated",
  "typing_extensions.Final",
  "dataclasses.InitVar",
};

static const char *const UNSPECIFIC[] = {
  "typing.Any",     "typing.Union",
  "typing.Self",    "typing_extensions.Self",
  "typing.Literal", "typing.Callable",
  "typing.TypeVar", "collections.abc.Callable",
  "object",         "None",
};

static Str last_part(Str name) { return str_after_last(name, '.'); }

static bool looks_like_class(Str name) {
  Str last = last_part(name);
  if (last.len > 0 && last.data[0] == '_') last = str_slice(last, 1, last.len);
  return last.len > 1 && last.data[0] >= 'A' && last.data[0] <= 'Z' && !str_is_upper(last);
}

static bool is_of_this_file(const Module *module, Str name) {
  Str own = module->identity.name;
  return str_starts_with(name, own) && name.len > own.len && name.data[own.len] == '.';
}

bool is_class_name(Module *module, Str name) {
  if (name.len == 0 || STR_IN(name, UNSPECIFIC)) return false;
  if (class_named(module, name) != CLASS_NONE) return true;
  if (is_of_this_file(module, name)) return false;
  if (module->project != NULL && project_class(module->project, name) != NULL) return true;
  const LibraryEntry *entry = library_entry(module, name);
  if (entry != NULL) return entry->kind == LIBRARY_CLASS;
  Str root = str_slice(name, 0, str_find(name, STR(".")));
  if (module->project != NULL && project_has_module(module->project, root)) return false;
  return str_contains(name, STR(".")) && looks_like_class(name);
}

static bool is_none(const Tree *tree, Node node) {
  if (tree_is(tree, node, KIND_TYPE)) node = tree_first(tree, node);
  return tree_is(tree, node, KIND_NONE_LITERAL);
}

static Str class_with_name(Module *module, Str name) {
  if (module->project != NULL) name = project_canonical(module->project, name);
  return is_class_name(module, name) ? name : STR_EMPTY;
}

/* --- annotations in quotes -------------------------------------------------------------------- */

/* The dotted name of `a.b` as read in that scope. */
static Str name_of_text(Module *module, ScopeId scope, Str dotted) {
  Str rest = dotted;
  Str first = str_next(&rest, '.');
  BindingId id = scopes_lookup(&module->scopes, scope, first);
  if (id == BINDING_NONE) return rest.len == 0 ? first : STR_EMPTY;
  const Binding *binding = scopes_get(&module->scopes, id);
  for (uint32_t i = 0; i < binding->occurrences.count; i++) {
    if (!occurrence_binds(binding->occurrences.items[i].kind)) continue;
    Str name = name_of(module, binding->occurrences.items[i].node);
    if (name.len == 0) return STR_EMPTY;
    return rest.len == 0 ? name : str_join(module->arena, name, '.', rest);
  }
  return STR_EMPTY;
}

static Str without_none(Str text) {
  Str rest = text, found = STR_EMPTY;
  while (rest.len > 0) {
    Str part = str_trim(str_next(&rest, '|'));
    if (str_is(part, "None")) continue;
    if (found.len > 0) return STR_EMPTY;
    found = part;
  }
  return found;
}

/* Of "Optional[X]" X; of "X[T]" X. Unions inside brackets stay unknown. */
static Str class_of_text(Module *module, Node string) {
  Str text = STR_EMPTY;
  TREE_EACH_CHILD (&module->tree, string, child) {
    if (tree_is(&module->tree, child, KIND_STRING_CONTENT)) text = tree_text(&module->tree, child);
  }
  ScopeId scope = module->scopes.scope_of[string];
  for (uint32_t i = 0; i < ANNOTATION_DEPTH; i++) {
    if (!str_contains(text, STR("["))) text = without_none(text);
    uint32_t bracket = str_find(text, STR("["));
    Str head = str_trim(str_slice(text, 0, bracket < text.len ? bracket : text.len));
    if (head.len == 0) return STR_EMPTY;
    Str name = name_of_text(module, scope, head);
    if (bracket >= text.len || !STR_IN(name, WRAPPERS)) return class_with_name(module, name);
    text = str_slice(text, bracket + 1, text.len);
    uint32_t end = str_find(text, STR(","));
    if (end >= text.len)
      end = text.len > 0 && str_ends_with(text, STR("]")) ? text.len - 1 : text.len;
    text = str_trim(str_slice(text, 0, end));
  }
  return STR_EMPTY;
}

/* --- annotations as expressions --------------------------------------------------------------- */

/* The side of `X | None` that is not None, or NODE_NONE. */
static Node other_side(const Tree *tree, Node first, Node last) {
  if (is_none(tree, last)) return first;
  return is_none(tree, first) ? last : NODE_NONE;
}

/* `X[args]`: args where X only wraps a class, else X. */
static Node unwrapped(Module *module, Node head, Node argument) {
  return NAME_IN(module, head, WRAPPERS) ? argument : head;
}

/* The only part of `Union[X, None]` that is not None. */
static Node united(Module *module, Node subscript) {
  const Tree *tree = &module->tree;
  Node found = NODE_NONE;
  TREE_EACH_CHILD (tree, subscript, child) {
    if (child == tree_first(tree, subscript) || is_none(tree, child)) continue;
    if (found != NODE_NONE) return NODE_NONE;
    found = child;
  }
  return found;
}

/* The type expression inside this one, itself if it is a plain name. */
static Node peeled(Module *module, Node node) {
  const Tree *tree = &module->tree;
  Node first = tree_first(tree, node);
  switch (tree_kind(tree, node)) {
  case KIND_TYPE:
    return first;
  case KIND_BINARY_OPERATOR:
  case KIND_UNION_TYPE:
    return other_side(tree, first, tree_last_child(tree, node));
  case KIND_SUBSCRIPT:
    if (name_is(module, first, "typing.Union")) return united(module, node);
    return unwrapped(module, first, tree_child(tree, node, FIELD_SUBSCRIPT));
  case KIND_GENERIC_TYPE: {
    Node arguments = tree_last_child(tree, node);
    if (name_is(module, first, "typing.Union")) {
      Node left = tree_first(tree, arguments);
      return tree_child_count(tree, arguments) == 2
        ? other_side(tree, left, tree_last_child(tree, arguments))
        : NODE_NONE;
    }
    return unwrapped(module, first, tree_first(tree, arguments));
  }
  default:
    return node;
  }
}

Str annotated_class(Module *module, Node annotation) {
  const Tree *tree = &module->tree;
  Node node = annotation;
  for (uint32_t i = 0; i < ANNOTATION_DEPTH && node != NODE_NONE; i++) {
    if (tree_is(tree, node, KIND_STRING)) return class_of_text(module, node);
    Node inner = peeled(module, node);
    if (inner == node) {
      Str name = name_of(module, node);
      if (str_is(str_after_last(name, '.'), "Self"))
        return enclosing_class_name(module, annotation);
      return class_with_name(module, name);
    }
    node = inner;
  }
  return STR_EMPTY;
}

/* --- what collections hold -------------------------------------------------------------------- */

static const char *const SEQUENCES[] = {
  "list",
  "set",
  "frozenset",
  "collections.deque",
  "typing.List",
  "typing.Set",
  "typing.FrozenSet",
  "typing.Deque",
  "typing.Sequence",
  "typing.MutableSequence",
  "typing.Iterable",
  "typing.Iterator",
  "typing.Collection",
  "collections.abc.Sequence",
  "collections.abc.MutableSequence",
  "collections.abc.Iterable",
  "collections.abc.Iterator",
  "collections.abc.Collection",
};

static const char *const MAPPINGS[] = {
  "dict",
  "typing.Dict",
  "typing.DefaultDict",
  "typing.Mapping",
  "typing.MutableMapping",
  "collections.defaultdict",
  "collections.OrderedDict",
  "collections.abc.Mapping",
  "collections.abc.MutableMapping",
};

/* The n-th argument of `X[…]`, or NODE_NONE. */
static Node type_argument(const Tree *tree, Node generic, uint32_t n) {
  if (tree_is(tree, generic, KIND_GENERIC_TYPE))
    return tree_nth(tree, tree_last_child(tree, generic), n);
  return tree_nth(tree, generic, n + 1);
}

Str annotated_element(Module *module, Node annotation, bool of_keys) {
  const Tree *tree = &module->tree;
  Node node = annotation;
  for (uint32_t i = 0; i < ANNOTATION_DEPTH && node != NODE_NONE; i++) {
    if (tree_is(tree, node, KIND_GENERIC_TYPE) || tree_is(tree, node, KIND_SUBSCRIPT)) {
      Node head = tree_first(tree, node);
      bool is_mapping = NAME_IN(module, head, MAPPINGS);
      if (is_mapping || NAME_IN(module, head, SEQUENCES)) {
        Node argument = type_argument(tree, node, is_mapping && !of_keys ? 1 : 0);
        return argument == NODE_NONE ? STR_EMPTY : annotated_class(module, argument);
      }
    }
    Node inner = peeled(module, node);
    if (inner == node) return STR_EMPTY;
    node = inner;
  }
  return STR_EMPTY;
}

/* --- plain values ----------------------------------------------------------------------------- */

static const char *const PLAIN_VALUES[] = {
  "str",
  "int",
  "float",
  "bool",
  "bytes",
  "bytearray",
  "complex",
  "datetime.datetime",
  "datetime.timedelta",
  "decimal.Decimal",
  "uuid.UUID",
  "pathlib.Path",
};

static const char *const UNIONS[] = { "typing.Union", "typing.Optional" };

static bool is_plain_name(Module *module, Node name) {
  static const char *const others[] = { "tuple", "typing.Tuple" };
  return NAME_IN(module, name, PLAIN_VALUES) || NAME_IN(module, name, SEQUENCES) ||
    NAME_IN(module, name, MAPPINGS) || NAME_IN(module, name, others);
}

bool is_plain_annotation(Module *module, Node annotation) {
  const Tree *tree = &module->tree;
  bool is_plain = false;
  for (Node row = annotation; row < tree_after(tree, annotation); row++) {
    if (tree_field(tree, row) == FIELD_OPERATOR) continue;
    Node head = row;
    switch (tree_kind(tree, row)) {
    case KIND_TYPE:
    case KIND_UNION_TYPE:
    case KIND_TYPE_PARAMETER:
    case KIND_BINARY_OPERATOR:
    case KIND_NONE_LITERAL:
      continue;
    case KIND_GENERIC_TYPE:
    case KIND_SUBSCRIPT:
      head = tree_first(tree, row);
      if (NAME_IN(module, head, UNIONS)) {
        row = tree_after(tree, head) - 1;
        continue;
      }
      break;
    case KIND_IDENTIFIER:
    case KIND_ATTRIBUTE:
      break;
    default:
      return false;
    }
    if (head == NODE_NONE || !is_plain_name(module, head)) return false;
    is_plain = true;
    row = tree_after(tree, row) - 1; /* what a collection holds does not matter */
  }
  return is_plain;
}
