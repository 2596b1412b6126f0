#pragma once
/*
 * Iteration: what a loop variable takes from, and what lies under the wrappers that leave the
 * elements of a collection as they are. Shared by the analyses of work, cancel links and elements.
 */
#include "python/asyncio_call.h"
#include "python/module.h"

/* The collection under list(x), tuple(x), sorted(x), reversed(x), x.values(), x.copy(), x[:],
   *x, …; the expression itself if there is nothing to take off. */
Node collection_peeled(Module *module, Node expression);

/* True for a display, a comprehension, or a call that builds a collection: list(…), set(),
   map(…), chain(…). */
bool is_collection(Module *module, Node expression);

/* The collection whose elements a target of a for statement or of a comprehension takes: `tasks`
   for t in `for i, t in enumerate(tasks)`. NODE_NONE if the identifier is no such target or
   takes a part of an element. */
Node iterated_collection(Module *module, Node identifier);

/* The expression of a with_item, without `as target`. */
Node with_item_expression(const Tree *tree, Node with_item);
/* The with_statement of a with_item. */
Node with_item_statement(const Tree *tree, Node with_item);

/* The last name of a call's function, of an attribute chain or of a subscripted one: "lock" for
   self.locks.lock(x). Empty if there is none. */
Str last_name(const Module *module, Node expression);

/* Takes the next word of a name: "wait", "closed" from wait_closed, waitClosed, __wait_closed__.
   Empty at the end. */
Str next_word(Str *rest);
/* True if one of the words of the name, in lower case, is in the list. */
bool has_word(const Module *module, Str name, const char *const *words, uint32_t count);
#define HAS_WORD(module, name, words) \
  has_word((module), (name), (words), (uint32_t)(sizeof(words) / sizeof(*(words))))

/* To be asked before every row of a subtree is looked at for the sake of one node: false once such
   searches have taken more than their share of the file, so that a file with thousands of them
   still takes about linear time. */
bool may_search(Module *module, Node root);

/* True if the row opens a function of its own, whose body is not evaluated with what is around
   it. */
static inline bool opens_function(const Tree *tree, Node node) {
  return tree_is(tree, node, KIND_FUNCTION_DEFINITION) || tree_is(tree, node, KIND_LAMBDA);
}
/* Every row of the subtree, but not those of functions nested in it. */
#define EACH_ROW(tree, root, node) \
  for (Node node = (root); node < tree_after((tree), (root)); \
       node = node != (root) && opens_function((tree), node) ? tree_after((tree), node) \
                                                             : node + 1)
