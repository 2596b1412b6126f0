#include "support.h"

#include "python/parse.h"

static const Kind WRAPPERS[] = {
  KIND_MODULE,
  KIND_BLOCK,
  KIND_EXPRESSION_STATEMENT,
  KIND_TYPE,
  KIND_DOTTED_NAME,
  KIND_CASE_PATTERN,
  KIND_AS_PATTERN_TARGET,
  KIND_WITH_ITEM,
  KIND_WITH_CLAUSE,
  KIND_LAMBDA_PARAMETERS,
};

Arena *support_arena(void) {
  static Arena *arena;
  if (!arena) arena = arena_new();
  return arena;
}

static Parser *support_parser(void) {
  static Parser *parser;
  if (!parser) parser = parser_new();
  return parser;
}

Module *module_with(const char *text, const ModuleOptions *options) {
  Arena *arena = support_arena();
  Source *source = arena_make(arena, Source);
  *source = source_build(arena, STR("pkg/mod.py"), str_copy(arena, str_from(text)));
  return module_build(arena, parse_source(support_parser(), source, arena), options);
}

Module *module_of(const char *text) {
  ModuleOptions options = { .identity = { .name = STR("pkg.mod") }, .target = { 8 } };
  return module_with(text, &options);
}

static bool is_wrapper(const Tree *tree, Node node) {
  for (size_t i = 0; i < sizeof(WRAPPERS) / sizeof(*WRAPPERS); i++) {
    if (tree_is(tree, node, WRAPPERS[i])) return true;
  }
  return false;
}

static bool is_same_in_parent(const Tree *tree, Node node) {
  Node parent = tree_parent(tree, node);
  if (parent == NODE_NONE || is_wrapper(tree, parent)) return false;
  return tree->rows[parent].start == tree->rows[node].start &&
    tree->rows[parent].end == tree->rows[node].end;
}

Node node_at(const Module *module, const char *text, uint32_t n) {
  const Tree *tree = &module->tree;
  for (Node node = 0; node < tree->count; node++) {
    if (!tree_text_is(tree, node, text)) continue;
    if (is_wrapper(tree, node) || is_same_in_parent(tree, node)) continue;
    if (n-- == 0) return node;
  }
  fail_msg("no such node: %s", text);
  return NODE_NONE;
}

Node node_of(const Module *module, Kind kind, uint32_t n) {
  for (Node node = 0; node < module->tree.count; node++) {
    if (tree_is(&module->tree, node, kind) && n-- == 0) return node;
  }
  fail_msg("no such node: %s", kind_name(kind));
  return NODE_NONE;
}
