#include "lint/silence.h"

#include <stdlib.h>

static int span_order(const void *a, const void *b) {
  uint32_t left = ((const Span *)a)->start, right = ((const Span *)b)->start;
  return (left > right) - (left < right);
}

// True for TYPE_CHECKING, whatever module it is taken from.
static bool is_type_checking(const Tree *tree, Node condition) {
  if (condition == NODE_NONE) return false;
  Kind kind = tree_kind(tree, condition);
  if (kind != KIND_IDENTIFIER && kind != KIND_ATTRIBUTE) return false;
  return str_is(str_after_last(tree_text(tree, condition), '.'), "TYPE_CHECKING");
}

static void add_body(const Module *module, Node body, Spans *spans) {
  if (body != NODE_NONE) vec_push(module->arena, spans, tree_span(&module->tree, body));
}

static void add_branch(const Module *module, Node branch, Spans *spans) {
  const Tree *tree = &module->tree;
  Node condition = tree_child(tree, branch, FIELD_CONDITION);
  if (is_type_checking(tree, condition)) {
    add_body(module, tree_child(tree, branch, FIELD_CONSEQUENCE), spans);
  } else if (tree_is(tree, condition, KIND_NOT_OPERATOR) && is_type_checking(tree, tree_first(tree, condition))) {
    TREE_EACH_CHILD (tree, branch, child) {
      if (tree_is(tree, child, KIND_ELSE_CLAUSE)) add_body(module, child, spans);
    }
  }
}

static void add_branches(const Module *module, Spans *spans) {
  const Tree *tree = &module->tree;
  if (!str_contains(tree->source->text, STR("TYPE_CHECKING"))) return;
  for (Node node = 0; node < tree->count; node++) {
    Kind kind = tree_kind(tree, node);
    if (kind == KIND_IF_STATEMENT || kind == KIND_ELIF_CLAUSE) add_branch(module, node, spans);
  }
}

static Spans silent_spans(const Module *module) {
  const Tree *tree = &module->tree;
  Spans spans = { 0 };
  add_branches(module, &spans);
  for (FunctionId id = 0; id < module->symbols.functions.count; id++) {
    const Function *function = module_function(module, id);
    if (!tree_is(tree, function->node, KIND_FUNCTION_DEFINITION)) continue;
    if (function->is_stub || function->is_overload) add_body(module, function->body, &spans);
  }
  if (spans.count > 1) qsort(spans.items, spans.count, sizeof *spans.items, span_order);
  return spans;
}

static void keep_reason(const Module *module, const Finding *finding, Quiets *quiets) {
  if (quiets == NULL) return;
  Quiet quiet = {
    .rule = finding->rule,
    .span = finding->span,
    .why = "nothing runs here: the body of a stub or overload, or code for type checkers only",
  };
  vec_push(module->arena, quiets, quiet);
}

void silence_drop(const Module *module, Findings *findings, Quiets *quiets) {
  if (findings->count == 0) return;
  Spans spans = silent_spans(module);
  uint32_t kept = 0, next = 0, silent_until = 0;
  for (uint32_t i = 0; i < findings->count; i++) {
    uint32_t start = findings->items[i].span.start;
    while (next < spans.count && spans.items[next].start <= start) {
      if (spans.items[next].end > silent_until) silent_until = spans.items[next].end;
      next++;
    }
    if (start >= silent_until) findings->items[kept++] = findings->items[i];
    else keep_reason(module, &findings->items[i], quiets);
  }
  findings->count = kept;
}
