#include "report/diff.h"

#include "unit.h"

static Arena *arena;

static int make_arena(void **state) {
  (void)state;
  arena = arena_new();
  return 0;
}

static int free_arena(void **state) {
  (void)state;
  arena_free(arena);
  return 0;
}

static Str diff(const char *before, const char *after) {
  Text out = { .arena = arena };
  diff_unified(&out, STR("a.py"), str_from(before), str_from(after), &(ReportOptions){ 0 });
  return text_str(&out);
}

static void equal_texts_have_no_diff(void **state) {
  (void)state;
  assert_str(diff("a\nb\n", "a\nb\n"), "");
  assert_str(diff("", ""), "");
}

static void a_changed_line_stands_among_three_others(void **state) {
  (void)state;
  assert_str(
    diff("1\n2\n3\n4\nx\n6\n7\n8\n9\n", "1\n2\n3\n4\ny\n6\n7\n8\n9\n"),
    "--- a.py\n+++ a.py\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-x\n+y\n 6\n 7\n 8\n"
  );
}

static void changes_far_apart_are_two_hunks(void **state) {
  (void)state;
  assert_str(
    diff("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nb\nB\n"),
    "--- a.py\n+++ a.py\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n"
    "@@ -7,3 +7,4 @@\n 6\n 7\n b\n+B\n"
  );
}

static void changes_near_each_other_are_one_hunk(void **state) {
  (void)state;
  assert_str(
    diff("a\n1\nb\n", "1\nb\nc\n"), "--- a.py\n+++ a.py\n@@ -1,3 +1,3 @@\n-a\n 1\n b\n+c\n"
  );
}

static void an_empty_side_counts_from_the_line_before(void **state) {
  (void)state;
  assert_str(diff("", "a\n"), "--- a.py\n+++ a.py\n@@ -0,0 +1 @@\n+a\n");
  assert_str(diff("a\nb\n", ""), "--- a.py\n+++ a.py\n@@ -1,2 +0,0 @@\n-a\n-b\n");
}

static void a_last_line_without_an_end_is_said_to_be_one(void **state) {
  (void)state;
  assert_str(
    diff("a\nb", "a\nb\n"),
    "--- a.py\n+++ a.py\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"
  );
}

// The text that a diff's lines with either sign, or none, spell: that of one side, but for lines far from a change.
static Str side(Str diff, char sign) {
  Text text = { .arena = arena };
  str_next(&diff, '\n');
  str_next(&diff, '\n');
  while (diff.len > 0) {
    Str line = str_next(&diff, '\n');
    bool is_head = line.data[0] == '@';
    if (is_head || (line.data[0] != ' ' && line.data[0] != sign)) continue;
    text_add(&text, str_slice(line, 1, line.len));
    text_add_char(&text, '\n');
  }
  return text_str(&text);
}

// All pairs of texts of up to three lines, each one of two: a diff shows such texts whole.
static void both_sides_can_be_read_from_the_diff(void **state) {
  (void)state;
  enum { MOST = 3, TEXTS = 1 << (MOST + 1) };
  for (uint32_t pair = 0; pair < TEXTS * TEXTS; pair++) {
    char texts[2][2 * MOST + 1] = { "", "" };
    uint32_t bits[2] = { pair % TEXTS, pair / TEXTS };
    for (int which = 0; which < 2; which++) {
      char *end = texts[which];
      // The highest bit that is set says how many lines there are.
      for (uint32_t left = bits[which]; left > 1; left >>= 1) {
        *end++ = left & 1 ? 'a' : 'b';
        *end++ = '\n';
      }
    }
    Str shown = diff(texts[0], texts[1]);
    if (str_is(str_from(texts[0]), texts[1])) {
      assert_str(shown, "");
      continue;
    }
    assert_str(side(shown, '-'), texts[0]);
    assert_str(side(shown, '+'), texts[1]);
    arena_reset(arena);
  }
}

static void texts_without_anything_in_common_are_one_change(void **state) {
  (void)state;
  Text before = { .arena = arena }, after = { .arena = arena };
  for (int i = 0; i < 5000; i++) {
    text_format(&before, "old %d\n", i);
    text_format(&after, "new %d\n", i);
  }
  Text out = { .arena = arena };
  diff_unified(&out, STR("a.py"), text_str(&before), text_str(&after), &(ReportOptions){ 0 });
  assert_str(side(text_str(&out), '-'), str_terminated(arena, text_str(&before)));
  assert_str(side(text_str(&out), '+'), str_terminated(arena, text_str(&after)));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(equal_texts_have_no_diff),
    cmocka_unit_test(a_changed_line_stands_among_three_others),
    cmocka_unit_test(changes_far_apart_are_two_hunks),
    cmocka_unit_test(changes_near_each_other_are_one_hunk),
    cmocka_unit_test(an_empty_side_counts_from_the_line_before),
    cmocka_unit_test(a_last_line_without_an_end_is_said_to_be_one),
    cmocka_unit_test(both_sides_can_be_read_from_the_diff),
    cmocka_unit_test(texts_without_anything_in_common_are_one_change),
  };
  return cmocka_run_group_tests_name("diff", tests, make_arena, free_arena);
}
