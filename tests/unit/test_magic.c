#include "python/magic.h"

#include "unit.h"

typedef struct {
  const char *cell, *code;
} Case;

static void assert_masked(const Case *cases, size_t count) {
  Arena *arena = arena_new();
  for (size_t i = 0; i < count; i++) {
    Str cell = str_from(cases[i].cell);
    Str code = magic_mask(arena, cell);
    assert_int_equal(code.len, cell.len);
    assert_str(code, cases[i].code);
  }
  arena_free(arena);
}

#define ASSERT_MASKED(cases) assert_masked((cases), sizeof(cases) / sizeof *(cases))

static void lines_of_commands_become_a_statement(void **state) {
  (void)state;
  static const Case CASES[] = {
    { "!ls -l\nx = 1", "0     \nx = 1" },
    { "%matplotlib inline", "0                 " },
    { "for i in x:\n    !touch {i}\n", "for i in x:\n    0         \n" },
    { "!pip install \\\n  a \\\n  b\nx", "0             \n     \n   \nx" },
    { "!echo it's\nx = '!'", "0         \nx = '!'" },
    { "!!ls\r\n%cd a\r\n", "0   \r\n0    \r\n" },
    { "/f 1", "0   " },
    { "# %cd a", "# %cd a" },
    { "!", "0" },
    { "", "" },
  };
  ASSERT_MASKED(CASES);
}

static void questions_become_a_statement(void **state) {
  (void)state;
  static const Case CASES[] = {
    { "f?", "0 " },
    { "a.b??  # how\nx", "0      # how\nx" },
    { "?f\nx", "0 \nx" },
    { "  %time?", "  0     " },
    { "%%time?\nx", "0      \nx" },
    { "x = '?'\ny = 'a?'", "x = '?'\ny = 'a?'" },
    { "is this so? yes", "is this so? yes" },
  };
  ASSERT_MASKED(CASES);
}

static void the_value_of_a_command_is_a_name(void **state) {
  (void)state;
  static const Case CASES[] = {
    { "x = !ls\ny", "x = __ \ny" },
    { "x = %sql select \\\n  1\ny", "x = __           \n   \ny" },
    { "a.b = c =!ls", "a.b = c =__ " },
    { "x %= 3\ny = a != b\nz = x == -1", "x %= 3\ny = a != b\nz = x == -1" },
  };
  ASSERT_MASKED(CASES);
}

static void operators_that_open_a_line_are_no_commands(void **state) {
  (void)state;
  static const Case CASES[] = {
    { "x = (a\n  % b)\n", "x = (a\n  % b)\n" },
    { "x = a \\\n  % b\n", "x = a \\\n  % b\n" },
    { "x = a \\\r\n  % b\r\n", "x = a \\\r\n  % b\r\n" },
    { "'''\n%cd\n!ls\n'''", "'''\n%cd\n!ls\n'''" },
    { "x = 'a\\\n!b'", "x = 'a\\\n!b'" },
    { "f(x, y='(')\n!ls", "f(x, y='(')\n0  " },
  };
  ASSERT_MASKED(CASES);
}

static void timed_statements_are_kept(void **state) {
  (void)state;
  static const Case CASES[] = {
    { "%time x = await f()", "0    ;x = await f()" },
    { "  %timeit  f(\n1)", "  0       ;f(\n1)" },
    { "%timeit -n 3 f()", "0               " },
    { "%time for x in y: f()", "0                    " },
    { "%time !ls", "0        " },
    { "%time", "0    " },
    { "%timer f()", "0         " },
  };
  ASSERT_MASKED(CASES);
}

static void cells_of_other_languages_become_blank(void **state) {
  (void)state;
  static const Case CASES[] = {
    { "%%bash\necho 'hi\n\nx", "      \n        \n\n " },
    { "\n%%html\n<b>", "\n      \n   " },
    { "%%writefile a.py\nx = 1", "                \n     " },
    { "# in a shell\n%%sh\nls", "# in a shell\n    \n  " },
    { "%%time\nx = 1\n!ls", "0     \nx = 1\n0  " },
    { "%%capture out\n%%time\nx", "0            \n0     \nx" },
    { "%%time\n%%bash\nx", "0     \n      \n " },
  };
  ASSERT_MASKED(CASES);
}

static void a_single_line_may_be_a_magic_without_its_sign(void **state) {
  (void)state;
  static const Case CASES[] = {
    { "pip install -U 'a[b]'\n", "0                    \n" },
    { "  cd ..", "  0    " },
    { "pip = 3", "pip = 3" },
    { "pip.main()", "pip.main()" },
    { "ls", "ls" },
    { "pip install a\nx = 1", "pip install a\nx = 1" },
  };
  ASSERT_MASKED(CASES);
}

static void broken_cells_come_to_an_end(void **state) {
  (void)state;
  static const Case CASES[] = {
    { "f(\n!ls", "f(\n!ls" },
    { "'''\n!ls", "'''\n!ls" },
    { "'abc\n!ls", "'abc\n0  " },
    { "x = \\", "x = \\" },
    { "%", "0" },
    { "%%", "  " },
    { "x = !", "x = 0" },
    { "!a \\", "0   " },
    { ")\n!ls", ")\n0  " },
  };
  ASSERT_MASKED(CASES);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(lines_of_commands_become_a_statement),
    cmocka_unit_test(questions_become_a_statement),
    cmocka_unit_test(the_value_of_a_command_is_a_name),
    cmocka_unit_test(operators_that_open_a_line_are_no_commands),
    cmocka_unit_test(timed_statements_are_kept),
    cmocka_unit_test(cells_of_other_languages_become_blank),
    cmocka_unit_test(a_single_line_may_be_a_magic_without_its_sign),
    cmocka_unit_test(broken_cells_come_to_an_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
