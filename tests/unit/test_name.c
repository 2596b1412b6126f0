#include "support.h"

#include "python/name.h"

static Str name_at(Module *module, const char *text, uint32_t n) {
  return name_of(module, node_at(module, text, n));
}

static void imports_are_followed(void **state) {
  (void)state;
  Module *module = module_of("import asyncio\n"
                             "import asyncio.subprocess as sub\n"
                             "import concurrent.futures\n"
                             "from asyncio import gather as g, tasks\n"
                             "asyncio.sleep, sub.Process, concurrent.futures.wait, g, tasks.wait\n"
                             "asyncio.tasks.gather, asyncio.exceptions.CancelledError\n");
  assert_str(name_at(module, "asyncio.sleep", 0), "asyncio.sleep");
  assert_str(name_at(module, "sub.Process", 0), "asyncio.subprocess.Process");
  assert_str(name_at(module, "concurrent.futures.wait", 0), "concurrent.futures.wait");
  assert_str(name_at(module, "g", 1), "asyncio.gather");
  assert_str(name_at(module, "tasks.wait", 0), "asyncio.wait");
  assert_str(name_at(module, "asyncio.tasks.gather", 0), "asyncio.gather");
  assert_str(name_at(module, "asyncio.exceptions.CancelledError", 0), "asyncio.CancelledError");
  assert_true(name_is(module, node_at(module, "g", 1), "asyncio.gather"));
  static const char *const WANTED[] = { "asyncio.wait", "asyncio.gather" };
  assert_true(NAME_IN(module, node_at(module, "g", 1), WANTED));
  assert_false(NAME_IN(module, node_at(module, "sub.Process", 0), WANTED));
}

static void relative_imports_start_at_the_package(void **state) {
  (void)state;
  const char *text = "from . import x\n"
                     "from .m import y\n"
                     "from ..a import b as z\n"
                     "x, y, z.c\n";
  ModuleOptions options = { .identity = { .name = STR("pkg.sub.mod") } };
  Module *module = module_with(text, &options);
  assert_str(name_at(module, "x", 1), "pkg.sub.x");
  assert_str(name_at(module, "y", 1), "pkg.sub.m.y");
  assert_str(name_at(module, "z.c", 0), "pkg.a.b.c");
  options.identity.is_package = true;
  module = module_with(text, &options);
  assert_str(name_at(module, "x", 1), "pkg.sub.mod.x");
  assert_str(name_at(module, "z.c", 0), "pkg.sub.a.b.c");
  Node from = node_of(module, KIND_RELATIVE_IMPORT, 2);
  assert_str(name_of_module(module, from), "pkg.sub.a");
  options.identity = (ModuleIdentity){ .name = STR("script") };
  module = module_with(text, &options);
  assert_str(name_at(module, "x", 1), "x");
}

static void definitions_are_named_after_the_module(void **state) {
  (void)state;
  Module *module = module_of("def f():\n"
                             "    def inner(): pass\n"
                             "    return inner\n"
                             "class C:\n"
                             "    def m(self): return self.m\n"
                             "f, C.m, C().m\n");
  assert_str(name_at(module, "f", 1), "pkg.mod.f");
  assert_str(name_at(module, "inner", 1), "pkg.mod.f.<locals>.inner");
  assert_str(name_at(module, "C.m", 0), "pkg.mod.C.m");
  assert_str(name_at(module, "self.m", 0), "");
  assert_str(name_at(module, "C().m", 0), "");
}

static void conditional_imports_count_for_their_first_branch(void **state) {
  (void)state;
  Module *module = module_of("try:\n"
                             "    from asyncio import timeout\n"
                             "except ImportError:\n"
                             "    from async_timeout import timeout\n"
                             "try:\n"
                             "    import fast as json\n"
                             "except ImportError:\n"
                             "    json = None\n"
                             "asyncio = None\n"
                             "try:\n"
                             "    import asyncio\n"
                             "except ImportError:\n"
                             "    pass\n"
                             "import os\n"
                             "import os.path\n"
                             "timeout, json.loads, asyncio.run, os.path\n");
  assert_str(name_at(module, "timeout", 2), "asyncio.timeout");
  assert_str(name_at(module, "json.loads", 0), "fast.loads");
  assert_str(name_at(module, "asyncio.run", 0), "asyncio.run");
  assert_str(name_at(module, "os.path", 0), "os.path");
}

static void names_bound_in_ways_that_disagree_have_none(void **state) {
  (void)state;
  Module *module = module_of("from a import x\n"
                             "from b import x\n"
                             "def f(): pass\n"
                             "f = wrap(f)\n"
                             "import y\n"
                             "y = y.get()\n"
                             "x, f, y.z\n");
  assert_str(name_at(module, "x", 2), "");
  assert_str(name_at(module, "f", 3), "");
  assert_str(name_at(module, "y.z", 0), "");
}

static void aliases_are_followed(void **state) {
  (void)state;
  Module *module = module_of("import asyncio\n"
                             "aio = asyncio\n"
                             "spawn = start = aio.create_task\n"
                             "class Base: pass\n"
                             "Alias = Base\n"
                             "spawn, start, Alias.method\n"
                             "twice = asyncio.run\n"
                             "twice = other\n"
                             "twice\n"
                             "made = asyncio.Lock()\n"
                             "made.acquire\n"
                             "one = two\n"
                             "two = one\n"
                             "loop = loop.more\n"
                             "one, loop\n");
  assert_str(name_at(module, "spawn", 1), "asyncio.create_task");
  assert_str(name_at(module, "start", 1), "asyncio.create_task");
  assert_str(name_at(module, "Alias.method", 0), "pkg.mod.Base.method");
  assert_str(name_at(module, "twice", 2), "");
  assert_str(name_at(module, "made.acquire", 0), "");
  assert_str(name_at(module, "one", 2), "");
  assert_str(name_at(module, "loop", 2), "");
}

static void locals_have_no_name(void **state) {
  (void)state;
  Module *module = module_of("import asyncio\n"
                             "def gather(): pass\n"
                             "def f(gather, asyncio=None):\n"
                             "    gather, asyncio.run\n"
                             "    for x in y: x.z\n"
                             "def g():\n"
                             "    import json as asyncio\n"
                             "    asyncio.loads\n");
  assert_str(name_at(module, "gather", 2), "");
  assert_str(name_at(module, "asyncio.run", 0), "");
  assert_str(name_at(module, "x.z", 0), "");
  assert_str(name_at(module, "asyncio.loads", 0), "json.loads");
}

static void builtins_have_their_bare_name(void **state) {
  (void)state;
  Module *module = module_of("import builtins\n"
                             "Exception, print, TimeoutError, builtins.ValueError, unheard_of\n"
                             "def isinstance(): pass\n"
                             "isinstance\n");
  assert_str(name_at(module, "Exception", 0), "Exception");
  assert_str(name_at(module, "print", 0), "print");
  assert_str(name_at(module, "TimeoutError", 0), "TimeoutError");
  assert_str(name_at(module, "builtins.ValueError", 0), "ValueError");
  assert_str(name_at(module, "unheard_of", 0), "");
  assert_str(name_at(module, "isinstance", 1), "pkg.mod.isinstance");
}

static void star_imports_bring_what_their_module_has(void **state) {
  (void)state;
  Module *module = module_of("from asyncio import *\n"
                             "create_task, TimeoutError, ValueError, unheard_of\n");
  assert_str(name_at(module, "create_task", 0), "asyncio.create_task");
  assert_str(name_at(module, "TimeoutError", 0), "asyncio.TimeoutError");
  assert_str(name_at(module, "ValueError", 0), "ValueError");
  assert_str(name_at(module, "unheard_of", 0), "");
}

static void annotations_and_patterns_have_names(void **state) {
  (void)state;
  Module *module = module_of("import asyncio\n"
                             "def f(t: asyncio.Task):\n"
                             "    match t:\n"
                             "        case asyncio.CancelledError(): pass\n");
  assert_str(name_of(module, node_of(module, KIND_TYPE, 0)), "asyncio.Task");
  Node dotted = tree_first(&module->tree, node_of(module, KIND_CLASS_PATTERN, 0));
  assert_str(name_of(module, dotted), "asyncio.CancelledError");
}

static void spelling_ignores_layout(void **state) {
  (void)state;
  Module *module = module_of("(self\n  ._session  # it\n  .get)\nf().x\n");
  assert_str(name_spelled(module, node_of(module, KIND_ATTRIBUTE, 0)), "self._session.get");
  assert_str(name_spelled(module, node_at(module, "f().x", 0)), "");
  assert_str(name_of_definition(module, STR("C.m")), "pkg.mod.C.m");
}

static void long_chains_are_given_up(void **state) {
  (void)state;
  enum { LENGTH = 50000 };
  static char text[LENGTH * 2 + 16];
  size_t at = 0;
  memcpy(text, "import a\na", 10);
  at += 10;
  for (size_t i = 0; i < LENGTH; i++, at += 2) memcpy(text + at, ".b", 2);
  Module *module = module_of(text);
  assert_str(name_of(module, node_of(module, KIND_ATTRIBUTE, 0)), "");
  assert_str(name_spelled(module, node_of(module, KIND_ATTRIBUTE, 0)), "");
  assert_str(name_of(module, node_of(module, KIND_ATTRIBUTE, LENGTH - 1)), "a.b");
}

static void patterns_have_stars(void **state) {
  (void)state;
  assert_true(name_fits(STR("asyncio.gather"), STR("asyncio.gather")));
  assert_true(name_fits(STR("pkg.util.gather_all"), STR("*.gather*")));
  assert_true(name_fits(STR("abcabd"), STR("*ab*d")));
  assert_true(name_fits(STR(""), STR("*")));
  assert_false(name_fits(STR("asyncio.gathers"), STR("asyncio.gather")));
  assert_false(name_fits(STR("abc"), STR("a*b")));
  Str items[] = { STR("x.*"), STR("*.log") };
  Patterns patterns = { items, 2 };
  assert_true(name_fits_any(STR("app.log"), patterns));
  assert_false(name_fits_any(STR("app.logs"), patterns));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(imports_are_followed),
    cmocka_unit_test(relative_imports_start_at_the_package),
    cmocka_unit_test(definitions_are_named_after_the_module),
    cmocka_unit_test(conditional_imports_count_for_their_first_branch),
    cmocka_unit_test(names_bound_in_ways_that_disagree_have_none),
    cmocka_unit_test(aliases_are_followed),
    cmocka_unit_test(locals_have_no_name),
    cmocka_unit_test(builtins_have_their_bare_name),
    cmocka_unit_test(star_imports_bring_what_their_module_has),
    cmocka_unit_test(annotations_and_patterns_have_names),
    cmocka_unit_test(spelling_ignores_layout),
    cmocka_unit_test(long_chains_are_given_up),
    cmocka_unit_test(patterns_have_stars),
  };
  return cmocka_run_group_tests_name("name", tests, NULL, NULL);
}
