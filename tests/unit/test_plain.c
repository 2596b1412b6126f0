#include "lsp/plain.h"

#include "unit.h"

static void plain(const char *markdown, const char *expected) {
  Arena *arena = arena_new();
  assert_str(plain_from_markdown(arena, str_from(markdown)), expected);
  arena_free(arena);
}

static void headings_are_lines(void **state) {
  (void)state;
  plain("### Title\n\nText of `code`.\n", "Title\n\nText of `code`.\n");
  plain("#### \n", "\n");
  plain("", "");
}

static void code_is_indented(void **state) {
  (void)state;
  plain(
    "```python\n# note\nif a:\n\n    b()\n```\nend", "    # note\n    if a:\n\n        b()\nend\n"
  );
  plain("```\nopen\n", "    open\n");
}

static void links_keep_their_address(void **state) {
  (void)state;
  plain("[More](https://a.b/c)\n", "More: https://a.b/c\n");
  plain("see [More](https://a.b/c)\n", "see More: https://a.b/c\n");
  plain("a[0](1) b\n", "a[0](1) b\n");
  plain("](\n", "](\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(headings_are_lines),
    cmocka_unit_test(code_is_indented),
    cmocka_unit_test(links_keep_their_address),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
