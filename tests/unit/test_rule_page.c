#include "report/rule_page.h"

#include "unit.h"

static const Rule rule = { .code = "AWR101", .name = "first-rule" };

static void a_page_has_an_address(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Str url = rule_page_url(arena, &rule);
  assert_true(str_starts_with(url, STR("https://")));
  assert_true(str_ends_with(url, STR("/docs/rules/first-rule.md")));
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(a_page_has_an_address) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
