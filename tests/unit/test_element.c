#include "python/element.h"

#include "support.h"

#define IMPORTS "import asyncio\n"
#define GATHER "  results = await asyncio.gather(*(g(x) for x in xs), return_exceptions=True)\n"

static Module *module_with_body(const char *body) {
  Str text = str_format(support_arena(), IMPORTS "async def f(self, xs, names):\n%s", body);
  return module_of(str_terminated(support_arena(), text));
}

/* "r results[0]": the elements of the first awaited gather in a coroutine with these lines. */
static Str elements_in(const char *body) {
  Module *module = module_with_body(body);
  Elements elements = elements_from(module, node_of(module, KIND_AWAIT, 0));
  Str shown = STR_EMPTY;
  for (uint32_t i = 0; i < elements.count; i++) {
    shown = str_join(support_arena(), shown, ' ', tree_text(&module->tree, elements.items[i].node));
  }
  return shown;
}

static void test_where_elements_turn_up(void **state) {
  (void)state;
  assert_str(elements_in(GATHER "  for r in results:\n    pass\n"), "r");
  assert_str(elements_in(GATHER "  for i, r in enumerate(results):\n    pass\n"), "r");
  assert_str(
    elements_in(GATHER "  for i, (n, r) in enumerate(zip(names, results)):\n    pass\n"), "r"
  );
  assert_str(elements_in(GATHER "  for r, n in zip(results, names):\n    pass\n"), "r");
  assert_str(elements_in(GATHER "  for pair in zip(names, results):\n    n, r = pair\n"), "r");
  assert_str(
    elements_in(GATHER "  for pair in zip(names, results):\n    print(pair[1])\n"), "pair[1]"
  );
  assert_str(
    elements_in(GATHER "  d = dict(zip(names, results))\n  for k, v in d.items():\n    pass\n"), "v"
  );
  assert_str(
    elements_in(GATHER "  d = dict(zip(names, results))\n  for v in d.values():\n    pass\n"), "v"
  );
  assert_str(elements_in(GATHER "  d = dict(zip(names, results))\n  return d['a']\n"), "d['a']");
  assert_str(elements_in(GATHER "  return [r.x for r in results]\n"), "r");
  assert_str(elements_in(GATHER "  return {n: r for n, r in zip(names, results)}\n"), "r");
  assert_str(
    elements_in(GATHER "  return results[0].x + results[0].y + results[1].z\n"),
    "results[0] results[1]"
  );
  assert_str(elements_in(GATHER "  for r in reversed(results[1:]):\n    pass\n"), "r");
  assert_str(
    elements_in("  a, b = await asyncio.gather(g(), h(), return_exceptions=True)\n"), "a b"
  );
  assert_str(
    elements_in("  a, *rest = await asyncio.gather(g(), h(), return_exceptions=True)\n  for r in "
                "rest:\n    pass\n"),
    "a r"
  );
  assert_str(
    elements_in("  for r in await asyncio.gather(g(), h(), return_exceptions=True):\n    pass\n"),
    "r"
  );
  assert_str(
    elements_in("  all = []\n  for x in xs:\n    all.extend(await asyncio.gather(g(x), "
                "return_exceptions=True))\n  for r in all:\n    pass\n"),
    "r"
  );
  assert_str(elements_in(GATHER "  for r in results + names:\n    pass\n"), "r");
  assert_str(elements_in(GATHER "  list(map(lambda r: r.x, results))\n"), "r");
  assert_str(elements_in(GATHER "  filter(lambda r: r.x, results)\n"), "r");
  assert_str(elements_in(GATHER "  return sum(results)\n"), "results");
  assert_str(elements_in(GATHER "  return len(results)\n"), "");
}

static void test_helper_that_gets_the_list(void **state) {
  (void)state;
  Module *module =
    module_of(IMPORTS "def note(found, *, more):\n  for r in found:\n    print(r.x)\n"
                      "async def f(xs):\n" GATHER "  note(results, more=1)\n");
  Elements elements = elements_from(module, node_of(module, KIND_AWAIT, 0));
  assert_int_equal(elements.count, 1);
  assert_true(tree_text_is(&module->tree, elements.items[0].node, "r"));
}

static const char *const CHECKS[] = {
  [CHECK_NONE] = "none",           [CHECK_EXCEPTION] = "exception", [CHECK_BASE_EXCEPTION] = "base",
  [CHECK_CANCELLED] = "cancelled", [CHECK_ERROR_CLASS] = "error",   [CHECK_SUCCESS] = "success",
};

/* "exception:Exception": the tests of the first element, each with the expression that says
   Exception. */
static Str tests_in(const char *body) {
  Str text = str_format(support_arena(), GATHER "  for r in results:\n%s", body);
  Module *module = module_with_body(str_terminated(support_arena(), text));
  Elements elements = elements_from(module, node_of(module, KIND_AWAIT, 0));
  assert_true(elements.count > 0);
  ElementTests tests = element_tests(module, elements.items[0]);
  Str shown = STR_EMPTY;
  for (uint32_t i = 0; i < tests.count; i++) {
    Str test = str_from(CHECKS[tests.items[i].check]);
    if (tests.items[i].type != NODE_NONE) {
      test = str_join(support_arena(), test, ':', tree_text(&module->tree, tests.items[i].type));
    }
    shown = str_join(support_arena(), shown, ' ', test);
  }
  return shown;
}

static void test_tests_of_elements(void **state) {
  (void)state;
  assert_str(tests_in("    if isinstance(r, Exception): pass\n"), "exception:Exception");
  assert_str(
    tests_in("    if not isinstance(r, (ValueError, Exception)): pass\n"), "exception:Exception"
  );
  assert_str(tests_in("    if isinstance(r, BaseException): pass\n"), "base");
  assert_str(tests_in("    if isinstance(r, (Exception, asyncio.CancelledError)): pass\n"), "base");
  assert_str(tests_in("    if isinstance(r, Exception | asyncio.CancelledError): pass\n"), "base");
  assert_str(
    tests_in("    if isinstance(r, asyncio.CancelledError): pass\n    elif isinstance(r, "
             "Exception): pass\n"),
    "cancelled exception:Exception"
  );
  assert_str(tests_in("    if isinstance(r, ValueError): pass\n"), "error");
  assert_str(tests_in("    if isinstance(r, (list, dict)): pass\n"), "success");
  assert_str(tests_in("    if type(r) is Exception: pass\n"), "exception:Exception");
  assert_str(tests_in("    if issubclass(type(r), Exception): pass\n"), "exception:Exception");
  assert_str(
    tests_in("    errors = (Exception,)\n    if isinstance(r, errors): pass\n"),
    "exception:Exception"
  );
  assert_str(tests_in("    if r is None or r == 3: pass\n"), "success success");
  assert_str(tests_in("    if r: pass\n"), "success");
  assert_str(tests_in("    if hasattr(r, 'x'): pass\n"), "success");
  assert_str(tests_in("    if is_error(r): pass\n"), "success");
  assert_str(tests_in("    if r > 3: print(type(r).__name__)\n"), "");
  assert_str(
    tests_in("    match r:\n      case Exception(): pass\n      case {'a': 1}: pass\n      case "
             "other: pass\n"),
    "exception:Exception success"
  );
  assert_str(
    tests_in("    match r:\n      case Exception() | asyncio.CancelledError() as e: pass\n"), "base"
  );
}

/* The value use behind the first test, or of an untested element, with its line's text; empty if
   there is none. */
static Str use_of(const char *body, bool is_tested) {
  Module *module = module_with_body(body);
  Elements elements = elements_from(module, node_of(module, KIND_AWAIT, 0));
  assert_true(elements.count > 0);
  ElementTests tests = element_tests(module, elements.items[0]);
  assert_true(!is_tested || tests.count > 0);
  Node use =
    element_value_use(module, elements.items[0], is_tested ? tests.items[0].test : NODE_NONE);
  if (use == NODE_NONE) return STR_EMPTY;
  return str_trim(
    source_line(module->source, source_line_of(module->source, tree_span(&module->tree, use).start))
  );
}

#define LOOP GATHER "  for r in results:\n"

static void test_use_behind_a_test(void **state) {
  (void)state;
  assert_str(
    use_of(
      LOOP "    if isinstance(r, Exception):\n      print(r.args)\n    else:\n      out(r.x)\n",
      true
    ),
    "out(r.x)"
  );
  assert_str(
    use_of(LOOP "    if isinstance(r, Exception):\n      continue\n    out(r.x)\n", true),
    "out(r.x)"
  );
  assert_str(use_of(LOOP "    if not isinstance(r, Exception):\n      out(r)\n", true), "out(r)");
  assert_str(
    use_of(
      LOOP "    if isinstance(r, Exception) or r is None:\n      continue\n    total += r\n", true
    ),
    "total += r"
  );
  assert_str(
    use_of(LOOP "    bad = isinstance(r, Exception)\n    if not bad:\n      out(r)\n", true),
    "out(r)"
  );
  assert_str(use_of(LOOP "    if type(r) is not Exception:\n      out(r)\n", true), "out(r)");
  assert_str(
    use_of(LOOP "    if isinstance(r, Exception):\n      pass\n    elif r:\n      out(r)\n", true),
    "out(r)"
  );
  assert_str(
    use_of(
      LOOP "    match r:\n      case Exception():\n        pass\n      case other:\n        "
           "out(other)\n",
      true
    ),
    "out(other)"
  );
  assert_str(
    use_of(GATHER "  return [r for r in results if not isinstance(r, Exception)]\n", true),
    "return [r for r in results if not isinstance(r, Exception)]"
  );
  assert_str(
    use_of(GATHER "  return [None if isinstance(r, Exception) else r for r in results]\n", true),
    "return [None if isinstance(r, Exception) else r for r in results]"
  );
  assert_str(
    use_of(GATHER "  return list(filter(lambda r: not isinstance(r, Exception), results))\n", true),
    "return list(filter(lambda r: not isinstance(r, Exception), results))"
  );
  assert_str(
    use_of(GATHER "  if isinstance(results[0], Exception):\n    return\n  out(results[0])\n", true),
    "out(results[0])"
  );
}

static void test_no_use_behind_a_test(void **state) {
  (void)state;
  assert_str(use_of(LOOP "    if isinstance(r, Exception):\n      errors.append(r)\n", true), "");
  assert_str(
    use_of(
      LOOP "    if isinstance(r, Exception):\n      print(r)\n    else:\n      print('ok', r)\n",
      true
    ),
    ""
  );
  assert_str(use_of(LOOP "    if isinstance(r, Exception):\n      raise r\n", true), "");
  assert_str(
    use_of(
      LOOP "    if isinstance(r, Exception):\n      pass\n    elif isinstance(r, BaseException):\n "
           "     pass\n    else:\n      out(r)\n",
      true
    ),
    ""
  );
  assert_str(
    use_of(
      LOOP
      "    if isinstance(r, Exception):\n      pass\n    elif isinstance(r, dict):\n      out(r)\n",
      true
    ),
    ""
  );
  assert_str(use_of(LOOP "    out(r.x)\n    if isinstance(r, Exception):\n      pass\n", true), "");
  assert_str(
    use_of(GATHER "  return sum(1 for r in results if not isinstance(r, Exception))\n", true), ""
  );
  assert_str(
    use_of(GATHER "  return [r for r in results if isinstance(r, Exception)]\n", true), ""
  );
}

static void test_use_without_a_test(void **state) {
  (void)state;
  assert_str(use_of(LOOP "    print(r)\n    out(r['x'])\n", false), "out(r['x'])");
  assert_str(
    use_of(
      LOOP "    if names:\n      return r\n    if isinstance(r, Exception):\n      pass\n", false
    ),
    "return r"
  );
  assert_str(
    use_of(
      "  a, b = await asyncio.gather(g(), h(), return_exceptions=True)\n  return a.x\n", false
    ),
    "return a.x"
  );
  assert_str(use_of(GATHER "  for a, b in results:\n    pass\n", false), "for a, b in results:");
  assert_str(use_of(GATHER "  return sum(results)\n", false), "return sum(results)");
  assert_str(use_of(GATHER "  return results[0].x\n", false), "return results[0].x");
  assert_str(use_of(LOOP "    r = r.x\n", false), "r = r.x");
  assert_str(use_of(LOOP "    print(r)\n", false), "");
  assert_str(use_of(LOOP "    if isinstance(r, dict):\n      out(r)\n", false), "");
  assert_str(use_of(LOOP "    if r is True:\n      count += 1\n", false), "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_where_elements_turn_up), cmocka_unit_test(test_helper_that_gets_the_list),
    cmocka_unit_test(test_tests_of_elements),      cmocka_unit_test(test_use_behind_a_test),
    cmocka_unit_test(test_no_use_behind_a_test),   cmocka_unit_test(test_use_without_a_test),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
