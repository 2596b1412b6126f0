#include "python/mask.h"

#include "unit.h"

typedef struct {
  const char *text, *masked;
} Case;

static void assert_masked(const Case *cases, size_t count) {
  Arena *arena = arena_new();
  for (size_t i = 0; i < count; i++) {
    Str text = str_from(cases[i].text);
    Str masked = mask_text(arena, text);
    assert_int_equal(masked.len, text.len);
    assert_str(masked, cases[i].masked);
    if (strcmp(cases[i].text, cases[i].masked) == 0) assert_ptr_equal(masked.data, text.data);
  }
  arena_free(arena);
}

#define ASSERT_MASKED(cases) assert_masked((cases), sizeof(cases) / sizeof *(cases))

static void line_ends_in_brackets_are_spaces(void **state) {
  (void)state;
  static const Case CASES[] = {
    { "x = 1\ny = 2\n", "x = 1\ny = 2\n" },
    { "f(a=\n1)\n", "f(a= 1)\n" },
    { "[\n{\n(\n)\n}\n]\n", "[ { ( ) } ]\n" },
    { "f(\r\n)\r\n", "f(  )\r\n" },
    { "f(\\\n)", "f(  )" },
    { "x = 1 + \\\n2\n", "x = 1 + \\\n2\n" },
    { "(')',\n\"]\",\n)", "(')', \"]\", )" },
    { "('''\n)''',\n1)", "('''\n)''', 1)" },
    { "(r'\\'',\n1)", "(r'\\'', 1)" },
    { "('\\\n',\n1)", "('\\\n', 1)" },
    { "", "" },
  };
  ASSERT_MASKED(CASES);
}

static void comments_are_spaces(void **state) {
  (void)state;
  static const Case CASES[] = {
    { "f( # one)\n1) # two\n", "f(        1)      \n" },
    { "# f(\nx\n", "    \nx\n" },
    { "('#',\n'''#\n''')", "('#', '''#\n''')" },
  };
  ASSERT_MASKED(CASES);
}

static void fields_of_strings_are_brackets(void **state) {
  (void)state;
  static const Case CASES[] = {
    { "f'{a +\nb}'", "f'{a + b}'" },
    { "T'{a +\nb}'", "T'{a + b}'" },
    { "'{a +\nb}'", "'{a +\nb}'" },
    { "f'''\n{a # )\n}\n'''", "f'''\n{a     }\n'''" },
    { "f'''{{\n}}{a:\n{b\n}}'''", "f'''{{\n}}{a:\n{b }}'''" },
    { "(f'{a['b']}',\n1)", "(f'{a['b']}', 1)" },
    { "(f'{f'{f'{1}'}'}',\n1)", "(f'{f'{f'{1}'}'}', 1)" },
    { "(f'{a!r:>{b}}',\n1)", "(f'{a!r:>{b}}', 1)" },
    { "(f'{a:)}',\n1)", "(f'{a:)}', 1)" },
    { "(f'\\{a}\\N{LEFT PARENTHESIS}',\n1)", "(f'\\{a}\\N{LEFT PARENTHESIS}', 1)" },
    { "(rf'\\N{a\n}',\n1)", "(rf'\\N{a }', 1)" },
    { "(f'{ {1: 2}[1] }',\n1)", "(f'{ {1: 2}[1] }', 1)" },
    { "f'{a:=5}'", "f'{a:>5}'" },
    { "f'{(a:=5)}'", "f'{(a:=5)}'" },
  };
  ASSERT_MASKED(CASES);
}

static void an_unclosed_bracket_has_no_effect(void **state) {
  (void)state;
  static const Case CASES[] = {
    { "f(\nx\n", "f(\nx\n" },
    { "f(\nreturn x\ng(\n1)\n", "f(\nreturn x\ng( 1)\n" },
    { "x = [1,\n  2\ndef f():\n  g(\n1)\n", "x = [1,\n  2\ndef f():\n  g( 1)\n" },
    { "f(\nasync def g(): pass\nx\n)", "f(\nasync def g(): pass\nx\n)" },
    { "f(\n@g\nx)", "f(\n@g\nx)" },
    { "f(\nfrom a import b\nx)", "f(\nfrom a import b\nx)" },
    { "f(\nif __name__ == 'x': pass\nx)", "f(\nif __name__ == 'x': pass\nx)" },
    { "f((\n)\nimport a\n[\n]", "f(( )\nimport a\n[ ]" },
    { "[a\nasync for a in b\nif c]", "[a async for a in b if c]" },
    { "(yield\nfrom x)", "(yield from x)" },
    { "(a\n@ b)", "(a @ b)" },
    { "(x,\nimported)", "(x, imported)" },
    { "([\n)\nx", "([ )\nx" },
    { ")\n(\n)", ")\n( )" },
    { "f'{a\nx", "f'{a\nx" },
    { "f'{(\n}'", "f'{( }'" },
    { "x = '(\ny = (\n1)", "x = '(\ny = ( 1)" },
  };
  ASSERT_MASKED(CASES);
}

static void type_parameter_defaults_are_spaces(void **state) {
  (void)state;
  static const Case CASES[] = {
    { "class A[T = int]: pass", "class A[T      ]: pass" },
    { "def f[T: int = bool, *U = *tuple[a, b]](): pass",
      "def f[T: int       , *U               ](): pass" },
    { "type A[T = int] = list[T]", "type A[T      ] = list[T]" },
    { "class A[\n  T = '''\n''',\n]: pass", "class A[   T          , ]: pass" },
    { "class A(b=1): pass", "class A(b=1): pass" },
    { "a[b] = 1", "a[b] = 1" },
    { "class A[T = int\nx = 1", "class A[T = int\nx = 1" },
  };
  ASSERT_MASKED(CASES);
}

static void other_faults_of_the_grammar_are_cured(void **state) {
  (void)state;
  static const Case CASES[] = {
    { "x = 1\ry\r\nf(\r)", "x = 1\ny\r\nf( )" },
    { "type(x).y = 1", "_ype(x).y = 1" },
    { "type X = 1", "type X = 1" },
    { "print >>x", "_rint >>x" },
    { "a ^ b & c", "a & b ^ c" },
    { "return *[a], *await b, *c", "return +[a], +await b, *c" },
    { "x = a * (b)", "x = a * (b)" },
    { "x = 'a' * (b)", "x = 'a' * (b)" },
    { "f(*(a))", "f(*(a))" },
  };
  ASSERT_MASKED(CASES);
  Arena *arena = arena_new();
  assert_str(mask_text(arena, STR("a\0b")), "a b");
  arena_free(arena);
}

static void a_light_mask_leaves_brackets_alone(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Str text = STR("x = [ # one\n'#', f'{y # two\n}'] # three\nclass A[T = int]: pass # four");
  Str masked = mask_lightly(arena, text);
  assert_str(masked, "x = [      \n'#', f'{y      \n}']        \nclass A[T = int]: pass       ");
  Spans comments = lexed_of(arena, text).comments;
  static const char *const COMMENTS[] = { "# one", "# two", "# three", "# four" };
  assert_int_equal(comments.count, 4);
  for (uint32_t i = 0; i < comments.count; i++) {
    Span span = comments.items[i];
    assert_str(str_slice(text, span.start, span.end), COMMENTS[i]);
  }
  assert_str(mask_lightly(arena, STR("type[x] = a & b")), "_ype[x] = a ^ b");
  arena_free(arena);
}

static void comments_end_with_their_line(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Spans comments = lexed_of(arena, STR("# a\r\n#b\rx#c")).comments;
  assert_int_equal(comments.count, 3);
  assert_int_equal(comments.items[0].end, 3);
  assert_int_equal(comments.items[1].start, 5);
  assert_int_equal(comments.items[1].end, 7);
  assert_int_equal(comments.items[2].end, 11);
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(line_ends_in_brackets_are_spaces),
    cmocka_unit_test(comments_are_spaces),
    cmocka_unit_test(fields_of_strings_are_brackets),
    cmocka_unit_test(an_unclosed_bracket_has_no_effect),
    cmocka_unit_test(type_parameter_defaults_are_spaces),
    cmocka_unit_test(other_faults_of_the_grammar_are_cured),
    cmocka_unit_test(a_light_mask_leaves_brackets_alone),
    cmocka_unit_test(comments_end_with_their_line),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
