#include "python/outcome.h"

#include "python/caches.h"
#include "python/never_return.h"
#include "python/truth.h"

enum {
  /* Python refuses more than 100 levels of indentation; what a block further in does is not
     known. */
  OUTCOME_DEPTH = 128,
  OUTCOME_ANY =
    OUTCOME_FALLS | OUTCOME_RETURNS | OUTCOME_BREAKS | OUTCOME_CONTINUES | OUTCOME_RAISES,
  OUTCOME_KNOWN = 1 << 7, /* in the cache, where 0 means that nobody has asked */
};

typedef struct {
  Module *module;
  const Tree *tree;
  uint32_t level, depth;
} Question;

static unsigned outcome_of_block(Question *question, Node block);

/* ---- children ---- */

static Node child_of_kind(const Tree *tree, Node node, Kind kind) {
  if (node == NODE_NONE) return NODE_NONE;
  TREE_EACH_CHILD (tree, node, child) {
    if (tree_is(tree, child, kind)) return child;
  }
  return NODE_NONE;
}

static Node clause_block(const Tree *tree, Node node, Kind clause) {
  return child_of_kind(tree, child_of_kind(tree, node, clause), KIND_BLOCK);
}

/* ---- statements ---- */

/* What happens if `next` follows wherever `outcome` falls. */
static unsigned then(unsigned outcome, unsigned next) {
  return (outcome & OUTCOME_FALLS) != 0 ? (outcome & ~(unsigned)OUTCOME_FALLS) | next : outcome;
}

/* A missing clause falls through. */
static unsigned outcome_of_clause(Question *question, Node statement, Kind clause) {
  Node block = clause_block(question->tree, statement, clause);
  return block == NODE_NONE ? OUTCOME_FALLS : outcome_of_block(question, block);
}

/* One condition and its block; is_open becomes false if nothing passes the condition by. */
static unsigned outcome_of_branch(Question *question, Node node, bool *is_open) {
  Truth truth = truth_of(question->tree, tree_child(question->tree, node, FIELD_CONDITION));
  if (truth == TRUTH_NEVER) return 0;
  if (truth == TRUTH_ALWAYS) *is_open = false;
  return outcome_of_block(question, child_of_kind(question->tree, node, KIND_BLOCK));
}

static unsigned outcome_of_if(Question *question, Node statement) {
  const Tree *tree = question->tree;
  bool is_open = true; /* some way has met no block yet */
  unsigned outcome = outcome_of_branch(question, statement, &is_open);
  TREE_EACH_CHILD (tree, statement, child) {
    if (!is_open) break;
    if (tree_is(tree, child, KIND_ELIF_CLAUSE))
      outcome |= outcome_of_branch(question, child, &is_open);
    if (!tree_is(tree, child, KIND_ELSE_CLAUSE)) continue;
    outcome |= outcome_of_block(question, child_of_kind(tree, child, KIND_BLOCK));
    is_open = false;
  }
  return is_open ? outcome | OUTCOME_FALLS : outcome;
}

static unsigned outcome_of_loop(Question *question, Node statement) {
  const Tree *tree = question->tree;
  Node condition = tree_child(tree, statement, FIELD_CONDITION); /* of a while */
  Truth truth = condition != NODE_NONE ? truth_of(tree, condition) : TRUTH_UNKNOWN;
  unsigned body = 0, otherwise = 0;
  if (truth != TRUTH_NEVER)
    body = outcome_of_block(question, child_of_kind(tree, statement, KIND_BLOCK));
  if (truth != TRUTH_ALWAYS) otherwise = outcome_of_clause(question, statement, KIND_ELSE_CLAUSE);
  unsigned broken = (body & OUTCOME_BREAKS) != 0 ? OUTCOME_FALLS : 0;
  return (body & (OUTCOME_RETURNS | OUTCOME_RAISES)) | broken | otherwise;
}

static unsigned outcome_of_try(Question *question, Node statement) {
  const Tree *tree = question->tree;
  unsigned body = outcome_of_block(question, child_of_kind(tree, statement, KIND_BLOCK));
  unsigned handled = 0;
  bool catches_all = false;
  TREE_EACH_CHILD (tree, statement, clause) {
    if (!tree_is(tree, clause, KIND_EXCEPT_CLAUSE)) continue;
    Caught caught = caught_by(question->module, clause);
    catches_all |= caught.is_bare || caught.base_exception || caught.exception;
    handled |= outcome_of_block(question, caught.body);
  }
  if (catches_all) body &= ~(unsigned)OUTCOME_RAISES;
  unsigned outcome = then(body, outcome_of_clause(question, statement, KIND_ELSE_CLAUSE)) | handled;
  unsigned last = outcome_of_clause(question, statement, KIND_FINALLY_CLAUSE);
  return (last & OUTCOME_FALLS) != 0 ? outcome | (last & ~(unsigned)OUTCOME_FALLS) : last;
}

/* A suppressing `with` is passed by whatever fails in it, named in the text or not. */
static unsigned outcome_of_with(Question *question, Node statement) {
  const Tree *tree = question->tree;
  unsigned outcome = outcome_of_block(question, child_of_kind(tree, statement, KIND_BLOCK));
  Node items = child_of_kind(tree, statement, KIND_WITH_CLAUSE);
  if (items == NODE_NONE) return outcome;
  TREE_EACH_CHILD (tree, items, item) {
    Node call = suppressing_call(question->module, item);
    if (call == NODE_NONE) continue;
    Caught caught = caught_by_suppress(question->module, call);
    if (caught.base_exception || caught.exception) outcome &= ~(unsigned)OUTCOME_RAISES;
    outcome |= OUTCOME_FALLS;
  }
  return outcome;
}

static unsigned outcome_of_match(Question *question, Node statement) {
  const Tree *tree = question->tree;
  Node body = child_of_kind(tree, statement, KIND_BLOCK);
  if (body == NODE_NONE) return OUTCOME_FALLS;
  unsigned outcome = 0;
  TREE_EACH_CHILD (tree, body, clause) {
    if (!tree_is(tree, clause, KIND_CASE_CLAUSE)) continue;
    outcome |= outcome_of_block(question, child_of_kind(tree, clause, KIND_BLOCK));
    bool is_guarded = tree_child(tree, clause, FIELD_GUARD) != NODE_NONE;
    if (!is_guarded && case_is_irrefutable(tree, clause)) return outcome;
  }
  return outcome | OUTCOME_FALLS;
}

static unsigned outcome_of_assert(Question *question, Node statement) {
  Truth truth = truth_of(question->tree, tree_first(question->tree, statement));
  return truth == TRUTH_NEVER ? OUTCOME_RAISES : OUTCOME_FALLS;
}

static unsigned outcome_of_expression(Question *question, Node statement) {
  bool ends = statement_never_returns_at(question->module, statement, question->level);
  return ends ? OUTCOME_RAISES : OUTCOME_FALLS;
}

static unsigned outcome_of_return(Question *question, Node statement) {
  (void)question, (void)statement;
  return OUTCOME_RETURNS;
}

static unsigned outcome_of_break(Question *question, Node statement) {
  (void)question, (void)statement;
  return OUTCOME_BREAKS;
}

static unsigned outcome_of_continue(Question *question, Node statement) {
  (void)question, (void)statement;
  return OUTCOME_CONTINUES;
}

static unsigned outcome_of_raise(Question *question, Node statement) {
  (void)question, (void)statement;
  return OUTCOME_RAISES;
}

static unsigned outcome_of_inner_block(Question *question, Node clause) {
  return outcome_of_block(question, child_of_kind(question->tree, clause, KIND_BLOCK));
}

typedef unsigned (*OutcomeOf)(Question *question, Node statement);

/* Definitions, a class body among them, and all other statements fall through. */
static const OutcomeOf STATEMENTS[KIND_COUNT] = {
  [KIND_ASSERT_STATEMENT] = outcome_of_assert,
  [KIND_BLOCK] = outcome_of_block,
  [KIND_BREAK_STATEMENT] = outcome_of_break,
  [KIND_CASE_CLAUSE] = outcome_of_inner_block,
  [KIND_CONTINUE_STATEMENT] = outcome_of_continue,
  [KIND_ELIF_CLAUSE] = outcome_of_inner_block,
  [KIND_ELSE_CLAUSE] = outcome_of_inner_block,
  [KIND_EXCEPT_CLAUSE] = outcome_of_inner_block,
  [KIND_EXPRESSION_STATEMENT] = outcome_of_expression,
  [KIND_FINALLY_CLAUSE] = outcome_of_inner_block,
  [KIND_FOR_STATEMENT] = outcome_of_loop,
  [KIND_IF_STATEMENT] = outcome_of_if,
  [KIND_MATCH_STATEMENT] = outcome_of_match,
  [KIND_MODULE] = outcome_of_block,
  [KIND_RAISE_STATEMENT] = outcome_of_raise,
  [KIND_RETURN_STATEMENT] = outcome_of_return,
  [KIND_TRY_STATEMENT] = outcome_of_try,
  [KIND_WHILE_STATEMENT] = outcome_of_loop,
  [KIND_WITH_STATEMENT] = outcome_of_with,
};

static unsigned outcome_of_statement(Question *question, Node statement) {
  OutcomeOf outcome_of_kind = STATEMENTS[tree_kind(question->tree, statement)];
  return outcome_of_kind != NULL ? outcome_of_kind(question, statement) : (unsigned)OUTCOME_FALLS;
}

static unsigned outcome_of_statements(Question *question, Node block) {
  unsigned outcome = OUTCOME_FALLS;
  TREE_EACH_CHILD (question->tree, block, statement) {
    outcome = then(outcome, outcome_of_statement(question, statement));
    if ((outcome & OUTCOME_FALLS) == 0) break;
  }
  return outcome;
}

static uint8_t *cached_outcome(Module *module, Node block, uint32_t level) {
  uint8_t **outcomes = &module->caches->outcomes[level];
  if (*outcomes == NULL) *outcomes = arena_array(module->arena, uint8_t, module->tree.count);
  return &(*outcomes)[block];
}

static unsigned outcome_of_block(Question *question, Node block) {
  if (block == NODE_NONE) return OUTCOME_FALLS;
  uint8_t *cached = cached_outcome(question->module, block, question->level);
  if (*cached != 0) return *cached & ~(unsigned)OUTCOME_KNOWN;
  if (question->depth >= OUTCOME_DEPTH) return OUTCOME_ANY;
  question->depth++;
  unsigned outcome = outcome_of_statements(question, block);
  question->depth--;
  *cached = (uint8_t)(outcome | OUTCOME_KNOWN);
  return outcome;
}

unsigned outcome_at(Module *module, Node node, uint32_t level) {
  Question question = { .module = module, .tree = &module->tree, .level = level };
  return outcome_of_statement(&question, node);
}

unsigned outcome_of(Module *module, Node block) { return outcome_at(module, block, 0); }

/* ---- handlers ---- */

bool handler_always_raises(Module *module, Node clause) {
  return outcome_of(module, clause) == OUTCOME_RAISES;
}

/* The except clause inside of `clause` that holds the node, or NODE_NONE. */
static Node clause_between(const Tree *tree, Node clause, Node node) {
  Node inner = tree_ancestor(tree, node, KIND_EXCEPT_CLAUSE);
  return inner == NODE_NONE || inner <= clause ? NODE_NONE : inner;
}

/* All its raise statements stand in handlers of errors that come up while this one is handled. */
static bool raises_later_errors_only(const Tree *tree, Node clause) {
  bool has_raise = false;
  for (Node node = clause; node < tree_after(tree, clause); node++) {
    if (!tree_is(tree, node, KIND_RAISE_STATEMENT)) continue;
    if (clause_between(tree, clause, node) == NODE_NONE) return false;
    has_raise = true;
  }
  return has_raise;
}

bool handler_may_raise(Module *module, Node clause) {
  if ((outcome_of(module, clause) & OUTCOME_RAISES) == 0) return false;
  return handler_always_raises(module, clause) || !raises_later_errors_only(&module->tree, clause);
}

/* ---- the parts of a try, and the tries around a node ---- */

Nodes try_handlers(Module *module, Node try_statement) {
  const Tree *tree = &module->tree;
  Nodes handlers = { 0 };
  TREE_EACH_CHILD (tree, try_statement, child) {
    if (tree_is(tree, child, KIND_EXCEPT_CLAUSE)) vec_push(module->arena, &handlers, child);
  }
  return handlers;
}

Node try_body(const Module *module, Node try_statement) {
  return child_of_kind(&module->tree, try_statement, KIND_BLOCK);
}

Node try_finally(const Module *module, Node try_statement) {
  return clause_block(&module->tree, try_statement, KIND_FINALLY_CLAUSE);
}

/* The parent that is evaluated by the same function, or NODE_NONE. */
static Node parent_in_function(const Tree *tree, Node node) {
  Node parent = tree_parent(tree, node);
  if (parent == NODE_NONE) return NODE_NONE;
  Kind kind = tree_kind(tree, parent);
  bool is_function = kind == KIND_FUNCTION_DEFINITION || kind == KIND_LAMBDA;
  return is_function && tree_field(tree, node) == FIELD_BODY ? NODE_NONE : parent;
}

Node try_around(const Module *module, Node node) {
  const Tree *tree = &module->tree;
  for (Node parent; (parent = parent_in_function(tree, node)) != NODE_NONE; node = parent) {
    if (tree_is(tree, parent, KIND_TRY_STATEMENT) && tree_is(tree, node, KIND_BLOCK)) return parent;
  }
  return NODE_NONE;
}

bool is_unwinding(Module *module, Node node) {
  const Tree *tree = &module->tree;
  for (Node parent; (parent = parent_in_function(tree, node)) != NODE_NONE; node = parent) {
    if (!tree_is(tree, node, KIND_BLOCK)) continue;
    if (tree_is(tree, parent, KIND_FINALLY_CLAUSE)) return true;
    if (tree_is(tree, parent, KIND_EXCEPT_CLAUSE) && handler_always_raises(module, parent))
      return true;
  }
  return false;
}
