#include "python/asyncio_call.h"

#include "python/value.h"
#include "support.h"

static const char *const MEANING_WORDS[] = {
  [CALL_OTHER] = "other",
  [CALL_GATHER] = "gather",
  [CALL_WAIT] = "wait",
  [CALL_WAIT_FOR] = "wait_for",
  [CALL_SHIELD] = "shield",
  [CALL_AS_COMPLETED] = "as_completed",
  [CALL_CREATE_TASK] = "create_task",
  [CALL_ENSURE_FUTURE] = "ensure_future",
  [CALL_GROUP_TASK] = "group_task",
  [CALL_THREADSAFE] = "threadsafe",
  [CALL_RUN_IN_EXECUTOR] = "run_in_executor",
  [CALL_TO_THREAD] = "to_thread",
  [CALL_RUN] = "run",
  [CALL_SLEEP] = "sleep",
  [CALL_TIMEOUT] = "timeout",
  [CALL_TASK_GROUP] = "task group",
  [CALL_CREATE_FUTURE] = "create_future",
  [CALL_GET_LOOP] = "get_loop",
  [CALL_SUPPRESS] = "suppress",
  [CALL_SESSION] = "session",
  [CALL_CANCEL] = "cancel",
  [CALL_LOG] = "log",
  [CALL_ISINSTANCE] = "isinstance",
};

#define COUNT(cases) (sizeof(cases) / sizeof(*(cases)))

static void every_named_call_is_found(void **state) {
  (void)state;
  static const struct {
    const char *name;
    CallMeaning meaning;
  } calls[] = {
#define CALL(MEANING, dotted) { (dotted), CALL_##MEANING },
#include "python/calls.def"
  };
  for (size_t i = 0; i < COUNT(calls); i++) {
    Str name = str_from(calls[i].name);
    Str root =
      str_slice(name, 0, str_find(name, STR(".")) < name.len ? str_find(name, STR(".")) : 0);
    Str text = root.len == 0
      ? str_format(support_arena(), "%s(x)\n", calls[i].name)
      : str_format(support_arena(), "import %.*s\n%s(x)\n", STR_ARGS(root), calls[i].name);
    Module *module = module_of(str_terminated(support_arena(), text));
    assert_int_equal(call_meaning(module, node_of(module, KIND_CALL, 0)), calls[i].meaning);
  }
}

static void method_calls_are_in_order(void **state) {
  (void)state;
  static const char *const methods[] = {
#define METHOD_CALL(method, fits, MEANING) (method),
#include "python/method_calls.def"
  };
  for (size_t i = 1; i < COUNT(methods); i++) assert_true(strcmp(methods[i - 1], methods[i]) <= 0);
}

static const char *const HEAD =
  "import asyncio, logging, threading, concurrent.futures, anyio\n"
  "from asyncio import create_task as spawn, gather\n"
  "from contextlib import suppress\n"
  "import aiohttp\n"
  "from httpx import AsyncClient\n"
  "async def work(n): ...\n"
  "async def method(self, p, hass, t: asyncio.Task, ex: concurrent.futures.ThreadPoolExecutor):\n"
  "    loop = asyncio.get_running_loop()\n"
  "    timer = threading.Timer(1, p)\n"
  "    async with asyncio.TaskGroup() as workers:\n        pass\n"
  "    runner = asyncio.Runner()\n";

static void methods_mean_what_their_receiver_is(void **state) {
  (void)state;
  static const char *const cases[][2] = {
    { "spawn(work(1))", "create_task" },
    { "loop.create_task(work(1))", "create_task" },
    { "self.loop.create_task(work(1))", "create_task" },
    { "self._event_loop.create_task(work(1))", "create_task" },
    { "hass.loop.create_task(work(1))", "create_task" },
    { "asyncio.get_event_loop().create_task(work(1))", "create_task" },
    { "workers.create_task(work(1))", "group_task" },
    { "self._task_group.create_task(work(1))", "group_task" },
    { "p.nursery.start_soon(work, 1)", "group_task" },
    { "self.create_task(work(1))", "other" },
    { "p.create_task(work(1))", "other" },
    { "hass.async_create_task(work(1))", "other" },
    { "loop.run_in_executor(None, p)", "run_in_executor" },
    { "ex.submit(p)", "run_in_executor" },
    { "p.submit(p)", "other" },
    { "loop.run_until_complete(work(1))", "run" },
    { "runner.run(work(1))", "run" },
    { "p.run(work(1))", "other" },
    { "loop.create_future()", "create_future" },
    { "t.cancel()", "cancel" },
    { "p.cancel()", "cancel" },
    { "self._task.cancel()", "cancel" },
    { "timer.cancel()", "other" },
    { "logging.info('x')", "log" },
    { "p.logger.exception('x')", "log" },
    { "_LOGGER.warning('x')", "log" },
    { "self._log.debug('x')", "log" },
    { "logging.getLogger('a').error('x')", "log" },
    { "logger.opt(exception=p).error('x')", "log" },
    { "p.log.bind(a=1).new(b=2).info('x')", "log" },
    { "p.bind(a=1).error('x')", "other" },
    { "p.logger.ainfo('x')", "log" },
    { "span.record_exception(p)", "log" },
    { "p.record_exception(p)", "other" },
    { "p.error('x')", "other" },
    { "print(p)", "log" },
    { "suppress(ValueError)", "suppress" },
    { "isinstance(p, int)", "isinstance" },
    { "aiohttp.ClientSession()", "session" },
    { "AsyncClient()", "session" },
    { "p.safe_gather(work(1), return_exceptions=True)", "gather" },
    { "p.safe_gather(work(1))", "other" },
    { "gather(work(1))", "gather" },
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Str text = str_format(support_arena(), "%s    _ = %s\n", HEAD, cases[i][0]);
    Module *module = module_of(str_terminated(support_arena(), text));
    const char *word = MEANING_WORDS[call_meaning(module, node_at(module, cases[i][0], 0))];
    if (strcmp(word, cases[i][1]) != 0) print_error("%s: ", cases[i][0]);
    assert_string_equal(word, cases[i][1]);
  }
}

static void settings_add_words(void **state) {
  (void)state;
  Str gathers[] = { STR("pkg.tools.together"), STR("*.collect_all") };
  Str makers[] = { STR("self.spawn") };
  Str logs[] = { STR("*.report") };
  Vocabulary vocabulary = { .gather_like = { gathers, 2 },
                            .task_makers = { makers, 1 },
                            .log_like = { logs, 1 } };
  ModuleOptions options = { .identity = { .name = STR("pkg.mod") },
                            .target = { 8 },
                            .vocabulary = &vocabulary };
  Module *module = module_with(
    "from pkg.tools import together\n"
    "def f(self, x):\n"
    "    together(x), x.collect_all(x), self.spawn(x), x.report(x), x.other(x)\n",
    &options
  );
  assert_int_equal(call_meaning(module, node_at(module, "together(x)", 0)), CALL_GATHER);
  assert_int_equal(call_meaning(module, node_at(module, "x.collect_all(x)", 0)), CALL_GATHER);
  assert_int_equal(call_meaning(module, node_at(module, "self.spawn(x)", 0)), CALL_GROUP_TASK);
  assert_int_equal(call_meaning(module, node_at(module, "x.report(x)", 0)), CALL_LOG);
  assert_int_equal(call_meaning(module, node_at(module, "x.other(x)", 0)), CALL_OTHER);
}

static void words_of_settings_fit_however_a_call_is_written(void **state) {
  (void)state;
  Str gathers[] = { STR("pkg.util.gather_all") };
  Str makers[] = { STR("*.spawn") };
  Vocabulary vocabulary = { .gather_like = { gathers, 1 }, .task_makers = { makers, 1 } };
  ModuleOptions options = { .identity = { .name = STR("pkg.mod") },
                            .target = { 8 },
                            .vocabulary = &vocabulary };
  Module *module = module_with(
    "from .util import gather_all as ga\n"
    "from . import util as u\n"
    "def f(jobs):\n"
    "    ga(1), u.gather_all(2), jobs().spawn(3), jobs[0].spawn(4), respawn(5), jobs.respawn(6)\n",
    &options
  );
  assert_int_equal(call_meaning(module, node_at(module, "ga(1)", 0)), CALL_GATHER);
  assert_int_equal(call_meaning(module, node_at(module, "u.gather_all(2)", 0)), CALL_GATHER);
  assert_int_equal(call_meaning(module, node_at(module, "jobs().spawn(3)", 0)), CALL_GROUP_TASK);
  assert_int_equal(call_meaning(module, node_at(module, "jobs[0].spawn(4)", 0)), CALL_GROUP_TASK);
  assert_int_equal(call_meaning(module, node_at(module, "respawn(5)", 0)), CALL_OTHER);
  assert_int_equal(call_meaning(module, node_at(module, "jobs.respawn(6)", 0)), CALL_OTHER);
}

static void reports_of_libraries_are_known(void **state) {
  (void)state;
  Module *module = module_of("import click, sentry_sdk, structlog\nlog = structlog.get_logger()\n"
                             "click.echo(x)\nsentry_sdk.capture_exception(x)\nlog.info(x)\n");
  assert_int_equal(call_meaning(module, node_at(module, "click.echo(x)", 0)), CALL_LOG);
  Node capture = node_at(module, "sentry_sdk.capture_exception(x)", 0);
  assert_int_equal(call_meaning(module, capture), CALL_LOG);
  assert_int_equal(call_meaning(module, node_at(module, "log.info(x)", 0)), CALL_LOG);
}

static void reports_to_trackers_are_known(void **state) {
  (void)state;
  static const char *const names[] = {
    "bugsnag.notify",  "logfire.error",          "newrelic.agent.notice_error",
    "rich.print_json", "rollbar.report_message", "sentry_sdk.capture_event",
    "syslog.syslog",   "traceback.print_tb",     "traceback.print_last",
  };
  for (size_t i = 0; i < COUNT(names); i++) {
    Str root = str_from(names[i]);
    root = str_next(&root, '.');
    Str text = str_format(support_arena(), "import %.*s\n%s(x)\n", STR_ARGS(root), names[i]);
    Module *module = module_of(str_terminated(support_arena(), text));
    Str call = str_format(support_arena(), "%s(x)", names[i]);
    Node node = node_at(module, str_terminated(support_arena(), call), 0);
    if (call_meaning(module, node) != CALL_LOG) fail_msg("%s is not known", names[i]);
  }
}

static void arguments_are_found(void **state) {
  (void)state;
  Module *module = module_of("f(a, b, k=c, **d)\ng(*a, b)\nself.x.m(i for i in j)\n");
  Node f = node_of(module, KIND_CALL, 0), g = node_of(module, KIND_CALL, 1),
       m = node_of(module, KIND_CALL, 2);
  assert_int_equal(call_positional(module, f, 1), node_at(module, "b", 0));
  assert_int_equal(call_positional(module, f, 2), NODE_NONE);
  assert_int_equal(call_keyword(module, f, "k"), node_at(module, "c", 0));
  assert_int_equal(call_argument(module, f, 2, "k"), node_at(module, "c", 0));
  assert_int_equal(call_argument(module, f, 2, "l"), NODE_NONE);
  assert_int_equal(call_positional_count(module, f), 2);
  assert_int_equal(call_positional(module, g, 1), NODE_NONE);
  assert_int_equal(call_positional_count(module, g), 2);
  assert_int_equal(call_positional(module, m, 0), node_of(module, KIND_GENERATOR_EXPRESSION, 0));
  assert_str(call_method(module, m), "m");
  assert_str(call_method(module, f), "f");
  assert_int_equal(call_receiver(module, m), node_at(module, "self.x", 0));
  assert_int_equal(call_receiver(module, f), NODE_NONE);
}

static Str texts(const Module *module, Nodes nodes) {
  Str all = STR_EMPTY;
  for (uint32_t i = 0; i < nodes.count; i++)
    all = str_join(support_arena(), all, ';', tree_text(&module->tree, nodes.items[i]));
  return all;
}

static Module *with_statements(const char *statements) {
  Str text =
    str_format(support_arena(), "import asyncio\nasync def f(p, xs):\n    %s\n", statements);
  return module_of(str_terminated(support_arena(), text));
}

/* The call of asyncio.<name>. */
static Node asyncio_call(const Module *module, const char *name) {
  for (uint32_t n = 0;; n++) {
    Node call = node_of(module, KIND_CALL, n);
    if (str_is(call_method(module, call), name)) return call;
  }
}

static void
check_gather(const char *statements, const char *awaitables, bool collects, bool is_complete) {
  Module *module = with_statements(statements);
  Gather gather;
  assert_true(gather_of(module, asyncio_call(module, "gather"), &gather));
  assert_str(texts(module, gather.awaitables), awaitables);
  assert_int_equal(gather.collects_exceptions, collects);
  if (gather.is_complete != is_complete) print_error("completeness in %s: ", statements);
  assert_int_equal(gather.is_complete, is_complete);
}

static void a_gather_is_taken_apart(void **state) {
  (void)state;
  check_gather("await asyncio.gather(a(), b())", "a();b()", false, true);
  check_gather("await asyncio.gather(a(), return_exceptions=True)", "a()", true, true);
  check_gather(
    "await asyncio.gather(*[a(x) for x in xs], return_exceptions=True)", "a(x)", true, true
  );
  check_gather("await asyncio.gather(*(a(x) for x in xs))", "a(x)", false, true);
  check_gather("ts = []; ts.append(a()); await asyncio.gather(*ts, b())", "a();b()", false, true);
  check_gather("await asyncio.gather(*xs)", "", false, false);
  check_gather("await asyncio.gather(*map(p, xs))", "map(p, xs)", false, true);
  check_gather("await asyncio.gather(*self.tasks)", "", false, false);
  Module *module = with_statements("await asyncio.gather(a(), return_exceptions=p)");
  Gather gather;
  assert_true(gather_of(module, asyncio_call(module, "gather"), &gather));
  assert_true(gather.may_collect);
  assert_false(gather.collects_exceptions);
  assert_false(gather_of(module, node_at(module, "a()", 0), &gather));
}

static void an_awaited_gather_is_found(void **state) {
  (void)state;
  static const char *const found[] = {
    "return await asyncio.gather(a())",
    "return await asyncio.wait_for(asyncio.gather(a()), 1)",
    "return await asyncio.shield(asyncio.gather(a()))",
    "x = asyncio.gather(a())\n    return await x",
    "loop = p\n    return loop.run_until_complete(asyncio.gather(a()))",
  };
  for (size_t i = 0; i < COUNT(found); i++) {
    Module *module = with_statements(found[i]);
    Node returned = tree_first(&module->tree, node_of(module, KIND_RETURN_STATEMENT, 0));
    assert_int_equal(awaited_gather(module, returned), asyncio_call(module, "gather"));
  }
  static const char *const others[] = { "return asyncio.gather(a())",
                                        "return await a()",
                                        "return await xs" };
  for (size_t i = 0; i < COUNT(others); i++) {
    Module *module = with_statements(others[i]);
    Node returned = tree_first(&module->tree, node_of(module, KIND_RETURN_STATEMENT, 0));
    assert_int_equal(awaited_gather(module, returned), NODE_NONE);
  }
}

static void a_wait_is_taken_apart(void **state) {
  (void)state;
  Module *module =
    with_statements("await asyncio.wait({a(), b()}, timeout=3, return_when=asyncio.FIRST_COMPLETED)"
    );
  Wait wait;
  assert_true(wait_of(module, asyncio_call(module, "wait"), &wait));
  assert_str(texts(module, wait.awaitables), "a();b()");
  assert_true(wait.is_complete);
  assert_true(wait.has_timeout);
  assert_true(wait.is_first_completed);
  module = with_statements("await asyncio.wait(xs, timeout=None)");
  assert_true(wait_of(module, asyncio_call(module, "wait"), &wait));
  assert_false(wait.is_complete);
  assert_false(wait.has_timeout);
  assert_false(wait.is_first_completed);
  assert_int_equal(wait.collection, node_at(module, "xs", 1));
}

static void sessions_come_from_the_table(void **state) {
  (void)state;
  Module *module = module_of(
    "import aiohttp, redis.asyncio as redis\n"
    "from httpx import AsyncClient\n"
    "aiohttp.ClientSession(), AsyncClient(), redis.from_url('x'), aiohttp.TCPConnector()\n"
  );
  const SessionClass *session =
    session_class(module, node_at(module, "aiohttp.ClientSession()", 0));
  assert_str(session->class_name, "aiohttp.ClientSession");
  assert_str(session->close_method, "close");
  assert_string_equal(session->connector_keyword, "connector");
  assert_true(session->is_http);
  assert_str(session_class(module, node_at(module, "AsyncClient()", 0))->close_method, "aclose");
  const SessionClass *other = session_class(module, node_at(module, "redis.from_url('x')", 0));
  assert_str(other->class_name, "redis.asyncio.Redis");
  assert_false(other->is_http);
  assert_null(other->connector_keyword);
  assert_null(session_class(module, node_at(module, "aiohttp.TCPConnector()", 0)));
}

static void what_cannot_fail_is_known(void **state) {
  (void)state;
  static const struct {
    const char *call;
    bool cannot_fail;
  } cases[] = {
    { "asyncio.sleep(1)", true },
    { "asyncio.Event().wait()", true },
    { "q.get()", true },
    { "self._queue.put(1)", true },
    { "stop_event.wait()", true },
    { "session.get('u')", false },
    { "asyncio.wait_for(q.get(), 1)", false },
    { "work()", false },
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Str text = str_format(
      support_arena(),
      "import asyncio\nasync def f(self, q: asyncio.Queue, stop_event, session):\n    await %s\n",
      cases[i].call
    );
    Module *module = module_of(str_terminated(support_arena(), text));
    if (call_cannot_fail(module, node_at(module, cases[i].call, 0)) != cases[i].cannot_fail)
      fail_msg("%s", cases[i].call);
  }
}

static void callees_have_names_before_the_project_is_known(void **state) {
  (void)state;
  Module *module = module_of(
    "import asyncio\n"
    "from other import far\n"
    "class Base:\n    async def b(self): ...\n"
    "class C(Base):\n"
    "    async def m(self): ...\n"
    "    async def n(self, x, c: 'C'):\n"
    "        self.m(), self.b(), c.m(), C.m(self), super().b(), far(), x.far(), asyncio.sleep(1)\n"
    "def local(): ...\n"
    "local()\n"
  );
  static const char *const cases[][2] = {
    { "self.m()", "pkg.mod.C.m" },
    { "self.b()", "pkg.mod.C.b" },
    { "c.m()", "pkg.mod.C.m" },
    { "C.m(self)", "pkg.mod.C.m" },
    { "super().b()", "pkg.mod.Base.b" },
    { "far()", "other.far" },
    { "x.far()", "" },
    { "local()", "pkg.mod.local" },
    { "asyncio.sleep(1)", "asyncio.sleep" },
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Callee callee = callee_of(module, node_at(module, cases[i][0], 0));
    if (!str_is(callee.name, cases[i][1])) print_error("%s: ", cases[i][0]);
    assert_str(callee.name, cases[i][1]);
    assert_null(callee.function);
    assert_int_equal(callee.is_library_coroutine, i == COUNT(cases) - 1);
  }
}

static Module *in_project(const char *text) {
  Arena *arena = support_arena();
  ModuleOptions options = { .identity = { .name = STR("pkg.mod") }, .target = { 8 } };
  Facts *facts = arena_make(arena, Facts);
  *facts = facts_collect(module_with(text, &options), arena);
  const Facts **all = arena_array(arena, const Facts *, 1);
  all[0] = facts;
  options.project = project_merge(arena, all, 1, NULL);
  return module_with(text, &options);
}

static void callees_are_functions_of_the_project(void **state) {
  (void)state;
  Module *module = in_project("import asyncio\n"
                              "class Base:\n"
                              "    async def b(self): ...\n"
                              "    async def over(self): ...\n"
                              "class C(Base):\n"
                              "    def over(self): ...\n"
                              "    async def n(self, q: asyncio.Queue):\n"
                              "        self.b(), super().over(), q.get(), Base.b(self)\n"
                              "class D(Base):\n"
                              "    async def n(self):\n"
                              "        self.over()\n"
                              "class MyQueue(asyncio.Queue): ...\n"
                              "def test(d: Base, m: MyQueue):\n"
                              "    d.over(), m.get(), map(d.b, [])\n");
  Callee callee = callee_of(module, node_at(module, "self.b()", 0));
  assert_str(callee.function->name, "pkg.mod.Base.b");
  assert_false(callee.is_ambiguous);
  callee = callee_of(module, node_at(module, "super().over()", 0));
  assert_str(callee.function->name, "pkg.mod.Base.over");
  assert_false(callee.is_ambiguous);
  assert_str(
    callee_of(module, node_at(module, "Base.b(self)", 0)).function->name, "pkg.mod.Base.b"
  );
  assert_true(callee_of(module, node_at(module, "q.get()", 0)).is_library_coroutine);
  assert_true(callee_of(module, node_at(module, "m.get()", 0)).is_library_coroutine);
  assert_true(callee_of(module, node_at(module, "d.over()", 0)).is_ambiguous);
  Node mapped = mapped_function(module, node_at(module, "map(d.b, [])", 0));
  assert_str(callee_of_reference(module, mapped).name, "pkg.mod.Base.b");
  assert_int_equal(mapped_function(module, node_at(module, "q.get()", 0)), NODE_NONE);
}

static void project_subclasses_of_sessions_count(void **state) {
  (void)state;
  Module *module = in_project("import aiohttp\n"
                              "class Client(aiohttp.ClientSession): ...\n"
                              "class Other: ...\n"
                              "def make(): return Client(), Other()\n");
  assert_str(
    session_class(module, node_at(module, "Client()", 0))->class_name, "aiohttp.ClientSession"
  );
  assert_null(session_class(module, node_at(module, "Other()", 0)));
  assert_int_equal(value_of(module, node_at(module, "Client()", 0)).kind, VALUE_SESSION);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_named_call_is_found),
    cmocka_unit_test(method_calls_are_in_order),
    cmocka_unit_test(methods_mean_what_their_receiver_is),
    cmocka_unit_test(settings_add_words),
    cmocka_unit_test(words_of_settings_fit_however_a_call_is_written),
    cmocka_unit_test(reports_of_libraries_are_known),
    cmocka_unit_test(reports_to_trackers_are_known),
    cmocka_unit_test(arguments_are_found),
    cmocka_unit_test(a_gather_is_taken_apart),
    cmocka_unit_test(an_awaited_gather_is_found),
    cmocka_unit_test(a_wait_is_taken_apart),
    cmocka_unit_test(sessions_come_from_the_table),
    cmocka_unit_test(what_cannot_fail_is_known),
    cmocka_unit_test(callees_have_names_before_the_project_is_known),
    cmocka_unit_test(callees_are_functions_of_the_project),
    cmocka_unit_test(project_subclasses_of_sessions_count),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
