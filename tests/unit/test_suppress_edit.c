#include "lint/suppress_edit.h"

#include "base/text.h"
#include "fresh.h"
#include "lint/rule.h"
#include "lint/suppress.h"

static const Rule first = { .code = "AWR101", .name = "first" };
static const Rule second = { .code = "AWR202", .name = "second" };
static const Rule unused = { .code = "AWR001", .name = "unused-suppression" };

static Tree tree_of(const Source *source) { return parse_source(parser, source, arena); }

static Source source_of(const char *text) {
  return source_build(arena, STR("a.py"), str_from(text));
}

/* A finding where each of the rule's marks stands in the text: ! for the first rule, $ for the
   second. The marks are taken out. */
static Findings take_marks(const char *marked, Str *text) {
  Findings findings = { 0 };
  Text plain = { .arena = arena };
  for (; *marked; marked++) {
    const Rule *rule = *marked == '!' ? &first : *marked == '$' ? &second : NULL;
    if (rule) {
      Finding finding = { .rule = rule, .span = { plain.len, plain.len } };
      vec_push(arena, &findings, finding);
    } else {
      text_add_char(&plain, *marked);
    }
  }
  *text = text_str(&plain);
  return findings;
}

static Str edited(Str text, const Edits *edits) {
  Str result;
  assert_true(edits_apply(arena, text, edits, &result));
  return result;
}

/* Where an offset of the text is when the edits are made. */
static uint32_t moved(const Edits *edits, uint32_t offset) {
  uint32_t by = 0;
  for (uint32_t i = 0; i < edits->count && edits->items[i].span.end <= offset; i++) {
    by += edits->items[i].text.len;
    by -= edits->items[i].span.end - edits->items[i].span.start;
  }
  return offset + by;
}

/* What is left of the findings in the edited text. */
static uint32_t left_over(Str text, const Edits *edits, const Findings *findings) {
  Source source = source_build(arena, STR("a.py"), text);
  Tree tree = tree_of(&source);
  Findings left = { 0 };
  for (uint32_t i = 0; i < findings->count; i++) {
    Finding finding = findings->items[i];
    finding.span.start = moved(edits, finding.span.start);
    vec_push(arena, &left, finding);
  }
  Suppressions suppressions = suppressions_read(arena, &tree);
  suppressions_apply(arena, &source, &suppressions, &left, NULL);
  return left.count;
}

static void becomes_with(const char *marked, const char *expected, const char *reason) {
  Str text;
  Findings findings = take_marks(marked, &text);
  Source source = source_build(arena, STR("a.py"), text);
  Tree tree = tree_of(&source);
  Edits edits = suppressions_add(arena, &tree, &findings, str_from(reason));
  Str result = edited(text, &edits);
  assert_str(result, expected);
  assert_int_equal(left_over(result, &edits, &findings), 0);
}

static void becomes(const char *marked, const char *expected) {
  becomes_with(marked, expected, "");
}

static void a_comment_goes_to_the_end_of_the_line(void **state) {
  (void)state;
  becomes("a()\n!b()\nc()\n", "a()\nb()  # awry: ignore first\nc()\n");
  becomes("!b()", "b()  # awry: ignore first");
  becomes("!b()   \r\nc()\r\n", "b()  # awry: ignore first\r\nc()\r\n");
  becomes(
    "\xef\xbb\xbf!b()\n",
    "\xef\xbb\xbf"
    "b()  # awry: ignore first\n"
  );
  becomes("!b()  # why\n", "b()  # why  # awry: ignore first\n");
  becomes("!b()  # noqa: E501\n", "b()  # noqa: E501  # awry: ignore first\n");
  becomes_with("!b()\n", "b()  # awry: ignore first -- it is fine\n", "it is fine");
}

static void findings_of_a_line_share_a_comment(void **state) {
  (void)state;
  becomes("!a($b(!c()))\n", "a(b(c()))  # awry: ignore first, second\n");
  becomes(
    "a(\n  !b(),\n  c(),\n  $d(),\n)\n",
    "a(\n  b(),  # awry: ignore first\n  c(),\n  d(),  # awry: ignore second\n)\n"
  );
}

static void a_line_that_would_be_too_long_gets_its_comment_above(void **state) {
  (void)state;
  becomes(
    "if a:\n    !aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa()\n",
    "if a:\n    # awry: ignore first\n    "
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa()\n"
  );
  becomes(
    "\xef\xbb\xbf!aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa()\r\n",
    "\xef\xbb\xbf# awry: ignore first\r\n"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa()\r\n"
  );
  /* 66 characters and the comment make 88. */
  becomes(
    "!\xc3\xa4xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa()\n",
    "\xc3\xa4xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa()"
    "  # awry: ignore first\n"
  );
}

static void strings_and_backslashes_cannot_hold_a_comment(void **state) {
  (void)state;
  becomes("a(!b, '''\n'''\n)\n", "# awry: ignore first\na(b, '''\n'''\n)\n");
  becomes("c('''\n''', !b, '''\n''')\n", "c('''\n''', b, '''\n''')  # awry: ignore first\n");
  becomes("c(f'''\n{!b}\n''')\n", "c(f'''\n{b}\n''')  # awry: ignore first\n");
  becomes("a = !b + \\\n  c\n", "# awry: ignore first\na = b + \\\n  c\n");
  becomes("a = b + \\\n  !c + \\\n  d\n", "a = b + \\\n  c + \\\n  d  # awry: ignore first\n");
  becomes("a = [\n  b, !c + \\\n  d\n]\n", "a = [\n  # awry: ignore first\n  b, c + \\\n  d\n]\n");
}

static void headers_take_comments(void **state) {
  (void)state;
  becomes(
    "@a\n!async def f(\n  x,\n): pass\n", "@a\nasync def f(  # awry: ignore first\n  x,\n): pass\n"
  );
  becomes(
    "try:\n  a()\n!except B:\n  pass\n", "try:\n  a()\nexcept B:  # awry: ignore first\n  pass\n"
  );
}

static void a_suppression_that_is_there_takes_more_names(void **state) {
  (void)state;
  becomes("!a()  # awry: ignore third -- why\n", "a()  # awry: ignore third, first -- why\n");
  becomes(
    "!a($b)  # awry: ignore[third] why\n", "a(b)  # awry: ignore[third, first, second] why\n"
  );
  becomes("# awry: ignore third\n!a(\n  $b)\n", "# awry: ignore third, first, second\na(\n  b)\n");
  becomes(
    "a(\n  !b,  # awry: ignore second\n  !c,\n)\n",
    "a(\n  b,  # awry: ignore second, first\n  c,  # awry: ignore first\n)\n"
  );
  becomes(
    "# awry: ignore-file third\n!a()\n", "# awry: ignore-file third\na()  # awry: ignore first\n"
  );
}

static void what_cannot_be_covered_is_left_alone(void **state) {
  (void)state;
  Source source = source_of("a()  # awry: ignore first\n");
  Tree tree = tree_of(&source);
  Finding finding = { .rule = &unused, .span = { 5, 10 } };
  Findings findings = { 0 };
  assert_int_equal(suppressions_add(arena, &tree, &findings, STR_EMPTY).count, 0);
  vec_push(arena, &findings, finding);
  assert_int_equal(suppressions_add(arena, &tree, &findings, STR_EMPTY).count, 0);
}

static void commands_of_a_notebook_stay_as_they_are(void **state) {
  (void)state;
  Cells cells = { 0 };
  Cell timed = { .number = 1, .text = STR("%time b()\n"), .code = STR("0    ;b()\n") };
  Cell plain = { .number = 2, .text = STR("c()\n"), .code = STR("c()\n") };
  vec_push(arena, &cells, timed);
  vec_push(arena, &cells, plain);
  Source source = source_build_notebook(arena, STR("a.ipynb"), &cells);
  Tree tree = tree_of(&source);
  Findings findings = { 0 };
  vec_push(arena, &findings, (Finding){ .rule = &first, .span = { 6, 9 } });
  vec_push(arena, &findings, (Finding){ .rule = &first, .span = { 10, 13 } });
  Edits edits = suppressions_add(arena, &tree, &findings, STR_EMPTY);
  assert_str(
    edited(source.text, &edits), "# awry: ignore first\n%time b()\nc()  # awry: ignore first\n"
  );
}

static void file_becomes(const char *before, const char *expected) {
  Source source = source_of(before);
  Tree tree = tree_of(&source);
  Edits edits = suppressions_add_to_file(arena, &tree, &first, STR("why"));
  assert_str(edited(source.text, &edits), expected);
}

static void a_comment_for_the_file_goes_below_its_header(void **state) {
  (void)state;
  file_becomes("", "# awry: ignore-file first -- why\n");
  file_becomes("a()\n", "# awry: ignore-file first -- why\na()\n");
  file_becomes("\"\"\"Doc.\"\"\"\n", "# awry: ignore-file first -- why\n\"\"\"Doc.\"\"\"\n");
  file_becomes(
    "#!/usr/bin/python\r\n# Licence\r\n\r\na()\r\n",
    "#!/usr/bin/python\r\n# Licence\r\n# awry: ignore-file first -- why\r\n\r\na()\r\n"
  );
  file_becomes(
    "\n# -*- coding: utf-8 -*-\na()\n",
    "\n# -*- coding: utf-8 -*-\n# awry: ignore-file first -- why\na()\n"
  );
  file_becomes(
    "\xef\xbb\xbf"
    "a()\n",
    "\xef\xbb\xbf# awry: ignore-file first -- why\na()\n"
  );
  file_becomes(
    "a()\n# awry: ignore-file second -- x\n", "a()\n# awry: ignore-file second, first -- x\n"
  );
}

static void a_comment_for_a_notebook_stays_in_its_first_cell(void **state) {
  (void)state;
  Cells cells = { 0 };
  Cell timed = { .number = 1, .text = STR("%%time\nb()\n"), .code = STR("0     \nb()\n") };
  vec_push(arena, &cells, timed);
  Source source = source_build_notebook(arena, STR("a.ipynb"), &cells);
  Tree tree = tree_of(&source);
  Edits edits = suppressions_add_to_file(arena, &tree, &first, STR_EMPTY);
  assert_str(edited(source.text, &edits), "%%time\n# awry: ignore-file first\nb()\n");
}

/* In each line of a long statement there is a comment to add to, and one to write. */
static void many_findings_take_linear_time(void **state) {
  (void)state;
  enum { COUNT = 20000 };
  Text text = { .arena = arena };
  text_add(&text, STR("x = [\n"));
  Findings findings = { 0 };
  for (uint32_t i = 0; i < COUNT; i++) {
    vec_push(arena, &findings, (Finding){ .rule = &first, .span = { text.len, text.len } });
    text_add(&text, i % 2 ? STR("1,  # awry: ignore second\n") : STR("1,\n"));
  }
  text_add(&text, STR("]\n"));
  Source source = source_build(arena, STR("a.py"), text_str(&text));
  Tree tree = tree_of(&source);
  Edits edits = suppressions_add(arena, &tree, &findings, STR_EMPTY);
  assert_int_equal(edits.count, COUNT / 2);
  assert_int_equal(left_over(edited(source.text, &edits), &edits, &findings), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_comment_goes_to_the_end_of_the_line),
    cmocka_unit_test(findings_of_a_line_share_a_comment),
    cmocka_unit_test(a_line_that_would_be_too_long_gets_its_comment_above),
    cmocka_unit_test(strings_and_backslashes_cannot_hold_a_comment),
    cmocka_unit_test(headers_take_comments),
    cmocka_unit_test(a_suppression_that_is_there_takes_more_names),
    cmocka_unit_test(what_cannot_be_covered_is_left_alone),
    cmocka_unit_test(commands_of_a_notebook_stay_as_they_are),
    cmocka_unit_test(a_comment_for_the_file_goes_below_its_header),
    cmocka_unit_test(a_comment_for_a_notebook_stays_in_its_first_cell),
    cmocka_unit_test(many_findings_take_linear_time),
  };
  return cmocka_run_group_tests(tests, make_fresh, free_fresh);
}
