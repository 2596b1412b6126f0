#include "python/facts.h"

#include "python/project_trace.h"

#include "support.h"

typedef struct {
  const char *name; /* dotted; one that ends in "/" is a package */
  const char *path;
  const char *text;
} File;

enum { FILES_MAX = 8 };

static Facts *facts_of_file(const File *file) {
  Str name = str_from(file->name);
  bool is_package = str_ends_with(name, STR("/"));
  if (is_package) name = str_slice(name, 0, name.len - 1);
  ModuleOptions options = { .identity = { .name = name, .is_package = is_package },
                            .target = { 8 } };
  Module *module = module_with(file->text, &options);
  Source *source = arena_make(support_arena(), Source);
  *source = *module->source;
  source->path = str_from(file->path);
  module->source = source;
  Facts *facts = arena_make(support_arena(), Facts);
  *facts = facts_collect(module, support_arena());
  return facts;
}

static const Project *merge(const File *files, uint32_t count, bool is_reversed) {
  const Facts *all[FILES_MAX];
  assert_true(count <= FILES_MAX);
  for (uint32_t i = 0; i < count; i++)
    all[is_reversed ? count - 1 - i : i] = facts_of_file(&files[i]);
  return project_merge(support_arena(), all, count, NULL);
}

#define PROJECT(...) \
  project_of((File[]){ __VA_ARGS__ }, sizeof((File[]){ __VA_ARGS__ }) / sizeof(File))

static const Project *project_of(const File *files, size_t count) {
  return merge(files, (uint32_t)count, false);
}

static uint32_t facts_about(const Project *project, const char *name) {
  const FunctionFacts *function = project_function(project, str_from(name));
  if (function == NULL) fail_msg("no such function: %s", name);
  return function->facts;
}

static void assert_canonical(const Project *project, const char *name, const char *expected) {
  assert_str(project_canonical(project, str_from(name)), expected);
}

static void an_empty_project_knows_nothing(void **state) {
  (void)state;
  const Project *none[] = { NULL, project_merge(support_arena(), NULL, 0, NULL) };
  for (size_t i = 0; i < 2; i++) {
    bool is_overridden = true;
    assert_canonical(none[i], "a.b", "a.b");
    assert_null(project_function(none[i], STR("a.b")));
    assert_null(project_uses(none[i], STR("a.b")));
    assert_null(project_class(none[i], STR("a.B")));
    assert_null(project_method(none[i], STR("a.B"), STR("m"), &is_overridden));
    assert_false(is_overridden);
    assert_true(project_has_unknown_base(none[i], STR("a.B")));
    assert_true(project_is_subclass(none[i], STR("a.B"), STR("a.B")));
    assert_str(project_attribute_type(none[i], STR("a.B"), STR("x")), "");
    assert_str(project_instance_type(none[i], STR("a.x")), "");
    assert_int_equal(project_method_uses(none[i], STR("m"), CALL_AWAITED), 0);
    assert_int_equal(project_same_named(none[i], STR("m")), 0);
    assert_false(project_has_module(none[i], STR("a")));
  }
}

static void names_are_followed_across_reexports(void **state) {
  (void)state;
  const Project *project = PROJECT(
    { "pkg/",
      "pkg/__init__.py",
      "from .util import gather_all\nfrom . import util as tools\nfrom .stars import *\n" },
    { "pkg.util",
      "pkg/util.py",
      "import asyncio\nasync def gather_all(): pass\nalias = gather_all\nclass C:\n  async def "
      "m(self): pass\n" },
    { "pkg.stars", "pkg/stars.py", "from .deep import *\ndef _hidden(): pass\n" },
    { "pkg.deep", "pkg/deep.py", "def starred(): pass\nfrom .util import C as Exported\n" }
  );
  assert_canonical(project, "pkg.gather_all", "pkg.util.gather_all");
  assert_canonical(project, "pkg.tools.alias", "pkg.util.gather_all");
  assert_canonical(project, "pkg.tools", "pkg.util");
  assert_canonical(project, "pkg.starred", "pkg.deep.starred");
  assert_canonical(project, "pkg.Exported.m", "pkg.util.C.m");
  assert_canonical(project, "pkg._hidden", "pkg._hidden");
  assert_canonical(project, "pkg.util.asyncio.gather", "asyncio.gather");
  assert_canonical(project, "elsewhere.f", "elsewhere.f");
  assert_true((facts_about(project, "pkg.gather_all") & FACT_ASYNC) != 0);
  assert_true(project_has_module(project, STR("pkg.util")));
  assert_false(project_has_module(project, STR("pkg.other")));
}

static void circles_of_aliases_end(void **state) {
  (void)state;
  const Project *project = PROJECT(
    { "a", "a.py", "from b import x\nfrom b import *\n" },
    { "b", "b.py", "from a import x\nfrom a import *\n" }
  );
  assert_null(project_function(project, STR("a.x")));
  assert_null(project_function(project, STR("b.y")));
  assert_canonical(project, "b.y.z", "b.y.z");
}

static void the_order_of_files_does_not_matter(void **state) {
  (void)state;
  File files[] = {
    { "main", "one/main.py", "def f(): pass\nx = 1\n" },
    { "main", "two/main.py", "async def f(): pass\n" },
    { "app", "app.py", "import main\nasync def g():\n  await main.f()\n" },
  };
  for (int is_reversed = 0; is_reversed < 2; is_reversed++) {
    const Project *project = merge(files, 3, is_reversed != 0);
    assert_null(project_function(project, STR("main.f")));
    assert_true(
      (project_function_in(project, STR("main.f"), STR("two/main.py"))->facts & FACT_ASYNC) != 0
    );
    assert_true(
      (project_function_in(project, STR("main.f"), STR("one/main.py"))->facts & FACT_ASYNC) == 0
    );
  }
}

static void definitions_that_disagree_are_unknown(void **state) {
  (void)state;
  const Project *project = PROJECT({ "m",
                                     "m.py",
                                     "from typing import overload\n"
                                     "try:\n  async def f(): pass\nexcept E:\n  def f(): pass\n"
                                     "if X:\n  async def g(): pass\nelse:\n  async def g(): pass\n"
                                     "@overload\ndef h(x: int): ...\n"
                                     "async def h(x): pass\n" });
  assert_null(project_function(project, STR("m.f")));
  assert_true((facts_about(project, "m.g") & FACT_ASYNC) != 0);
  assert_true((facts_about(project, "m.h") & FACT_ASYNC) != 0);
}

static void decorators_of_the_project_are_looked_into(void **state) {
  (void)state;
  const Project *project = PROJECT(
    { "deco",
      "deco.py",
      "def keep(func):\n"
      "  async def wrapper(*a):\n"
      "    try:\n      return await func(*a)\n"
      "    except Exception:\n      return None\n"
      "  return wrapper\n"
      "def schedule(func):\n"
      "  def wrapper(*a): start(func(*a))\n"
      "  return wrapper\n" },
    { "m",
      "m.py",
      "from deco import keep, schedule\n"
      "import third, functools\n"
      "@keep\nasync def kept(): await x()\n"
      "@keep\ndef plain(): pass\n"
      "@schedule\nasync def scheduled(): pass\n"
      "@third.party\nasync def foreign(): pass\n"
      "@functools.lru_cache\nasync def cached(): pass\n" }
  );
  assert_true((facts_about(project, "m.kept") & FACT_OPAQUE) == 0);
  assert_true((facts_about(project, "m.kept") & FACT_HANDLES_ERRORS) != 0);
  assert_true((facts_about(project, "m.plain") & FACT_OPAQUE) != 0);
  assert_true((facts_about(project, "m.scheduled") & FACT_OPAQUE) != 0);
  assert_true((facts_about(project, "m.foreign") & FACT_OPAQUE) != 0);
  assert_true((facts_about(project, "m.cached") & FACT_OPAQUE) != 0);
}

static void functions_that_return_coroutines_are_found(void **state) {
  (void)state;
  const Project *project = PROJECT({ "m",
                                     "m.py",
                                     "async def work(): pass\n"
                                     "def one(): return work()\n"
                                     "def two(): return one()\n"
                                     "def other(): return len([])\n" });
  assert_true((facts_about(project, "m.one") & FACT_RETURNS_COROUTINE) != 0);
  assert_true((facts_about(project, "m.two") & FACT_RETURNS_COROUTINE) != 0);
  assert_true((facts_about(project, "m.other") & FACT_RETURNS_COROUTINE) == 0);
}

static void methods_are_looked_up_through_bases(void **state) {
  (void)state;
  const Project *project = PROJECT(
    { "base",
      "base.py",
      "import asyncio\nimport third\n"
      "class A:\n  async def m(self): pass\n  async def n(self): pass\n"
      "class B(A):\n  async def m(self): pass\n"
      "class C(A):\n  async def n(self): pass\n"
      "class Foreign(third.Base): pass\n"
      "class Late(asyncio.Queue): pass\n" },
    { "sub",
      "sub.py",
      "from base import A, B, C, Foreign\n"
      "class D(B, C): pass\n"
      "class E(A):\n  def m(self): pass\n"
      "class F(Foreign): pass\n"
      "class Loop(Loop2): pass\n"
      "class Loop2(Loop): pass\n" }
  );
  bool is_overridden;
  assert_str(project_method(project, STR("sub.D"), STR("m"), &is_overridden)->name, "base.B.m");
  assert_false(is_overridden);
  assert_str(project_method(project, STR("sub.D"), STR("n"), &is_overridden)->name, "base.C.n");
  assert_str(project_method(project, STR("base.A"), STR("m"), &is_overridden)->name, "base.A.m");
  assert_true(is_overridden);
  assert_str(project_method(project, STR("base.A"), STR("n"), &is_overridden)->name, "base.A.n");
  assert_false(is_overridden);
  assert_null(project_method(project, STR("sub.D"), STR("other"), &is_overridden));
  assert_str(project_function(project, STR("sub.D.m"))->name, "base.B.m");

  assert_true(project_is_subclass(project, STR("sub.D"), STR("base.A")));
  assert_false(project_is_subclass(project, STR("base.A"), STR("sub.D")));
  assert_true(project_is_subclass(project, STR("base.Late"), STR("asyncio.Queue")));
  assert_true(project_has_unknown_base(project, STR("sub.F")));
  assert_false(project_has_unknown_base(project, STR("sub.D")));
  assert_false(project_has_unknown_base(project, STR("base.Late")));
  assert_null(project_method(project, STR("sub.Loop"), STR("m"), &is_overridden));
}

static void what_is_overridden_or_decorated_may_return(void **state) {
  (void)state;
  const Project *project =
    PROJECT({ "m",
              "m.py",
              "class A:\n  def fail(self): raise KeyError\n  def last(self): raise KeyError\n"
              "class B(A):\n  def fail(self): pass\n"
              "@unknown()()\ndef wrapped(): raise KeyError\n" });
  assert_true((facts_about(project, "m.A.fail") & FACT_NEVER_RETURNS) == 0);
  assert_true((facts_about(project, "m.A.last") & FACT_NEVER_RETURNS) != 0);
  assert_true((facts_about(project, "m.wrapped") & FACT_NEVER_RETURNS) == 0);
}

static void attributes_and_instances_have_types(void **state) {
  (void)state;
  const Project *project = PROJECT(
    { "base",
      "base.py",
      "class Client:\n  async def get(self): pass\n"
      "class Base:\n"
      "  def __init__(self, client: Client):\n    self.client = client\n"
      "  @property\n  def other(self) -> Client: return self.client\n" },
    { "app",
      "app.py",
      "from base import Base, Client\nclass App(Base): pass\napp = App()\nclient = Client()\n" },
    { "use", "use.py", "from app import client\nasync def f():\n  x = await client.get()\n" }
  );
  assert_str(project_attribute_type(project, STR("app.App"), STR("client")), "base.Client");
  assert_str(project_attribute_type(project, STR("app.App"), STR("other")), "base.Client");
  assert_str(project_attribute_type(project, STR("app.App"), STR("none")), "");
  assert_str(project_instance_type(project, STR("app.app")), "app.App");
  assert_str(project_instance_type(project, STR("use.client")), "base.Client");
  assert_str(project_function(project, STR("app.client.get"))->name, "base.Client.get");
  assert_int_equal(project_uses(project, STR("base.Client.get"))->uses[CALL_AWAITED], 1);
}

static void uses_are_counted_over_all_files(void **state) {
  (void)state;
  const Project *project = PROJECT(
    { "m",
      "m.py",
      "async def f(x): pass\n"
      "class C:\n"
      "  async def run(self):\n    await self.step()\n    return 1\n"
      "  async def step(self): raise NotImplementedError\n"
      "  async def close(self): pass\n" },
    { "n",
      "n.py",
      "import asyncio\nfrom m import f, C\n"
      "async def one(): return await f(1)\n"
      "async def two():\n  y = await f(1)\n  z = await f(2)\n"
      "async def three(xs): await asyncio.gather(*[f(x) for x in xs])\n"
      "class D(C):\n"
      "  async def step(self): pass\n"
      "  async def close(self):\n    await super().close()\n    return 1\n"
      "def keep(coro): TASKS.append(coro)\n"
      "def four(): keep(f(3))\n"
      "async def five(c): x = await c.step()\n" }
  );
  const FunctionUses *started = project_uses(project, STR("m.f"));
  assert_ptr_equal(started->function, project_function(project, STR("m.f")));
  assert_int_equal(started->uses[CALL_AWAITED], 2);
  assert_int_equal(started->uses[CALL_AWAITED_IN_TAIL], 1);
  assert_int_equal(started->uses[CALL_STARTED], 2);
  assert_int_equal(started->uses[CALL_REFERENCED], 0);
  assert_int_equal(started->fanned_out, 1);
  assert_int_equal(started->caller_count, 4);

  const FunctionUses *overriding = project_uses(project, STR("n.D.step"));
  assert_int_equal(overriding->uses[CALL_AWAITED], 1);
  assert_str(overriding->callers->name, "m.C.run");
  assert_int_equal(project_uses(project, STR("m.C.close"))->uses[CALL_AWAITED], 1);
  assert_int_equal(project_uses(project, STR("n.D.close"))->uses[CALL_AWAITED], 0);
  assert_int_equal(project_method_uses(project, STR("step"), CALL_AWAITED), 1);
  assert_int_equal(project_same_named(project, STR("step")), 2);
}

/* A hierarchy may be deeper than is followed, and a class may have itself as a base. */
static void deep_and_circular_hierarchies_end(void **state) {
  (void)state;
  Str text = STR("class C0:\n  async def m(self): pass\nclass Own(Own): pass\n");
  for (uint32_t i = 1; i < 200; i++) {
    text = str_format(support_arena(), "%.*sclass C%u(C%u): pass\n", STR_ARGS(text), i, i - 1);
  }
  const Project *project = PROJECT({ "m", "m.py", str_terminated(support_arena(), text) });
  bool is_overridden;
  assert_non_null(project_method(project, STR("m.C10"), STR("m"), &is_overridden));
  assert_false(project_has_unknown_base(project, STR("m.C10")));
  assert_null(project_method(project, STR("m.C199"), STR("m"), &is_overridden));
  assert_true(project_has_unknown_base(project, STR("m.C199")));
  assert_null(project_method(project, STR("m.Own"), STR("m"), &is_overridden));
}

static void users_of_subprocesses_belong_to_a_program(void **state) {
  (void)state;
  Facts *all[] = {
    facts_of_file(&(File
    ){ "app.test_run",
       "app/test_run.py",
       "import asyncio\nasync def f(): await asyncio.create_subprocess_exec('a')\n" }),
    facts_of_file(&(File
    ){ "app.run", "app/run.py", "async def f(loop):\n  await loop.subprocess_exec(None, 'a')\n" }),
    facts_of_file(&(File){ "web.page", "web/page.py", "from playwright.async_api import Page\n" }),
    facts_of_file(&(File){ "own.run", "own/run.py", "import subprocess\nsubprocess.run('a')\n" }),
  };
  all[0]->identity.is_test = true;
  const Facts *merged[] = { all[0], all[1], all[2], all[3] };
  const Project *project = project_merge(support_arena(), merged, 4, NULL);
  const Facts *user =
    project_subprocess_user(project, &(ModuleIdentity){ .name = STR("app.main") });
  assert_str(user->path, "app/run.py");
  assert_int_equal(user->subprocess.position.line, 2);
  user = project_subprocess_user(project, &(ModuleIdentity){ .name = STR("web.main") });
  assert_str(user->subprocess.name, "playwright");
  user = project_subprocess_user(
    project, &(ModuleIdentity){ .name = STR("src.web.main"), .optional_parts = 1 }
  );
  assert_str(user->path, "web/page.py");
  user = project_subprocess_user(project, &(ModuleIdentity){ .name = STR("start") });
  assert_str(user->path, "app/run.py");
  assert_null(project_subprocess_user(project, &(ModuleIdentity){ .name = STR("own.main") }));
  assert_null(project_subprocess_user(NULL, &(ModuleIdentity){ .name = STR("app.main") }));
}

/* --- what is asked is noted --- */

static const ModuleIdentity MAIN = { .name = { "pkg.main", 8 } };

/* Asks every query of facts.h once. */
static void ask_everything(const Project *project) {
  bool is_overridden;
  project_canonical(project, STR("pkg.a.B"));
  project_function(project, STR("pkg.a.f"));
  project_uses(project, STR("pkg.a.f"));
  project_class(project, STR("pkg.a.C"));
  project_method(project, STR("pkg.a.C"), STR("m"), &is_overridden);
  project_has_unknown_base(project, STR("pkg.a.C"));
  project_is_subclass(project, STR("pkg.a.C"), STR("pkg.a.B"));
  project_attribute_type(project, STR("pkg.a.C"), STR("x"));
  project_instance_type(project, STR("pkg.a.c"));
  project_habit(project, STR(".x.m"));
  project_method_uses(project, STR("m"), CALL_AWAITED);
  project_same_named(project, STR("m"));
  project_method_of_any(project, STR("m"), &STR("n"), 1);
  project_sets_task_factory(project, &MAIN);
  project_needs_minor(project, &MAIN);
  project_has_module(project, STR("pkg.b"));
  project_subprocess_user(project, &MAIN);
}

#define BASE \
  "class B: pass\n" \
  "class C(B):\n" \
  "  def __init__(self): self.x = B()\n" \
  "  async def m(self): return 1\n" \
  "  async def n(self): return 1\n" \
  "c = C()\n" \
  "async def f(): return 1\n"

/* For each kind of question a change that only some answers show, that one among them. */
static void every_kind_of_answer_counts(void **state) {
  (void)state;
  static const struct {
    QuestionKind kind;
    const char *text;
  } rows[] = {
    { ASK_CANONICAL, "from pkg.other import B\n" },
    { ASK_FUNCTION, "def f(): return 1\n" },
    { ASK_USES, BASE "async def g(): await f()\n" },
    { ASK_CLASS, "class C(B): pass\n" },
    { ASK_METHOD, BASE "class D(C):\n  def m(self): return 1\n" },
    { ASK_UNKNOWN_BASE, "from somewhere import B\nclass C(B): pass\n" },
    { ASK_ANCESTRY, "class C: pass\n" },
    { ASK_ATTRIBUTE, "class C:\n  def __init__(self): self.x = 1\n" },
    { ASK_INSTANCE, "c = 1\n" },
    { ASK_HABIT, BASE "async def g(x): await x.m()\n" },
    { ASK_METHOD_USES, BASE "async def g(x):\n  await x.m()\n  return 1\n" },
    { ASK_SAME_NAMED, BASE "def m(): return 1\n" },
    { ASK_METHOD_OF_ANY, "class C:\n  def m(self): return 1\n  def n(self): return 1\n" },
    { ASK_TASK_FACTORY,
      BASE "import asyncio\nasync def g(x):\n"
           "  asyncio.get_running_loop().set_task_factory(x)\n" },
    { ASK_NEEDED_MINOR, BASE "import tomllib\n" },
    { ASK_MODULE, NULL },
    { ASK_SUBPROCESS,
      BASE "import asyncio\nasync def g():\n"
           "  await asyncio.create_subprocess_exec('a')\n" },
  };
  const Project *before = PROJECT({ "pkg.a", "pkg/a.py", BASE }, { "pkg.b", "pkg/b.py", "" });
  Trace *trace = trace_new(support_arena());
  const Project *view = project_traced(before, trace);
  ask_everything(view);
  ask_everything(view);
  const Questions *questions = trace_questions(trace);
  assert_int_equal(questions->count, sizeof rows / sizeof *rows);
  for (uint32_t i = 0; i < questions->count; i++) {
    assert_int_equal(questions->items[i].kind, rows[i].kind);
    const char *text = rows[i].text;
    const Project *after = text
      ? PROJECT({ "pkg.a", "pkg/a.py", text }, { "pkg.b", "pkg/b.py", "" })
      : PROJECT({ "pkg.a", "pkg/a.py", BASE });
    Questions one = { .items = &questions->items[i], .count = 1 };
    Hash first, second, other;
    assert_true(project_answers(support_arena(), before, &one, &first));
    assert_true(project_answers(support_arena(), before, &one, &second));
    assert_true(project_answers(support_arena(), after, &one, &other));
    assert_true(hash_equal(&first, &second));
    if (hash_equal(&first, &other)) fail_msg("question %u: the answer is the same", i);
  }
}

static void questions_that_nobody_asks_are_refused(void **state) {
  (void)state;
  Question without_names = { .kind = ASK_METHOD };
  Questions questions = { .items = &without_names, .count = 1 };
  Hash answers;
  assert_false(project_answers(support_arena(), PROJECT({ "m", "m.py", "" }), &questions, &answers)
  );
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_kind_of_answer_counts),
    cmocka_unit_test(questions_that_nobody_asks_are_refused),
    cmocka_unit_test(an_empty_project_knows_nothing),
    cmocka_unit_test(names_are_followed_across_reexports),
    cmocka_unit_test(circles_of_aliases_end),
    cmocka_unit_test(the_order_of_files_does_not_matter),
    cmocka_unit_test(definitions_that_disagree_are_unknown),
    cmocka_unit_test(decorators_of_the_project_are_looked_into),
    cmocka_unit_test(functions_that_return_coroutines_are_found),
    cmocka_unit_test(methods_are_looked_up_through_bases),
    cmocka_unit_test(deep_and_circular_hierarchies_end),
    cmocka_unit_test(what_is_overridden_or_decorated_may_return),
    cmocka_unit_test(attributes_and_instances_have_types),
    cmocka_unit_test(uses_are_counted_over_all_files),
    cmocka_unit_test(users_of_subprocesses_belong_to_a_program),
  };
  return cmocka_run_group_tests_name("project_index", tests, NULL, NULL);
}
