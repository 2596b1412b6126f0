#include "project/toml.h"

#include "base/text.h"
#include "project/toml_string.h"

#include <string.h>
#include <tree_sitter/api.h>

const TSLanguage *tree_sitter_toml(void);

// Values nested deeper than this are no settings of anybody.
enum { DEEPEST = 64 };

typedef struct {
  Arena *arena;
  const Source *source;
  uint32_t base; // offset of the text that the parser was given
  Problems *problems;
} Reading;

static Span node_span(const Reading *reading, TSNode node) {
  return (Span){ ts_node_start_byte(node) + reading->base, ts_node_end_byte(node) + reading->base };
}

static Str node_text(const Reading *reading, TSNode node) {
  return source_text(reading->source, node_span(reading, node));
}

static bool node_is(TSNode node, const char *type) { return strcmp(ts_node_type(node), type) == 0; }

static void add_problem(Reading *reading, Span span, Str message) {
  Problem problem = {
    .path = reading->source->path,
    .position = source_position(reading->source, span.start),
    .message = message,
  };
  vec_push(reading->arena, reading->problems, problem);
}

static TomlValue *new_table(Reading *reading, Span span) {
  TomlValue *table = arena_make(reading->arena, TomlValue);
  table->kind = TOML_TABLE;
  table->span = span;
  return table;
}

static TomlEntry *find_entry(const TomlValue *table, Str key) {
  uint32_t index = 0;
  return map_get(&table->keys, key, &index) ? &table->entries.items[index] : NULL;
}

static TomlEntry *add_entry(Reading *reading, TomlValue *table, TomlEntry entry) {
  map_put(reading->arena, &table->keys, entry.key, table->entries.count);
  vec_push(reading->arena, &table->entries, entry);
  return &vec_last(&table->entries);
}

typedef struct {
  Str key;
  Span span;
} KeyPart;

typedef Vec(KeyPart) KeyParts;

// The parts of `a."b".c`. The grammar nests them to the left, as deep as there are dots.
static KeyParts read_key(Reading *reading, TSNode node) {
  KeyParts reversed = { 0 }, parts = { 0 };
  while (!ts_node_is_null(node)) {
    bool is_dotted = node_is(node, "dotted_key");
    TSNode last = is_dotted ? ts_node_named_child(node, ts_node_named_child_count(node) - 1) : node;
    Str text = node_text(reading, last);
    KeyPart part = { .key = text, .span = node_span(reading, last) };
    if (node_is(last, "quoted_key")) part.key = toml_string(reading->arena, text);
    vec_push(reading->arena, &reversed, part);
    node = is_dotted ? ts_node_named_child(node, 0) : (TSNode){ 0 };
  }
  for (uint32_t i = reversed.count; i-- > 0;) {
    vec_push(reading->arena, &parts, reversed.items[i]);
  }
  return parts;
}

// The table that a part of a key or header leads into, made where there is none; NULL and a problem
// if something else stands there.
static TomlValue *enter(Reading *reading, TomlValue *table, KeyPart part) {
  TomlEntry *entry = find_entry(table, part.key);
  if (entry == NULL) {
    TomlEntry added = { .key = part.key,
                        .span = part.span,
                        .value = new_table(reading, part.span) };
    return add_entry(reading, table, added)->value;
  }
  TomlValue *value = entry->value;
  if (value->kind == TOML_ARRAY && value->items.count > 0) value = vec_last(&value->items);
  if (value->kind == TOML_TABLE) return value;
  Str message = str_format(reading->arena, "\"%.*s\" is not a table", STR_ARGS(part.key));
  add_problem(reading, part.span, message);
  return NULL;
}

// Follows all parts but the last.
static TomlValue *enter_all(Reading *reading, TomlValue *table, const KeyParts *parts) {
  for (uint32_t i = 0; i + 1 < parts->count && table != NULL; i++) {
    table = enter(reading, table, parts->items[i]);
  }
  return table;
}

static TomlValue *read_value(Reading *reading, TSTreeCursor *cursor, uint32_t depth);

// Puts the pair that the cursor is at into the table.
static void read_pair(Reading *reading, TSTreeCursor *cursor, TomlValue *table, uint32_t depth) {
  if (!ts_tree_cursor_goto_first_child(cursor)) return;
  KeyParts parts = read_key(reading, ts_tree_cursor_current_node(cursor));
  TomlValue *value = NULL;
  while (ts_tree_cursor_goto_next_sibling(cursor)) {
    if (!ts_node_is_named(ts_tree_cursor_current_node(cursor))) continue;
    if (value == NULL) value = read_value(reading, cursor, depth);
  }
  ts_tree_cursor_goto_parent(cursor);
  table = enter_all(reading, table, &parts);
  if (value == NULL || table == NULL) return;
  KeyPart last = vec_last(&parts);
  if (find_entry(table, last.key) != NULL) {
    Str message = str_format(reading->arena, "\"%.*s\" is given twice", STR_ARGS(last.key));
    add_problem(reading, last.span, message);
    return;
  }
  add_entry(reading, table, (TomlEntry){ .key = last.key, .span = last.span, .value = value });
}

static void
read_children(Reading *reading, TSTreeCursor *cursor, TomlValue *value, uint32_t depth) {
  if (depth == DEEPEST) {
    add_problem(reading, value->span, STR("values are nested too deeply here"));
    return;
  }
  if (!ts_tree_cursor_goto_first_child(cursor)) return;
  do {
    TSNode node = ts_tree_cursor_current_node(cursor);
    if (!ts_node_is_named(node) || node_is(node, "comment")) continue;
    if (value->kind == TOML_TABLE) {
      read_pair(reading, cursor, value, depth + 1);
    } else {
      TomlValue *item = read_value(reading, cursor, depth + 1);
      if (item != NULL) vec_push(reading->arena, &value->items, item);
    }
  } while (ts_tree_cursor_goto_next_sibling(cursor));
  ts_tree_cursor_goto_parent(cursor);
}

static bool kind_of(TSNode node, TomlKind *kind) {
  static const struct {
    const char *type;
    TomlKind kind;
  } kinds[] = {
    { "string", TOML_STRING },         { "integer", TOML_INTEGER },
    { "float", TOML_FLOAT },           { "boolean", TOML_BOOLEAN },
    { "offset_date_time", TOML_DATE }, { "local_date_time", TOML_DATE },
    { "local_date", TOML_DATE },       { "local_time", TOML_DATE },
    { "array", TOML_ARRAY },           { "inline_table", TOML_TABLE },
  };
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    if (!node_is(node, kinds[i].type)) continue;
    *kind = kinds[i].kind;
    return true;
  }
  return false;
}

// The value that the cursor is at; the recursion ends at DEEPEST.
static TomlValue *read_value(Reading *reading, TSTreeCursor *cursor, uint32_t depth) {
  TSNode node = ts_tree_cursor_current_node(cursor);
  TomlKind kind;
  if (!kind_of(node, &kind)) return NULL;
  TomlValue *value = arena_make(reading->arena, TomlValue);
  value->kind = kind;
  value->span = node_span(reading, node);
  value->is_defined = true;
  if (kind == TOML_STRING) value->string = toml_string(reading->arena, node_text(reading, node));
  if (kind == TOML_ARRAY || kind == TOML_TABLE) read_children(reading, cursor, value, depth);
  return value;
}

// The table that `[a.b]` opens; NULL and a problem if it has been opened before.
static TomlValue *open_table(Reading *reading, TomlValue *root, const KeyParts *parts) {
  TomlValue *table = enter_all(reading, root, parts);
  if (table != NULL) table = enter(reading, table, vec_last(parts));
  if (table == NULL) return NULL;
  if (table->is_defined) {
    KeyPart last = vec_last(parts);
    Str message =
      str_format(reading->arena, "the table \"%.*s\" is given twice", STR_ARGS(last.key));
    add_problem(reading, last.span, message);
    return NULL;
  }
  table->is_defined = true;
  return table;
}

// The next table of the list that `[[a.b]]` adds to.
static TomlValue *open_item(Reading *reading, TomlValue *root, const KeyParts *parts) {
  TomlValue *table = enter_all(reading, root, parts);
  if (table == NULL) return NULL;
  KeyPart last = vec_last(parts);
  TomlEntry *entry = find_entry(table, last.key);
  if (entry == NULL) {
    TomlValue *list = arena_make(reading->arena, TomlValue);
    list->kind = TOML_ARRAY;
    list->span = last.span;
    TomlEntry added = { .key = last.key, .span = last.span, .value = list };
    entry = add_entry(reading, table, added);
  }
  if (entry->value->kind != TOML_ARRAY) {
    Str message =
      str_format(reading->arena, "\"%.*s\" is not a list of tables", STR_ARGS(last.key));
    add_problem(reading, last.span, message);
    return NULL;
  }
  TomlValue *item = new_table(reading, last.span);
  item->is_defined = true;
  vec_push(reading->arena, &entry->value->items, item);
  return item;
}

// A `[table]` or `[[table]]` with its pairs.
static void read_table(Reading *reading, TSTreeCursor *cursor, TomlValue *root) {
  bool is_item = node_is(ts_tree_cursor_current_node(cursor), "table_array_element");
  TomlValue *table = NULL;
  bool has_header = false;
  if (!ts_tree_cursor_goto_first_child(cursor)) return;
  do {
    TSNode node = ts_tree_cursor_current_node(cursor);
    if (!ts_node_is_named(node) || node_is(node, "comment")) continue;
    if (!has_header) {
      KeyParts parts = read_key(reading, node);
      table = is_item ? open_item(reading, root, &parts) : open_table(reading, root, &parts);
      has_header = true;
    } else if (table != NULL) {
      read_pair(reading, cursor, table, 0);
    }
  } while (ts_tree_cursor_goto_next_sibling(cursor));
  ts_tree_cursor_goto_parent(cursor);
}

static void read_document(Reading *reading, TSNode document, TomlValue *root) {
  TSTreeCursor cursor = ts_tree_cursor_new(document);
  if (ts_tree_cursor_goto_first_child(&cursor)) {
    do {
      TSNode node = ts_tree_cursor_current_node(&cursor);
      if (node_is(node, "pair")) read_pair(reading, &cursor, root, 0);
      else if (ts_node_is_named(node) && !node_is(node, "comment"))
        read_table(reading, &cursor, root);
    } while (ts_tree_cursor_goto_next_sibling(&cursor));
  }
  ts_tree_cursor_delete(&cursor);
}

// The first node that the parser could not make sense of, or had to add.
static TSNode first_error(TSNode document) {
  TSTreeCursor cursor = ts_tree_cursor_new(document);
  TSNode node = document;
  while (!ts_node_is_error(node) && !ts_node_is_missing(node)) {
    bool descends = ts_node_has_error(node) && ts_tree_cursor_goto_first_child(&cursor);
    if (!descends && !ts_tree_cursor_goto_next_sibling(&cursor)) break;
    node = ts_tree_cursor_current_node(&cursor);
  }
  ts_tree_cursor_delete(&cursor);
  return node;
}

TomlValue *toml_parse(Arena *arena, const Source *source, Problems *problems) {
  Str text = source->text;
  Reading reading = { .arena = arena, .source = source, .problems = problems };
  if (str_starts_with(text, STR("\xef\xbb\xbf"))) reading.base = 3;
  text = str_slice(text, reading.base, text.len);
  TomlValue *root = new_table(&reading, (Span){ reading.base, reading.base });

  TSParser *parser = ts_parser_new();
  ts_parser_set_language(parser, tree_sitter_toml());
  TSTree *tree = ts_parser_parse_string(parser, NULL, text.data, text.len);
  if (tree != NULL) {
    TSNode document = ts_tree_root_node(tree);
    if (ts_node_has_error(document)) {
      Span error = node_span(&reading, first_error(document));
      add_problem(&reading, error, STR("this is not valid TOML"));
    } else {
      read_document(&reading, document, root);
    }
  }
  ts_tree_delete(tree);
  ts_parser_delete(parser);
  return root;
}

const TomlEntry *toml_entry(const TomlValue *table, const char *key) {
  if (table == NULL || table->kind != TOML_TABLE) return NULL;
  return find_entry(table, str_from(key));
}

const TomlValue *toml_get(const TomlValue *table, const char *key) {
  const TomlEntry *entry = toml_entry(table, key);
  return entry == NULL ? NULL : entry->value;
}

const char *toml_kind_name(TomlKind kind) {
  static const char *const names[] = {
    [TOML_STRING] = "a string",   [TOML_INTEGER] = "an integer", [TOML_FLOAT] = "a number",
    [TOML_BOOLEAN] = "a boolean", [TOML_DATE] = "a date",        [TOML_ARRAY] = "a list",
    [TOML_TABLE] = "a table",
  };
  return names[kind];
}
