#include "support.h"

#include "python/scope.h"

/* The name of the scope that the n-th `name` in the text is bound in: "module", "C", "f", "lambda",
   "comprehension", "type parameters", or "nothing". */
static const char *home_of(const Module *module, const char *name, uint32_t n) {
  const Scopes *scopes = &module->scopes;
  BindingId id = scopes_binding(scopes, node_at(module, name, n));
  if (id == BINDING_NONE) return "nothing";
  const Scope *scope = &scopes->scopes.items[scopes_get(scopes, id)->scope];
  switch (scope->kind) {
  case SCOPE_MODULE:
    return "module";
  case SCOPE_LAMBDA:
    return "lambda";
  case SCOPE_COMPREHENSION:
    return "comprehension";
  case SCOPE_TYPE_PARAMETERS:
    return "type parameters";
  case SCOPE_CLASS:
  case SCOPE_FUNCTION:
    break;
  }
  Str text = tree_text(&module->tree, tree_child(&module->tree, scope->node, FIELD_NAME));
  return str_terminated(support_arena(), text);
}

static OccurrenceKind kind_at(const Module *module, const char *name, uint32_t n) {
  return scopes_occurrence(&module->scopes, node_at(module, name, n));
}

static const Binding *binding_at(const Module *module, const char *name, uint32_t n) {
  return scopes_get(&module->scopes, scopes_binding(&module->scopes, node_at(module, name, n)));
}

static void local_names_hide_outer_ones(void **state) {
  (void)state;
  Module *module = module_of("x = 1\n"
                             "def f():\n"
                             "    print(x)\n"
                             "def g():\n"
                             "    print(x)\n"
                             "    x = 2\n");
  assert_string_equal(home_of(module, "x", 1), "module");
  assert_string_equal(home_of(module, "x", 2), "g");
  assert_string_equal(home_of(module, "print", 0), "nothing");
  assert_true(binding_at(module, "x", 0)->is_captured);
  assert_false(binding_at(module, "x", 2)->is_captured);
}

static void methods_do_not_see_names_of_their_class(void **state) {
  (void)state;
  Module *module = module_of("limit = 1\n"
                             "class C:\n"
                             "    limit = 2\n"
                             "    twice = limit * 2\n"
                             "    def method(self, size=limit):\n"
                             "        return limit\n"
                             "    sizes = [limit for _ in range(limit)]\n");
  assert_string_equal(home_of(module, "limit", 2), "C");
  assert_string_equal(home_of(module, "limit", 3), "C");
  assert_string_equal(home_of(module, "limit", 4), "module");
  assert_string_equal(home_of(module, "limit", 5), "module");
  assert_string_equal(home_of(module, "limit", 6), "C");
}

static void comprehensions_have_a_scope_but_not_for_the_first_iterable(void **state) {
  (void)state;
  Module *module = module_of("x = []\n"
                             "y = [x for x in x for z in x if (last := z)]\n"
                             "print(z, last)\n");
  assert_string_equal(home_of(module, "x", 1), "comprehension");
  assert_string_equal(home_of(module, "x", 2), "comprehension");
  assert_string_equal(home_of(module, "x", 3), "module");
  assert_string_equal(home_of(module, "x", 4), "comprehension");
  assert_string_equal(home_of(module, "z", 2), "nothing");
  assert_string_equal(home_of(module, "last", 1), "module");
  assert_int_equal(kind_at(module, "last", 0), OCCURRENCE_WALRUS);
  assert_int_equal(kind_at(module, "x", 2), OCCURRENCE_FOR);
}

static void walrus_in_nested_comprehensions_binds_in_the_function(void **state) {
  (void)state;
  Module *module = module_of("def f(rows):\n"
                             "    any(any((hit := cell) for cell in row) for row in rows)\n"
                             "    return hit\n");
  assert_string_equal(home_of(module, "hit", 0), "f");
  assert_string_equal(home_of(module, "hit", 1), "f");
}

static void global_and_nonlocal_redirect(void **state) {
  (void)state;
  Module *module = module_of("def f():\n"
                             "    global made\n"
                             "    made = 1\n"
                             "    def g():\n"
                             "        nonlocal late\n"
                             "        late += 1\n"
                             "        return made\n"
                             "    late = 0\n"
                             "print(made)\n");
  for (uint32_t i = 0; i < 4; i++) assert_string_equal(home_of(module, "made", i), "module");
  for (uint32_t i = 0; i < 3; i++) assert_string_equal(home_of(module, "late", i), "f");
  assert_true(binding_at(module, "made", 0)->is_declared_global);
  assert_true(binding_at(module, "late", 0)->is_captured);
  assert_int_equal(binding_at(module, "late", 0)->bind_count, 2);
  assert_int_equal(kind_at(module, "late", 0), OCCURRENCE_DECLARE);
  assert_int_equal(kind_at(module, "late", 1), OCCURRENCE_AUGMENT);
}

static void occurrences_are_in_source_order(void **state) {
  (void)state;
  Module *module = module_of("def f():\n"
                             "    return x\n"
                             "x = 1\n"
                             "del x\n");
  const Occurrences *occurrences = &binding_at(module, "x", 0)->occurrences;
  assert_int_equal(occurrences->count, 3);
  assert_int_equal(occurrences->items[0].kind, OCCURRENCE_READ);
  assert_int_equal(occurrences->items[1].kind, OCCURRENCE_ASSIGN);
  assert_int_equal(occurrences->items[2].kind, OCCURRENCE_DELETE);
}

static void del_makes_a_name_local(void **state) {
  (void)state;
  Module *module = module_of("x = 1\n"
                             "def f():\n"
                             "    del x, y[0], z.a\n");
  assert_string_equal(home_of(module, "x", 1), "f");
  assert_string_equal(home_of(module, "y", 0), "nothing");
  assert_string_equal(home_of(module, "z", 0), "nothing");
}

static void headers_are_evaluated_outside(void **state) {
  (void)state;
  Module *module = module_of("@deco(a)\n"
                             "def f(a: a, b=a, *args: a, c: a = a) -> a:\n"
                             "    return a\n"
                             "g = lambda b, a=b: a\n"
                             "deco = a = b = 1\n");
  assert_string_equal(home_of(module, "deco", 0), "module");
  assert_string_equal(home_of(module, "a", 0), "module"); // decorator
  assert_string_equal(home_of(module, "a", 1), "f");      // parameter
  assert_string_equal(home_of(module, "a", 2), "module"); // annotation
  assert_string_equal(home_of(module, "a", 3), "module"); // default
  assert_string_equal(home_of(module, "a", 4), "module"); // annotation of *args
  assert_string_equal(home_of(module, "a", 5), "module"); // annotation of c
  assert_string_equal(home_of(module, "a", 6), "module"); // default of c
  assert_string_equal(home_of(module, "a", 7), "module"); // return type
  assert_string_equal(home_of(module, "a", 8), "f");
  assert_string_equal(home_of(module, "b", 1), "lambda");
  assert_string_equal(home_of(module, "b", 2), "module");
  assert_string_equal(home_of(module, "a", 10), "lambda");
  assert_string_equal(home_of(module, "args", 0), "f");
  assert_string_equal(home_of(module, "c", 0), "f");
}

static void type_parameters_have_a_scope_of_their_own(void **state) {
  (void)state;
  Module *module = module_of("class C[T](Base[T]):\n"
                             "    U = int\n"
                             "    def f[S: U](self, a: S, b: T = T) -> S:\n"
                             "        return S, U\n"
                             "type Pair[V] = tuple[V, V]\n"
                             "print(V, Pair)\n");
  assert_string_equal(home_of(module, "T", 1), "type parameters");
  assert_string_equal(home_of(module, "T", 2), "type parameters");
  assert_string_equal(home_of(module, "U", 1), "C");
  assert_string_equal(home_of(module, "S", 1), "type parameters");
  assert_string_equal(home_of(module, "S", 3), "type parameters");
  assert_string_equal(home_of(module, "U", 2), "nothing");
  assert_string_equal(home_of(module, "V", 1), "type parameters");
  assert_string_equal(home_of(module, "V", 3), "nothing");
  assert_string_equal(home_of(module, "Pair", 1), "module");
}

static void many_generic_functions_keep_their_type_parameters(void **state) {
  (void)state;
  enum { COUNT = 100 };
  static const char ONE[] = "def f[T](a: T): return T\n";
  static char text[COUNT * sizeof(ONE)];
  for (size_t i = 0; i < COUNT; i++) memcpy(text + i * (sizeof(ONE) - 1), ONE, sizeof(ONE));
  Module *module = module_of(text);
  for (uint32_t i = 0; i < 3 * COUNT; i++) {
    assert_string_equal(home_of(module, "T", i), "type parameters");
  }
}

static void patterns_capture(void **state) {
  (void)state;
  Module *module = module_of("def f(v):\n"
                             "    match v:\n"
                             "        case Point(x=0, y=py): pass\n"
                             "        case [first, *rest] | (first, rest): pass\n"
                             "        case {'k': value, Key.K: 1, **others}: pass\n"
                             "        case Color.RED | None: pass\n"
                             "        case (1 | 2) as number if number > low: pass\n"
                             "        case _: pass\n");
  static const char *const CAPTURED[] = { "py", "first", "rest", "value", "others", "number" };
  for (size_t i = 0; i < sizeof(CAPTURED) / sizeof(*CAPTURED); i++) {
    assert_string_equal(home_of(module, CAPTURED[i], 0), "f");
    assert_int_equal(kind_at(module, CAPTURED[i], 0), OCCURRENCE_CAPTURE);
  }
  static const char *const READ[] = { "Point", "x", "Key", "K", "Color", "RED", "low" };
  for (size_t i = 0; i < sizeof(READ) / sizeof(*READ); i++) {
    assert_string_equal(home_of(module, READ[i], 0), "nothing");
  }
  assert_int_equal(kind_at(module, "number", 1), OCCURRENCE_READ);
}

static void statements_bind_their_targets(void **state) {
  (void)state;
  Module *module = module_of("def f():\n"
                             "    a, (b, *c) = 1\n"
                             "    [d, obj.attr, items[key]] = 1\n"
                             "    for e, (g, h) in 1: pass\n"
                             "    with 1 as (i, other.j), 2 as k: pass\n"
                             "    with (1 as l): pass\n"
                             "    try: pass\n"
                             "    except (A, B) as m: pass\n"
                             "    n: int = 1\n"
                             "    o: int\n"
                             "    p += 1\n"
                             "    q = r = 1\n");
  static const char *const BOUND = "abcdeghiklmnopqr";
  for (uint32_t i = 0; BOUND[i]; i++) {
    char text[2] = { BOUND[i], 0 };
    assert_string_equal(home_of(module, text, 0), "f");
  }
  assert_int_equal(kind_at(module, "h", 0), OCCURRENCE_FOR);
  assert_int_equal(kind_at(module, "i", 0), OCCURRENCE_WITH);
  assert_int_equal(kind_at(module, "l", 0), OCCURRENCE_WITH);
  assert_int_equal(kind_at(module, "m", 0), OCCURRENCE_EXCEPT);
  assert_int_equal(kind_at(module, "o", 0), OCCURRENCE_DECLARE);
  static const char *const READ[] = { "obj", "attr", "items", "key", "other", "j", "A", "int" };
  for (size_t i = 0; i < sizeof(READ) / sizeof(*READ); i++) {
    assert_string_equal(home_of(module, READ[i], 0), "nothing");
  }
}

static void imports_bind_one_name_each(void **state) {
  (void)state;
  Module *module = module_of("import a.b, c.d as e\n"
                             "from . import f\n"
                             "from .g import h as i, j\n"
                             "from __future__ import annotations\n"
                             "def inner():\n"
                             "    import k\n");
  static const char *const BOUND[] = { "a", "e", "f", "i", "j", "annotations" };
  for (size_t i = 0; i < sizeof(BOUND) / sizeof(*BOUND); i++) {
    assert_string_equal(home_of(module, BOUND[i], 0), "module");
    assert_int_equal(kind_at(module, BOUND[i], 0), OCCURRENCE_IMPORT);
  }
  assert_string_equal(home_of(module, "k", 0), "inner");
  static const char *const NOT_BOUND[] = { "b", "c", "d", "g", "h" };
  for (size_t i = 0; i < sizeof(NOT_BOUND) / sizeof(*NOT_BOUND); i++) {
    assert_string_equal(home_of(module, NOT_BOUND[i], 0), "nothing");
  }
}

static void conditional_imports_share_one_binding(void **state) {
  (void)state;
  Module *module = module_of("from typing import TYPE_CHECKING\n"
                             "if TYPE_CHECKING:\n"
                             "    import fast as json\n"
                             "try:\n"
                             "    import json\n"
                             "except ImportError:\n"
                             "    json = None\n");
  assert_int_equal(binding_at(module, "json", 0)->bind_count, 3);
}

static void star_imports_are_noted(void **state) {
  (void)state;
  assert_true(module_of("from m import *\n")->scopes.scopes.items[0].has_star_import);
  assert_false(module_of("from m import a\n")->scopes.scopes.items[0].has_star_import);
}

static void names_of_keywords_and_attributes_are_not_read(void **state) {
  (void)state;
  Module *module = module_of("name = 1\n"
                             "f(name=2).name\n"
                             "class C(Base, name=name): pass\n");
  assert_string_equal(home_of(module, "name", 1), "nothing");
  assert_string_equal(home_of(module, "name", 2), "nothing");
  assert_string_equal(home_of(module, "name", 3), "nothing");
  assert_string_equal(home_of(module, "name", 4), "module");
}

static void fields_of_strings_are_read(void **state) {
  (void)state;
  Module *module = module_of("w = x = 1\n"
                             "f'{x!r:>{w}} {(lambda y: y)(x)}'\n");
  assert_string_equal(home_of(module, "x", 1), "module");
  assert_string_equal(home_of(module, "w", 1), "module");
  assert_string_equal(home_of(module, "y", 1), "lambda");
}

static void names_can_be_looked_up_by_text(void **state) {
  (void)state;
  Module *module = module_of("a = 1\n"
                             "class C:\n"
                             "    b = 2\n"
                             "    def m(self): pass\n");
  const Scopes *scopes = &module->scopes;
  ScopeId in_class = scopes_opened_by(scopes, node_of(module, KIND_CLASS_DEFINITION, 0));
  ScopeId in_method = scopes_opened_by(scopes, node_of(module, KIND_FUNCTION_DEFINITION, 0));
  assert_int_equal(
    scopes_lookup(scopes, in_class, STR("b")), scopes_binding(scopes, node_at(module, "b", 0))
  );
  assert_int_equal(scopes_lookup(scopes, in_method, STR("b")), BINDING_NONE);
  assert_int_equal(
    scopes_lookup(scopes, in_method, STR("a")), scopes_binding(scopes, node_at(module, "a", 0))
  );
  assert_int_equal(scopes_opened_by(scopes, node_at(module, "a", 0)), SCOPE_NONE);
}

static void deep_nesting_is_no_trouble(void **state) {
  (void)state;
  enum { DEPTH = 20000 };
  static char text[DEPTH * 16 + 64];
  size_t at = 0;
  memcpy(text, "x = ", 4);
  at += 4;
  for (int i = 0; i < DEPTH; i++) {
    memcpy(text + at, "lambda a=x: ", 12);
    at += 12;
  }
  memcpy(text + at, "x\n", 3);
  Module *module = module_of(text);
  assert_int_equal(binding_at(module, "x", 0)->occurrences.count, DEPTH + 2);
}

static void text_with_errors_is_no_trouble(void **state) {
  (void)state;
  static const char *const BROKEN[] = {
    "def",       "class (",       "lambda",          "[x for",
    "import",    "from . import", "global",          "match x:\n case",
    "with a as", "except as e:",  "def f[T",         "type A[",
    "del",       "a = = b",       "def f(a=, *): x", "@",
    "",
  };
  for (size_t i = 0; i < sizeof(BROKEN) / sizeof(*BROKEN); i++) {
    assert_true(module_of(BROKEN[i])->scopes.scopes.count >= 1);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(local_names_hide_outer_ones),
    cmocka_unit_test(methods_do_not_see_names_of_their_class),
    cmocka_unit_test(comprehensions_have_a_scope_but_not_for_the_first_iterable),
    cmocka_unit_test(walrus_in_nested_comprehensions_binds_in_the_function),
    cmocka_unit_test(global_and_nonlocal_redirect),
    cmocka_unit_test(occurrences_are_in_source_order),
    cmocka_unit_test(del_makes_a_name_local),
    cmocka_unit_test(headers_are_evaluated_outside),
    cmocka_unit_test(type_parameters_have_a_scope_of_their_own),
    cmocka_unit_test(many_generic_functions_keep_their_type_parameters),
    cmocka_unit_test(patterns_capture),
    cmocka_unit_test(statements_bind_their_targets),
    cmocka_unit_test(imports_bind_one_name_each),
    cmocka_unit_test(conditional_imports_share_one_binding),
    cmocka_unit_test(star_imports_are_noted),
    cmocka_unit_test(names_of_keywords_and_attributes_are_not_read),
    cmocka_unit_test(fields_of_strings_are_read),
    cmocka_unit_test(names_can_be_looked_up_by_text),
    cmocka_unit_test(deep_nesting_is_no_trouble),
    cmocka_unit_test(text_with_errors_is_no_trouble),
  };
  return cmocka_run_group_tests_name("scope", tests, NULL, NULL);
}
