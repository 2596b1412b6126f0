#include "python/use.h"

#include "support.h"

static const char *const USE_NAMES[] = {
  [USE_DROPPED] = "dropped",         [USE_AWAITED] = "awaited",     [USE_RETURNED] = "returned",
  [USE_YIELDED] = "yielded",         [USE_RAISED] = "raised",       [USE_ARGUMENT] = "argument",
  [USE_STORED] = "stored",           [USE_CONTAINED] = "contained", [USE_CAPTURED] = "captured",
  [USE_TESTED] = "tested",           [USE_COMPARED] = "compared",   [USE_OPERATED] = "operated",
  [USE_METHOD] = "method",           [USE_ATTRIBUTE] = "attribute", [USE_CALLED] = "called",
  [USE_SUBSCRIPTED] = "subscripted", [USE_ITERATED] = "iterated",   [USE_UNPACKED] = "unpacked",
  [USE_FORMATTED] = "formatted",     [USE_ENTERED] = "entered",     [USE_CHECKED] = "checked",
  [USE_DELETED] = "deleted",
};

/* "awaited:await x argument:print(x)": the uses of the first `make()` in the text. */
static Str uses_in(const char *text) {
  Module *module = module_of(text);
  Uses uses = uses_of(module, node_at(module, "make()", 0));
  Arena *arena = support_arena();
  Str shown = STR_EMPTY;
  for (uint32_t i = 0; i < uses.count; i++) {
    Str text_of_consumer = tree_text(&module->tree, uses.items[i].consumer);
    Str line = str_next(&text_of_consumer, '\n');
    Str use = str_format(arena, "%s:%.*s", USE_NAMES[uses.items[i].kind], STR_ARGS(line));
    shown = shown.len == 0 ? use : str_join(arena, shown, ' ', use);
  }
  return shown;
}

#define IN_FUNCTION(body) "async def f(a, b):\n" body

static void a_statement_drops_its_value(void **state) {
  (void)state;
  assert_str(uses_in(IN_FUNCTION("    make()\n")), "dropped:make()");
  assert_str(uses_in(IN_FUNCTION("    if a: make()\n")), "dropped:make()");
}

/* The expression make() in a statement, and what uses it. */
static const char *const USES[][2] = {
  { "await make()", "awaited:await make()" },
  { "return make()", "returned:return make()" },
  { "yield make()", "yielded:yield make()" },
  { "raise make()", "raised:raise make()" },
  { "g(a, make())", "argument:g(a, make())" },
  { "g(k=make())", "argument:g(k=make())" },
  { "self.x = make()", "stored:self.x" },
  { "a[b] = make()", "stored:a[b]" },
  { "[1, make()]", "contained:[1, make()]" },
  { "{1: make()}", "contained:{1: make()}" },
  { "[make() for x in a]", "contained:[make() for x in a]" },
  { "{x: make() for x in a}", "contained:{x: make() for x in a}" },
  { "[*make()]", "contained:[*make()]" },
  { "if make(): pass", "tested:if make(): pass" },
  { "while make(): pass", "tested:while make(): pass" },
  { "assert make(), a", "tested:assert make(), a" },
  { "x = not make()", "tested:not make()" },
  { "[x for x in a if make()]", "tested:if make()" },
  { "make() == a", "compared:make() == a" },
  { "make() is None", "tested:make() is None" },
  { "make() is not None", "tested:make() is not None" },
  { "make() + a", "operated:make() + a" },
  { "-make()", "operated:-make()" },
  { "x += make()", "operated:x += make()" },
  { "make().m(a)", "method:make().m(a)" },
  { "make().a.b(a)", "attribute:make().a" },
  { "make()()", "called:make()()" },
  { "make()[0]", "subscripted:make()[0]" },
  { "make()[0] = a", "operated:make()[0]" },
  { "a[make()]", "operated:a[make()]" },
  { "a[make()] = b", "stored:a[make()]" },
  { "for x in make(): pass", "iterated:for x in make(): pass" },
  { "[x for x in make()]", "iterated:for x in make()" },
  { "g(*make())", "iterated:*make()" },
  { "list(make())", "iterated:list(make())" },
  { "enumerate(make(), 1)", "iterated:enumerate(make(), 1)" },
  { "zip(a, make())", "iterated:zip(a, make())" },
  { "map(g, make())", "iterated:map(g, make())" },
  { "map(make(), a)", "argument:map(make(), a)" },
  { "max(make())", "iterated:max(make())" },
  { "max(make(), a)", "argument:max(make(), a)" },
  { "', '.join(make())", "iterated:', '.join(make())" },
  { "x, y = make()", "unpacked:x, y" },
  { "x, *y = make()", "unpacked:x, *y" },
  { "g(f'{make()!r}')", "formatted:{make()!r}" },
  { "str(make())", "formatted:str(make())" },
  { "'%s' % make()", "formatted:'%s' % make()" },
  { "'{}'.format(make())", "formatted:'{}'.format(make())" },
  { "print(make())", "argument:print(make())" },
  { "with make() as x: pass", "entered:make() as x" },
  { "with make(): pass", "entered:make()" },
  { "isinstance(make(), a)", "checked:isinstance(make(), a)" },
  { "type(make())", "checked:type(make())" },
  { "bool(make())", "tested:bool(make())" },
  { "match make():\n        case 1: pass", "checked:match make():" },
  { "del make().x, a", "attribute:make().x" },
  { "g(lambda: make())", "returned:lambda: make()" },
  { "x = a if make() else b", "tested:a if make() else b" },
};

static void an_expression_is_used_by_what_it_stands_in(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof USES / sizeof *USES; i++) {
    Str text = str_format(support_arena(), "async def f(self, a, b):\n    %s\n", USES[i][0]);
    assert_str(uses_in(str_terminated(support_arena(), text)), USES[i][1]);
  }
}

static void what_hands_the_value_on_is_looked_through(void **state) {
  (void)state;
  assert_str(
    uses_in(IN_FUNCTION("    return make() if a else b\n")), "returned:return make() if a else b"
  );
  assert_str(uses_in(IN_FUNCTION("    return a or make()\n")), "returned:return a or make()");
  assert_str(
    uses_in(IN_FUNCTION("    return make() or a\n")),
    "returned:return make() or a tested:make() or a"
  );
  assert_str(uses_in(IN_FUNCTION("    return make() and a\n")), "tested:make() and a");
  assert_str(
    uses_in(IN_FUNCTION("    while (x := make()):\n        print(x)\n")),
    "tested:while (x := make()): argument:print(x)"
  );
}

static void names_are_followed(void **state) {
  (void)state;
  assert_str(
    uses_in(IN_FUNCTION("    x = make()\n    y = x\n    print(x)\n    await y\n")),
    "argument:print(x) awaited:await y"
  );
  assert_str(
    uses_in(IN_FUNCTION("    x = y = make()\n    g(x)\n    h(y)\n")), "argument:g(x) argument:h(y)"
  );
  assert_str(uses_in(IN_FUNCTION("    x, y = 1, make()\n    g(x)\n    h(y)\n")), "argument:h(y)");
  assert_str(uses_in(IN_FUNCTION("    x: int = make()\n    del x\n")), "deleted:del x");
}

static void a_name_that_nobody_reads_has_no_uses(void **state) {
  (void)state;
  assert_str(uses_in(IN_FUNCTION("    x = make()\n")), "");
  assert_str(uses_in(IN_FUNCTION("    _ = make()\n    for _ in a: pass\n")), "");
  assert_str(uses_in(IN_FUNCTION("    x = make()\n    x = 1\n    print(x)\n")), "");
  assert_str(uses_in(IN_FUNCTION("    print(x)\n    x = make()\n    x = 2\n")), "");
}

static void bindings_reach_as_control_flows(void **state) {
  (void)state;
  assert_str(
    uses_in(IN_FUNCTION("    x = make()\n    if a: x = 1\n    print(x)\n")), "argument:print(x)"
  );
  assert_str(
    uses_in(IN_FUNCTION("    x = None\n    while a:\n        print(x)\n        x = make()\n")),
    "argument:print(x)"
  );
  assert_str(uses_in(IN_FUNCTION("    x = make()\n    x = g(x)\n    print(x)\n")), "argument:g(x)");
  assert_str(
    uses_in(IN_FUNCTION(
      "    x = None\n    try:\n        x = make()\n        b()\n    finally:\n        print(x)\n"
    )),
    "argument:print(x)"
  );
  assert_str(
    uses_in(IN_FUNCTION("    x = make()\n    del x\n    x = 1\n    print(x)\n")), "deleted:del x"
  );
  assert_str(
    uses_in(IN_FUNCTION("    x = make()\n    x += 1\n    print(x)\n")),
    "operated:x += 1 argument:print(x)"
  );
}

static void what_others_can_reach_is_stored_or_captured(void **state) {
  (void)state;
  assert_str(uses_in("async def f():\n    global x\n    x = make()\n"), "stored:x");
  assert_str(
    uses_in(
      "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = make()\n    return x\n"
    ),
    "stored:x returned:return x"
  );
  assert_str(uses_in("x = make()\ndef f():\n    return x\n"), "stored:x captured:x");
  assert_str(
    uses_in(IN_FUNCTION("    x = make()\n    def g():\n        return x\n    return g\n")),
    "captured:x"
  );
  assert_str(uses_in(IN_FUNCTION("    x = make()\n    return lambda: x\n")), "captured:x");
  assert_str(
    uses_in(IN_FUNCTION("    x = make()\n    return [x for y in a]\n")), "contained:[x for y in a]"
  );
  assert_str(uses_in("class C:\n    x = make()\n"), "stored:x");
}

static void an_argument_says_where_it_stands(void **state) {
  (void)state;
  Module *module = module_of("def f():\n    g(1, make(), k=make())\n    make().close()\n");
  Uses positional = uses_of(module, node_at(module, "make()", 0));
  Uses keyword = uses_of(module, node_at(module, "make()", 1));
  Uses method = uses_of(module, node_at(module, "make()", 2));
  assert_int_equal(positional.items[0].index, 1);
  assert_str(positional.items[0].name, "");
  assert_str(keyword.items[0].name, "k");
  assert_str(method.items[0].name, "close");
  assert_true(uses_have(&method, USE_METHOD));
  assert_false(uses_have(&method, USE_DROPPED));
}

static void a_definition_has_uses_of_its_own(void **state) {
  (void)state;
  Module *module = module_of("async def f(p):\n    for t in p:\n        await t\n    g(p)\n");
  Uses of_parameter = uses_of_definition(module, node_at(module, "p", 0));
  assert_int_equal(of_parameter.count, 2);
  assert_int_equal(of_parameter.items[0].kind, USE_ITERATED);
  assert_int_equal(of_parameter.items[1].kind, USE_ARGUMENT);
  Uses of_target = uses_of_definition(module, node_at(module, "t", 0));
  assert_int_equal(of_target.count, 1);
  assert_int_equal(of_target.items[0].kind, USE_AWAITED);
}

static void definitions_and_reads_point_at_each_other(void **state) {
  (void)state;
  Module *module = module_of("def f(a):\n"
                             "    x = 1\n"
                             "    if a:\n"
                             "        x = 2\n"
                             "    print(x)\n"
                             "    x = 3\n"
                             "    return x\n");
  Nodes both = definitions_of(module, node_at(module, "x", 2));
  assert_int_equal(both.count, 2);
  assert_str(tree_text(&module->tree, defined_value(module, both.items[0])), "1");
  assert_str(tree_text(&module->tree, defined_value(module, both.items[1])), "2");
  Nodes last = definitions_of(module, node_at(module, "x", 4));
  assert_int_equal(last.count, 1);
  assert_str(tree_text(&module->tree, defined_value(module, last.items[0])), "3");
  Nodes reads = reads_of(module, node_at(module, "x", 0));
  assert_int_equal(reads.count, 1);
  assert_int_equal(reads.items[0], node_at(module, "x", 2));
}

static void a_walrus_reaches_what_stands_after_it(void **state) {
  (void)state;
  Module *module = module_of("def f():\n    x = 0\n    g((x := 1), x)\n    print(x)\n");
  Nodes definitions = definitions_of(module, node_at(module, "x", 2));
  assert_int_equal(definitions.count, 1);
  assert_str(tree_text(&module->tree, defined_value(module, definitions.items[0])), "1");
  assert_int_equal(reads_of(module, node_at(module, "x", 1)).count, 2);
  assert_int_equal(reads_of(module, node_at(module, "x", 0)).count, 0);
}

static void names_from_outside_have_definitions_anywhere(void **state) {
  (void)state;
  Module *module = module_of("x = 1\ndef f():\n    return x\n");
  Node read = node_at(module, "x", 1);
  assert_int_equal(definitions_of(module, read).count, 0);
  assert_int_equal(definitions_anywhere(module, read).count, 1);
}

static void only_values_are_defined_values(void **state) {
  (void)state;
  Module *module = module_of("def f(p):\n"
                             "    a = b = one()\n"
                             "    c, d = two()\n"
                             "    e, g = three(), four()\n"
                             "    for h in p: pass\n"
                             "    with five() as i: pass\n"
                             "    return (j := six())\n");
  static const char *const cases[][2] = {
    { "a", "one()" },  { "b", "one()" },  { "e", "three()" },
    { "g", "four()" }, { "i", "five()" }, { "j", "six()" },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_str(
      tree_text(&module->tree, defined_value(module, node_at(module, cases[i][0], 0))), cases[i][1]
    );
  static const char *const without[] = { "p", "c", "d", "h" };
  for (size_t i = 0; i < sizeof without / sizeof *without; i++)
    assert_int_equal(defined_value(module, node_at(module, without[i], 0)), NODE_NONE);
}

static void self_reference_ends(void **state) {
  (void)state;
  assert_str(
    uses_in(IN_FUNCTION("    x = make()\n    while a:\n        y = x\n        x = y\n")), ""
  );
  assert_str(
    uses_in(IN_FUNCTION("    x = make()\n    while a:\n        x = x or b\n    await x\n")),
    "tested:x or b awaited:await x"
  );
}

/* Every statement binds the name again, or may: the answers stay right in what they promise at
   least. */
static void many_bindings_are_no_trouble(void **state) {
  (void)state;
  enum { COUNT = 3000 };
  Arena *arena = support_arena();
  Str text = STR("def f(a):\n    x = 0\n");
  char *body = arena_alloc(arena, text.len + COUNT * 32 + 1);
  memcpy(body, text.data, text.len);
  uint32_t len = text.len;
  for (int i = 0; i < COUNT; i++) {
    Str line = str_format(arena, "    if a: x = g(x, %d)\n", i);
    memcpy(body + len, line.data, line.len);
    len += line.len;
  }
  Module *module = module_of(body);
  for (Node node = 0; node < module->tree.count; node++) {
    if (!tree_is(&module->tree, node, KIND_IDENTIFIER) || !tree_text_is(&module->tree, node, "x"))
      continue;
    if (occurrence_binds(scopes_occurrence(&module->scopes, node))) reads_of(module, node);
    else assert_true(definitions_of(module, node).count > 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_statement_drops_its_value),
    cmocka_unit_test(an_expression_is_used_by_what_it_stands_in),
    cmocka_unit_test(what_hands_the_value_on_is_looked_through),
    cmocka_unit_test(names_are_followed),
    cmocka_unit_test(a_name_that_nobody_reads_has_no_uses),
    cmocka_unit_test(bindings_reach_as_control_flows),
    cmocka_unit_test(what_others_can_reach_is_stored_or_captured),
    cmocka_unit_test(an_argument_says_where_it_stands),
    cmocka_unit_test(a_definition_has_uses_of_its_own),
    cmocka_unit_test(definitions_and_reads_point_at_each_other),
    cmocka_unit_test(a_walrus_reaches_what_stands_after_it),
    cmocka_unit_test(names_from_outside_have_definitions_anywhere),
    cmocka_unit_test(only_values_are_defined_values),
    cmocka_unit_test(self_reference_ends),
    cmocka_unit_test(many_bindings_are_no_trouble),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
