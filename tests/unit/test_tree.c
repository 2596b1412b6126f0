#include "python/tree.h"

#include "syntax.h"

static const char TEXT[] = "import a\n"
                           "class A:\n"
                           "  @decorate(lambda: 1)\n"
                           "  async def f(self, x=lambda y=b: y) -> c:\n"
                           "    if x:\n"
                           "      await g(x, 2)\n"
                           "    class B:\n"
                           "      z = lambda w: w\n";

static Tree tree;

static int set_up(void **state) {
  syntax_set_up(state);
  tree = syntax_parse(&syntax, TEXT);
  return 0;
}

static Node name(const char *text) { return syntax_find_text(&tree, KIND_IDENTIFIER, text); }

static Node lambda(const char *text) { return syntax_find_text(&tree, KIND_LAMBDA, text); }

static void rows_are_in_pre_order(void **state) {
  (void)state;
  assert_int_equal(tree.error_bytes, 0);
  assert_int_equal(tree_kind(&tree, 0), KIND_MODULE);
  assert_int_equal(tree_parent(&tree, 0), NODE_NONE);
  assert_int_equal(tree_after(&tree, 0), tree.count);
  for (Node node = 1; node < tree.count; node++) {
    Node parent = tree_parent(&tree, node);
    assert_true(parent < node);
    assert_true(tree_inside(&tree, node, parent));
    assert_true(tree_after(&tree, node) <= tree_after(&tree, parent));
  }
}

static void children_are_found_by_field_and_number(void **state) {
  (void)state;
  Node call = syntax_find_text(&tree, KIND_CALL, "g(x, 2)");
  Node arguments = tree_child(&tree, call, FIELD_ARGUMENTS);
  assert_str(tree_text(&tree, tree_child(&tree, call, FIELD_FUNCTION)), "g");
  assert_str(tree_text(&tree, tree_nth(&tree, arguments, 1)), "2");
  assert_int_equal(tree_nth(&tree, arguments, 1), tree_last_child(&tree, arguments));
  assert_int_equal(tree_nth(&tree, arguments, 2), NODE_NONE);
  assert_int_equal(tree_child_count(&tree, arguments), 2);
  assert_int_equal(tree_child_count(&tree, name("g")), 0);
  assert_int_equal(tree_last_child(&tree, name("g")), NODE_NONE);
  assert_int_equal(tree_child(&tree, call, FIELD_BODY), NODE_NONE);
  assert_int_equal(tree_child(&tree, NODE_NONE, FIELD_BODY), NODE_NONE);
}

static void children_are_walked_in_order(void **state) {
  (void)state;
  static const Kind KINDS[] = { KIND_IMPORT_STATEMENT, KIND_CLASS_DEFINITION };
  uint32_t count = 0;
  TREE_EACH_CHILD (&tree, 0, child) {
    assert_int_equal(tree_kind(&tree, child), KINDS[count]);
    count++;
  }
  assert_int_equal(count, 2);
}

static void text_is_that_of_the_source(void **state) {
  (void)state;
  assert_str(tree_text(&tree, lambda("lambda w: w")), "lambda w: w");
  assert_true(tree_text_is(&tree, name("decorate"), "decorate"));
  assert_false(tree_text_is(&tree, name("decorate"), "decor"));
}

static void ancestors_are_proper(void **state) {
  (void)state;
  Node inner = tree_ancestor(&tree, name("z"), KIND_CLASS_DEFINITION);
  assert_int_equal(tree_parent(&tree, name("B")), inner);
  Node outer = tree_ancestor(&tree, inner, KIND_CLASS_DEFINITION);
  assert_int_equal(tree_parent(&tree, name("A")), outer);
  assert_int_equal(tree_ancestor(&tree, outer, KIND_CLASS_DEFINITION), NODE_NONE);
  assert_int_equal(tree_ancestor(&tree, 0, KIND_MODULE), NODE_NONE);
}

static void a_statement_is_the_child_of_a_block(void **state) {
  (void)state;
  Node await = tree_statement(&tree, syntax_find_text(&tree, KIND_IDENTIFIER, "g"));
  assert_str(tree_text(&tree, await), "await g(x, 2)");
  assert_int_equal(tree_statement(&tree, await), await);
  assert_int_equal(tree_kind(&tree, tree_statement(&tree, name("a"))), KIND_IMPORT_STATEMENT);
  assert_int_equal(
    tree_kind(&tree, tree_statement(&tree, name("self"))), KIND_DECORATED_DEFINITION
  );
  assert_int_equal(tree_statement(&tree, 0), NODE_NONE);
}

static void the_same_code_is_the_same_however_it_is_written(void **state) {
  (void)state;
  static const struct {
    const char *one, *other;
    bool is_same;
  } PAIRS[] = {
    { "self.reader", "(self).reader", true },
    { "f(a, b)", "f(\n  a,  # first\n  (b),\n)", true },
    { "a[1]", "a[ 1 ]", true },
    { "a + b", "a - b", false },
    { "a[1]", "a[2]", false },
    { "f(a)", "f(b=a)", false },
    { "f(a)", "f(a)(b)", false },
    { "'x'", "'y'", false },
  };
  for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
    Syntax own = syntax_new();
    Str text = str_format(own.arena, "%s\n%s\n", PAIRS[i].one, PAIRS[i].other);
    Tree pair = syntax_parse(&own, str_terminated(own.arena, text));
    Node one = tree_first(&pair, tree_nth(&pair, 0, 0)),
         other = tree_first(&pair, tree_nth(&pair, 0, 1));
    if (tree_same(&pair, one, other) != PAIRS[i].is_same)
      fail_msg("%s, %s", PAIRS[i].one, PAIRS[i].other);
    assert_int_equal(tree_same(&pair, other, one), PAIRS[i].is_same);
    syntax_free(&own);
  }
}

static void an_offset_has_a_deepest_node(void **state) {
  (void)state;
  uint32_t offset = (uint32_t)(strstr(TEXT, "decorate") - TEXT);
  assert_int_equal(tree_at(&tree, offset), name("decorate"));
  assert_int_equal(tree_at(&tree, offset + 7), name("decorate"));
  assert_int_equal(tree_kind(&tree, tree_at(&tree, offset - 1)), KIND_DECORATOR);
  assert_int_equal(tree_kind(&tree, tree_at(&tree, 8)), KIND_MODULE);
  assert_int_equal(tree_at(&tree, (uint32_t)strlen(TEXT)), 0);
}

static void a_copy_outlives_the_original(void **state) {
  (void)state;
  Syntax original = syntax_new();
  Tree read = syntax_parse(&original, TEXT);
  Source source = source_copy(syntax.arena, read.source);
  Tree copy = tree_copy(syntax.arena, &read, &source);
  syntax_free(&original);
  assert_str(
    syntax_outline(syntax.arena, &copy, 0),
    str_terminated(syntax.arena, syntax_outline(syntax.arena, &tree, 0))
  );
  assert_int_equal(copy.comments.count, tree.comments.count);
  assert_int_equal(copy.error_bytes, tree.error_bytes);
  assert_int_equal(syntax_find_text(&copy, KIND_IDENTIFIER, "decorate"), name("decorate"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(rows_are_in_pre_order),
    cmocka_unit_test(children_are_found_by_field_and_number),
    cmocka_unit_test(children_are_walked_in_order),
    cmocka_unit_test(text_is_that_of_the_source),
    cmocka_unit_test(ancestors_are_proper),
    cmocka_unit_test(a_statement_is_the_child_of_a_block),
    cmocka_unit_test(the_same_code_is_the_same_however_it_is_written),
    cmocka_unit_test(an_offset_has_a_deepest_node),
    cmocka_unit_test(a_copy_outlives_the_original),
  };
  return cmocka_run_group_tests(tests, set_up, syntax_tear_down);
}
