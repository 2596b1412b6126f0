#pragma once
/*
 * For tests that start from Python text: a parser, an arena, and trees written as one line.
 */
#include "python/parse.h"

#include "unit.h"

typedef struct {
  Parser *parser;
  Arena *arena;
} Syntax;

static inline Syntax syntax_new(void) { return (Syntax){ parser_new(), arena_new() }; }

static inline void syntax_free(Syntax *of) {
  parser_free(of->parser);
  arena_free(of->arena);
}

/* That of the tests of one program: their set-up and tear-down as a group. */
static Syntax syntax;

static inline int syntax_set_up(void **state) {
  (void)state;
  syntax = syntax_new();
  return 0;
}

static inline int syntax_tear_down(void **state) {
  (void)state;
  syntax_free(&syntax);
  return 0;
}

static inline Tree syntax_parse_bytes(Syntax *of, Str text) {
  Source *source = arena_make(of->arena, Source);
  *source = source_build(of->arena, STR("test.py"), text);
  return parse_source(of->parser, source, of->arena);
}

static inline Tree syntax_parse(Syntax *of, const char *text) {
  return syntax_parse_bytes(of, str_from(text));
}

/* The nodes below `node`, as in "(call function:identifier arguments:(argument_list integer))". */
static inline Str syntax_outline(Arena *arena, const Tree *tree, Node node) {
  Vec(char) line = { 0 };
  Node after = tree_after(tree, node);
  for (Node i = node; i < after; i++) {
    const char *async = tree_is_async(tree, i) ? "async " : "";
    const char *star = (tree->rows[i].flags & NODE_STAR) != 0 ? "star " : "";
    const char *field = i == node ? "" : field_name(tree_field(tree, i));
    bool has_children = tree_first(tree, i) != NODE_NONE;
    Str word = str_format(
      arena,
      "%s%s%s%s%s%s%s",
      i == node ? "" : " ",
      field,
      *field == '\0' ? "" : ":",
      has_children ? "(" : "",
      async,
      star,
      kind_name(tree_kind(tree, i))
    );
    for (uint32_t at = 0; at < word.len; at++) vec_push(arena, &line, word.data[at]);
    if (has_children) continue;
    Node up = i;
    while (up != node && tree_after(tree, tree_parent(tree, up)) == i + 1) {
      up = tree_parent(tree, up);
      vec_push(arena, &line, ')');
    }
  }
  return (Str){ line.items, line.count };
}

/* The first node of that kind, in source order. */
static inline Node syntax_find(const Tree *tree, Kind kind) {
  for (Node node = 0; node < tree->count; node++) {
    if (tree_is(tree, node, kind)) return node;
  }
  return NODE_NONE;
}

static inline Node syntax_find_text(const Tree *tree, Kind kind, const char *text) {
  for (Node node = 0; node < tree->count; node++) {
    if (tree_is(tree, node, kind) && tree_text_is(tree, node, text)) return node;
  }
  return NODE_NONE;
}
