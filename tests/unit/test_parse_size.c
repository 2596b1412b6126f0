/* What parsing makes of texts that are deep, long or broken without end. */
#include "python/parse.h"

#include "syntax.h"

typedef Vec(char) Bytes;

static void push_times(Bytes *bytes, const char *part, uint32_t times) {
  for (uint32_t i = 0; i < times; i++) {
    for (const char *at = part; *at != '\0'; at++) vec_push(syntax.arena, bytes, *at);
  }
}

static Tree parse_bytes(const Bytes *bytes) {
  return syntax_parse_bytes(&syntax, (Str){ bytes->items, bytes->count });
}

static void deep_nesting_is_parsed(void **state) {
  (void)state;
  static const struct {
    const char *part, *middle, *close;
    uint32_t count;
  } NESTS[] = {
    { "(", "1", ")", 100000 },  { "[", "", "]", 100000 },    { "f(", "", ")", 100000 },
    { "{", "1", "}", 100000 },  { "a + ", "b", "", 50000 },  { "-", "1", "", 200000 },
    { "not ", "a", "", 50000 }, { "a ** ", "b", "", 50000 }, { "lambda: ", "a", "", 50000 },
    { "a.b(", "", ")", 50000 }, { "a[", "1", "]", 50000 },   { "await ", "a", "", 50000 },
    { "\n(", "1", ")", 50000 }, { "a +\n", "b", "", 50000 },
  };
  for (size_t i = 0; i < sizeof NESTS / sizeof *NESTS; i++) {
    Bytes bytes = { 0 };
    push_times(&bytes, "if x:\n  y = (", 1);
    push_times(&bytes, NESTS[i].part, NESTS[i].count);
    push_times(&bytes, NESTS[i].middle, 1);
    push_times(&bytes, NESTS[i].close, NESTS[i].count);
    push_times(&bytes, ")\n", 1);
    Tree tree = parse_bytes(&bytes);
    assert_int_equal(tree.error_bytes, 0);
    assert_int_equal(tree_after(&tree, 0), tree.count);
  }
}

static void endless_nesting_is_an_error(void **state) {
  (void)state;
  static const char *const PARTS[] = {
    "(", "]", "f\"{", "def f(\n", "x = {\n", "'", "\"\"\"", "\\", "@", "(]", "f'{a:", "x = (\n",
  };
  for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
    Bytes bytes = { 0 };
    push_times(&bytes, PARTS[i], 4001);
    Tree tree = parse_bytes(&bytes);
    assert_true(tree.error_bytes > 0);
    assert_int_equal(tree_kind(&tree, 0), KIND_MODULE);
  }
}

static void an_error_costs_the_statement_that_it_is_in(void **state) {
  (void)state;
  Bytes bytes = { 0 };
  push_times(&bytes, "def f():\n    g(\n", 1);
  push_times(&bytes, "class C:\n", 1);
  push_times(&bytes, "    def m(self):\n        return 1\n", 200);
  push_times(&bytes, "    def n(self:\n        x = [\n", 1);
  push_times(&bytes, "    async def o(self):\n        return 1\n", 1);
  Tree tree = parse_bytes(&bytes);
  assert_true(tree.error_bytes > 0);
  Node class_ = tree_last_child(&tree, 0);
  assert_int_equal(tree_kind(&tree, class_), KIND_CLASS_DEFINITION);
  assert_true(tree.rows[class_].flags & NODE_HAS_ERROR);
  Node last = tree_last_child(&tree, tree_child(&tree, class_, FIELD_BODY));
  assert_int_equal(tree_kind(&tree, last), KIND_FUNCTION_DEFINITION);
  assert_false(tree.rows[last].flags & NODE_HAS_ERROR);
  assert_int_equal(tree_span(&tree, last).end, tree_span(&tree, class_).end);
}

static void endless_recovery_is_given_up(void **state) {
  (void)state;
  Bytes bytes = { 0 };
  push_times(&bytes, "if x:\n", 1);
  push_times(&bytes, " def f(\n", 40000);
  Tree tree = parse_bytes(&bytes);
  assert_int_equal(tree.error_bytes, bytes.count);
  assert_int_equal(tree.first_error.end, bytes.count);
  assert_int_equal(tree.count, 2);
  assert_int_equal(tree_kind(&tree, 1), KIND_ERROR);
  assert_int_equal(syntax_parse(&syntax, "x = 1\n").error_bytes, 0);
}

static void more_indentations_than_python_allows_are_an_error(void **state) {
  (void)state;
  Bytes bytes = { 0 };
  for (uint32_t i = 0; i < 600; i++) {
    push_times(&bytes, " ", i);
    push_times(&bytes, "if x:\n", 1);
  }
  Tree tree = parse_bytes(&bytes);
  assert_int_equal(tree.error_bytes, bytes.count);
  assert_int_equal(tree_kind(&tree, 1), KIND_ERROR);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(deep_nesting_is_parsed),
    cmocka_unit_test(endless_nesting_is_an_error),
    cmocka_unit_test(an_error_costs_the_statement_that_it_is_in),
    cmocka_unit_test(endless_recovery_is_given_up),
    cmocka_unit_test(more_indentations_than_python_allows_are_an_error),
  };
  return cmocka_run_group_tests(tests, syntax_set_up, syntax_tear_down);
}
