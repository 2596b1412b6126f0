#include "base/str.h"

#include "unit.h"

static void comparing(void **state) {
  (void)state;
  Str zeroed = { 0 };
  assert_true(str_equal(zeroed, STR_EMPTY));
  assert_true(str_equal(STR("abc"), str_from("abc")));
  assert_false(str_equal(STR("abc"), STR("abd")));
  assert_false(str_equal(STR("abc"), STR("ab")));
  assert_true(str_is(STR("abc"), "abc"));
  assert_false(str_is(STR("abc"), "abcd"));
  assert_true(str_compare(STR("a"), STR("b")) < 0);
  assert_true(str_compare(STR("ab"), STR("a")) > 0);
  assert_true(str_compare(STR("\xc3"), STR("a")) > 0);
  assert_int_equal(str_compare(zeroed, STR_EMPTY), 0);
}

static void prefixes_suffixes_and_parts(void **state) {
  (void)state;
  assert_true(str_starts_with(STR("asyncio.sleep"), STR("asyncio")));
  assert_false(str_starts_with(STR("async"), STR("asyncio")));
  assert_true(str_ends_with(STR("a.py"), STR(".py")));
  assert_false(str_ends_with(STR("py"), STR(".py")));
  assert_true(str_starts_with(STR("a"), (Str){ 0 }));
  assert_true(str_contains(STR("aab"), STR("ab")));
  assert_false(str_contains(STR("aaa"), STR("ab")));
  assert_int_equal(str_find(STR("ababc"), STR("abc")), 2);
  assert_int_equal(str_find(STR("ab"), STR("abc")), UINT32_MAX);
  assert_int_equal(str_find(STR_EMPTY, STR("a")), UINT32_MAX);
  assert_int_equal(str_find(STR("a"), STR_EMPTY), 0);
}

static void slices_stay_inside(void **state) {
  (void)state;
  assert_str(str_slice(STR("abc"), 1, 2), "b");
  assert_str(str_slice(STR("abc"), 1, 99), "bc");
  assert_str(str_slice(STR("abc"), 5, 9), "");
  assert_str(str_slice(STR("abc"), 2, 1), "");
  assert_str(str_trim(STR(" \t\r\n\f\v a b \n")), "a b");
  assert_str(str_trim(STR(" \n ")), "");
  assert_str(str_trim((Str){ 0 }), "");
}

static void splitting_at_a_separator(void **state) {
  (void)state;
  assert_str(str_after_last(STR("a.b.c"), '.'), "c");
  assert_str(str_after_last(STR("abc"), '.'), "abc");
  assert_str(str_after_last(STR("a."), '.'), "");
  assert_str(str_before_last(STR("a.b.c"), '.'), "a.b");
  assert_str(str_before_last(STR("abc"), '.'), "");
  Str rest = STR("a..b");
  assert_str(str_next(&rest, '.'), "a");
  assert_str(str_next(&rest, '.'), "");
  assert_str(str_next(&rest, '.'), "b");
  assert_int_equal(rest.len, 0);
  assert_str(str_next(&rest, '.'), "");
}

static void whole_numbers(void **state) {
  (void)state;
  uint32_t count = 7;
  assert_true(str_count(STR("0"), &count));
  assert_int_equal(count, 0);
  assert_true(str_count(STR("999999999"), &count));
  assert_int_equal(count, 999999999);
  assert_false(str_count(STR("1000000000"), &count));
  assert_false(str_count(STR(""), &count));
  assert_false(str_count(STR("-1"), &count));
  assert_false(str_count(STR("1.5"), &count));
}

static void letters(void **state) {
  (void)state;
  Arena *arena = arena_new();
  assert_str(str_lower(arena, STR("AZaz_09\xc3\x84")), "azaz_09\xc3\x84");
  assert_true(str_is_upper(STR("MAX_LEN2")));
  assert_false(str_is_upper(STR("MAX_len")));
  assert_false(str_is_upper(STR("_1")));
  arena_free(arena);
}

static void made_in_an_arena(void **state) {
  (void)state;
  Arena *arena = arena_new();
  char bytes[] = "abc";
  Str copy = str_copy(arena, str_from(bytes));
  bytes[0] = 'x';
  assert_str(copy, "abc");
  assert_string_equal(str_terminated(arena, str_slice(copy, 0, 2)), "ab");
  assert_string_equal(str_terminated(arena, (Str){ 0 }), "");
  assert_str(str_join(arena, STR("a.b"), '.', STR("c")), "a.b.c");
  assert_str(str_join(arena, STR_EMPTY, '.', STR("c")), "c");
  assert_str(str_format(arena, "%d %.*s", 7, STR_ARGS(copy)), "7 abc");
  assert_int_equal(str_format(arena, "%*d", 5000, 1).len, 5000);
  arena_free(arena);
}

static void words_in_a_list(void **state) {
  (void)state;
  static const char *const words[] = { "gather", "wait" };
  assert_true(STR_IN(STR("wait"), words));
  assert_false(STR_IN(STR("wait_for"), words));
}

static void equal_strings_have_equal_hashes(void **state) {
  (void)state;
  char bytes[] = "asyncio";
  assert_true(str_hash(STR("asyncio")) == str_hash(str_from(bytes)));
  assert_true(str_hash((Str){ 0 }) == str_hash(STR_EMPTY));
  assert_true(str_hash(STR("ab")) != str_hash(STR("ba")));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(comparing),
    cmocka_unit_test(prefixes_suffixes_and_parts),
    cmocka_unit_test(slices_stay_inside),
    cmocka_unit_test(splitting_at_a_separator),
    cmocka_unit_test(whole_numbers),
    cmocka_unit_test(letters),
    cmocka_unit_test(made_in_an_arena),
    cmocka_unit_test(words_in_a_list),
    cmocka_unit_test(equal_strings_have_equal_hashes),
  };
  return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
