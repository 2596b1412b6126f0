#pragma once
/*
 * Gaps: what stands between two tokens and means nothing: white space, line endings, continuations
 * of lines, comments.
 */
#include "python/tree.h"

/* The offset where the gap begins that ends there; that offset if there is none. */
uint32_t gap_start(const Tree *tree, uint32_t end);
/* The offset where the gap ends that begins there. */
uint32_t gap_end(const Tree *tree, uint32_t start);

/* The node's span with the parentheses around it that are its own: of b in f((b)) that of (b). */
Span span_in_parentheses(const Tree *tree, Node node);
