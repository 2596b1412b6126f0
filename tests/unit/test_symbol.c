#include "support.h"

#include "python/symbol.h"

/* The n-th function or lambda of the text, counted from 0. */
static const Function *function_in(const Module *module, uint32_t n) {
  assert_true(n + 1 < module->symbols.functions.count);
  return module_function(module, n + 1);
}

static void the_module_is_the_first_function(void **state) {
  (void)state;
  Module *module = module_of("x = 1\nclass C:\n    y = 2\ndef f():\n    z = 3\n");
  assert_str(module_function(module, FUNCTION_MODULE)->name, "<module>");
  assert_int_equal(module_function_of(module, node_at(module, "x", 0)), FUNCTION_MODULE);
  assert_int_equal(module_function_of(module, node_at(module, "y", 0)), FUNCTION_MODULE);
  assert_int_equal(module_function_of(module, node_at(module, "z", 0)), 1);
}

static void functions_have_qualified_names(void **state) {
  (void)state;
  Module *module = module_of("def outer():\n"
                             "    class C:\n"
                             "        def m(self):\n"
                             "            return [lambda: 1 for _ in ()]\n"
                             "class D:\n"
                             "    class E:\n"
                             "        async def n(self): pass\n");
  assert_str(function_in(module, 0)->qualified, "outer");
  assert_str(function_in(module, 1)->qualified, "outer.<locals>.C.m");
  assert_str(function_in(module, 2)->qualified, "outer.<locals>.C.m.<locals>.<lambda>");
  assert_str(function_in(module, 3)->qualified, "D.E.n");
  assert_str(module_class(module, 2)->qualified, "D.E");
  assert_int_equal(module_class(module, 2)->parent_class, 1);
  assert_int_equal(module_class(module, 0)->function, 1);
  assert_int_equal(function_in(module, 1)->class_id, 0);
  assert_int_equal(function_in(module, 1)->parent, 1);
  assert_int_equal(function_in(module, 2)->class_id, CLASS_NONE);
  assert_true(function_in(module, 3)->is_async);
}

static void rows_belong_to_the_function_that_evaluates_them(void **state) {
  (void)state;
  Module *module = module_of("async def f(a=default, b: note = 1):\n"
                             "    [x for x in xs]\n"
                             "    lambda c=inner: body\n"
                             "    class K:\n"
                             "        value = there\n");
  assert_int_equal(module_function_of(module, node_at(module, "default", 0)), FUNCTION_MODULE);
  assert_int_equal(module_function_of(module, node_at(module, "note", 0)), FUNCTION_MODULE);
  assert_int_equal(module_function_of(module, node_at(module, "x", 0)), 1);
  assert_int_equal(module_function_of(module, node_at(module, "xs", 0)), 1);
  assert_int_equal(module_function_of(module, node_at(module, "inner", 0)), 1);
  assert_int_equal(module_function_of(module, node_at(module, "body", 0)), 2);
  assert_int_equal(module_function_of(module, node_at(module, "there", 0)), 1);
  assert_true(module_in_coroutine(module, node_at(module, "there", 0)));
  assert_false(module_in_coroutine(module, node_at(module, "body", 0)));
  assert_false(module_in_coroutine(module, node_at(module, "default", 0)));
}

static void parameters_have_kinds(void **state) {
  (void)state;
  Module *module = module_of("def f(a, /, b: int, *args, c: str = 'x', **more): pass\n"
                             "def g(a=1, *, b): pass\n"
                             "lambda x, *y, z=1: 0\n");
  const Function *f = function_in(module, 0);
  static const ParameterKind KINDS[] = {
    PARAMETER_PLAIN, PARAMETER_PLAIN, PARAMETER_STAR, PARAMETER_KEYWORD, PARAMETER_STAR_STAR
  };
  static const char *const NAMES[] = { "a", "b", "args", "c", "more" };
  assert_int_equal(f->parameters.count, 5);
  for (uint32_t i = 0; i < 5; i++) {
    assert_int_equal(f->parameters.items[i].kind, KINDS[i]);
    assert_str(f->parameters.items[i].name, NAMES[i]);
  }
  assert_str(tree_text(&module->tree, f->parameters.items[1].annotation), "int");
  assert_str(tree_text(&module->tree, f->parameters.items[3].default_value), "'x'");
  assert_int_equal(f->parameters.items[0].default_value, NODE_NONE);
  assert_int_equal(function_in(module, 1)->parameters.items[0].kind, PARAMETER_PLAIN);
  assert_int_equal(function_in(module, 1)->parameters.items[1].kind, PARAMETER_KEYWORD);
  assert_int_equal(function_in(module, 2)->parameters.items[2].kind, PARAMETER_KEYWORD);
}

static void generators_yield_themselves(void **state) {
  (void)state;
  Module *module = module_of("def own():\n    x = yield 1\n"
                             "def delegated():\n    yield from xs\n"
                             "def nested():\n    def inner():\n        yield\n"
                             "def in_lambda():\n    return lambda: (yield)\n");
  assert_true(function_in(module, 0)->is_generator);
  assert_true(function_in(module, 1)->is_generator);
  assert_false(function_in(module, 2)->is_generator);
  assert_true(function_in(module, 3)->is_generator);
  assert_false(function_in(module, 4)->is_generator);
  assert_true(function_in(module, 5)->is_generator);
}

static void stubs_do_nothing(void **state) {
  (void)state;
  Module *module = module_of("def a(): ...\n"
                             "def b():\n    'text'\n"
                             "def c():\n    'text'\n    raise NotImplementedError\n"
                             "def d():\n    raise NotImplementedError('later')\n"
                             "def e(): pass\n"
                             "def f():\n    raise ValueError\n"
                             "def g():\n    log()\n    raise NotImplementedError\n"
                             "def h(): return\n");
  for (uint32_t i = 0; i < 5; i++) assert_true(function_in(module, i)->is_stub);
  for (uint32_t i = 5; i < 8; i++) assert_false(function_in(module, i)->is_stub);
}

static void decorators_are_understood(void **state) {
  (void)state;
  Module *module =
    module_of("class C:\n"
              "    @staticmethod\n    def a(): pass\n"
              "    @classmethod\n    def b(cls): pass\n"
              "    @functools.cached_property\n    def c(self): pass\n"
              "    @c.setter\n    def d(self, v): pass\n"
              "    @abc.abstractmethod\n    @typing.overload\n    def e(self): pass\n"
              "    @retry(times=3)\n    def f(self): pass\n");
  assert_true(function_in(module, 0)->is_static);
  assert_true(function_in(module, 1)->is_class_method);
  assert_true(function_in(module, 2)->is_property);
  assert_true(function_in(module, 3)->is_property);
  assert_true(function_in(module, 4)->is_overload && function_in(module, 4)->is_abstract);
  const Function *last = function_in(module, 5);
  assert_false(last->is_static || last->is_property || last->is_abstract);
  assert_str(tree_text(&module->tree, last->decorators.items[0]), "retry(times=3)");
}

static void bases_are_positional(void **state) {
  (void)state;
  Module *module = module_of("class C(A, b.B[T], Generic[K][V], *more, metaclass=M): pass\n");
  const Class *class = module_class(module, 0);
  static const char *const BASES[] = { "A", "b.B", "Generic", "*more" };
  assert_int_equal(class->bases.count, 4);
  for (uint32_t i = 0; i < 4; i++) {
    assert_str(tree_text(&module->tree, class->bases.items[i]), BASES[i]);
  }
}

static void definitions_and_methods_are_found(void **state) {
  (void)state;
  Module *module = module_of("class C:\n"
                             "    if x:\n        def m(self): 1\n"
                             "    else:\n        def m(self): 2\n"
                             "    @overload\n    def m(self): ...\n"
                             "    @property\n    def p(self): 1\n"
                             "    @p.setter\n    def p(self, v): 2\n"
                             "def m(): pass\n");
  Node class_node = node_of(module, KIND_CLASS_DEFINITION, 0);
  ClassId id = symbols_class(&module->symbols, class_node);
  assert_int_equal(id, 0);
  assert_int_equal(symbols_method(&module->symbols, id, STR("m")), 2);
  assert_int_equal(symbols_method(&module->symbols, id, STR("p")), 4);
  assert_int_equal(symbols_method(&module->symbols, id, STR("q")), FUNCTION_NONE);
  Node last = node_of(module, KIND_FUNCTION_DEFINITION, 5);
  assert_int_equal(symbols_function(&module->symbols, last), 6);
  assert_int_equal(symbols_function(&module->symbols, class_node), FUNCTION_NONE);
}

static void deep_nesting_does_not_grow_names(void **state) {
  (void)state;
  enum { DEPTH = 20000 };
  static char text[DEPTH * 8 + 8];
  for (size_t i = 0; i < DEPTH; i++) memcpy(text + i * 8, "lambda: ", 8);
  memcpy(text + (size_t)DEPTH * 8, "0\n", 3);
  Module *module = module_of(text);
  for (uint32_t i = 0; i < module->symbols.functions.count; i++) {
    assert_true(module_function(module, i)->qualified.len < 2000);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_module_is_the_first_function),
    cmocka_unit_test(functions_have_qualified_names),
    cmocka_unit_test(rows_belong_to_the_function_that_evaluates_them),
    cmocka_unit_test(parameters_have_kinds),
    cmocka_unit_test(generators_yield_themselves),
    cmocka_unit_test(stubs_do_nothing),
    cmocka_unit_test(decorators_are_understood),
    cmocka_unit_test(bases_are_positional),
    cmocka_unit_test(definitions_and_methods_are_found),
    cmocka_unit_test(deep_nesting_does_not_grow_names),
  };
  return cmocka_run_group_tests_name("symbol", tests, NULL, NULL);
}
