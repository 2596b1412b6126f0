#include "python/value.h"

#include "python/facts.h"
#include "python/use.h"
#include "support.h"

static const char *const KIND_WORDS[] = {
  [VALUE_UNKNOWN] = "?",
  [VALUE_NONE] = "none",
  [VALUE_MODULE] = "module",
  [VALUE_FUNCTION] = "function",
  [VALUE_CLASS] = "class",
  [VALUE_INSTANCE] = "instance",
  [VALUE_COROUTINE] = "coroutine",
  [VALUE_ASYNC_GENERATOR] = "async generator",
  [VALUE_TASK] = "task",
  [VALUE_FUTURE] = "future",
  [VALUE_THREAD_FUTURE] = "thread future",
  [VALUE_GATHER] = "gather",
  [VALUE_RESULTS] = "results",
  [VALUE_RESULT] = "result",
  [VALUE_WAIT] = "wait",
  [VALUE_DONE_PENDING] = "pair",
  [VALUE_DONE] = "done",
  [VALUE_PENDING] = "pending",
  [VALUE_DONE_TASK] = "done task",
  [VALUE_EXCEPTION] = "exception",
  [VALUE_TASK_GROUP] = "group",
  [VALUE_TIMEOUT] = "timeout",
  [VALUE_SESSION] = "session",
  [VALUE_LOOP] = "loop",
  [VALUE_COLLECTION] = "collection",
};

static Str shown_value(Module *module, Node node) {
  Value value = value_of(module, node);
  Str kind = str_from(KIND_WORDS[value.kind]);
  return value.name.len == 0 ? kind : str_join(support_arena(), kind, ' ', value.name);
}

/* What `x` is in `probe(x)` after the statements, in the body of a method of class C. */
static Str value_after(const char *statements) {
  Arena *arena = support_arena();
  Str text = str_format(
    arena,
    "import asyncio, aiohttp, contextlib\n"
    "from asyncio import gather as g\n"
    "from typing import Optional, Union, Annotated\n"
    "from third import Thing\n"
    "async def work(n) -> 'Answer': ...\n"
    "async def stream():\n    yield 1\n"
    "def plain(): ...\n"
    "class Answer:\n    def go(self): ...\n"
    "class C:\n"
    "    size: Optional[Answer] = None\n"
    "    def __init__(self):\n"
    "        self.task = None\n"
    "        self.task = asyncio.create_task(work(1))\n"
    "        self.session: aiohttp.ClientSession = make()\n"
    "        self.answer = Answer()\n"
    "    async def fetch(self): ...\n"
    "    async def method(self, p, q: Optional[asyncio.Task] = None, r: 'Answer | None' = None, "
    "*rest: Answer):\n"
    "%s"
    "        probe(x)\n",
    statements
  );
  Module *module = module_of(str_terminated(arena, text));
  Node probe = node_at(module, "probe(x)", 0);
  return shown_value(
    module, tree_first(&module->tree, tree_child(&module->tree, probe, FIELD_ARGUMENTS))
  );
}

typedef struct {
  const char *expression;
  const char *value;
} Case;

static void check_expressions(const Case *cases, size_t count) {
  for (size_t i = 0; i < count; i++) {
    Str statement = str_format(support_arena(), "        x = %s\n", cases[i].expression);
    Str value = value_after(str_terminated(support_arena(), statement));
    if (!str_is(value, cases[i].value)) print_error("of %s: ", cases[i].expression);
    assert_str(value, cases[i].value);
  }
}

static void check_statements(const Case *cases, size_t count) {
  for (size_t i = 0; i < count; i++) {
    Str value = value_after(cases[i].expression);
    if (!str_is(value, cases[i].value)) print_error("after\n%s: ", cases[i].expression);
    assert_str(value, cases[i].value);
  }
}

#define COUNT(cases) (sizeof(cases) / sizeof(*(cases)))

static void expressions_have_values(void **state) {
  (void)state;
  static const Case cases[] = {
    { "None", "none" },
    { "[1]", "collection" },
    { "(y for y in p)", "collection" },
    { "list(p)", "collection" },
    { "'text'", "instance str" },
    { "p", "?" },
    { "p.y", "?" },
    { "work", "function pkg.mod.work" },
    { "Answer", "class pkg.mod.Answer" },
    { "asyncio.sleep", "function asyncio.sleep" },
    { "asyncio.sleep(1)", "coroutine asyncio.sleep" },
    { "work(1)", "coroutine pkg.mod.work" },
    { "self.fetch()", "coroutine pkg.mod.C.fetch" },
    { "self.fetch", "function pkg.mod.C.fetch" },
    { "stream()", "async generator pkg.mod.stream" },
    { "plain()", "?" },
    { "asyncio.Event().wait()", "coroutine asyncio.Event.wait" },
    { "asyncio.create_task(work(1))", "task" },
    { "asyncio.ensure_future(work(1))", "task" },
    { "asyncio.get_running_loop()", "loop" },
    { "asyncio.get_running_loop().create_task(work(1))", "task" },
    { "asyncio.get_running_loop().create_future()", "future" },
    { "asyncio.get_running_loop().run_in_executor(None, plain)", "future" },
    { "self._loop.create_task(work(1))", "task" },
    { "p.create_task(work(1))", "?" },
    { "asyncio.run_coroutine_threadsafe(work(1), p)", "thread future" },
    { "asyncio.current_task()", "task asyncio.Task" },
    { "asyncio.timeout(1)", "timeout" },
    { "asyncio.TaskGroup()", "group" },
    { "asyncio.Queue()", "instance asyncio.Queue" },
    { "Answer()", "instance pkg.mod.Answer" },
    { "Thing()", "instance third.Thing" },
    { "type(self)()", "instance pkg.mod.C" },
    { "self", "instance pkg.mod.C" },
    { "ValueError('x')", "exception ValueError" },
    { "aiohttp.ClientSession()", "session aiohttp.ClientSession" },
    { "q", "task asyncio.Task" },
    { "r", "instance pkg.mod.Answer" },
    { "rest", "?" },
    { "self.task", "task" },
    { "self.session", "session aiohttp.ClientSession" },
    { "self.answer", "instance pkg.mod.Answer" },
    { "self.size", "instance pkg.mod.Answer" },
    { "self.answer.go", "function pkg.mod.Answer.go" },
  };
  check_expressions(cases, COUNT(cases));
}

static void awaits_give_what_was_waited_for(void **state) {
  (void)state;
  static const Case cases[] = {
    { "await asyncio.gather(work(1))", "results" },
    { "await g(*p, return_exceptions=True)", "results" },
    { "await asyncio.wait_for(asyncio.gather(*p), 5)", "results" },
    { "await asyncio.shield(asyncio.gather(*p))", "results" },
    { "await asyncio.ensure_future(asyncio.gather(*p))", "results" },
    { "self.loop.run_until_complete(asyncio.gather(*p))", "results" },
    { "asyncio.gather(*p)", "gather" },
    { "(await asyncio.gather(*p))[0]", "result" },
    { "(await asyncio.gather(*p))[1:]", "results" },
    { "list(await asyncio.gather(*p))", "results" },
    { "asyncio.wait(p)", "wait asyncio.wait" },
    { "await asyncio.wait(p)", "pair" },
    { "(await asyncio.wait(p))[0]", "done" },
    { "(await asyncio.wait(p))[1]", "pending" },
    { "(await asyncio.wait(p))[0].pop()", "done task" },
    { "await work(1)", "instance pkg.mod.Answer" },
    { "await asyncio.create_task(work(1))", "instance pkg.mod.Answer" },
    { "await asyncio.wait_for(work(1), 3)", "instance pkg.mod.Answer" },
    { "await self.session.get('u')", "?" },
    { "await p", "?" },
    { "asyncio.run(work(1))", "instance pkg.mod.Answer" },
    { "asyncio.create_task(p).exception()", "exception" },
  };
  check_expressions(cases, COUNT(cases));
}

static void names_take_the_value_that_reaches_them(void **state) {
  (void)state;
  static const Case cases[] = {
    { "        fut = g(*p)\n        x = await fut\n", "results" },
    { "        x = None\n        if p:\n            x = asyncio.create_task(p)\n", "task" },
    { "        x = 'a'\n        if p:\n            x = asyncio.create_task(p)\n", "?" },
    { "        x = 'a'\n        x = asyncio.create_task(p)\n", "task" },
    { "        x = q or asyncio.create_task(p)\n", "task" },
    { "        x = asyncio.create_task(p) if p else None\n", "task" },
    { "        x: asyncio.Future = p\n", "future asyncio.Future" },
    { "        x, y = await g(*p)\n", "result" },
    { "        y, *x = await g(*p)\n", "results" },
    { "        x, _ = await asyncio.wait(p)\n", "done" },
    { "        _, x = await asyncio.wait(p)\n", "pending" },
    { "        x, y = asyncio.create_task(p), 1\n", "task" },
    { "        for x in await g(*p): pass\n", "result" },
    { "        for y, x in enumerate(await g(*p)): pass\n", "result" },
    { "        rs = await g(*p)\n        for y, x in zip(p, rs): pass\n", "result" },
    { "        rs = await g(*p)\n        for y, (z, x) in enumerate(zip(p, rs)): pass\n",
      "result" },
    { "        rs = dict(zip(p, await g(*p)))\n        for y, x in rs.items(): pass\n", "result" },
    { "        y, z = await asyncio.wait(p)\n        for x in y: pass\n", "done task" },
    { "        for x in asyncio.as_completed(p): pass\n", "done task" },
    { "        ts = [asyncio.create_task(y) for y in p]\n        for x in ts: pass\n", "task" },
    { "        ts = []\n        ts.append(asyncio.create_task(p))\n        x = ts[0]\n", "task" },
    { "        ts = {}\n        ts[p] = asyncio.create_task(p)\n        for y, x in ts.items(): "
      "pass\n",
      "task" },
    { "        ts = {}\n        ts[p] = asyncio.create_task(p)\n        x = ts[p]\n", "task" },
    { "        async with asyncio.TaskGroup() as x: pass\n", "group" },
    { "        async with aiohttp.ClientSession() as x: pass\n", "session aiohttp.ClientSession" },
    { "        try: pass\n        except ValueError as x: probe(x)\n", "exception ValueError" },
    { "        async def x(): pass\n", "function pkg.mod.C.method.<locals>.x" },
    { "        def y():\n            return q\n        x = y()\n", "?" },
    { "        async with asyncio.TaskGroup() as tg:\n            x = tg.create_task(p)\n",
      "task" },
    { "        x = p.get_event_loop()\n", "?" },
    { "        loop = p()\n        x = loop\n", "loop" },
  };
  check_statements(cases, COUNT(cases));
}

static void cycles_end(void **state) {
  (void)state;
  static const Case cases[] = {
    { "        x = x or q\n", "task asyncio.Task" },
    { "        a = b\n        b = a\n        x = b\n", "?" },
    { "        self.m = self.n\n        self.n = self.m\n        x = self.n\n", "?" },
    { "        x = None\n        while p:\n            y = x\n            x = y or q\n",
      "task asyncio.Task" },
  };
  check_statements(cases, COUNT(cases));
}

static void the_origin_is_the_expression_that_made_it(void **state) {
  (void)state;
  Module *module = module_of("import asyncio\n"
                             "async def f(xs):\n"
                             "    rs = await asyncio.wait_for(asyncio.gather(*xs), 1)\n"
                             "    for r in rs:\n"
                             "        print(r)\n");
  Value value = value_of(module, node_at(module, "r", 1));
  assert_int_equal(value.kind, VALUE_RESULT);
  assert_int_equal(value.origin, node_at(module, "asyncio.gather(*xs)", 0));
}

static void classes_are_named(void **state) {
  (void)state;
  Module *module = module_of("import asyncio\n"
                             "class C:\n"
                             "    def f(self, t: asyncio.Task, e: asyncio.Event):\n"
                             "        self, t, e, asyncio.gather(), unknown\n"
                             "    @classmethod\n"
                             "    def g(cls):\n"
                             "        return cls\n");
  assert_str(class_of(module, node_at(module, "self", 1)), "pkg.mod.C");
  assert_str(class_of(module, node_at(module, "t", 1)), "asyncio.Task");
  assert_str(class_of(module, node_at(module, "e", 1)), "asyncio.Event");
  assert_str(class_of(module, node_at(module, "asyncio.gather()", 0)), "asyncio.Future");
  assert_str(class_of(module, node_at(module, "unknown", 0)), "");
  assert_str(class_of(module, node_at(module, "cls", 1)), "pkg.mod.C");
}

/* The texts of the nodes, joined by "; ". */
static Str texts(const Module *module, Nodes nodes) {
  Str all = STR_EMPTY;
  for (uint32_t i = 0; i < nodes.count; i++)
    all = str_join(support_arena(), all, ';', tree_text(&module->tree, nodes.items[i]));
  return all;
}

static Str sources_in(const char *text) {
  Module *module = module_of(text);
  Node probe = node_of(module, KIND_RETURN_STATEMENT, 0);
  return texts(module, sources_of(module, tree_first(&module->tree, probe)));
}

static void names_lead_to_their_sources(void **state) {
  (void)state;
  assert_str(sources_in("def f():\n    return g()\n"), "g()");
  assert_str(sources_in("def f():\n    x = g()\n    y = x\n    return y\n"), "g()");
  assert_str(sources_in("def f(p):\n    return p\n"), "p");
  assert_str(sources_in("def f(p):\n    x = g() if p else h()\n    return x\n"), "g();h()");
  assert_str(sources_in("def f(p):\n    x = g() or h()\n    return x\n"), "g();h()");
  assert_str(sources_in("def f(p):\n    for x in [g(), h()]: return x\n"), "g();h()");
  assert_str(sources_in("def f(p):\n    for x in p: return x\n"), "x");
  assert_str(sources_in("def f(p):\n    a, b = p\n    return a\n"), "a");
  assert_str(
    sources_in("def f(p):\n    xs = [g()]\n    xs.append(h())\n    return xs[0]\n"), "g();h()"
  );
  assert_str(
    sources_in(
      "class C:\n    def f(self):\n        return self.x\n    def g(self):\n        self.x = h()\n"
    ),
    "h()"
  );
  assert_str(sources_in("x = g()\ndef f():\n    return x\n"), "g()");
  assert_str(sources_in("def f():\n    a = b\n    b = a\n    return b\n"), "b");
}

static void check_elements(const char *collection, const char *expected, bool is_complete) {
  Str text = str_format(support_arena(), "def f(p, q):\n    %s\n    return xs\n", collection);
  Module *module = module_of(str_terminated(support_arena(), text));
  bool complete;
  Node returned = tree_first(&module->tree, node_of(module, KIND_RETURN_STATEMENT, 0));
  Nodes elements = elements_of(module, returned, &complete);
  assert_str(texts(module, elements), expected);
  if (complete != is_complete) print_error("completeness of %s: ", collection);
  assert_int_equal(complete, is_complete);
}

static void collections_have_elements(void **state) {
  (void)state;
  check_elements("xs = [a(), b()]", "a();b()", true);
  check_elements("xs = {a(): b()}", "a()", true);
  check_elements("xs = {a(): b()}.values()", "b()", true);
  check_elements("xs = {}; xs[p] = b()", "p", true);
  check_elements("d = {}; d[p] = b(); xs = list(d.values())", "b()", true);
  check_elements("xs = [g(x) for x in p]", "g(x)", true);
  check_elements("xs = tuple(g(x) for x in p)", "g(x)", true);
  check_elements("xs = []; xs.append(a()); xs.extend([b()]); xs += [c()]", "a();b();c()", true);
  check_elements("xs = set(); xs.add(a()); xs.update({b()})", "a();b()", true);
  check_elements("xs = [a()] + [b()]", "a();b()", true);
  check_elements("xs = [a(), *p]", "a()", false);
  check_elements("ys = [b()]; xs = [a(), *ys]", "b();a()", true);
  check_elements("xs = map(g, p)", "map(g, p)", true);
  check_elements("xs = list(map(lambda y: g(y), p))", "g(y)", true);
  check_elements("xs = p", "", false);
  check_elements("xs = g()", "", false);
  check_elements("xs = [a()] if p else [b()]", "a();b()", true);
  check_elements("xs = p or [b()]", "b()", false);
  check_elements("xs = [a()]; xs = xs[1:]", "a()", true);
  check_elements("xs = []; fill.all(xs)", "", false);
  check_elements("xs = [a()]; xs = xs + [b()]", "a();b()", true);
  check_elements("def g():\n        xs.append(a())\n    xs = []", "a()", true);
}

/* --- with a project --------------------------------------------------------------------------- */

static Module *in_project(const char *other, const char *text) {
  Arena *arena = support_arena();
  ModuleOptions options = { .identity = { .name = STR("pkg.other") }, .target = { 8 } };
  Facts *facts = arena_array(arena, Facts, 2);
  facts[0] = facts_collect(module_with(other, &options), arena);
  options.identity.name = STR("pkg.mod");
  facts[1] = facts_collect(module_with(text, &options), arena);
  const Facts **all = arena_array(arena, const Facts *, 2);
  all[0] = &facts[0];
  all[1] = &facts[1];
  options.project = project_merge(arena, all, 2, NULL);
  return module_with(text, &options);
}

static void other_files_are_known(void **state) {
  (void)state;
  Module *module = in_project(
    "import asyncio\n"
    "import aiohttp\n"
    "class Base:\n"
    "    def __init__(self):\n"
    "        self.client = Client()\n"
    "        self.task = asyncio.create_task(work())\n"
    "    async def fetch(self) -> 'Client': ...\n"
    "class Client(aiohttp.ClientSession): ...\n"
    "async def work() -> Base: ...\n"
    "async def stream():\n    yield 1\n"
    "default = Base()\n",
    "from .other import Base, work, stream, default\n"
    "from pkg import other as o\n"
    "class C(Base):\n"
    "    async def m(self, b: Base):\n"
    "        self.client, self.task, self.fetch(), work(), stream(), b.client\n"
    "        o.work(), o.Base, default.fetch(), default.client, super().fetch()\n"
    "        print(await work())\n"
  );
  static const Case cases[] = {
    { "self.client", "session pkg.other.Client" },
    { "self.task", "task asyncio.Task" },
    { "self.fetch()", "coroutine pkg.other.Base.fetch" },
    { "work()", "coroutine pkg.other.work" },
    { "stream()", "async generator pkg.other.stream" },
    { "b.client", "session pkg.other.Client" },
    { "o.work()", "coroutine pkg.other.work" },
    { "o.Base", "class pkg.other.Base" },
    { "default.fetch()", "coroutine pkg.other.Base.fetch" },
    { "default.client", "session pkg.other.Client" },
    { "super().fetch()", "coroutine pkg.other.Base.fetch" },
    { "await work()", "instance pkg.other.Base" },
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Str value = shown_value(module, node_at(module, cases[i].expression, 0));
    if (!str_is(value, cases[i].value)) print_error("of %s: ", cases[i].expression);
    assert_str(value, cases[i].value);
  }
}

/* Chains as long as the file: answers may be unknown, the stack must hold. */
static void long_chains_are_no_trouble(void **state) {
  (void)state;
  enum { COUNT_OF_NAMES = 20000 };
  Arena *arena = support_arena();
  char *text = arena_alloc(arena, COUNT_OF_NAMES * 40 + 100);
  uint32_t len = 0;
  Str line = STR("def f(x0):\n");
  for (int i = 0; i < COUNT_OF_NAMES; i++) {
    memcpy(text + len, line.data, line.len);
    len += line.len;
    line = str_format(arena, "    x%d = x%d.m()\n", i + 1, i);
  }
  Module *module = module_of(text);
  for (Node node = module->tree.count; node-- > 0;) {
    if (tree_is(&module->tree, node, KIND_CALL))
      assert_int_equal(value_of(module, node).kind, VALUE_UNKNOWN);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(expressions_have_values),
    cmocka_unit_test(awaits_give_what_was_waited_for),
    cmocka_unit_test(names_take_the_value_that_reaches_them),
    cmocka_unit_test(cycles_end),
    cmocka_unit_test(the_origin_is_the_expression_that_made_it),
    cmocka_unit_test(classes_are_named),
    cmocka_unit_test(names_lead_to_their_sources),
    cmocka_unit_test(collections_have_elements),
    cmocka_unit_test(other_files_are_known),
    cmocka_unit_test(long_chains_are_no_trouble),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
