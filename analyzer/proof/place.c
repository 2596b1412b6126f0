#include "proof/place.h"

#include "python/outcome.h"

uint32_t place_line_of(Module *module, uint32_t offset) {
  return source_line_of(module->source, offset);
}

/* The line without the blanks around it. */
static Span line_span(Module *module, uint32_t line) {
  const Source *source = module->source;
  uint32_t known = line > 0 && line <= source->line_count ? line : 1;
  Str text = str_trim(source_line(source, known));
  uint32_t start = (uint32_t)(text.data - source->text.data);
  return (Span){ start, start + text.len };
}

/* The deepest node at the beginning of the line. */
static Node node_on(Module *module, uint32_t line) {
  return tree_at(&module->tree, line_span(module, line).start);
}

/* As much of the span as its first line holds. */
static Span first_line(Module *module, Span span) {
  Span line = line_span(module, place_line_of(module, span.start));
  return (Span){ span.start, span.end < line.end ? span.end : line.end };
}

Span place_code(Module *module, uint32_t line) {
  Span whole = line_span(module, line);
  Node statement = tree_statement(&module->tree, node_on(module, line));
  Span span = tree_span(&module->tree, statement);
  return span.start == whole.start ? first_line(module, span) : whole;
}

static Span clause_span(Module *module, Node clause, const Caught *caught) {
  if (caught->types != NODE_NONE) return tree_span(&module->tree, caught->types);
  uint32_t start = module->tree.rows[clause].start;
  return (Span){ start, start + (uint32_t)(sizeof("except") - 1) };
}

/* The clause of a try that takes cancellations. */
static bool find_clause(Module *module, Node try_statement, Place *place) {
  Nodes clauses = try_handlers(module, try_statement);
  for (uint32_t i = 0; i < clauses.count; i++) {
    Caught caught = caught_by(module, clauses.items[i]);
    if (!caught_cancellation(module, &caught)) continue;
    *place = (Place){ "swallowed-cancellation", clause_span(module, clauses.items[i], &caught) };
    return true;
  }
  return false;
}

/* The first `return` of the block, not of functions in it; the block if it jumps in another way. */
static Node jump_in(Module *module, Node block) {
  FunctionId function = module_function_of(module, block);
  for (Node node = block; node < tree_after(&module->tree, block); node++) {
    bool is_return = tree_is(&module->tree, node, KIND_RETURN_STATEMENT);
    if (is_return && module_function_of(module, node) == function) return node;
  }
  return block;
}

/* A finally that ends with a jump drops what is on its way. */
static bool find_jump(Module *module, Node try_statement, Place *place) {
  const unsigned jumps = OUTCOME_RETURNS | OUTCOME_BREAKS | OUTCOME_CONTINUES;
  Node block = try_finally(module, try_statement);
  if (block == NODE_NONE || (outcome_of(module, block) & jumps) == 0) return false;
  Span jump = tree_span(&module->tree, jump_in(module, block));
  *place = (Place){ "jump-in-finally", first_line(module, jump) };
  return true;
}

/* True if the line lies behind the body of the try. */
static bool handles_on(Module *module, Node try_statement, uint32_t line) {
  const NodeRow *rows = module->tree.rows;
  uint32_t body_end = place_line_of(module, rows[try_body(module, try_statement)].end);
  return body_end < line && line <= place_line_of(module, rows[try_statement].end);
}

/* The handler that took a cancellation: from the line that waited outward, the one of the try that holds the line of the
   handler (0: unknown). Before Python 3.12 that is the line where the first try on the way begins to handle, if only to pass
   the cancellation on: it says nothing of those further out. */
static bool find_handler(Module *module, uint32_t waited, uint32_t line, Place *place) {
  Node node = try_around(module, node_on(module, waited));
  for (; node != NODE_NONE; node = try_around(module, node)) {
    if (line > 0 && !handles_on(module, node, line)) continue;
    if (find_clause(module, node, place) || find_jump(module, node, place)) return true;
    line = 0;
  }
  return false;
}

/* The innermost `with` around the line that waited. */
static bool find_with(Module *module, uint32_t waited, Place *place) {
  const Tree *tree = &module->tree;
  Node with = tree_ancestor(tree, node_on(module, waited), KIND_WITH_STATEMENT);
  Node clause = with == NODE_NONE ? NODE_NONE : tree_first(tree, with);
  Node item = clause == NODE_NONE ? NODE_NONE : tree_first(tree, clause);
  if (!tree_is(tree, item, KIND_WITH_ITEM)) return false;
  bool is_suppress = suppressing_call(module, item) != NODE_NONE;
  const char *rule = is_suppress ? "swallowed-cancellation" : "exit-swallows-cancellation";
  *place = (Place){ rule, tree_span(tree, item) };
  return true;
}

/* A task may end this way where nobody but its owner cancels it: that has a rule of its own. */
static bool ends_own_task(const Sighting *seen) {
  return seen->then.len == 0 && str_equal(seen->at.function, seen->task);
}

Place place_of_swallowing(Module *module, const Sighting *seen) {
  uint32_t line = seen->handler > 0 ? seen->handler : seen->at.line;
  Place place = { "swallowed-cancellation", place_code(module, line) };
  if (!find_handler(module, seen->at.line, seen->handler, &place)) {
    find_with(module, seen->at.line, &place);
  }
  bool is_handler = str_is(STR("swallowed-cancellation"), place.rule);
  if (is_handler && ends_own_task(seen)) place.rule = "absorbed-cancellation";
  return place;
}

Node place_call_node(Module *module, uint32_t line, Str name) {
  const Tree *tree = &module->tree;
  Node found = NODE_NONE;
  for (Node node = 0; node < tree->count; node++) {
    if (!tree_is(tree, node, KIND_CALL)) continue;
    if (place_line_of(module, tree->rows[node].start) != line) continue;
    Str function = tree_text(tree, tree_first(tree, node));
    if (found == NODE_NONE) found = node;
    if (name.len > 0 && str_equal(str_after_last(function, '.'), name)) return node;
  }
  return found;
}

Span place_call(Module *module, uint32_t line, Str name) {
  Node call = place_call_node(module, line, name);
  return call == NODE_NONE ? place_code(module, line) : tree_span(&module->tree, call);
}
