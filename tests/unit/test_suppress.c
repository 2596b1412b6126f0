#include "lint/suppress.h"

#include "base/text.h"
#include "fresh.h"
#include "lint/findings.h"
#include "lint/rule.h"

static const Source *source;

static Suppressions read(const char *text) {
  Source *made = arena_make(arena, Source);
  *made = source_build(arena, STR("a.py"), str_from(text));
  source = made;
  Tree *tree = arena_make(arena, Tree);
  *tree = parse_source(parser, source, arena);
  return suppressions_read(arena, tree);
}

static void assert_shown(const Suppression *suppression, const char *expected) {
  Text text = { .arena = arena };
  text_format(&text, "%s", suppression->is_noqa ? "noqa" : "ignore");
  if (suppression->last_line == UINT32_MAX) text_format(&text, " file");
  else text_format(&text, " %u-%u", suppression->first_line, suppression->last_line);
  for (uint32_t i = 0; i < suppression->selectors.count; i++) {
    text_format(&text, "%s%.*s", i == 0 ? ": " : ", ", STR_ARGS(suppression->selectors.items[i]));
    assert_true(str_equal(
      source_text(source, suppression->selector_spans.items[i]), suppression->selectors.items[i]
    ));
  }
  if (suppression->reason.len > 0) text_format(&text, " (%.*s)", STR_ARGS(suppression->reason));
  assert_str(text_str(&text), expected);
}

/* The text holds one directive, which reads as expected. */
static Suppression one(const char *text, const char *expected) {
  Suppressions suppressions = read(text);
  if (suppressions.count != 1) fail_msg("%u directives in %s", suppressions.count, text);
  assert_shown(&suppressions.items[0], expected);
  return suppressions.items[0];
}

static void none(const char *text) {
  Suppressions suppressions = read(text);
  if (suppressions.count != 0) fail_msg("%u directives in %s", suppressions.count, text);
}

static void names_codes_and_reasons_are_read(void **state) {
  (void)state;
  one("x()  # awry: ignore\n", "ignore 1-1");
  one("x()  # awry: ignore -- why not\n", "ignore 1-1 (why not)");
  one("x()  # awry: ignore dangling-task\n", "ignore 1-1: dangling-task");
  one(
    "x()  # awry: ignore dangling-task -- the loop keeps it\n",
    "ignore 1-1: dangling-task (the loop keeps it)"
  );
  one(
    "x()  # awry: ignore dangling-task, AWR2,awr101 -- a, b\n",
    "ignore 1-1: dangling-task, AWR2, awr101 (a, b)"
  );
  one("x()  #awry:ignore AWR101\n", "ignore 1-1: AWR101");
  one("x()  # awry: ignore: AWR101\n", "ignore 1-1: AWR101");
  one("x()  # awry: ignore AWR101--why\n", "ignore 1-1: AWR101 (why)");
  one("x()  # awry: ignore AWR101,\n", "ignore 1-1: AWR101");
  one("x()  # awry: ignore AWR101   \r\n", "ignore 1-1: AWR101");
  one("x()  # awry: ignore dangling-task", "ignore 1-1: dangling-task");
}

static void brackets_hold_names_too(void **state) {
  (void)state;
  one("x()  # awry: ignore[dangling-task, AWR2] why\n", "ignore 1-1: dangling-task, AWR2 (why)");
  one("x()  # awry: ignore [AWR2 AWR3]\n", "ignore 1-1: AWR2, AWR3");
  one("x()  # awry: ignore[AWR2\n", "ignore 1-1: AWR2");
  one("x()  # awry: ignore[]\n", "ignore 1-1");
}

static void words_without_a_comma_are_the_reason_unless_they_are_rules(void **state) {
  (void)state;
  one("x()  # awry: ignore AWR2 known to be fine\n", "ignore 1-1: AWR2 (known to be fine)");
  one(
    "x()  # awry: ignore AWR2 syntax-error because\n", "ignore 1-1: AWR2, syntax-error (because)"
  );
  one("x()  # awry: ignore because I say so\n", "ignore 1-1: because (I say so)");
}

static void the_whole_file_can_be_meant(void **state) {
  (void)state;
  one("import a\n# awry: ignore-file AWR1 -- generated\n", "ignore file: AWR1 (generated)");
  one("# awry: ignore-file\n", "ignore file");
  one("x = 1  # awry: ignore-file\n", "ignore file");
}

static void noqa_comments_count(void **state) {
  (void)state;
  one("x()  # noqa\n", "noqa 1-1");
  one("x()  #NOQA\n", "noqa 1-1");
  one("x()  # NoQA: AWR101\n", "noqa 1-1: AWR101");
  one("x()  # noqa:E501,AWR101\n", "noqa 1-1: E501, AWR101");
  one("x()  # noqa: E501 AWR101 because\n", "noqa 1-1: E501, AWR101 (because)");
  one("x()  # noqa : AWR101\n", "noqa 1-1: AWR101");
  none("x()  # noqa: because\n");
  none("x()  # noqarest\n");
}

static void other_comments_do_not(void **state) {
  (void)state;
  none("x()  # awry\n");
  none("x()  # awry: ignored\n");
  none("x()  # awry: ignore_file\n");
  none("x()  # awry: disable AWR101\n");
  none("x()  # see awry: ignore\n");
  none("x()  # Awry: ignore\n");
  none("s = '# awry: ignore'\n");
  none("s = '''\n# awry: ignore\n'''\n");
  none("s = f'{x} # awry: ignore'\n");
}

static void comments_inside_f_strings_are_comments(void **state) {
  (void)state;
  one("s = f'''{\n  x  # awry: ignore AWR1\n}'''\n", "ignore 1-2: AWR1");
}

static void a_comment_can_hold_several_directives(void **state) {
  (void)state;
  Suppressions suppressions =
    read("x()  # type: ignore # awry: ignore AWR1 -- see #12  # noqa: E501\n");
  assert_int_equal(suppressions.count, 2);
  assert_shown(&suppressions.items[0], "ignore 1-1: AWR1 (see #12)");
  assert_shown(&suppressions.items[1], "noqa 1-1: E501");
  assert_str(source_text(source, suppressions.items[0].span), "# awry: ignore AWR1 -- see #12");
}

static void a_statement_is_covered_up_to_the_comment(void **state) {
  (void)state;
  one("a()\nb(\n  c,  # awry: ignore\n  d,\n)\ne()\n", "ignore 2-3");
  one("a()\nb(\n  c,\n  d,\n)  # awry: ignore\ne()\n", "ignore 2-5");
  one("b(  # awry: ignore\n  c,\n)\n", "ignore 1-1");
  one("x = 1 + \\\n  2  # awry: ignore\n", "ignore 1-2");
  one("s = '''\n\n'''  # awry: ignore\n", "ignore 1-3");
  one("x = [\n]; y = [\n]  # awry: ignore\n", "ignore 1-3");
}

static void a_header_is_covered_but_not_its_body(void **state) {
  (void)state;
  one("if (a and\n    b):  # awry: ignore\n  c()\n", "ignore 1-2");
  one("try:\n  a()\nexcept (  # x: y\n  E,\n):  # awry: ignore\n  # z:\n  pass\n", "ignore 3-5");
  one("async def f(\n  a,\n):  # awry: ignore\n  pass\n", "ignore 1-3");
  one("@a(\n)\n@b  # awry: ignore\ndef f():\n  pass\n", "ignore 1-3");
  one("@a\ndef f():  # awry: ignore\n  pass\n", "ignore 1-2");
  one("if a:\n  b()  # awry: ignore\n", "ignore 2-2");
  one("if a:\n  b()\nelse:  # awry: ignore\n  c()\n", "ignore 3-3");
  one("match a:\n  case [\n    b\n  ]:  # awry: ignore\n    c()\n", "ignore 2-4");
  one("if a: b(\n)  # awry: ignore\n", "ignore 1-2");
}

static void a_comment_alone_covers_what_follows(void **state) {
  (void)state;
  one("# awry: ignore\na()\nb()\n", "ignore 2-2");
  one("  # awry: ignore\n# more\n\na(\n  1,\n)\nb()\n", "ignore 4-6");
  one("# awry: ignore\nif a:\n  b()\n", "ignore 2-2");
  one("# awry: ignore\n@a\n@b\ndef f(\n):\n  pass\n", "ignore 2-5");
  one("a(\n  # awry: ignore\n  b,\n  c,\n)\n", "ignore 1-3");
  one("a()\n# awry: ignore\n", "ignore 2-2");
  one("\xef\xbb\xbf# awry: ignore\na()\n", "ignore 2-2");
}

static const Rule first = { .code = "AWR101", .name = "first" };
static const Rule second = { .code = "AWR202", .name = "second" };

static Findings findings_at(const Rule *rule, const uint32_t *lines, uint32_t count) {
  Findings findings = { 0 };
  for (uint32_t i = 0; i < count; i++) {
    uint32_t start = source->line_starts[lines[i] - 1];
    Finding finding = { .rule = rule, .span = { start, start }, .start = { lines[i], 1 } };
    vec_push(arena, &findings, finding);
  }
  return findings;
}

static void what_is_covered_is_removed_and_marked(void **state) {
  (void)state;
  Suppressions suppressions =
    read("# awry: ignore-file second\n"
         "a()  # awry: ignore AWR1, second\n"
         "b()  # awry: ignore second\n"
         "c(\n  # awry: ignore first\n  d(),\n  e(),  # awry: ignore\n)\n");
  Findings findings = findings_at(&first, (uint32_t[]){ 1, 2, 3, 4, 7, 8 }, 6);
  suppressions_apply(arena, source, &suppressions, &findings, NULL);
  assert_int_equal(findings.count, 3);
  assert_int_equal(findings.items[0].start.line, 1);
  assert_int_equal(findings.items[1].start.line, 3);
  assert_int_equal(findings.items[2].start.line, 8);
  assert_false(suppressions.items[0].is_used);
  assert_true(suppressions.items[1].is_used);
  assert_true(suppressions.items[1].selector_is_used[0]);
  assert_false(suppressions.items[1].selector_is_used[1]);
  assert_false(suppressions.items[2].is_used);
  assert_true(suppressions.items[3].is_used);
  assert_true(suppressions.items[4].is_used);

  findings = findings_at(&second, (uint32_t[]){ 1, 9 }, 2);
  suppressions_apply(arena, source, &suppressions, &findings, NULL);
  assert_int_equal(findings.count, 0);
  assert_true(suppressions.items[0].is_used);
}

static void a_directive_for_others_is_used_last(void **state) {
  (void)state;
  Suppressions suppressions = read("a()  # noqa  # awry: ignore first\n");
  Findings findings = findings_at(&first, (uint32_t[]){ 1 }, 1);
  suppressions_apply(arena, source, &suppressions, &findings, NULL);
  assert_int_equal(findings.count, 0);
  assert_false(suppressions.items[0].is_used);
  assert_true(suppressions.items[1].is_used);
}

static void many_directives_in_one_statement_take_linear_time(void **state) {
  (void)state;
  enum { COUNT = 20000 };
  Text text = { .arena = arena };
  text_add(&text, STR("x = [\n"));
  for (uint32_t i = 0; i < COUNT; i++) text_add(&text, STR("1,  # awry: ignore first\n"));
  text_add(&text, STR("]\n"));
  Suppressions suppressions = read(str_terminated(arena, text_str(&text)));
  assert_int_equal(suppressions.count, COUNT);
  uint32_t *lines = arena_array(arena, uint32_t, COUNT);
  for (uint32_t i = 0; i < COUNT; i++) lines[i] = 2 + i;
  Findings findings = findings_at(&first, lines, COUNT);
  suppressions_apply(arena, source, &suppressions, &findings, NULL);
  assert_int_equal(findings.count, 0);
}

/* A tree by hand: the grammar's own scanner is slow on long runs of comments. */
static void many_comments_in_a_row_take_linear_time(void **state) {
  (void)state;
  enum { COUNT = 100000 };
  Str line = STR("# awry: ignore first\n");
  Text text = { .arena = arena };
  NodeRow root = { .kind = KIND_MODULE, .parent = NODE_NONE, .after = 1 };
  Tree tree = { .rows = &root, .count = 1 };
  for (uint32_t i = 0; i < COUNT; i++) {
    vec_push(arena, &tree.comments, (Span){ text.len, text.len + line.len - 1 });
    text_add(&text, line);
  }
  text_add(&text, STR("x()\n"));
  Source made = source_build(arena, STR("a.py"), text_str(&text));
  tree.source = &made;
  Suppressions suppressions = suppressions_read(arena, &tree);
  assert_int_equal(suppressions.count, COUNT);
  assert_int_equal(suppressions.items[0].first_line, COUNT + 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_fresh, free_fresh)

int main(void) {
  const struct CMUnitTest tests[] = {
    TEST(names_codes_and_reasons_are_read),
    TEST(brackets_hold_names_too),
    TEST(words_without_a_comma_are_the_reason_unless_they_are_rules),
    TEST(the_whole_file_can_be_meant),
    TEST(noqa_comments_count),
    TEST(other_comments_do_not),
    TEST(comments_inside_f_strings_are_comments),
    TEST(a_comment_can_hold_several_directives),
    TEST(a_statement_is_covered_up_to_the_comment),
    TEST(a_header_is_covered_but_not_its_body),
    TEST(a_comment_alone_covers_what_follows),
    TEST(what_is_covered_is_removed_and_marked),
    TEST(a_directive_for_others_is_used_last),
    TEST(many_directives_in_one_statement_take_linear_time),
    TEST(many_comments_in_a_row_take_linear_time),
  };
  return cmocka_run_group_tests_name("suppress", tests, NULL, NULL);
}
