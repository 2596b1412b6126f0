#include "source/edit.h"

#include "unit.h"

static int make_arena(void **state) {
  *state = arena_new();
  return 0;
}

static int free_arena(void **state) {
  arena_free(*state);
  return 0;
}

static void add(Arena *arena, Edits *edits, uint32_t start, uint32_t end, Str text) {
  vec_push(arena, edits, (Edit){ .span = { start, end }, .text = text });
}

static void replacing_inserting_and_deleting(void **state) {
  Edits edits = { 0 };
  Str result = STR_EMPTY;
  add(*state, &edits, 8, 8, STR("!"));
  add(*state, &edits, 4, 5, STR_EMPTY);
  add(*state, &edits, 0, 3, STR("two"));
  edits_sort(*state, &edits);
  assert_true(edits_apply(*state, STR("one  end"), &edits, &result));
  assert_str(result, "two end!");
}

static void no_edits_change_nothing(void **state) {
  Edits edits = { 0 };
  Str result = STR_EMPTY;
  edits_sort(*state, &edits);
  assert_true(edits_apply(*state, STR("text"), &edits, &result));
  assert_str(result, "text");
}

static void touching_is_not_overlapping(void **state) {
  Edits edits = { 0 };
  Str result = STR_EMPTY;
  add(*state, &edits, 1, 2, STR("B"));
  add(*state, &edits, 1, 1, STR("<"));
  add(*state, &edits, 2, 2, STR(">"));
  add(*state, &edits, 2, 3, STR("C"));
  edits_sort(*state, &edits);
  assert_true(edits_apply(*state, STR("abcd"), &edits, &result));
  assert_str(result, "a<B>Cd");
}

static void overlaps_are_refused(void **state) {
  Str result = STR_EMPTY;
  Edits edits = { 0 };
  add(*state, &edits, 0, 3, STR("x"));
  add(*state, &edits, 2, 4, STR("y"));
  edits_sort(*state, &edits);
  assert_false(edits_apply(*state, STR("abcd"), &edits, &result));
  edits = (Edits){ 0 };
  add(*state, &edits, 0, 3, STR("x"));
  add(*state, &edits, 1, 1, STR("y"));
  edits_sort(*state, &edits);
  assert_false(edits_apply(*state, STR("abcd"), &edits, &result));
}

static void places_outside_the_text_are_refused(void **state) {
  Str result = STR_EMPTY;
  Edits edits = { 0 };
  add(*state, &edits, 3, 5, STR_EMPTY);
  assert_false(edits_apply(*state, STR("abcd"), &edits, &result));
  edits = (Edits){ 0 };
  add(*state, &edits, 3, 2, STR_EMPTY);
  assert_false(edits_apply(*state, STR("abcd"), &edits, &result));
}

static void insertions_at_one_place_keep_their_order(void **state) {
  enum { COUNT = 1000 };
  Edits edits = { 0 };
  Str result = STR_EMPTY;
  for (uint32_t i = 0; i < COUNT; i++)
    add(*state, &edits, i % 2, i % 2, str_format(*state, "%03u,", i));
  edits_sort(*state, &edits);
  assert_true(edits_apply(*state, STR("|"), &edits, &result));
  Str even = str_next(&result, '|'), part;
  for (uint32_t i = 0; i < COUNT; i += 2) {
    part = str_next(&even, ',');
    assert_str(part, str_format(*state, "%03u", i).data);
    part = str_next(&result, ',');
    assert_str(part, str_format(*state, "%03u", i + 1).data);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(replacing_inserting_and_deleting),
    cmocka_unit_test(no_edits_change_nothing),
    cmocka_unit_test(touching_is_not_overlapping),
    cmocka_unit_test(overlaps_are_refused),
    cmocka_unit_test(places_outside_the_text_are_refused),
    cmocka_unit_test(insertions_at_one_place_keep_their_order),
  };
  return cmocka_run_group_tests_name("edit", tests, make_arena, free_arena);
}
