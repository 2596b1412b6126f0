#include "python/parse.h"

#include "syntax.h"

/* --- shapes -------------------------------------------------------------------------------- */

typedef struct {
  const char *text; /* one statement */
  const char *outline;
} Shape;

static void assert_shapes(const Shape *shapes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    Tree tree = syntax_parse(&syntax, shapes[i].text);
    Str outline = syntax_outline(syntax.arena, &tree, tree_first(&tree, 0));
    if (tree.error_bytes == 0 && str_is(outline, shapes[i].outline)) continue;
    print_error("%s\n", shapes[i].text);
    assert_str(outline, shapes[i].outline);
    assert_int_equal(tree.error_bytes, 0);
  }
}

#define ASSERT_SHAPES(shapes) assert_shapes((shapes), sizeof(shapes) / sizeof *(shapes))

static void parentheses_leave_no_node(void **state) {
  (void)state;
  static const Shape SHAPES[] = {
    { "(x)", "(expression_statement identifier)" },
    { "((x))", "(expression_statement identifier)" },
    { "y = (x)", "(expression_statement (assignment left:identifier right:identifier))" },
    { "(f)(x)",
      "(expression_statement (call function:identifier arguments:(argument_list identifier)))" },
    { "(await x)", "(expression_statement (await identifier))" },
    { "(yield)", "(expression_statement yield)" },
    { "(x) = 1", "(expression_statement (assignment left:identifier right:integer))" },
    { "for (x) in y: pass",
      "(for_statement left:identifier right:identifier body:(block pass_statement))" },
    { "with (open(x) as f): pass",
      "(with_statement (with_clause (with_item value:(as_pattern (call function:identifier "
      "arguments:(argument_list identifier)) alias:(as_pattern_target identifier)))) "
      "body:(block pass_statement))" },
    { "match x:\n  case (y): pass",
      "(match_statement subject:identifier body:(block alternative:(case_clause (case_pattern "
      "(dotted_name identifier)) consequence:(block pass_statement))))" },
    { "match x:\n  case A(y=(z)): pass",
      "(match_statement subject:identifier body:(block alternative:(case_clause (case_pattern "
      "(class_pattern (dotted_name identifier) (case_pattern (keyword_pattern identifier "
      "(dotted_name identifier))))) consequence:(block pass_statement))))" },
  };
  ASSERT_SHAPES(SHAPES);
}

static void a_node_in_parentheses_keeps_its_own_span(void **state) {
  (void)state;
  Tree tree = syntax_parse(&syntax, "y = (  x )");
  Node right = tree_child(&tree, syntax_find(&tree, KIND_ASSIGNMENT), FIELD_RIGHT);
  assert_str(tree_text(&tree, right), "x");
}

static void tuples_need_no_parentheses(void **state) {
  (void)state;
  static const Shape SHAPES[] = {
    { "a, b", "(expression_statement (tuple identifier identifier))" },
    { "a,", "(expression_statement (tuple identifier))" },
    { "(a), b", "(expression_statement (tuple identifier identifier))" },
    { "x = a, b",
      "(expression_statement (assignment left:identifier right:(tuple identifier identifier)))" },
    { "a, b = x",
      "(expression_statement (assignment left:(tuple_pattern identifier identifier) "
      "right:identifier))" },
    { "a, = x",
      "(expression_statement (assignment left:(tuple_pattern identifier) right:identifier))" },
    { "(a,) = x",
      "(expression_statement (assignment left:(tuple_pattern identifier) right:identifier))" },
    { "return a, b", "(return_statement (tuple identifier identifier))" },
    { "del a, b", "(delete_statement (tuple identifier identifier))" },
    { "for a, b in x, y: pass",
      "(for_statement left:(tuple_pattern identifier identifier) right:(tuple identifier "
      "identifier) body:(block pass_statement))" },
    { "match a, b:\n  case c, d if e: pass",
      "(match_statement subject:(tuple identifier identifier) body:(block alternative:(case_clause "
      "(case_pattern (tuple_pattern (case_pattern (dotted_name identifier)) (case_pattern "
      "(dotted_name identifier)))) guard:(if_clause identifier) consequence:(block "
      "pass_statement))))" },
    { "f'{a, b}'",
      "(expression_statement (string string_start (interpolation expression:(tuple identifier "
      "identifier)) string_end))" },
  };
  ASSERT_SHAPES(SHAPES);
}

static void operators_are_tokens(void **state) {
  (void)state;
  static const Shape SHAPES[] = {
    { "a + b",
      "(expression_statement (binary_operator left:identifier operator:token right:identifier))" },
    { "a and b",
      "(expression_statement (boolean_operator left:identifier operator:token right:identifier))" },
    { "-a", "(expression_statement (unary_operator operator:token argument:identifier))" },
    { "a += b",
      "(expression_statement (augmented_assignment left:identifier operator:token "
      "right:identifier))" },
    { "a < b not in c",
      "(expression_statement (comparison_operator identifier operators:token identifier "
      "operators:token identifier))" },
  };
  ASSERT_SHAPES(SHAPES);
  Tree tree = syntax_parse(&syntax, "a not  in b");
  assert_str(tree_text(&tree, syntax_find(&tree, KIND_TOKEN)), "not  in");
}

static void keywords_are_flags(void **state) {
  (void)state;
  static const Shape SHAPES[] = {
    { "async def f(): pass",
      "(async function_definition name:identifier parameters:parameters body:(block "
      "pass_statement))" },
    { "def f(): pass",
      "(function_definition name:identifier parameters:parameters body:(block pass_statement))" },
    { "async for a in b: pass",
      "(async for_statement left:identifier right:identifier body:(block pass_statement))" },
    { "async with a: pass",
      "(async with_statement (with_clause (with_item value:identifier)) body:(block "
      "pass_statement))" },
    { "[a async for a in b]",
      "(expression_statement (list_comprehension body:identifier (async for_in_clause "
      "left:identifier right:identifier)))" },
    { "try: pass\nexcept* a: pass",
      "(try_statement body:(block pass_statement) (star except_clause value:identifier (block "
      "pass_statement)))" },
    { "try: pass\nexcept a: pass",
      "(try_statement body:(block pass_statement) (except_clause value:identifier (block "
      "pass_statement)))" },
  };
  ASSERT_SHAPES(SHAPES);
}

static void operators_group_as_in_python(void **state) {
  (void)state;
  static const Shape SHAPES[] = {
    { "await a ** b",
      "(expression_statement (binary_operator left:(await identifier) operator:token "
      "right:identifier))" },
    { "await (a ** b)",
      "(expression_statement (await (binary_operator left:identifier operator:token "
      "right:identifier)))" },
    { "a ** await b ** c",
      "(expression_statement (binary_operator left:identifier operator:token "
      "right:(binary_operator left:(await identifier) operator:token right:identifier)))" },
    { "-await a.b() ** c",
      "(expression_statement (unary_operator operator:token argument:(binary_operator left:(await "
      "(call function:(attribute object:identifier attribute:identifier) arguments:argument_list)) "
      "operator:token right:identifier)))" },
    { "a ^ b & c",
      "(expression_statement (binary_operator left:identifier operator:token "
      "right:(binary_operator left:identifier operator:token right:identifier)))" },
    { "[*a.b()]",
      "(expression_statement (list (list_splat (call function:(attribute object:identifier "
      "attribute:identifier) arguments:argument_list))))" },
    { "return *a[0] | b, c",
      "(return_statement (tuple (list_splat (binary_operator left:(subscript value:identifier "
      "subscript:integer) operator:token right:identifier)) identifier))" },
    { "*a.b, c = d",
      "(expression_statement (assignment left:(tuple_pattern (list_splat_pattern (attribute "
      "object:identifier attribute:identifier)) identifier) right:identifier))" },
    { "x = *await a, b",
      "(expression_statement (assignment left:identifier right:(tuple (list_splat (await "
      "identifier)) identifier)))" },
    { "return *[a], b", "(return_statement (tuple (list_splat (list identifier)) identifier))" },
    { "print >> a, b",
      "(expression_statement (tuple (binary_operator left:identifier operator:token "
      "right:identifier) identifier))" },
    { "type(a).b = c",
      "(expression_statement (assignment left:(attribute object:(call function:identifier "
      "arguments:(argument_list identifier)) attribute:identifier) right:identifier))" },
    { "f'{a:=5}'",
      "(expression_statement (string string_start (interpolation expression:identifier "
      "format_specifier:format_specifier) string_end))" },
  };
  ASSERT_SHAPES(SHAPES);
  Tree tree = syntax_parse(&syntax, "await (a) ** b");
  assert_str(tree_text(&tree, syntax_find(&tree, KIND_AWAIT)), "await (a)");
}

static void blocks_have_the_span_of_their_statements(void **state) {
  (void)state;
  Tree tree = syntax_parse(
    &syntax, "def f():\n  # before\n  a\n  # after\n\nmatch x:\n  case 1:\n    b\n    # after\n"
  );
  Node function = syntax_find(&tree, KIND_FUNCTION_DEFINITION);
  assert_str(tree_text(&tree, function), "def f():\n  # before\n  a");
  assert_str(tree_text(&tree, tree_child(&tree, function, FIELD_BODY)), "a");
  Node match = syntax_find(&tree, KIND_MATCH_STATEMENT);
  assert_str(tree_text(&tree, tree_child(&tree, match, FIELD_BODY)), "case 1:\n    b");
}

static void comments_are_apart(void **state) {
  (void)state;
  Tree tree = syntax_parse(
    &syntax, "# one\nx = [ # two\n  '# none', f'{y # three\n  }'\n]\nif x: # four\n  pass\n#"
  );
  static const char *const TEXTS[] = { "# one", "# two", "# three", "# four", "#" };
  assert_int_equal(tree.comments.count, 5);
  for (uint32_t i = 0; i < 5; i++) {
    assert_str(source_text(tree.source, tree.comments.items[i]), TEXTS[i]);
  }
}

/* --- what is Python -------------------------------------------------------------------------- */

static void assert_valid(const char *const *texts, size_t count) {
  for (size_t i = 0; i < count; i++) {
    Tree tree = syntax_parse(&syntax, texts[i]);
    if (tree.error_bytes > 0)
      fail_msg("an error at byte %u of: %s", tree.first_error.start, texts[i]);
    assert_int_equal(tree.first_error.end, 0);
    for (Node node = 0; node < tree.count; node++) {
      assert_int_equal(tree.rows[node].flags & NODE_HAS_ERROR, 0);
    }
  }
}

#define ASSERT_VALID(texts) assert_valid((texts), sizeof(texts) / sizeof *(texts))

static void new_syntax_is_valid(void **state) {
  (void)state;
  static const char *const TEXTS[] = {
    "f(a := 1, b)\nwhile (a := f()): pass\n[b := 1, b]\n",
    "def f(a, /, b, *, c): pass\nlambda a, /, b, *, c: a\n",
    "with (a as b, c as d,): pass\nwith (a, b): pass\nwith (a, b) as c: pass\nwith (a): pass\n",
    "async def f():\n  async with (a as b, c): pass\n  return [x async for x in y if await z]\n",
    "async def f():\n  return {a: await b async for a, b in c}, (x async for x in y)\n",
    "@a[0].b(c)\n@(lambda f: f)\ndef f(): pass\n",
    "try: pass\nexcept* A: pass\nexcept* (B, C) as e: pass\n",
    "def f(*args: *Ts) -> tuple[*Ts]: pass\nx: tuple[int, *Ts]\na[*b]\na[b, *c.d()]\n",
    "type X = int\ntype Y[T] = list[T]\ntype Z[T: int, *Ts, **P] = T\ntype = 1\n",
    "def f[T](a: T) -> T: pass\nclass A[T: (int, str), *Ts, **P](B[T], c=D): pass\n",
    "class A[T = int]: pass\ndef f[T: int = bool, *Ts = *tuple[int]](): pass\n",
    "type A[T = int] = list[T]\nclass A[**P = [int, str]](B): pass\n",
    "f\"{a[\"b\"]}\" f'{f'{1 + 1}'}' f\"{'\\n'.join(a)}\" f'{a!r:>{b}}' f'{a=}' f'{{}}'\n",
    "f'''{\na # comment\n}''' f'{a:%Y-%m-%d}' f'{(lambda: 1)()}' rf'\\{a}' f'\\N{DIGIT ONE}{a}'\n",
    "t'{a}' T\"{a!s}\" rt'{a}' tr'''{a}'''\n",
    "try: pass\nexcept A, B: pass\ntry: pass\nexcept* A, B: pass\n",
    "x: int = 1\nself.x: int\nglobal a, b\nnonlocal c\nassert a, b\nraise A from b\n",
    "for x in *a, b: pass\nreturn *a, b\nyield *a, b\nx = yield\nprint(*a, sep='')\n",
    "a if b else c\nnot a in b\na @ b\na @= b\na <> b\n1_000 + 0x_ff + 1e5j + 0o7 + 0b1\n",
    "if a:\n\tb\nelse:\n\tc\n",
  };
  ASSERT_VALID(TEXTS);
}

static void matching_is_valid(void **state) {
  (void)state;
  static const char *const TEXTS[] = {
    "match x:\n  case 1 | -1 | 1.5 | 1+2j | 'a' 'b' | b'c' | None | True: pass\n  case _: pass\n",
    "match x:\n  case [a, *_] | (b, *c): pass\n  case []: pass\n",
    "match x:\n  case {'k': v, -1: w, **rest}: pass\n  case {}: pass\n",
    "match x:\n  case A(b, c=d) as e if f: pass\n  case a.b.C(): pass\n  case a.b: pass\n",
    "match x, y:\n  case a, *b: pass\nmatch *x, y:\n  case (a, b) | [c]: pass\n  case (): pass\n",
    "match (x):\n  case (y): pass\n  case (1 | 2) as z: pass\n",
    "match = 1\nmatch.x = match[y]\nmatch(a, b)\nmatch * a\nprint(match)\nmatch, case = 1, 2\n",
    "case = 1\ncase(a)\n_ = 2\ntype(x).y = 1\ntype[x] = 3\ntype: int = 1\ndef match(case): pass\n",
  };
  ASSERT_VALID(TEXTS);
}

static void bytes_at_the_edges_are_valid(void **state) {
  (void)state;
  static const char *const TEXTS[] = {
    "",
    "\n",
    " ",
    "# only",
    "\xEF\xBB\xBF",
    "\xEF\xBB\xBFx = 1\n",
    "x",
    "if x: pass",
    "x = 1 \\\n  + 2",
    "if x:\r\n  y\r\n  z(\r\na)\r\n",
    "if x:\r  y\r  z\rw\r",
    "\fdef f(): pass\n\f\ndef g(): pass\n",
    "if x:\n        y\n\tz\n",
    "größe = ñ + 変数\n",
    "x = 'ü' # ö\n",
    "def f():\n  pass\n  \n  # c\n\t\n",
  };
  ASSERT_VALID(TEXTS);
  Tree tree = syntax_parse(&syntax, "\xEF\xBB\xBFx = 1\n");
  assert_int_equal(tree_span(&tree, syntax_find(&tree, KIND_IDENTIFIER)).start, 3);
}

static void a_lazy_import_is_no_error(void **state) {
  (void)state;
  static const char *const TEXTS[] = {
    "lazy import a\n",
    "x = 1\nlazy from a import b\nlazy import c\ny = 2\n",
    "if x:\n  lazy import a\n",
  };
  ASSERT_VALID(TEXTS);
  Tree tree = syntax_parse(&syntax, "lazy import a\n");
  assert_str(
    syntax_outline(syntax.arena, &tree, 0),
    "(module (import_statement name:(dotted_name identifier)))"
  );
  assert_true(syntax_parse(&syntax, "x lazy import a\n").error_bytes > 0);
  assert_true(syntax_parse(&syntax, "lazy x import a\n").error_bytes > 0);
}

/* --- brackets over several lines --------------------------------------------------------------- */

/* ~ is a place for a line end, without indentation. */
static const char *const BRACKETS[] = {
  "x = f(a=~1)",
  "x = (a +~b)",
  "x = (a +~b *~c)",
  "x = (a~+ b)",
  "x = (a.~b)",
  "x = (a~.b)",
  "x = (a and~b or~c)",
  "x = (not~a)",
  "x = (-~a)",
  "x = (a <~b)",
  "x = (a in~b)",
  "x = (a not~in b)",
  "x = (a is~not b)",
  "x = (a if~b else~c)",
  "x = (lambda a,~b=~c:~a)",
  "x = (a :=~b)",
  "x = [a for~a in b]",
  "x = [a for a in~b]",
  "x = [a for a in b if~c]",
  "x = [a~for a in b~if c]",
  "x = {a:~b}",
  "x = {a: b for~a,~b in c}",
  "x = {**~a}",
  "x = {*~a, *~b}",
  "x = a[b:~c]",
  "x = a[~b:c,~d]",
  "x = f(~a,~b,~)",
  "x = f(*~a, **~b)",
  "x = f(a)(~b)[~c].d",
  "x = (yield~a)",
  "x = (await~a)",
  "x = [await~f(~a)]",
  "x = (a == ~b,)",
  "x = f\"{a +~b}\"",
  "x = f'''{a +~b:{~c}}'''",
  "return (~a +~b)",
  "return a[~b]",
  "assert (a ==~b), (~c)",
  "raise A(~b=~c) from (~d)",
  "del (a,~b)",
  "for a in (b,~c): pass",
  "if (a or~b): pass",
  "while f(a,~b=~c): pass",
  "with (a as~b, c as~d): pass",
  "async with f(~a=~b) as c: pass",
  "@f(~a=~b)\n  def g(): pass",
  "def g(a,~b=~1, *,~c: int =~2) -> h[~d]: pass",
  "class A(B,~c=~d): pass",
  "from a import (b,~c as~d)",
  "x = (a  # comment~+ b)",
  "x: int = f(~a=~b)",
};

static Tree parse_in_block(const char *pattern, char line_end) {
  Str text = str_format(
    syntax.arena, "async def outer():\n  before\n  %s\n  after\ndef next(): pass\n", pattern
  );
  char *bytes = arena_array(syntax.arena, char, text.len);
  bool in_comment = false;
  for (uint32_t i = 0; i < text.len; i++) {
    char c = text.data[i];
    in_comment = (in_comment || c == '#') && c != '~';
    bytes[i] = c == '~' ? line_end : in_comment && line_end == ' ' ? ' ' : c;
  }
  return syntax_parse_bytes(&syntax, (Str){ bytes, text.len });
}

static void lines_in_brackets_may_start_anywhere(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof BRACKETS / sizeof *BRACKETS; i++) {
    Tree joined = parse_in_block(BRACKETS[i], ' ');
    Tree split = parse_in_block(BRACKETS[i], '\n');
    if (split.error_bytes > 0) fail_msg("an error in: %s", BRACKETS[i]);
    assert_int_equal(joined.error_bytes, 0);
    Str expected = syntax_outline(syntax.arena, &joined, 0);
    assert_str(syntax_outline(syntax.arena, &split, 0), str_terminated(syntax.arena, expected));
    for (Node node = 0; node < split.count; node++) {
      assert_int_equal(split.rows[node].start, joined.rows[node].start);
      assert_int_equal(split.rows[node].end, joined.rows[node].end);
    }
  }
}

static void comments_survive_the_second_try(void **state) {
  (void)state;
  Tree tree = syntax_parse(&syntax, "if x:\n  f(a= # one\n1) # two\n");
  assert_int_equal(tree.error_bytes, 0);
  assert_int_equal(tree.comments.count, 2);
  assert_str(source_text(tree.source, tree.comments.items[0]), "# one");
}

/* --- what is not Python ------------------------------------------------------------------------ */

static void errors_are_counted_and_located(void **state) {
  (void)state;
  Tree tree = syntax_parse(&syntax, "x = 1\ny = $ 2\nz = 3\n");
  assert_int_equal(tree.error_bytes, 1);
  assert_str(source_text(tree.source, tree.first_error), "$");
  Node error = syntax_find(&tree, KIND_ERROR);
  assert_true((tree.rows[error].flags & NODE_HAS_ERROR) != 0);
  assert_true((tree.rows[0].flags & NODE_HAS_ERROR) != 0);
  Node last = tree_last_child(&tree, 0);
  assert_str(tree_text(&tree, last), "z = 3");
  assert_int_equal(tree.rows[last].flags & NODE_HAS_ERROR, 0);
}

/* Whoever looks for the statement of a clause finds it. */
static void a_clause_without_its_statement_is_an_error(void **state) {
  (void)state;
  static const char *const TEXTS[] = {
    "async def f(c):\n    with (g)(h):,        if 1: await (c)\n\n\nfor x in (x",
    "def f():\n    except ValueError:\n        pass\n",
    "with a, b\nx = 1\n",
  };
  for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
    Tree tree = syntax_parse(&syntax, TEXTS[i]);
    for (Node node = 1; node < tree.count; node++) {
      Kind kind = tree_kind(&tree, node);
      if (kind == KIND_WITH_ITEM)
        assert_int_not_equal(tree_ancestor(&tree, node, KIND_WITH_STATEMENT), NODE_NONE);
      if (kind == KIND_EXCEPT_CLAUSE)
        assert_true(tree_is(&tree, tree_parent(&tree, node), KIND_TRY_STATEMENT));
    }
    for (Node node = 1; node < tree.count; node++) {
      bool has_error = (tree.rows[node].flags & NODE_HAS_ERROR) != 0;
      if (tree_is(&tree, node, KIND_ERROR)) assert_true(has_error);
    }
    assert_true(tree.error_bytes > 0);
  }
}

static void what_is_missing_is_an_error(void **state) {
  (void)state;
  static const char *const TEXTS[] = {
    "x = (1",
    "f(a, b",
    "x = [1, 2",
    "if x",
    "def f(:\n  pass\n",
    "x = \"abc",
    "while True:\n",
    "class",
    "x = 'a\ny = 1\n",
    "import",
    "for x in",
    "x = {1: }",
    "(",
    ")",
    "a b",
    "1 = = 2",
  };
  for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
    Tree tree = syntax_parse(&syntax, TEXTS[i]);
    bool is_lenient = str_is(str_from(TEXTS[i]), "while True:\n");
    if (!is_lenient && tree.error_bytes == 0) fail_msg("no error in: %s", TEXTS[i]);
    assert_int_equal(tree_kind(&tree, 0), KIND_MODULE);
    assert_int_equal(tree_span(&tree, 0).end, strlen(TEXTS[i]));
  }
}

static void an_unclosed_bracket_does_not_swallow_the_file(void **state) {
  (void)state;
  Tree tree = syntax_parse(
    &syntax,
    "def f():\n  x = g(1,\n  return x\n\ndef h():\n  y(a=\n1)\n\nasync def last():\n  pass\n"
  );
  assert_true(tree.error_bytes > 0);
  assert_int_not_equal(syntax_find_text(&tree, KIND_IDENTIFIER, "last"), NODE_NONE);
  Node last = tree_last_child(&tree, 0);
  assert_int_equal(tree_kind(&tree, last), KIND_FUNCTION_DEFINITION);
  assert_true(tree_is_async(&tree, last));
}

static void a_parser_is_reused(void **state) {
  (void)state;
  for (int i = 0; i < 3; i++) {
    assert_true(syntax_parse(&syntax, "def f(\n  ]").error_bytes > 0);
    assert_int_equal(syntax_parse(&syntax, "x = 1\n").error_bytes, 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(parentheses_leave_no_node),
    cmocka_unit_test(a_node_in_parentheses_keeps_its_own_span),
    cmocka_unit_test(tuples_need_no_parentheses),
    cmocka_unit_test(operators_are_tokens),
    cmocka_unit_test(keywords_are_flags),
    cmocka_unit_test(operators_group_as_in_python),
    cmocka_unit_test(blocks_have_the_span_of_their_statements),
    cmocka_unit_test(comments_are_apart),
    cmocka_unit_test(new_syntax_is_valid),
    cmocka_unit_test(matching_is_valid),
    cmocka_unit_test(bytes_at_the_edges_are_valid),
    cmocka_unit_test(a_lazy_import_is_no_error),
    cmocka_unit_test(lines_in_brackets_may_start_anywhere),
    cmocka_unit_test(comments_survive_the_second_try),
    cmocka_unit_test(errors_are_counted_and_located),
    cmocka_unit_test(a_clause_without_its_statement_is_an_error),
    cmocka_unit_test(what_is_missing_is_an_error),
    cmocka_unit_test(an_unclosed_bracket_does_not_swallow_the_file),
    cmocka_unit_test(a_parser_is_reused),
  };
  return cmocka_run_group_tests(tests, syntax_set_up, syntax_tear_down);
}
