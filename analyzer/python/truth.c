#include "python/truth.h"

static Truth literal_truth(const Tree *tree, Node literal) {
  switch (tree_kind(tree, literal)) {
  case KIND_TRUE:
    return TRUTH_ALWAYS;
  case KIND_FALSE:
  case KIND_NONE_LITERAL:
    return TRUTH_NEVER;
  case KIND_INTEGER: {
    Str digits = tree_text(tree, literal);
    if (str_is(digits, "0")) return TRUTH_NEVER;
    return digits.len > 0 && digits.data[0] != '0' ? TRUTH_ALWAYS : TRUTH_UNKNOWN;
  }
  default:
    return TRUTH_UNKNOWN;
  }
}

Truth truth_of(const Tree *tree, Node condition) {
  bool is_negated = false;
  while (tree_is(tree, condition, KIND_NOT_OPERATOR)) {
    condition = tree_first(tree, condition);
    is_negated = !is_negated;
  }
  if (condition == NODE_NONE) return TRUTH_UNKNOWN;
  Truth truth = literal_truth(tree, condition);
  if (truth == TRUTH_UNKNOWN || !is_negated) return truth;
  return truth == TRUTH_ALWAYS ? TRUTH_NEVER : TRUTH_ALWAYS;
}

bool case_is_irrefutable(const Tree *tree, Node case_clause) {
  Node pattern = tree_first(tree, case_clause);
  if (!tree_is(tree, pattern, KIND_CASE_PATTERN)) return false;
  for (;;) {
    Node inner = tree_first(tree, pattern);
    if (inner == NODE_NONE) return tree_text_is(tree, pattern, "_");
    if (tree_is(tree, inner, KIND_DOTTED_NAME)) return tree_child_count(tree, inner) == 1;
    if (!tree_is(tree, inner, KIND_AS_PATTERN) && !tree_is(tree, inner, KIND_CASE_PATTERN))
      return false;
    pattern = inner;
  }
}
