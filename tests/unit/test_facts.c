#include "python/facts.h"

#include "support.h"

static Facts facts_of(const char *text) { return facts_collect(module_of(text), support_arena()); }

static const FunctionFacts *function_in(const Facts *facts, const char *name) {
  for (uint32_t i = 0; i < facts->functions.count; i++) {
    if (str_is(facts->functions.items[i].name, name)) return &facts->functions.items[i];
  }
  fail_msg("no such function: %s", name);
  return NULL;
}

/* The facts about pkg.mod.f. */
static uint32_t facts_of_f(const char *text) {
  Facts facts = facts_of(text);
  return function_in(&facts, "pkg.mod.f")->facts;
}

static uint32_t parameter_of_f(const char *text) {
  Facts facts = facts_of(text);
  const FunctionFacts *function = function_in(&facts, "pkg.mod.f");
  assert_true(function->parameters.count > 0);
  return function->parameters.items[0].facts;
}

#define assert_fact(text, fact) assert_true((facts_of_f(text) & (fact)) != 0)
#define assert_no_fact(text, fact) assert_true((facts_of_f(text) & (fact)) == 0)

/* --- functions --- */

static void functions_are_named_and_placed(void **state) {
  (void)state;
  Facts facts = facts_of("class C:\n"
                         "  async def m(self, a, *, b=1): yield a\n"
                         "def outer():\n"
                         "  def inner(): pass\n");
  assert_int_equal(facts.functions.count, 3);
  const FunctionFacts *method = function_in(&facts, "pkg.mod.C.m");
  assert_str(method->class_name, "pkg.mod.C");
  assert_str(method->path, "pkg/mod.py");
  assert_int_equal(method->position.line, 2);
  assert_int_equal(method->position.column, 13);
  assert_int_equal(
    method->facts & (FACT_ASYNC | FACT_GENERATOR | FACT_METHOD),
    FACT_ASYNC | FACT_GENERATOR | FACT_METHOD
  );
  assert_int_equal(method->parameters.count, 2);
  assert_str(method->parameters.items[0].name, "a");
  assert_str(function_in(&facts, "pkg.mod.outer.<locals>.inner")->class_name, "");
}

static void what_never_returns_is_known(void **state) {
  (void)state;
  assert_fact("def f(e):\n  if e: raise e\n  raise ValueError\n", FACT_NEVER_RETURNS);
  assert_fact("from typing import NoReturn\ndef f() -> NoReturn: g()\n", FACT_NEVER_RETURNS);
  assert_no_fact("def f(e):\n  if e: raise e\n", FACT_NEVER_RETURNS);
  assert_no_fact("def f(): raise NotImplementedError\n", FACT_NEVER_RETURNS);
  assert_no_fact("def f():\n  yield\n  raise ValueError\n", FACT_NEVER_RETURNS);
}

static void decorators_are_transparent_opaque_or_left_to_the_project(void **state) {
  (void)state;
  assert_no_fact("import tenacity\n@tenacity.retry(stop=1)\nasync def f(): pass\n", FACT_OPAQUE);
  assert_no_fact("from typing import override\n@override\nasync def f(): pass\n", FACT_OPAQUE);
  assert_no_fact("app = make()\n@app.get('/')\nasync def f(): pass\n", FACT_OPAQUE);
  assert_no_fact("@bot.event\nasync def f(): pass\n", FACT_OPAQUE);
  assert_no_fact("import pytest\n@pytest.mark.asyncio\nasync def f(): pass\n", FACT_OPAQUE);
  assert_fact("@bot.command()\nasync def f(): pass\n", FACT_OPAQUE);
  assert_fact("@make()(1)\nasync def f(): pass\n", FACT_OPAQUE);
  Facts facts = facts_of("from pkg.tools import retry\n@retry(3)\nasync def f(): pass\n");
  const FunctionFacts *function = function_in(&facts, "pkg.mod.f");
  assert_int_equal(function->decorators.count, 1);
  assert_str(function->decorators.items[0], "pkg.tools.retry");
}

static void a_context_manager_is_no_coroutine(void **state) {
  (void)state;
  const char *text =
    "from contextlib import asynccontextmanager\n@asynccontextmanager\nasync def f():\n  yield 1\n";
  assert_fact(text, FACT_CONTEXT_MANAGER);
  assert_no_fact(text, FACT_ASYNC | FACT_GENERATOR);
  assert_fact("class C: pass\n@property\ndef f(self): return 1\n", FACT_PROPERTY);
}

static void decorators_that_keep_coroutine_functions_are_found(void **state) {
  (void)state;
  assert_fact(
    "import functools\n"
    "def f(func):\n"
    "  @functools.wraps(func)\n"
    "  async def wrapper(*args): return await func(*args)\n"
    "  return wrapper\n",
    FACT_ASYNC_WRAPPER
  );
  assert_fact(
    "def f(times):\n"
    "  def decorate(func):\n"
    "    async def wrapper(*args): return await func(*args)\n"
    "    return wrapper\n"
    "  return decorate\n",
    FACT_ASYNC_WRAPPER
  );
  assert_fact("def f(func):\n  registry.append(func)\n  return func\n", FACT_ASYNC_WRAPPER);
  assert_fact(
    "def f(func):\n  def wrapper(*args):\n    count()\n    return func(*args)\n  return wrapper\n",
    FACT_ASYNC_WRAPPER
  );
  assert_fact(
    "from typing import cast\n"
    "def f(func):\n"
    "  async def wrapper(): await func()\n"
    "  return cast(F, wrapper)\n",
    FACT_ASYNC_WRAPPER
  );
  assert_no_fact(
    "def f(func):\n"
    "  def wrapper(*args): return asyncio.run(func(*args))\n"
    "  return wrapper\n",
    FACT_ASYNC_WRAPPER
  );
  assert_no_fact("def f():\n  async def main(): pass\n  return main()\n", FACT_ASYNC_WRAPPER);
  assert_no_fact("def f(func):\n  return func()\n", FACT_ASYNC_WRAPPER);
  assert_no_fact("def f(key, default):\n  return default\n", FACT_ASYNC_WRAPPER);
}

/* --- errors --- */

static void work_in_a_try_that_logs_is_handled(void **state) {
  (void)state;
  assert_fact(
    "async def f():\n  try:\n    await g()\n  except Exception:\n    pass\n", FACT_HANDLES_ERRORS
  );
  assert_fact(
    "import logging\n"
    "async def f():\n"
    "  try:\n    await g()\n"
    "  except Exception:\n    logging.exception('x')\n    raise\n",
    FACT_HANDLES_ERRORS
  );
  assert_fact(
    "import contextlib\nasync def f():\n  with contextlib.suppress(Exception):\n    await g()\n",
    FACT_HANDLES_ERRORS
  );
  assert_fact(
    "import asyncio\n"
    "async def f():\n"
    "  while True:\n"
    "    try:\n      await g()\n"
    "    except Exception as e:\n      await report(e)\n"
    "    await asyncio.sleep(1)\n",
    FACT_HANDLES_ERRORS
  );
  assert_fact(
    "async def f(self):\n  async with self.lock:\n    try:\n      await g()\n    except Exception: "
    "pass\n",
    FACT_HANDLES_ERRORS
  );
  assert_fact("@log_errors\nasync def f():\n  await g()\n", FACT_HANDLES_ERRORS);
}

static void other_work_is_not_handled(void **state) {
  (void)state;
  assert_no_fact("async def f():\n  await g()\n", FACT_HANDLES_ERRORS);
  assert_no_fact(
    "async def f():\n  try:\n    await g()\n  except Exception:\n    raise\n", FACT_HANDLES_ERRORS
  );
  assert_no_fact(
    "async def f():\n  try:\n    await g()\n  except KeyError:\n    pass\n", FACT_HANDLES_ERRORS
  );
  assert_no_fact(
    "async def f():\n  await h()\n  try:\n    await g()\n  except Exception:\n    pass\n",
    FACT_HANDLES_ERRORS
  );
  assert_no_fact("@login_required\nasync def f():\n  await g()\n", FACT_HANDLES_ERRORS);
}

static void unhandled_work_names_its_delegates(void **state) {
  (void)state;
  Facts facts = facts_of("import asyncio\n"
                         "from pkg.other import g\n"
                         "async def f(self):\n"
                         "  async with self.semaphore:\n"
                         "    return await g(1)\n"
                         "async def unknown(x):\n"
                         "  await x.run()\n"
                         "  await asyncio.gather(g(1), g(2))\n");
  const FunctionFacts *function = function_in(&facts, "pkg.mod.f");
  assert_int_equal(function->delegates.count, 1);
  assert_str(function->delegates.items[0].name, "pkg.other.g");
  function = function_in(&facts, "pkg.mod.unknown");
  assert_int_equal(function->delegates.count, 2);
  assert_str(function->delegates.items[0].name, "");
  assert_str(function->delegates.items[1].name, "pkg.other.g");
}

static void delegates_say_whether_a_handler_takes_their_timeouts(void **state) {
  (void)state;
  Facts facts = facts_of("import asyncio\n"
                         "from pkg.other import g\n"
                         "async def takes():\n"
                         "  try:\n"
                         "    await g()\n"
                         "  except asyncio.TimeoutError:\n"
                         "    return None\n"
                         "async def passes_on():\n"
                         "  try:\n"
                         "    await g()\n"
                         "  except asyncio.TimeoutError:\n"
                         "    clean()\n"
                         "    raise\n"
                         "async def collects():\n"
                         "  return await asyncio.gather(g(), return_exceptions=True)\n");
  assert_true(function_in(&facts, "pkg.mod.takes")->delegates.items[0].takes_timeouts);
  assert_false(function_in(&facts, "pkg.mod.passes_on")->delegates.items[0].takes_timeouts);
  assert_true(function_in(&facts, "pkg.mod.collects")->delegates.items[0].takes_timeouts);
}

static void what_only_waits_cannot_fail(void **state) {
  (void)state;
  assert_fact("import asyncio\nasync def f():\n  await asyncio.sleep(1)\n", FACT_CANNOT_FAIL);
  assert_no_fact(
    "import asyncio\nasync def f():\n  await asyncio.sleep(1)\n  raise ValueError\n",
    FACT_CANNOT_FAIL
  );
  assert_no_fact(
    "import asyncio\nasync def f():\n  await asyncio.sleep(1)\n  compute()\n", FACT_CANNOT_FAIL
  );
  assert_no_fact("async def f():\n  await g()\n", FACT_CANNOT_FAIL);
}

static void plain_functions_that_no_error_leaves_are_known(void **state) {
  (void)state;
  const Fact ends = FACT_ENDS_ERRORS;
  assert_fact("def f():\n  try:\n    g()\n  except Exception:\n    log.error('x')\n", ends);
  assert_fact(
    "def f():\n  try:\n    g()\n  except Exception:\n    pass\n  finally:\n    pipe.close()\n", ends
  );
  assert_fact(
    "from contextlib import suppress\ndef f():\n  with suppress(Exception):\n    g()\n", ends
  );
  assert_fact("def f(self):\n  self.ready.set()\n", ends);
  assert_no_fact("def f():\n  g()\n", ends);
  assert_no_fact("def f(d):\n  return d['x']\n", ends);
  assert_no_fact("def f():\n  try:\n    g()\n  except KeyError:\n    pass\n", ends);
  assert_no_fact("def f():\n  try:\n    g()\n  except Exception:\n    raise\n", ends);
  assert_no_fact("def f():\n  try:\n    g()\n  except Exception:\n    pass\n  h()\n", ends);
  assert_no_fact("async def f():\n  try:\n    g()\n  except Exception:\n    pass\n", ends);
}

static void task_groups_and_timeouts_are_seen(void **state) {
  (void)state;
  assert_fact(
    "import asyncio\n"
    "async def f():\n"
    "  '''Text.'''\n"
    "  async with asyncio.TaskGroup() as tg:\n"
    "    tg.create_task(g())\n"
    "    await h()\n",
    FACT_TASK_GROUP
  );
  assert_no_fact(
    "import asyncio\n"
    "async def f():\n"
    "  await h()\n"
    "  async with asyncio.TaskGroup() as tg:\n"
    "    tg.create_task(g())\n",
    FACT_TASK_GROUP
  );
  assert_fact(
    "import asyncio\nasync def f():\n  return await asyncio.wait_for(g(), 1)\n", FACT_RAISES_TIMEOUT
  );
  assert_no_fact(
    "import asyncio\n"
    "async def f():\n"
    "  try:\n    return await asyncio.wait_for(g(), 1)\n"
    "  except asyncio.TimeoutError:\n    return None\n",
    FACT_RAISES_TIMEOUT
  );
}

/* --- parameters and results --- */

static void the_fate_of_arguments_is_told(void **state) {
  (void)state;
  assert_int_equal(parameter_of_f("async def f(x):\n  await x\n"), PARAMETER_AWAITED);
  assert_int_equal(
    parameter_of_f("import asyncio\nasync def f(xs):\n  await asyncio.gather(*xs)\n"),
    PARAMETER_AWAITED
  );
  assert_int_equal(
    parameter_of_f("def f(x):\n  x.cancel()\n"), PARAMETER_CANCELLED | PARAMETER_VALUE
  );
  assert_int_equal(
    parameter_of_f("def f(xs):\n  for x in xs:\n    x.cancel()\n"),
    PARAMETER_CANCELLED | PARAMETER_VALUE
  );
  assert_int_equal(
    parameter_of_f("def f(x):\n  return isinstance(x, Exception)\n"), PARAMETER_TESTED
  );
  assert_int_equal(parameter_of_f("def f(x):\n  return isinstance(x, dict)\n"), 0);
  assert_int_equal(parameter_of_f("def f(x):\n  print(x)\n"), 0);
  assert_int_equal(parameter_of_f("def f(x):\n  unknown(x)\n"), PARAMETER_KEPT);
  assert_int_equal(parameter_of_f("def f(x):\n  return x\n"), PARAMETER_RETURNED);
  assert_int_equal(parameter_of_f("def f(x):\n  x()\n"), PARAMETER_CALLED);
  assert_int_equal(parameter_of_f("def f(x: str | None):\n  print(x)\n"), PARAMETER_DATA);
  assert_int_equal(parameter_of_f("def f(x: object):\n  print(x)\n"), 0);
  assert_int_equal(parameter_of_f("def f(x: None):\n  print(x)\n"), 0);
  assert_int_equal(
    parameter_of_f("async def f(x):\n  await x.aclose()\n"), PARAMETER_CLOSED | PARAMETER_VALUE
  );
}

static void task_makers_are_known_by_what_they_keep(void **state) {
  (void)state;
  assert_fact(
    "import asyncio\ntasks = set()\n"
    "def f(coro):\n  task = asyncio.create_task(coro)\n  tasks.add(task)\n  return task\n",
    FACT_KEEPS_TASK
  );
  assert_fact("def f(x):\n  items.append(x)\n", FACT_KEEPS_TASK);
  assert_fact("async def f(x):\n  await x\n", FACT_KEEPS_TASK);
  assert_no_fact("import asyncio\ndef f(coro):\n  asyncio.create_task(coro)\n", FACT_KEEPS_TASK);
}

static void results_are_told(void **state) {
  (void)state;
  assert_fact("import asyncio\ndef f():\n  return asyncio.create_task(g())\n", FACT_RETURNS_TASK);
  assert_fact("import asyncio\ndef f() -> asyncio.Task: return make()\n", FACT_RETURNS_TASK);
  assert_fact("import asyncio\ndef f():\n  return asyncio.sleep(1)\n", FACT_RETURNS_COROUTINE);
  Facts facts = facts_of("from pkg.other import g\n"
                         "class A: pass\n"
                         "def f(x):\n  if x: return g(1)\n  return g(2)\n"
                         "def sometimes(x):\n  if x: return g(1)\n"
                         "def make(): return A()\n"
                         "def declared() -> 'A': return build()\n");
  assert_str(function_in(&facts, "pkg.mod.f")->returns_call_of, "pkg.other.g");
  assert_str(function_in(&facts, "pkg.mod.sometimes")->returns_call_of, "");
  assert_str(function_in(&facts, "pkg.mod.make")->returns, "pkg.mod.A");
  assert_str(function_in(&facts, "pkg.mod.declared")->returns, "pkg.mod.A");
}

static void exceptions_as_results_are_told(void **state) {
  (void)state;
  assert_fact(
    "async def f():\n  try:\n    return await g()\n  except Exception as e:\n    return e\n",
    FACT_RETURNS_EXCEPTION
  );
  assert_fact(
    "async def f(x):\n  try:\n    await g()\n  except KeyError as e:\n    return x, e\n",
    FACT_RETURNS_EXCEPTION
  );
  assert_no_fact(
    "async def f():\n  try:\n    return await g()\n  except Exception as e:\n    return str(e)\n",
    FACT_RETURNS_EXCEPTION
  );
}

static void sessions_are_made_or_handed_out(void **state) {
  (void)state;
  assert_fact(
    "import aiohttp\nasync def f():\n  async with aiohttp.ClientSession() as s:\n    await "
    "s.get('x')\n",
    FACT_MAKES_SESSION
  );
  assert_fact(
    "import aiohttp\nasync def f():\n  s = aiohttp.ClientSession()\n  await s.get('x')\n",
    FACT_MAKES_SESSION
  );
  assert_fact("import aiohttp\ndef f():\n  return aiohttp.ClientSession()\n", FACT_RETURNS_SESSION);
  assert_no_fact(
    "import aiohttp\nclass A:\n  pass\ndef f(self):\n  self.s = aiohttp.ClientSession()\n",
    FACT_MAKES_SESSION | FACT_RETURNS_SESSION
  );
  assert_no_fact(
    "import aiohttp\nasync def f(s=None):\n  s = s or aiohttp.ClientSession()\n  await "
    "s.get('x')\n",
    FACT_MAKES_SESSION
  );
}

/* --- classes and names --- */

static const AttributeFacts *attribute_in(const ClassFacts *facts, const char *name) {
  for (uint32_t i = 0; i < facts->attributes.count; i++) {
    if (str_is(facts->attributes.items[i].name, name)) return &facts->attributes.items[i];
  }
  return NULL;
}

static void classes_tell_bases_methods_and_attributes(void **state) {
  (void)state;
  Facts facts = facts_of("import asyncio\n"
                         "from pkg.base import Base, Client\n"
                         "class C(Base, unknown()):\n"
                         "  name: Client\n"
                         "  def __init__(self, given: Client, other):\n"
                         "    self.task = asyncio.create_task(self.run())\n"
                         "    self.given = given\n"
                         "    self.other = other\n"
                         "    self.loop: asyncio.AbstractEventLoop = make()\n"
                         "  async def run(self): pass\n");
  assert_int_equal(facts.classes.count, 1);
  const ClassFacts *class_ = &facts.classes.items[0];
  assert_str(class_->name, "pkg.mod.C");
  assert_int_equal(class_->bases.count, 2);
  assert_str(class_->bases.items[0], "pkg.base.Base");
  assert_str(class_->bases.items[1], "");
  assert_int_equal(class_->methods.count, 2);
  assert_str(class_->methods.items[1], "run");
  assert_str(attribute_in(class_, "task")->type, "asyncio.Task");
  assert_str(attribute_in(class_, "given")->type, "pkg.base.Client");
  assert_str(attribute_in(class_, "name")->type, "pkg.base.Client");
  assert_str(attribute_in(class_, "loop")->type, "asyncio.AbstractEventLoop");
  assert_null(attribute_in(class_, "other"));
}

static Str target_in(const Facts *facts, const char *name) {
  for (uint32_t i = 0; i < facts->aliases.count; i++) {
    if (str_is(facts->aliases.items[i].name, name)) return facts->aliases.items[i].target;
  }
  return STR_EMPTY;
}

static void names_that_others_may_import_are_told(void **state) {
  (void)state;
  Facts facts = facts_of("import asyncio\n"
                         "import a.b as c\n"
                         "from .util import gather_all as together, Manager\n"
                         "from .more import *\n"
                         "run_all = together\n"
                         "manager = Manager()\n"
                         "limit = 5\n"
                         "def f():\n  import hidden\n");
  assert_str(target_in(&facts, "pkg.mod.asyncio"), "asyncio");
  assert_str(target_in(&facts, "pkg.mod.c"), "a.b");
  assert_str(target_in(&facts, "pkg.mod.together"), "pkg.util.gather_all");
  assert_str(target_in(&facts, "pkg.mod.run_all"), "pkg.util.gather_all");
  assert_str(target_in(&facts, "pkg.mod"), "pkg.more.*");
  assert_int_equal(facts.instances.count, 1);
  assert_str(facts.instances.items[0].name, "pkg.mod.manager");
  assert_str(facts.instances.items[0].type, "pkg.util.Manager");
  bool has_hidden = false, has_util = false;
  for (uint32_t i = 0; i < facts.imports.count; i++) {
    has_hidden |= str_is(facts.imports.items[i], "hidden");
    has_util |= str_is(facts.imports.items[i], "pkg.util");
  }
  assert_true(has_hidden);
  assert_true(has_util);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(functions_are_named_and_placed),
    cmocka_unit_test(what_never_returns_is_known),
    cmocka_unit_test(decorators_are_transparent_opaque_or_left_to_the_project),
    cmocka_unit_test(a_context_manager_is_no_coroutine),
    cmocka_unit_test(decorators_that_keep_coroutine_functions_are_found),
    cmocka_unit_test(work_in_a_try_that_logs_is_handled),
    cmocka_unit_test(other_work_is_not_handled),
    cmocka_unit_test(unhandled_work_names_its_delegates),
    cmocka_unit_test(delegates_say_whether_a_handler_takes_their_timeouts),
    cmocka_unit_test(what_only_waits_cannot_fail),
    cmocka_unit_test(plain_functions_that_no_error_leaves_are_known),
    cmocka_unit_test(task_groups_and_timeouts_are_seen),
    cmocka_unit_test(the_fate_of_arguments_is_told),
    cmocka_unit_test(task_makers_are_known_by_what_they_keep),
    cmocka_unit_test(results_are_told),
    cmocka_unit_test(exceptions_as_results_are_told),
    cmocka_unit_test(sessions_are_made_or_handed_out),
    cmocka_unit_test(classes_tell_bases_methods_and_attributes),
    cmocka_unit_test(names_that_others_may_import_are_told),
  };
  return cmocka_run_group_tests_name("facts", tests, NULL, NULL);
}
