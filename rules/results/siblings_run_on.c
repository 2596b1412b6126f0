/*
# One failure leaves the siblings running

Several awaitables are started together, and the first failure is raised while the others run on: `gather` without
`return_exceptions`, a loop over `as_completed`, a loop over `asyncio.wait`.

## What happens at run time

The caller sees the failure and goes on: it answers the request, closes the session, rolls the transaction back. The siblings still work
with all of that; they fail later, or they succeed when nobody expects it any more. Of their own failures nothing is seen: gather
marks them as retrieved.

## Use instead

From Python 3.11 on a task group cancels the siblings and waits for them:

```python
async def load_page(client, user):
    async with asyncio.TaskGroup() as group:
        profile = group.create_task(client.profile(user))
        orders = group.create_task(client.orders(user))
    return profile.result(), orders.result()
```

Before, cancel the tasks and await them in an `except BaseException:` around the gather.

## When not to worry

Read-only requests that may run on are harmless; that is why the rule is opt-in. Work that is owned elsewhere, answers for its own
errors or cannot fail, closing code, the program's main coroutine, and a `try` around that cancels or awaits the rest stay
silent.

## Fix

Unsafe, from Python 3.11 on, where each argument is the call of a coroutine function and no `try` stands around it: the work starts in a
task group, and the list is read from its tasks. What fails comes out in an ExceptionGroup then, which callers have to expect.

## Measured

Of 43 findings in 20 repositories that were read, 2 were bugs, 41 debatable and none wrong. There
are 615 in 44 of 51 repositories.

Known to miss: tasks that are awaited one after the other, in a loop or by name; functions of the
project that pass on to gather (`vocabulary.gather-like` names them).

## Source

Python documentation, asyncio.gather: if return_exceptions is False, other awaitables are not cancelled and continue to run. Executed on 3.8
to 3.13.
*/
#include "base/text.h"
#include "lint/rule.h"
#include "python/siblings.h"

/* A name that the function does not use yet. */
static bool is_free(const Module *module, Node place, const char *name) {
  const Scopes *scopes = &module->scopes;
  return scopes_lookup(scopes, scopes->scope_of[place], str_from(name)) == BINDING_NONE;
}

static void offer_group(Context *cx, Finding *finding, Node call, Node awaited) {
  Module *module = cx->module;
  const Tree *tree = &module->tree;
  Node statement;
  bool is_plain = fits_task_group(module, awaited, &statement) && is_free(module, call, "group") &&
    is_free(module, call, "tasks") && is_free(module, call, "task");
  if (!is_plain) return;
  add_fix(cx, finding, FIX_UNSAFE, "Start them in a TaskGroup");
  Text tasks = { .arena = cx->arena };
  Node arguments = tree_child(tree, call, FIELD_ARGUMENTS);
  TREE_EACH_CHILD (tree, arguments, argument) {
    Str work = tree_text(tree, argument);
    text_format(&tasks, "\n        group.create_task(%.*s),", STR_ARGS(work));
  }
  Str asyncio = fix_module(cx, finding, statement, "asyncio");
  fix_add_statement_before(
    cx,
    finding,
    statement,
    "async with %.*s.TaskGroup() as group:\n    tasks = [%.*s\n    ]",
    STR_ARGS(asyncio),
    STR_ARGS(text_str(&tasks))
  );
  fix_replace(cx, finding, awaited, "[task.result() for task in tasks]");
}

static Finding *report_siblings(Context *cx, const Siblings *siblings) {
  Finding *finding = report(
    cx, siblings->wait, "when one of these fails, the others run on: nobody cancels or awaits them"
  );
  if (siblings->started != NODE_NONE) add_note(cx, finding, siblings->started, "a failure here");
  if (siblings->raises != siblings->wait && !tree_inside(&cx->module->tree, siblings->wait, siblings->raises)) {
    add_note(cx, finding, siblings->raises, "comes out here, with the rest still running");
  }
  bool has_groups = cx->module->target.minor >= 11;
  add_help(
    cx, finding, has_groups ? "use asyncio.TaskGroup" : "on any error cancel the rest and await it"
  );
  return finding;
}

static void check_await(Context *cx, Node awaited) {
  Siblings siblings;
  Reason why = NULL;
  if (siblings_of_gather(cx->module, awaited, &siblings, &why)) {
    Finding *finding = report_siblings(cx, &siblings);
    offer_group(cx, finding, siblings.wait, awaited);
  } else if (siblings_of_wait(cx->module, awaited, &siblings, &why)) {
    report_siblings(cx, &siblings);
  } else {
    stays_quiet(cx, awaited, why);
  }
}

static void check_loop(Context *cx, Node for_statement) {
  Siblings siblings;
  Reason why = NULL;
  if (siblings_of_loop(cx->module, for_statement, &siblings, &why)) report_siblings(cx, &siblings);
  else stays_quiet(cx, for_statement, why);
}

const Rule rule_siblings_run_on = {
  .code = "AWR209",
  .name = "siblings-run-on",
  .summary = "When one of several awaitables fails, the others run on unobserved",
  .since = "0.1",
  .severity = SEVERITY_INFO,
  .fix = FIX_UNSAFE,
  .words = { "gather", "as_completed", "wait" },
  .on = { ON_NODE(KIND_AWAIT, check_await), ON_NODE(KIND_FOR_STATEMENT, check_loop) },
};
