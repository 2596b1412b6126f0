#pragma once
/*
 * Kernel: what is different where the top level of a notebook's cell runs: inside the running event
 * loop of the kernel, with `await` at hand, and with the value of a cell's last expression
 * displayed and kept.
 */
#include "python/module.h"
#include "python/reason.h"

/* True if the node is evaluated by the top level of a notebook's cell. */
bool runs_in_kernel(const Module *module, Node node);

/* True if `await` may stand there: in a coroutine, or at the top level of a cell. */
bool may_await(const Module *module, Node node);

/* True if the statement is the last one of its cell, whose value IPython shows and keeps in `_` and
   `Out`. */
bool is_displayed(const Module *module, Node statement);

/* Why the author knows that a loop is running where the call starts another one, or where no cell
   gets to it: the loop was made to nest, or the call is in a branch or handler of its own. NULL if
   nothing speaks for it. */
Reason nests_knowingly(Module *module, Node call);
