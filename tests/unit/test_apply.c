#include "lint/apply.h"

#include "unit.h"

static const Str TEXT = { "go(a)\nrun(b)\n", 13 };

static int make_arena(void **state) {
  *state = arena_new();
  return 0;
}

static int free_arena(void **state) {
  arena_free(*state);
  return 0;
}

// A finding whose fix makes one replacement; more may be added to its fix.
static Finding *offer(
  Arena *arena, Findings *findings, Applicability level, uint32_t start, uint32_t end, Str text
) {
  Finding finding = { .fix.applicability = level };
  vec_push(arena, &finding.fix.edits, (Edit){ .span = { start, end }, .text = text });
  vec_push(arena, findings, finding);
  return &findings->items[findings->count - 1];
}

static void assert_fixed(Fixed fixed, uint32_t count, const char *text) {
  assert_int_equal(fixed.count, count);
  assert_str(fixed.text, text);
}

static void fixes_of_several_findings_are_made_together(void **state) {
  Findings findings = { 0 };
  offer(*state, &findings, FIX_SAFE, 6, 6, STR("await "));
  offer(*state, &findings, FIX_SAFE, 0, 0, STR("await "));
  assert_fixed(fixes_apply(*state, &findings, FIX_SAFE, TEXT), 2, "await go(a)\nawait run(b)\n");
}

static void unsafe_fixes_are_made_on_request_only(void **state) {
  Findings findings = { 0 };
  offer(*state, &findings, FIX_UNSAFE, 0, 2, STR("come"));
  offer(*state, &findings, FIX_SAFE, 6, 9, STR("walk"));
  assert_fixed(fixes_apply(*state, &findings, FIX_SAFE, TEXT), 1, "go(a)\nwalk(b)\n");
  assert_fixed(fixes_apply(*state, &findings, FIX_UNSAFE, TEXT), 2, "come(a)\nwalk(b)\n");
}

static void of_two_fixes_that_touch_the_first_is_made(void **state) {
  Findings findings = { 0 };
  offer(*state, &findings, FIX_SAFE, 0, 5, STR("stop()"));
  offer(*state, &findings, FIX_SAFE, 3, 4, STR("c"));
  offer(*state, &findings, FIX_SAFE, 5, 5, STR("; wait()"));
  assert_fixed(fixes_apply(*state, &findings, FIX_SAFE, TEXT), 1, "stop()\nrun(b)\n");
}

static void a_fix_is_made_whole_or_not_at_all(void **state) {
  Findings findings = { 0 };
  offer(*state, &findings, FIX_SAFE, 0, 2, STR("come"));
  Finding *second = offer(*state, &findings, FIX_SAFE, 6, 9, STR("walk"));
  vec_push(*state, &second->fix.edits, (Edit){ .span = { 1, 4 }, .text = STR("?") });
  assert_fixed(fixes_apply(*state, &findings, FIX_SAFE, TEXT), 1, "come(a)\nrun(b)\n");
}

static void what_two_fixes_share_is_made_once(void **state) {
  Findings findings = { 0 };
  Edit import = { .span = { 0, 0 }, .text = STR("import c\n") };
  Finding *first = offer(*state, &findings, FIX_SAFE, 3, 4, STR("c.a"));
  vec_push(*state, &first->fix.edits, import);
  Finding *second = offer(*state, &findings, FIX_SAFE, 10, 11, STR("c.b"));
  vec_push(*state, &second->fix.edits, import);
  assert_fixed(fixes_apply(*state, &findings, FIX_SAFE, TEXT), 2, "import c\ngo(c.a)\nrun(c.b)\n");
}

static void without_a_fix_the_text_stays(void **state) {
  Findings findings = { 0 };
  vec_push(*state, &findings, (Finding){ 0 });
  assert_fixed(fixes_apply(*state, &findings, FIX_UNSAFE, TEXT), 0, "go(a)\nrun(b)\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(
      fixes_of_several_findings_are_made_together, make_arena, free_arena
    ),
    cmocka_unit_test_setup_teardown(unsafe_fixes_are_made_on_request_only, make_arena, free_arena),
    cmocka_unit_test_setup_teardown(
      of_two_fixes_that_touch_the_first_is_made, make_arena, free_arena
    ),
    cmocka_unit_test_setup_teardown(a_fix_is_made_whole_or_not_at_all, make_arena, free_arena),
    cmocka_unit_test_setup_teardown(what_two_fixes_share_is_made_once, make_arena, free_arena),
    cmocka_unit_test_setup_teardown(without_a_fix_the_text_stays, make_arena, free_arena),
  };
  return cmocka_run_group_tests_name("apply", tests, NULL, NULL);
}
