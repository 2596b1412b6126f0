#include "python/element_uses.h"

#include "python/asyncio_call.h"
#include "python/iterate.h"
#include "python/name.h"
#include "python/tell.h"

enum { TWIN_MAX_ROWS = 20000 }; /* of a function that are searched for the same expression */

static const char *const ASKING_FUNCTIONS[] = {
  "hasattr", "callable", "getattr", "inspect.isclass", "inspect.iscoroutine"
};
static const char *const ASKING_WORDS[] = { "is",     "has",    "check",   "ensure",
                                            "assert", "verify", "validate" };

static void add_uses(Module *module, Uses *uses, Uses more) {
  for (uint32_t i = 0; i < more.count; i++) vec_push(module->arena, uses, more.items[i]);
}

/* `case other:` gives the subject another name. */
static void add_captures(Module *module, Uses *uses, Node match) {
  const Tree *tree = &module->tree;
  Node body = tree_child(tree, match, FIELD_BODY);
  if (body == NODE_NONE) return;
  TREE_EACH_CHILD (tree, body, clause) {
    Node pattern = tree_first(tree, clause);
    Node name = tree_is(tree, pattern, KIND_CASE_PATTERN) ? tree_first(tree, pattern) : NODE_NONE;
    if (tree_is(tree, name, KIND_DOTTED_NAME)) name = tree_first(tree, name);
    if (!tree_is(tree, name, KIND_IDENTIFIER) || scopes_binding(&module->scopes, name) == BINDING_NONE)
      continue;
    if (scopes_occurrence(&module->scopes, name) != OCCURRENCE_CAPTURE) continue;
    add_uses(module, uses, uses_of_definition(module, name));
  }
}

static Uses uses_of_twins(Module *module, Node expression) {
  const Tree *tree = &module->tree;
  Uses uses = { 0 };
  Str text = tree_text(tree, expression);
  Node home = module_function(module, module_function_of(module, expression))->node;
  Node last = tree_after(tree, home);
  if (last - expression > TWIN_MAX_ROWS) last = expression + TWIN_MAX_ROWS;
  for (Node node = expression; node < last; node++) {
    if (!tree_is(tree, node, tree_kind(tree, expression)) || tree_field(tree, node) == FIELD_LEFT)
      continue;
    if (str_equal(tree_text(tree, node), text)) add_uses(module, &uses, uses_of(module, node));
  }
  return uses;
}

Uses element_uses(Module *module, Element element) {
  Uses uses = { 0 };
  bool is_subscript = tree_is(&module->tree, element.node, KIND_SUBSCRIPT);
  if (element.is_name) {
    uses = uses_of_definition(module, element.node);
  } else {
    uses = is_subscript ? uses_of_twins(module, element.node) : uses_of(module, element.node);
  }
  uint32_t count = uses.count;
  for (uint32_t i = 0; i < count; i++) {
    Use use = uses.items[i];
    if (use.kind == USE_CHECKED && tree_is(&module->tree, use.consumer, KIND_MATCH_STATEMENT)) {
      add_captures(module, &uses, use.consumer);
    }
  }
  return uses;
}

bool use_asks(Module *module, const Use *use) {
  if (use->kind != USE_ARGUMENT || !tree_is(&module->tree, use->consumer, KIND_CALL)) return false;
  Node function = call_function(module, use->consumer);
  if (NAME_IN(module, function, ASKING_FUNCTIONS)) return true;
  uint32_t facts;
  if (argument_facts(module, use, &facts) && (facts & PARAMETER_TESTED) != 0) return true;
  Str name = last_name(module, function);
  return STR_IN(str_lower(module->arena, next_word(&name)), ASKING_WORDS);
}

bool is_ordering(const Tree *tree, Node comparison) {
  Node operator= tree_child(tree, comparison, FIELD_OPERATORS);
  Str text = operator== NODE_NONE ? STR_EMPTY : tree_text(tree, operator);
  return text.len > 0 && (text.data[0] == '<' || text.data[0] == '>');
}
