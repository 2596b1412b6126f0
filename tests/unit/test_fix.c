#include "lint/context.h"
#include "lint/rule.h"
#include "support.h"

static const Rule rule = { .code = "AWR999", .name = "test-rule" };

// One finding with an open fix in a file.
typedef struct {
  Context cx;
  Findings findings;
  Module *module;
  Finding *finding;
} Setting;

static Setting *setting_of(const char *text) {
  Arena *arena = support_arena();
  Setting *setting = arena_make(arena, Setting);
  setting->module = module_of(text);
  setting->cx = (Context
  ){ .rule = &rule, .module = setting->module, .findings = &setting->findings, .arena = arena };
  setting->finding = report(&setting->cx, 0, "x");
  add_fix(&setting->cx, setting->finding, FIX_SAFE, "Mend it");
  return setting;
}

// What the fix makes of the file; "withdrawn" if there is none.
static Str fixed(Setting *setting) {
  if (setting->finding->fix.applicability == FIX_NONE) return STR("withdrawn");
  Str result, text = setting->module->source->text;
  edits_sort(support_arena(), &setting->finding->fix.edits);
  assert_true(edits_apply(support_arena(), text, &setting->finding->fix.edits, &result));
  return result;
}

static void
awaits(const char *text, const char *expression, const char *operand, const char *expected) {
  Setting *setting = setting_of(text);
  Node outer = node_at(setting->module, expression, 0);
  Node inner = operand == NULL ? outer : node_at(setting->module, operand, 0);
  fix_await(&setting->cx, setting->finding, outer, inner);
  assert_str(fixed(setting), expected);
}

static void await_takes_the_whole_call(void **state) {
  (void)state;
  awaits("async def f():\n  g(1)\n", "g(1)", NULL, "async def f():\n  await g(1)\n");
  awaits("async def f():\n  g(1)[0]\n", "g(1)", NULL, "async def f():\n  (await g(1))[0]\n");
  awaits(
    "async def f():\n  return(g)(1)\n", "(g)(1)", NULL, "async def f():\n  return await (g)(1)\n"
  );
}

static void await_takes_the_whole_operand(void **state) {
  (void)state;
  awaits("run(g(1))\n", "run(g(1))", "g(1)", "await g(1)\n");
  awaits("run(a or b)\n", "run(a or b)", "a or b", "await (a or b)\n");
  awaits("run(a\n  .b())\n", "run(a\n  .b())", "a\n  .b()", "await (a\n  .b())\n");
  awaits("run(a)if b else c\n", "run(a)", "a", "await a if b else c\n");
}

static void await_stays_out_of_generators_and_classes(void **state) {
  (void)state;
  awaits("async def f():\n  h(g(x) for x in y)\n", "g(x)", NULL, "withdrawn");
  awaits(
    "async def f():\n  h([g(x) for x in y])\n",
    "g(x)",
    NULL,
    "async def f():\n  h([await g(x) for x in y])\n"
  );
  awaits("async def f():\n  class C:\n    a = g(1)\n", "g(1)", NULL, "withdrawn");
}

static void a_comment_is_not_lost(void **state) {
  (void)state;
  awaits("run(  # why\n  g(1)\n)\n", "run(  # why\n  g(1)\n)", "g(1)", "withdrawn");
}

static void adds_argument(const char *text, const char *expected) {
  Setting *setting = setting_of(text);
  fix_add_argument(&setting->cx, setting->finding, node_of(setting->module, KIND_CALL, 0), "z=1");
  assert_str(fixed(setting), expected);
}

static void an_argument_is_added_in_the_style_of_the_others(void **state) {
  (void)state;
  adds_argument("f()\n", "f(z=1)\n");
  adds_argument("f(a, b)\n", "f(a, b, z=1)\n");
  adds_argument("f((a))\n", "f((a), z=1)\n");
  adds_argument("f(a,)\n", "f(a, z=1,)\n");
  adds_argument("f(x for x in y)\n", "f((x for x in y), z=1)\n");
  adds_argument("f(\n    a,\n    b,\n)\n", "f(\n    a,\n    b,\n    z=1,\n)\n");
  adds_argument("f(\n    a,\n    b  # c\n)\n", "f(\n    a,\n    b,  # c\n    z=1\n)\n");
  adds_argument("f(\n    a,\n    b,  # c\n)\n", "f(\n    a,\n    b,  # c\n    z=1,\n)\n");
}

static void removes_item(const char *text, const char *expected) {
  Setting *setting = setting_of(text);
  fix_remove_item(&setting->cx, setting->finding, node_at(setting->module, "b", 0));
  assert_str(fixed(setting), expected);
}

static void an_item_goes_with_its_comma(void **state) {
  (void)state;
  removes_item("x = (a, b, c)\n", "x = (a, c)\n");
  removes_item("x = (a, (b))\n", "x = a\n");
  removes_item("try:\n  f()\nexcept(a, b):\n  pass\n", "try:\n  f()\nexcept a:\n  pass\n");
  removes_item("x = (\n  a,\n  c,\n  b,\n)\n", "x = (\n  a,\n  c,\n)\n");
  removes_item("x = (a,  # why\n  b)\n", "withdrawn");
}

static void adds_after(const char *text, const char *added, const char *expected) {
  Setting *setting = setting_of(text);
  Node statement = tree_statement(&setting->module->tree, node_at(setting->module, "b()", 0));
  fix_add_statement_after(&setting->cx, setting->finding, statement, "%s", added);
  assert_str(fixed(setting), expected);
}

static void a_statement_goes_below_another(void **state) {
  (void)state;
  adds_after("if a:\n\tb()  # why\n", "if c:\n    d()", "if a:\n\tb()  # why\n\tif c:\n\t\td()\n");
  adds_after("if a:\n  b();\n", "c()", "if a:\n  b();\n  c()\n");
  adds_after("b() \\\n\nc()\n", "d()", "b() \\\n\nd()\nc()\n");
}

static void or_beside_one_that_shares_its_line(void **state) {
  (void)state;
  adds_after("b(); c()\n", "d()\ne()", "b(); d(); e(); c()\n");
  adds_after("if a: b()\n", "d()", "if a: b(); d()\n");
  adds_after("if a: \\\n  b()\n", "d()", "if a: \\\n  b(); d()\n");
  adds_after("if a: b()\n", "if c:\n    d()", "withdrawn");
}

static void appends(const char *text, const char *statement, const char *expected) {
  Setting *setting = setting_of(text);
  Node block = node_of(setting->module, KIND_BLOCK, 0);
  fix_append_statement(&setting->cx, setting->finding, block, "%s", statement);
  assert_str(fixed(setting), expected);
}

static void a_block_in_one_line_is_broken_where_it_has_to_be(void **state) {
  (void)state;
  appends("if a: b()\n", "if c:\n    d()", "if a:\n    b()\n    if c:\n        d()\n");
  appends("if a: pass  # why\n", "if c:\n    d()", "if a:\n    if c:\n        d()  # why\n");
  appends("if a: pass\n", "b()\nc()", "if a: b(); c()\n");
  appends("if a: \\\n  b()\n", "raise", "if a: \\\n  b(); raise\n");
  appends("if a:\n  b() \\\n\nc()\n", "raise", "if a:\n  b() \\\n\n  raise\nc()\n");
}

static void adds_before(const char *text, const char *expected) {
  Setting *setting = setting_of(text);
  Node statement = tree_statement(&setting->module->tree, node_at(setting->module, "b()", 0));
  fix_add_statement_before(&setting->cx, setting->finding, statement, "if a:\n    return");
  assert_str(fixed(setting), expected);
}

static void a_statement_goes_above_another(void **state) {
  (void)state;
  adds_before("def f(a):\n  c()\n  b()\n", "def f(a):\n  c()\n  if a:\n    return\n  b()\n");
  adds_before("def f(a):\n  # why\n  b()\n", "def f(a):\n  if a:\n    return\n  # why\n  b()\n");
  adds_before("def f(a): b()\n", "def f(a):\n    if a:\n        return\n    b()\n");
  adds_before("def f(a):\n  c(); b()\n", "withdrawn");
  adds_before("if a: \\\n  # kept\n  b()\n", "if a: \\\n  # kept\n  if a:\n    return\n  b()\n");
}

static void opens(const char *text, const char *expected) {
  Setting *setting = setting_of(text);
  Node statement = tree_statement(&setting->module->tree, node_at(setting->module, "b()", 0));
  fix_open_block(&setting->cx, setting->finding, statement, "with b():");
  assert_str(fixed(setting), expected);
}

static void what_follows_goes_into_the_block(void **state) {
  (void)state;
  opens("def f():\n  b()  # c\n\n  d()\ne()\n", "def f():\n  with b():  # c\n\n    d()\ne()\n");
  opens(
    "def f():\n  b()\n  return '''x\n  y'''\n", "def f():\n  with b():\n    return '''x\n  y'''\n"
  );
  opens("def f():\n  b()\n\f  d(1,\n2)\n", "def f():\n  with b():\n\f    d(1,\n  2)\n");
  opens("def f():\n  b()\n", "withdrawn");
  opens("def f():\n  b();\n  d()\n", "withdrawn");
}

static void moves(const char *text, const char *expected) {
  Setting *setting = setting_of(text);
  Node target = node_of(setting->module, KIND_TRY_STATEMENT, 0);
  fix_move_behind(
    &setting->cx, setting->finding, node_of(setting->module, KIND_RETURN_STATEMENT, 0), target
  );
  assert_str(fixed(setting), expected);
}

static void a_statement_is_moved_with_its_comment(void **state) {
  (void)state;
  moves(
    "try:\n  a()\nfinally:\n  b()\n  return 1  # c\n",
    "try:\n  a()\nfinally:\n  b()\nreturn 1  # c\n"
  );
  moves(
    "try:\n  a()\nfinally:\n  return 1  # c\n", "try:\n  a()\nfinally:\n  pass\nreturn 1  # c\n"
  );
  moves("try:\n  a()\nfinally:\n  b(); return 1\n", "try:\n  a()\nfinally:\n  b()\nreturn 1\n");
  moves(
    "try:\n  a()\nfinally:\n  b()\n  return '''x\n  y'''\n",
    "try:\n  a()\nfinally:\n  b()\nreturn '''x\n  y'''\n"
  );
}

static void names_module(const char *text, const char *name, const char *expected) {
  Setting *setting = setting_of(text);
  Node place = node_at(setting->module, "here", 0);
  Str spelled = fix_module(&setting->cx, setting->finding, place, name);
  fix_replace(&setting->cx, setting->finding, place, "%.*s.x", STR_ARGS(spelled));
  assert_str(fixed(setting), expected);
}

static void a_module_goes_by_the_name_it_has(void **state) {
  (void)state;
  names_module("import asyncio\nhere\n", "asyncio", "import asyncio\nasyncio.x\n");
  names_module("import asyncio as aio\nhere\n", "asyncio", "import asyncio as aio\naio.x\n");
  names_module("from a import b as c\nhere\n", "a.b", "from a import b as c\nc.x\n");
  names_module("import a.b\nhere\n", "a.b", "import a.b\na.b.x\n");
  names_module(
    "def f():\n  import asyncio\n  here\n", "asyncio", "def f():\n  import asyncio\n  asyncio.x\n"
  );
}

static void a_module_that_has_no_name_is_imported(void **state) {
  (void)state;
  names_module(
    "import abc\nimport os\n\nhere\n",
    "asyncio",
    "import abc\nimport asyncio\nimport os\n\nasyncio.x\n"
  );
  names_module(
    "import abc\nfrom b import c\nhere\n",
    "asyncio",
    "import abc\nimport asyncio\nfrom b import c\nasyncio.x\n"
  );
  names_module(
    "from asyncio import run\nfrom b import c\nhere\n",
    "asyncio",
    "import asyncio\nfrom asyncio import run\nfrom b import c\nasyncio.x\n"
  );
  names_module("'''Why.'''\n\nhere\n", "asyncio", "'''Why.'''\n\nimport asyncio\n\nasyncio.x\n");
}

static void a_name_that_is_taken_stays_what_it_is(void **state) {
  (void)state;
  names_module("import b\ndef f(asyncio):\n  here\n", "asyncio", "withdrawn");
  names_module("import asyncio\ndef f(asyncio):\n  here\n", "asyncio", "withdrawn");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(await_takes_the_whole_call),
    cmocka_unit_test(await_takes_the_whole_operand),
    cmocka_unit_test(await_stays_out_of_generators_and_classes),
    cmocka_unit_test(a_comment_is_not_lost),
    cmocka_unit_test(an_argument_is_added_in_the_style_of_the_others),
    cmocka_unit_test(an_item_goes_with_its_comma),
    cmocka_unit_test(a_statement_goes_below_another),
    cmocka_unit_test(or_beside_one_that_shares_its_line),
    cmocka_unit_test(a_block_in_one_line_is_broken_where_it_has_to_be),
    cmocka_unit_test(a_statement_goes_above_another),
    cmocka_unit_test(what_follows_goes_into_the_block),
    cmocka_unit_test(a_statement_is_moved_with_its_comment),
    cmocka_unit_test(a_module_goes_by_the_name_it_has),
    cmocka_unit_test(a_module_that_has_no_name_is_imported),
    cmocka_unit_test(a_name_that_is_taken_stays_what_it_is),
  };
  return cmocka_run_group_tests_name("fix", tests, NULL, NULL);
}
