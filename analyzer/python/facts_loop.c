/* What runs once per item of a collection. */
#include "python/facts_call.h"

#include "python/outcome.h"

enum {
  NESTING_MAX = 200, /* expressions and blocks around a node */
  STEPS_MAX = 4000,  /* rows and occurrences for one question; past them nothing depends */
  TEXT_MAX = 120,    /* bytes of the head of a loop */
};

static const char *const RETRY_WORDS[] = { "attempt", "retr", "tries" };

/* Whether something depends on the variables of a loop. */
typedef struct {
  const Module *module;
  Node loop, targets;
  uint32_t steps;
} Question;

static bool may_go_on(Question *question) { return question->steps++ < STEPS_MAX; }

static bool is_target(Question *question, const Binding *binding) {
  for (uint32_t i = 0; i < binding->occurrences.count && may_go_on(question); i++) {
    const Occurrence *occurrence = &binding->occurrences.items[i];
    bool is_for = occurrence->kind == OCCURRENCE_FOR;
    if (is_for && tree_inside(&question->module->tree, occurrence->node, question->targets))
      return true;
  }
  return false;
}

static const Binding *binding_read(const Module *module, Node node) {
  if (!tree_is(&module->tree, node, KIND_IDENTIFIER)) return NULL;
  BindingId id = scopes_binding(&module->scopes, node);
  return id == BINDING_NONE ? NULL : scopes_get(&module->scopes, id);
}

static bool mentions_target(Question *question, Node expression) {
  Node end = tree_after(&question->module->tree, expression);
  for (Node node = expression; node < end && may_go_on(question); node++) {
    const Binding *binding = binding_read(question->module, node);
    if (binding != NULL && is_target(question, binding)) return true;
  }
  return false;
}

/* `url = base + item` in the loop: depends on the item as well. */
static bool is_made_of_target(Question *question, const Binding *binding) {
  const Tree *tree = &question->module->tree;
  for (uint32_t i = 0; i < binding->occurrences.count && may_go_on(question); i++) {
    const Occurrence *occurrence = &binding->occurrences.items[i];
    Node assignment = tree_parent(tree, occurrence->node);
    bool is_assigned =
      occurrence->kind == OCCURRENCE_ASSIGN && tree_is(tree, assignment, KIND_ASSIGNMENT);
    if (!is_assigned || !tree_inside(tree, assignment, question->loop)) continue;
    Node value = tree_child(tree, assignment, FIELD_RIGHT);
    if (value != NODE_NONE && mentions_target(question, value)) return true;
  }
  return false;
}

static bool depends_on_item(Question *question, Node expression) {
  Node end = tree_after(&question->module->tree, expression);
  for (Node node = expression; node < end && may_go_on(question); node++) {
    const Binding *binding = binding_read(question->module, node);
    if (binding == NULL) continue;
    if (is_target(question, binding) || is_made_of_target(question, binding)) return true;
  }
  return false;
}

static bool is_retry(const FactsBuilder *builder, Node targets, Node items) {
  const Tree *tree = &builder->module->tree;
  Span span = { tree_span(tree, targets).start, tree_span(tree, items).end };
  Str head = source_text(builder->module->source, span);
  Str text =
    str_lower(builder->scratch, str_slice(head, 0, head.len < TEXT_MAX ? head.len : TEXT_MAX));
  for (size_t i = 0; i < sizeof(RETRY_WORDS) / sizeof(*RETRY_WORDS); i++) {
    if (str_contains(text, str_from(RETRY_WORDS[i]))) return true;
  }
  return false;
}

static bool goes_through(const FactsBuilder *builder, Node head, Node loop, Node node) {
  const Tree *tree = &builder->module->tree;
  Node targets = tree_child(tree, head, FIELD_LEFT), items = tree_child(tree, head, FIELD_RIGHT);
  if (targets == NODE_NONE || items == NODE_NONE || is_retry(builder, targets, items)) return false;
  Question question = { .module = builder->module, .loop = loop, .targets = targets };
  return depends_on_item(&question, node);
}

/* A loop over places to try: the first turn that works is the last one. */
static bool ends_with_success(const FactsBuilder *builder, Node body) {
  return (outcome_of(builder->module, body) & (OUTCOME_RETURNS | OUTCOME_BREAKS)) != 0;
}

/* part: the child of the loop that holds the node. */
static bool repeats(const FactsBuilder *builder, Node loop, Node part, Node node) {
  const Tree *tree = &builder->module->tree;
  if (tree_is(tree, loop, KIND_FOR_STATEMENT)) {
    return tree_field(tree, part) == FIELD_BODY && goes_through(builder, loop, loop, node) &&
      !ends_with_success(builder, part);
  }
  if (!kind_is_comprehension(tree_kind(tree, loop)) || tree_field(tree, part) != FIELD_BODY)
    return false;
  TREE_EACH_CHILD (tree, loop, clause) {
    if (tree_is(tree, clause, KIND_FOR_IN_CLAUSE) && goes_through(builder, clause, loop, node))
      return true;
  }
  return false;
}

bool facts_is_per_item(const FactsBuilder *builder, Node node) {
  const Module *module = builder->module;
  FunctionId function = module_function_of(module, node);
  Node part = node, around = tree_parent(&module->tree, node);
  for (uint32_t i = 0; i < NESTING_MAX && around != NODE_NONE; i++) {
    if (module_function_of(module, around) != function) return false;
    if (repeats(builder, around, part, node)) return true;
    part = around;
    around = tree_parent(&module->tree, around);
  }
  return false;
}
