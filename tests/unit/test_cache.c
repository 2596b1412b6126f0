#include "project/cache.h"

#include "unit.h"

#include "base/file.h"
#include "base/path.h"

#include <stdlib.h>

/* A folder of the test's own, and a place in it. */
typedef struct {
  Arena *arena;
  CachePlace place;
} Fixture;

static int make(void **state) {
  static const char pattern[] = "/tmp/awry-cache-XXXXXX";
  Arena *arena = arena_new();
  char *folder = arena_array(arena, char, sizeof pattern);
  memcpy(folder, pattern, sizeof pattern);
  if (mkdtemp(folder) == NULL) return -1;
  Fixture *fixture = arena_make(arena, Fixture);
  fixture->arena = arena;
  fixture->place = (CachePlace){
    .folder = path_join(arena, str_from(folder), STR("cache")),
    .name = STR("project"),
    .build = hash_of(STR("this build")),
    .today = 20000,
  };
  *state = fixture;
  return 0;
}

static int clear(void **state) {
  Fixture *fixture = *state;
  Problems problems = { 0 };
  cache_clean(fixture->arena, fixture->place.folder, 0, &problems);
  file_remove(fixture->arena, path_parent(fixture->place.folder));
  arena_free(fixture->arena);
  return 0;
}

static Hash key_of(uint32_t number) {
  return hash_of((Str){ (const char *)&number, sizeof number });
}

static bool holds(Cache *cache, uint32_t number, const char *expected) {
  Hash key = key_of(number);
  Str entry;
  return cache_find(cache, &key, &entry) && str_is(entry, expected);
}

static void put(Cache *cache, uint32_t number, const char *text) {
  Hash key = key_of(number);
  cache_put(cache, &key, str_from(text));
}

static void what_was_put_is_found_by_the_next(void **state) {
  Fixture *fixture = *state;
  Cache *first = cache_open(fixture->arena, &fixture->place);
  for (uint32_t i = 0; i < 500; i++) put(first, i, i % 2 == 0 ? "even" : "odd");
  put(first, 7, "later");
  cache_save(first);
  Cache *second = cache_open(fixture->arena, &fixture->place);
  for (uint32_t i = 0; i < 500; i++)
    assert_true(holds(second, i, i == 7 ? "later" : i % 2 == 0 ? "even" : "odd"));
  assert_false(holds(second, 500, "even"));
}

static void another_build_or_project_has_its_own(void **state) {
  Fixture *fixture = *state;
  Cache *first = cache_open(fixture->arena, &fixture->place);
  put(first, 1, "mine");
  cache_save(first);
  CachePlace place = fixture->place;
  place.build = hash_of(STR("another build"));
  assert_false(holds(cache_open(fixture->arena, &place), 1, "mine"));
  place = fixture->place;
  place.name = STR("other");
  assert_false(holds(cache_open(fixture->arena, &place), 1, "mine"));
}

/* Both runs have begun before one of them has ended. */
static void two_at_once_keep_what_both_found(void **state) {
  Fixture *fixture = *state;
  Cache *first = cache_open(fixture->arena, &fixture->place);
  Cache *second = cache_open(fixture->arena, &fixture->place);
  put(first, 1, "one");
  put(second, 2, "two");
  cache_save(first);
  cache_save(second);
  Cache *third = cache_open(fixture->arena, &fixture->place);
  assert_true(holds(third, 1, "one"));
  assert_true(holds(third, 2, "two"));
}

static Cache *days_later(Fixture *fixture, uint32_t days) {
  fixture->place.today += days;
  return cache_open(fixture->arena, &fixture->place);
}

static void what_is_not_used_for_long_is_forgotten(void **state) {
  Fixture *fixture = *state;
  Cache *cache = cache_open(fixture->arena, &fixture->place);
  put(cache, 1, "used");
  put(cache, 2, "unused");
  cache_save(cache);
  for (int i = 0; i < 3; i++) {
    cache = days_later(fixture, 20);
    assert_true(holds(cache, 1, "used"));
    put(cache, 10, "something new");
    cache_save(cache);
  }
  cache = days_later(fixture, 0);
  assert_true(holds(cache, 1, "used"));
  assert_false(holds(cache, 2, "unused"));
}

static void names_that_are_none_for_files_do_no_harm(void **state) {
  Fixture *fixture = *state;
  const char *names[] = { "", "/", "..", "a/b", ".hidden", "gro\xc3\x9f", "a b\n" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    fixture->place.name = str_from(names[i]);
    Cache *cache = cache_open(fixture->arena, &fixture->place);
    put(cache, 1, "one");
    cache_save(cache);
    assert_true(holds(cache_open(fixture->arena, &fixture->place), 1, "one"));
  }
  FileEntries entries = { 0 };
  file_list(fixture->arena, path_parent(fixture->place.folder), &entries);
  assert_int_equal(entries.count, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(what_was_put_is_found_by_the_next, make, clear),
    cmocka_unit_test_setup_teardown(another_build_or_project_has_its_own, make, clear),
    cmocka_unit_test_setup_teardown(two_at_once_keep_what_both_found, make, clear),
    cmocka_unit_test_setup_teardown(what_is_not_used_for_long_is_forgotten, make, clear),
    cmocka_unit_test_setup_teardown(names_that_are_none_for_files_do_no_harm, make, clear),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
