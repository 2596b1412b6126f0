/*
# The selector loop of Windows cannot start subprocesses

The program sets `WindowsSelectorEventLoopPolicy`, and its code starts subprocesses through asyncio.

## What happens at run time

On Windows only the proactor loop, the default since Python 3.8, can start subprocesses. With the selector loop
`create_subprocess_exec` raises `NotImplementedError`, with an empty message, perhaps in another file than the one that chose
the loop. Libraries that start a driver, such as Playwright, fail the same way.

## Use instead

Leave the default, and give the selector loop to the library that needs it, in a thread of its own:

```python
def run_legacy(main):
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        return runner.run(main())
```

## When not to worry

Programs whose code asks for no subprocess, and subprocesses in tests or in another top-level package, stay silent, as does
the `subprocess` module, which does not need the loop.

## Proof

It fails on Windows only, where the checker does not run.

## Measured

No finding in 51 repositories of 22,957 Python files.

Known to miss: a selector loop that is made and set without the policy; libraries that start a
subprocess unknown to awry.

## Source

Python documentation, "Platform Support", section "Windows": SelectorEventLoop does not support subprocesses; ProactorEventLoop does.
*/
#include "lint/rule.h"
#include "python/asyncio_call.h"
#include "python/facts.h"
#include "python/name.h"

static void add_story(Context *cx, Finding *finding, const Facts *user) {
  Module *module = cx->module;
  Str name = user->subprocess.name;
  if (!str_equal(user->path, module->source->path)) {
    add_note_elsewhere(
      cx,
      finding,
      user->path,
      user->subprocess.position,
      "`%.*s` starts a subprocess of the loop",
      STR_ARGS(name)
    );
    return;
  }
  add_note(
    cx,
    finding,
    tree_at(&module->tree, user->subprocess.offset),
    "`%.*s` starts a subprocess of the loop",
    STR_ARGS(name)
  );
}

static void check(Context *cx, Node call) {
  Module *module = cx->module;
  if (!name_is(module, call_function(module, call), "asyncio.WindowsSelectorEventLoopPolicy"))
    return;
  const Facts *user = project_subprocess_user(module->project, &module->identity);
  if (user == NULL) {
    stays_quiet(
      cx, call, "nothing in the program starts a subprocess of the loop, as far as is known"
    );
    return;
  }

  Finding *finding = report(
    cx,
    call,
    "with this policy every subprocess of the loop fails with NotImplementedError on Windows"
  );
  add_story(cx, finding, user);
  add_help(cx, finding, "keep the default policy, whose proactor loop can start subprocesses");
}

const Rule rule_selector_policy_subprocess = {
  .code = "AWR602",
  .name = "selector-policy-subprocess",
  .summary =
    "The selector loop is chosen on Windows, where it cannot start the program's subprocesses",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .is_default = true,
  .words = { "WindowsSelectorEventLoopPolicy" },
  .on = { ON_NODE(KIND_CALL, check) },
};
