#include "python/shape.h"

/* Children that Python sees as one tuple, but the grammar as several of a kind. */
typedef struct {
  Kind parent;
  Kind member_kind;   /* KIND_NONE: any */
  Field member_field; /* FIELD_NONE: any */
  Kind wrappers[2];   /* outermost first */
} TupleRule;

static const TupleRule TUPLE_RULES[] = {
  { KIND_EXPRESSION_STATEMENT, KIND_NONE, FIELD_NONE, { KIND_TUPLE } },
  { KIND_MATCH_STATEMENT, KIND_NONE, FIELD_SUBJECT, { KIND_TUPLE } },
  { KIND_CASE_CLAUSE, KIND_CASE_PATTERN, FIELD_NONE, { KIND_CASE_PATTERN, KIND_TUPLE_PATTERN } },
};

/* What became of a raw row. */
typedef struct {
  Node row;               /* its row, or that of the nearest ancestor which has one */
  Node inside;            /* the row that its next child belongs to */
  Field field;            /* of its child, where it is gone itself */
  const TupleRule *tuple; /* the rule that its present child is a member by */
  bool is_gone;
  bool was_tuple;
} Place;

typedef struct {
  Tree *tree;
  const RawRows *raw;
  Place *places;
} Shaping;

/* --- errors ----------------------------------------------------------------------------------- */

static bool is_import(uint16_t kind) {
  return kind == KIND_IMPORT_STATEMENT || kind == KIND_IMPORT_FROM_STATEMENT ||
    kind == KIND_FUTURE_IMPORT_STATEMENT;
}

static bool begins_statement(const Source *source, uint32_t offset) {
  while (offset > 0 &&
         (source->code.data[offset - 1] == ' ' || source->code.data[offset - 1] == '\t')) {
    offset--;
  }
  return offset == 0 || source->code.data[offset - 1] == '\n' ||
    source->code.data[offset - 1] == ';';
}

/* PEP 810. The grammar knows no `lazy`, and takes it alone for an error. */
static bool is_lazy(const Source *source, const RawRows *rows, Node node) {
  const NodeRow *row = &rows->items[node];
  if (row->parent == NODE_NONE || row->after >= rows->items[row->parent].after) return false;
  if (!str_is(source_text(source, (Span){ row->start, row->end }), "lazy")) return false;
  const NodeRow *next = &rows->items[row->after];
  if (next->kind == KIND_BLOCK && row->after + 1 < next->after) next++;
  Str between = source_text(source, (Span){ row->end, next->start });
  bool is_on_one_line = !str_contains(between, STR("\n")) && str_trim(between).len == 0;
  return is_import(next->kind) && is_on_one_line && begins_statement(source, row->start);
}

/* An error below the node that no row stands for: a missing line end or indentation. */
static bool has_hidden_error(const RawRows *rows, Node node) {
  const NodeRow *row = &rows->items[node];
  if ((row->flags & NODE_HAS_ERROR) == 0) return false;
  for (Node child = node + 1; child < row->after; child = rows->items[child].after) {
    if ((rows->items[child].flags & NODE_HAS_ERROR) != 0) return false;
  }
  return true;
}

static void count_error(Tree *tree, Span error) {
  if (tree->error_bytes == 0) tree->first_error = error;
  tree->error_bytes += error.end > error.start ? error.end - error.start : 1;
}

void shape_errors(Tree *tree, const RawRows *rows) {
  Node counted_to = 0; /* rows before it lie in an error that is counted */
  tree->error_bytes = 0;
  tree->first_error = (Span){ 0, 0 };
  for (Node node = 0; node < rows->count; node++) {
    NodeRow *row = &rows->items[node];
    if (row->kind == KIND_ERROR && is_lazy(tree->source, rows, node)) {
      row->kind = RAW_NOTHING;
      node = row->after - 1;
    } else if (row->kind == KIND_ERROR) {
      if (node >= counted_to) count_error(tree, (Span){ row->start, row->end });
      if (node >= counted_to) counted_to = row->after;
    } else if (has_hidden_error(rows, node)) {
      if (node >= counted_to) count_error(tree, (Span){ row->end, row->end });
    } else {
      row->flags = (uint8_t)(row->flags & ~NODE_HAS_ERROR);
    }
  }
}

/* --- operators that the grammar groups differently -------------------------------------------- */

static bool is_await_of_power(const Source *source, const RawRows *rows, Node node) {
  if (rows->items[node].kind != KIND_AWAIT || node + 2 >= rows->count) return false;
  const NodeRow *power = &rows->items[node + 1], *left = &rows->items[node + 2];
  if (power->kind != KIND_BINARY_OPERATOR || power->after != rows->items[node].after) return false;
  if (power->parent != node || left->field != FIELD_LEFT || left->after >= power->after)
    return false;
  const NodeRow *sign = &rows->items[left->after];
  return str_is(source_text(source, (Span){ sign->start, sign->end }), "**");
}

/* The grammar's await(power(a, b)) in the rows node and node + 1 becomes power(await(a), b). */
static void swap_await(const RawRows *rows, Node node) {
  NodeRow *outer = &rows->items[node], *inner = &rows->items[node + 1];
  NodeRow *operand = &rows->items[node + 2];
  for (Node child = operand->after; child < inner->after; child = rows->items[child].after) {
    rows->items[child].parent = node;
  }
  outer->kind = KIND_BINARY_OPERATOR;
  inner->kind = KIND_AWAIT;
  inner->field = FIELD_LEFT;
  inner->start = outer->start;
  inner->end = operand->end;
  inner->after = operand->after;
  operand->field = FIELD_NONE;
}

/* In an expression list the grammar takes a star for the start of an operand: `*a.b()` in [*a.b()]
   is a call, of an attribute, of a splat of a. */
static bool takes_splat(uint16_t kind) {
  return kind == KIND_ATTRIBUTE || kind == KIND_CALL || kind == KIND_SUBSCRIPT ||
    kind == KIND_BINARY_OPERATOR;
}

static void move_row(const RawRows *rows, Node from, Node to) {
  NodeRow *row = &rows->items[from];
  for (Node child = row[1].after; child < row->after; child = rows->items[child].after) {
    rows->items[child].parent = to;
  }
  rows->items[to] = *row;
  rows->items[to].parent = from;
}

/* Rows which begin at one place and lie one in the other follow each other, so the splat comes to
   the top when each row above it moves down by one. */
static void lift_splat(const RawRows *rows, Node splat) {
  NodeRow *items = rows->items;
  Node operand = splat + 1;
  while (operand < items[splat].after && items[operand].kind == RAW_NOTHING) operand++;
  if (operand == items[splat].after) return;
  Node top = splat;
  while (top > 0 && takes_splat(items[top - 1].kind) && items[top].parent == top - 1 &&
         items[top - 1].start == items[splat].start) {
    top--;
  }
  if (top == splat) return;
  uint32_t start = items[operand].start;
  items[operand].field = items[splat].field;
  for (Node to = splat; to > top; to--) {
    move_row(rows, to - 1, to);
    items[to].start = start;
  }
  items[top + 1].field = FIELD_NONE;
  uint16_t around = items[items[top].parent].kind;
  bool is_target = around == KIND_TUPLE_PATTERN || around == KIND_LIST_PATTERN;
  items[top].kind = is_target ? KIND_LIST_SPLAT_PATTERN : KIND_LIST_SPLAT;
  items[top].flags = 0;
}

/* A sign that stands for a star, which the masked text has in its place. */
static void name_splat(const Source *source, const RawRows *rows, Node node) {
  NodeRow *row = &rows->items[node];
  if (row->kind != KIND_UNARY_OPERATOR || source->code.data[row->start] != '*') return;
  if (node + 2 >= row->after || row[1].kind != KIND_TOKEN) return;
  row->kind = KIND_LIST_SPLAT;
  row[1].kind = RAW_NOTHING;
  row[2].field = FIELD_NONE;
}

/* Backwards, so that the await inside `await await a ** b` is done before the one around it. */
static void mend_operands(const Source *source, const RawRows *rows) {
  for (Node node = rows->count; node-- > 0;) {
    if (is_await_of_power(source, rows, node)) swap_await(rows, node);
    name_splat(source, rows, node);
    if (rows->items[node].kind == KIND_LIST_SPLAT) lift_splat(rows, node);
  }
}

/* --- parentheses and tuples ------------------------------------------------------------------- */

static bool is_single(const RawRows *rows, Node node) {
  const NodeRow *row = &rows->items[node];
  return node + 1 < row->after && rows->items[node + 1].after == row->after;
}

/* (a) as a target or pattern, which the grammar calls a tuple of one, and the pattern inside it. */
static bool is_parentheses(const Shaping *shaping, Node node) {
  const NodeRow *row = &shaping->raw->items[node];
  if (row->kind == RAW_PARENTHESES) return true;
  if (row->kind == KIND_TUPLE_PATTERN) {
    return (row->flags & RAW_COMMA) == 0 && is_single(shaping->raw, node);
  }
  if (row->kind != KIND_CASE_PATTERN) return false;
  return shaping->raw->items[row->parent].kind == KIND_TUPLE_PATTERN &&
    shaping->places[row->parent].is_gone;
}

static const TupleRule *tuple_rule(const Shaping *shaping, const NodeRow *member) {
  const NodeRow *parent = &shaping->raw->items[member->parent];
  if ((parent->flags & RAW_COMMA) == 0) return NULL;
  for (size_t i = 0; i < sizeof TUPLE_RULES / sizeof *TUPLE_RULES; i++) {
    const TupleRule *rule = &TUPLE_RULES[i];
    if (rule->parent != parent->kind) continue;
    if (rule->member_kind != KIND_NONE && rule->member_kind != member->kind) continue;
    if (rule->member_field != FIELD_NONE && rule->member_field != member->field) continue;
    return rule;
  }
  return NULL;
}

static Node add_row(Shaping *shaping, NodeRow row) {
  Node node = shaping->tree->count++;
  row.after = node + 1;
  shaping->tree->rows[node] = row;
  return node;
}

/* Opens or leaves the tuple that a member, the next child of its parent, stands in. */
static void place_member(Shaping *shaping, const NodeRow *member) {
  Place *place = &shaping->places[member->parent];
  const TupleRule *rule = tuple_rule(shaping, member);
  if (rule == NULL && member->kind == KIND_ERROR) return;
  if (rule == place->tuple) return;
  place->inside = place->row;
  place->tuple = rule;
  if (rule == NULL || place->was_tuple) return;
  place->was_tuple = true;
  for (size_t i = 0; i < 2 && rule->wrappers[i] != KIND_NONE; i++) {
    NodeRow wrapper = *member;
    wrapper.kind = (uint16_t)rule->wrappers[i];
    wrapper.field = i == 0 ? member->field : FIELD_NONE;
    wrapper.parent = place->inside;
    wrapper.flags = 0;
    place->inside = add_row(shaping, wrapper);
  }
}

/* Of broken code a clause can be left whose statement was lost. Who looks for the statement would find
   another one, or none. */
static bool has_lost_statement(const Tree *tree, const NodeRow *row) {
  Node parent = row->parent;
  if (row->kind == KIND_EXCEPT_CLAUSE) return !tree_is(tree, parent, KIND_TRY_STATEMENT);
  if (row->kind != KIND_WITH_ITEM) return false;
  return !tree_is(tree, parent, KIND_WITH_CLAUSE) ||
    !tree_is(tree, tree_parent(tree, parent), KIND_WITH_STATEMENT);
}

static void shape_row(Shaping *shaping, Node node) {
  NodeRow row = shaping->raw->items[node];
  Place *place = &shaping->places[node];
  const Place *around = &shaping->places[row.parent];
  place_member(shaping, &row);
  if (around->is_gone && row.kind != KIND_ERROR) row.field = (uint8_t)around->field;
  if (around->tuple != NULL) row.field = FIELD_NONE;
  row.parent = around->inside;
  if (is_parentheses(shaping, node)) {
    *place = (Place){ .row = around->inside, .inside = around->inside, .is_gone = true };
    place->field = (Field)row.field;
    return;
  }
  row.flags = (uint8_t)(row.flags & ~RAW_COMMA);
  if (has_lost_statement(shaping->tree, &row)) {
    row.kind = KIND_ERROR;
    row.flags |= NODE_HAS_ERROR;
  }
  Node added = add_row(shaping, row);
  *place = (Place){ .row = added, .inside = added };
}

/* Kinds that end with a block. */
static bool ends_in_block(uint16_t kind) {
  static const Kind KINDS[] = {
    KIND_BLOCK,          KIND_ELIF_CLAUSE, KIND_ELSE_CLAUSE,         KIND_EXCEPT_CLAUSE,
    KIND_FINALLY_CLAUSE, KIND_CASE_CLAUSE, KIND_FUNCTION_DEFINITION, KIND_CLASS_DEFINITION,
  };
  for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
    if (kind == KINDS[i]) return true;
  }
  return false;
}

/* A block begins and ends with its statements. In the grammar it may begin at the line end before
   them, and goes on to the last comment after them. */
static void trim_block(Tree *tree, NodeRow *parent, const NodeRow *last_child) {
  if (parent == tree->rows || parent->kind == KIND_ERROR) return;
  bool is_block = parent->kind == KIND_BLOCK;
  if (is_block || ends_in_block(last_child->kind)) parent->end = last_child->end;
}

/* What a parent can know only when all its children have their rows. */
static void finish_rows(Tree *tree) {
  for (Node node = tree->count; node-- > 1;) {
    NodeRow *row = &tree->rows[node];
    NodeRow *parent = &tree->rows[row->parent];
    if (row->kind == KIND_BLOCK && row->after > node + 1) row->start = tree->rows[node + 1].start;
    bool is_last = parent->after == row->parent + 1;
    if (is_last) trim_block(tree, parent, row);
    if (parent->end < row->end) parent->end = row->end;
    if (parent->after < row->after) parent->after = row->after;
    parent->flags |= row->flags & NODE_HAS_ERROR;
  }
}

void shape_rows(Tree *tree, const RawRows *rows, Arena *arena, Arena *scratch) {
  mend_operands(tree->source, rows);
  uint32_t room = rows->count;
  for (Node node = 0; node < rows->count; node++) {
    if ((rows->items[node].flags & RAW_COMMA) != 0) room += 2;
  }
  tree->rows = arena_array(arena, NodeRow, room);
  tree->count = 0;
  Shaping shaping = { .tree = tree, .raw = rows };
  shaping.places = arena_array(scratch, Place, rows->count);
  Node root = add_row(&shaping, rows->items[0]);
  tree->rows[root].flags &= NODE_HAS_ERROR;
  for (Node node = 1; node < rows->count; node++) {
    if (rows->items[node].kind == RAW_NOTHING) {
      node = rows->items[node].after - 1;
    } else {
      shape_row(&shaping, node);
    }
  }
  finish_rows(tree);
}
