#include "python/parse.h"

#include "base/fatal.h"
#include "base/map.h"
#include "python/mask.h"
#include "python/parse_piece.h"
#include "python/shape.h"

#include <string.h>
#include <time.h>
#include <tree_sitter/api.h>

const TSLanguage *tree_sitter_python(void);

/* What an anonymous token says about its parent, as a flag of that; NODE_STAR only of an except. */
static const struct {
  const char *token;
  uint8_t flag;
} MARKS[] = { { ",", RAW_COMMA }, { "async", NODE_ASYNC }, { "*", NODE_STAR } };

/* By the grammar's symbol. */
typedef struct {
  uint16_t kind; /* KIND_NONE: leaves no row; or one of shape.h */
  uint8_t mark;
} Symbol;

struct Parser {
  TSParser *ts;
  Arena *memory;
  Arena *scratch;
  Symbol *symbols;
  uint8_t *fields;                /* Field by the grammar's field */
  int64_t deadline;               /* of this thread's own time, in nanoseconds */
  bool was_cut;                   /* some piece did not make it */
  const atomic_bool *is_unwanted; /* NULL: what is parsed is wanted */
};

/* --- the vocabulary --------------------------------------------------------------------------- */

static const struct {
  const char *name;
  uint16_t kind;
} GRAMMAR_KINDS[] = {
#define KIND(NAME, name) { (name), KIND_##NAME },
#define MERGED(NAME, name) { (name), KIND_##NAME },
#define DROPPED(name) { (name), KIND_NONE },
#define PARENTHESES(name) { (name), RAW_PARENTHESES },
#include "python/kind.def"
};

/* What the grammar calls its nodes -> the index into GRAMMAR_KINDS. */
static Map grammar_names(Arena *arena) {
  Map names = { 0 };
  for (uint32_t i = 0; i < sizeof GRAMMAR_KINDS / sizeof *GRAMMAR_KINDS; i++)
    map_put(arena, &names, str_from(GRAMMAR_KINDS[i].name), i);
  return names;
}

static uint16_t kind_of_name(const Map *names, const char *name) {
  uint32_t index;
  if (!map_get(names, str_from(name), &index)) fatal("the grammar's node \"%s\" is unknown", name);
  return GRAMMAR_KINDS[index].kind;
}

static Field field_of_name(const char *name) {
  for (Field field = FIELD_NONE + 1; field < FIELD_COUNT; field++) {
    if (strcmp(field_name(field), name) == 0) return field;
  }
  fatal("the grammar's field \"%s\" is unknown", name);
}

static uint8_t mark_of_name(const char *name) {
  for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++) {
    if (strcmp(MARKS[i].token, name) == 0) return MARKS[i].flag;
  }
  return 0;
}

static void learn_vocabulary(Parser *parser, const TSLanguage *language) {
  uint32_t count = ts_language_symbol_count(language);
  Map names = grammar_names(parser->scratch);
  parser->symbols = arena_array(parser->memory, Symbol, count);
  for (uint32_t i = 0; i < count; i++) {
    const char *name = ts_language_symbol_name(language, (TSSymbol)i);
    TSSymbolType type = ts_language_symbol_type(language, (TSSymbol)i);
    if (type == TSSymbolTypeRegular) parser->symbols[i].kind = kind_of_name(&names, name);
    if (type == TSSymbolTypeAnonymous) parser->symbols[i].mark = mark_of_name(name);
  }
  uint32_t field_count = ts_language_field_count(language);
  parser->fields = arena_array(parser->memory, uint8_t, field_count + 1);
  for (uint32_t i = 1; i <= field_count; i++) {
    const char *name = ts_language_field_name_for_id(language, (TSFieldId)i);
    parser->fields[i] = (uint8_t)field_of_name(name);
  }
}

Parser *parser_new(void) {
  Arena *memory = arena_new();
  Parser *parser = arena_make(memory, Parser);
  parser->memory = memory;
  parser->scratch = arena_new();
  parser->ts = ts_parser_new();
  if (!ts_parser_set_language(parser->ts, tree_sitter_python())) {
    fatal("the parser library does not take the Python grammar");
  }
  learn_vocabulary(parser, tree_sitter_python());
  return parser;
}

void parser_watch(Parser *parser, const atomic_bool *is_unwanted) {
  parser->is_unwanted = is_unwanted;
}

bool parser_is_unwanted(const Parser *parser) {
  return parser->is_unwanted != NULL && atomic_load(parser->is_unwanted);
}

Arena *parser_scratch(Parser *parser) { return parser->scratch; }

void parser_free(Parser *parser) {
  if (parser == NULL) return;
  ts_parser_delete(parser->ts);
  arena_free(parser->scratch);
  arena_free(parser->memory);
}

/* --- limits ----------------------------------------------------------------------------------- */

/* The grammar's scanner saves its state in 1,024 bytes, two for each open indentation, and goes
   one byte beyond them if they do not suffice. CPython allows 100 indentations. */
enum { MOST_INDENTATIONS = 350 };

/* True if a backslash stands before the line end. */
static bool is_continued(Str text, uint32_t line_end) {
  if (line_end > 0 && text.data[line_end - 1] == '\r') line_end--;
  return line_end > 0 && text.data[line_end - 1] == '\\';
}

/* The widths grow from the outermost open indentation to the innermost, so there are never more
   of them open than there are different ones. Counts as the scanner does. */
static bool has_sane_indentation(Str text) {
  uint64_t seen[(UINT16_MAX + 1) / 64] = { 0 };
  uint32_t different = 0;
  for (uint32_t i = 0; i < text.len && different <= MOST_INDENTATIONS; i++) {
    const char *line_end = memchr(text.data + i, '\n', text.len - i);
    if (line_end == NULL) break;
    i = (uint32_t)(line_end - text.data);
    uint16_t width = 0;
    for (; i + 1 < text.len && strchr(" \t\r\f\\\n", text.data[i + 1]) != NULL; i++) {
      char c = text.data[i + 1];
      if (c == ' ') width++;
      if (c == '\t') width = (uint16_t)(width + 8);
      if (c == '\f') width = 0;
      if (c == '\n' && !is_continued(text, i + 1)) width = 0;
    }
    uint64_t bit = (uint64_t)1 << (width % 64);
    different += (seen[width / 64] & bit) == 0;
    seen[width / 64] |= bit;
  }
  return different <= MOST_INDENTATIONS;
}

/* Recovery from very many errors in one place takes the library quadratic time (megabytes
   of `def f(`), which nothing but a clock can see from outside. Ordinary text takes a fortieth of
   what is allowed, a tenth under a sanitizer. */
typedef struct {
  Str text;
  uint32_t calls;
  const Parser *parser;
} Try;

enum { CALLS_BETWEEN_READINGS = 16, ALLOWED_SECONDS = 2, ALLOWED_MICROSECONDS_PER_BYTE = 4 };

static int64_t thread_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void parser_set_clock(Parser *parser, uint32_t bytes) {
  parser->was_cut = false;
  int64_t for_bytes = (int64_t)bytes * ALLOWED_MICROSECONDS_PER_BYTE * 1000;
  parser->deadline = thread_nanoseconds() + (int64_t)ALLOWED_SECONDS * 1000000000 + for_bytes;
}

bool parser_was_cut(const Parser *parser) { return parser->was_cut; }

static bool is_to_end(TSParseState *state) {
  Try *try = state->payload;
  if (++try->calls % CALLS_BETWEEN_READINGS != 0) return false;
  return parser_is_unwanted(try->parser) || thread_nanoseconds() > try->parser->deadline;
}

static const char *read_text(void *payload, uint32_t offset, TSPoint point, uint32_t *len) {
  const Try *try = payload;
  (void)point;
  *len = offset < try->text.len ? try->text.len - offset : 0;
  return *len == 0 ? "" : try->text.data + offset;
}

/* NULL if the text is beyond the limits. */
static TSTree *parse_text(Parser *parser, Str text) {
  if (!has_sane_indentation(text)) return NULL;
  if (parser_is_unwanted(parser)) {
    parser->was_cut = true;
    return NULL;
  }
  Try try = { .text = text, .parser = parser };
  TSInput input = { .payload = &try, .read = read_text, .encoding = TSInputEncodingUTF8 };
  TSParseOptions options = { .payload = &try, .progress_callback = is_to_end };
  TSTree *ts = ts_parser_parse_with_options(parser->ts, NULL, input, options);
  if (ts != NULL) return ts;
  ts_parser_reset(parser->ts);
  parser->was_cut = true;
  return NULL;
}

/* --- the walk --------------------------------------------------------------------------------- */

typedef struct {
  Parser *parser;
  TSTreeCursor cursor;
  RawRows rows;
  Node parent;
} Walk;

static void add_row(Walk *walk, TSNode node, uint16_t kind, Field field) {
  NodeRow row = {
    .kind = kind,
    .field = (uint8_t)field,
    .flags = kind == KIND_ERROR || ts_node_has_error(node) ? NODE_HAS_ERROR : 0,
    .parent = walk->parent,
    .after = walk->rows.count + 1,
    .start = ts_node_start_byte(node),
    .end = ts_node_end_byte(node),
  };
  vec_push(walk->parser->scratch, &walk->rows, row);
}

static Field current_field(const Walk *walk) {
  return (Field)walk->parser->fields[ts_tree_cursor_current_field_id(&walk->cursor)];
}

static void visit_token(Walk *walk, TSNode node, uint8_t mark) {
  NodeRow *parent = &walk->rows.items[walk->parent];
  if (mark != NODE_STAR || parent->kind == KIND_EXCEPT_CLAUSE) parent->flags |= mark;
  Field field = current_field(walk);
  if (field == FIELD_OPERATOR || field == FIELD_OPERATORS) add_row(walk, node, KIND_TOKEN, field);
}

/* Adds the row of the node under the cursor. True if its children may have rows. */
static bool visit(Walk *walk) {
  TSNode node = ts_tree_cursor_current_node(&walk->cursor);
  if (ts_node_is_error(node)) {
    add_row(walk, node, KIND_ERROR, FIELD_NONE);
    return true;
  }
  if (ts_node_is_missing(node)) {
    add_row(walk, node, KIND_ERROR, current_field(walk));
    return false;
  }
  const Symbol *symbol = &walk->parser->symbols[ts_node_symbol(node)];
  if (!ts_node_is_named(node)) {
    visit_token(walk, node, symbol->mark);
    return false;
  }
  if (symbol->kind == KIND_NONE) return false;
  add_row(walk, node, symbol->kind, current_field(walk));
  return true;
}

/* To the next node that has not been visited. False at the end of the tree. */
static bool move_on(Walk *walk) {
  while (!ts_tree_cursor_goto_next_sibling(&walk->cursor)) {
    if (!ts_tree_cursor_goto_parent(&walk->cursor)) return false;
    walk->rows.items[walk->parent].after = walk->rows.count;
    walk->parent = walk->rows.items[walk->parent].parent;
  }
  return true;
}

static void add_module(Walk *walk, Str text, bool has_error) {
  NodeRow module = { .kind = KIND_MODULE, .parent = NODE_NONE, .after = 1, .end = text.len };
  if (has_error) module.flags = NODE_HAS_ERROR;
  vec_push(walk->parser->scratch, &walk->rows, module);
  walk->parent = 0;
}

static RawRows copy_rows(Parser *parser, const TSTree *ts, Str text) {
  TSNode root = ts_tree_root_node(ts);
  Walk walk = { .parser = parser, .cursor = ts_tree_cursor_new(root) };
  vec_reserve(parser->scratch, &walk.rows, ts_node_descendant_count(root) + 1);
  add_module(&walk, text, ts_node_has_error(root));
  if (ts_node_is_error(root)) {
    visit(&walk);
    walk.parent = 1;
  }
  bool has_more = ts_tree_cursor_goto_first_child(&walk.cursor);
  while (has_more) {
    Node node = walk.rows.count;
    if (visit(&walk) && ts_tree_cursor_goto_first_child(&walk.cursor)) {
      walk.parent = node;
    } else {
      has_more = move_on(&walk);
    }
  }
  ts_tree_cursor_delete(&walk.cursor);
  walk.rows.items[0].after = walk.rows.count;
  return walk.rows;
}

/* The table of a text that is beyond the limits. */
static RawRows one_error(Parser *parser, Str text) {
  Walk walk = { .parser = parser };
  add_module(&walk, text, true);
  NodeRow error = { .kind = KIND_ERROR, .flags = NODE_HAS_ERROR, .after = 2, .end = text.len };
  vec_push(parser->scratch, &walk.rows, error);
  walk.rows.items[0].after = 2;
  return walk.rows;
}

static RawRows try_text(Parser *parser, Str text) {
  TSTree *ts = parse_text(parser, text);
  if (ts == NULL) return one_error(parser, text);
  RawRows rows = copy_rows(parser, ts, text);
  ts_tree_delete(ts);
  return rows;
}

Tree parse_piece(Parser *parser, const Source *piece, Arena *arena) {
  Tree tree = { .source = piece };
  RawRows rows = try_text(parser, mask_lightly(parser->scratch, piece->code));
  shape_errors(&tree, &rows);
  Str masked = tree.error_bytes > 0 ? mask_text(parser->scratch, piece->code) : piece->code;
  if (masked.data != piece->code.data) {
    Tree second = { .source = piece };
    RawRows second_rows = try_text(parser, masked);
    shape_errors(&second, &second_rows);
    bool is_better = second.error_bytes < tree.error_bytes;
    if (is_better) rows = second_rows;
    if (is_better) tree = second;
  }
  shape_rows(&tree, &rows, arena, parser->scratch);
  return tree;
}
