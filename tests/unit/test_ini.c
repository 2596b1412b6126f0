#include "project/ini.h"

#include "base/text.h"
#include "fresh.h"

static void assert_read(const char *text, const char *expected) {
  IniEntries entries = ini_read(arena, str_from(text));
  Text shown = { .arena = arena };
  for (uint32_t i = 0; i < entries.count; i++) {
    const IniEntry *entry = &entries.items[i];
    text_format(&shown, "%u [%.*s] ", entry->line, STR_ARGS(entry->section));
    text_format(&shown, "%.*s=%.*s|", STR_ARGS(entry->key), STR_ARGS(entry->value));
  }
  assert_str(text_str(&shown), expected);
}

static void sections_keys_and_values_are_read(void **state) {
  (void)state;
  assert_read("[a]\nx = 1\n[b c]\ny: 2", "2 [a] x=1|4 [b c] y=2|");
  assert_read("x=1\n", "1 [] x=1|");
  assert_read("[a]\r\nx = 1\r\n", "2 [a] x=1|");
  assert_read("\xef\xbb\xbf[a]\nX_Y = a=b:c\n", "2 [a] x-y=a=b:c|");
  assert_read("[a]\nx =\n", "2 [a] x=|");
}

static void values_go_on_in_indented_lines(void **state) {
  (void)state;
  assert_read("[a]\nx = 1\n  2\n\n\t3\ny = 4\n", "2 [a] x=1\n2\n3|6 [a] y=4|");
  assert_read("[a]\nx =\n  k = v\n  [b]\n", "2 [a] x=\nk = v\n[b]|");
  assert_read("  x = 1\n", "1 [] x=1|");
}

static void comments_are_left_out(void **state) {
  (void)state;
  assert_read("# x = 1\n; y = 2\nz = 3 # 4\n", "3 [] z=3|");
  assert_read("x = 1\n  # 2\n  3 ; 4\n#5\n  6\n", "1 [] x=1\n3\n6|");
  assert_read("x = a#b\n", "1 [] x=a#b|");
}

static void what_is_neither_is_passed_over(void **state) {
  (void)state;
  assert_read("words\n[open\nx = 1\n\n", "3 [open] x=1|");
  assert_read("", "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_fresh, free_fresh)

int main(void) {
  const struct CMUnitTest tests[] = {
    TEST(sections_keys_and_values_are_read),
    TEST(values_go_on_in_indented_lines),
    TEST(comments_are_left_out),
    TEST(what_is_neither_is_passed_over),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
