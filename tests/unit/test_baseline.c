#include "project/baseline.h"

#include "unit.h"

static Arena *arena;

static int open_arena(void **state) {
  (void)state;
  arena = arena_new();
  return 0;
}

static int close_arena(void **state) {
  (void)state;
  arena_free(arena);
  return 0;
}

static Baseline parse(const char *text) {
  Baseline baseline = { .shown = STR("known.txt") };
  Problems problems = { 0 };
  assert_true(baseline_parse(arena, str_from(text), &baseline, &problems));
  assert_int_equal(problems.count, 0);
  return baseline;
}

static void refuses(const char *text, uint32_t line, const char *message) {
  Baseline baseline = { .shown = STR("known.txt") };
  Problems problems = { 0 };
  assert_false(baseline_parse(arena, str_from(text), &baseline, &problems));
  assert_int_equal(problems.count, 1);
  assert_str(problems.items[0].path, "known.txt");
  assert_int_equal(problems.items[0].position.line, line);
  assert_str(problems.items[0].message, message);
}

static void an_entry_is_its_fields(void **state) {
  (void)state;
  Baseline baseline =
    parse("# awry baseline 1\r\n\r\n# words\r\na/b.py dangling-task 2c1f 3 f( x )\r\n");
  assert_int_equal(baseline.entries.count, 1);
  const BaselineEntry *entry = &baseline.entries.items[0];
  assert_str(entry->path, "a/b.py");
  assert_str(entry->rule, "dangling-task");
  assert_str(entry->hash, "2c1f");
  assert_int_equal(entry->count, 3);
  assert_str(entry->excerpt, "f( x )");
  assert_int_equal(entry->line, 4);
}

static void entries_are_sorted_and_added_up(void **state) {
  (void)state;
  Baseline baseline = parse("# awry baseline 1\n"
                            "b.py rule 2 1 x\n"
                            "a.py rule 2 1 x\n"
                            "b.py rule 1 1 x\n"
                            "b.py rule 2 2 y\n"
                            "b.py more 2 1 x\n");
  assert_int_equal(baseline.entries.count, 4);
  assert_str(baseline.entries.items[0].path, "a.py");
  assert_str(baseline.entries.items[1].rule, "more");
  assert_str(baseline.entries.items[2].hash, "1");
  assert_int_equal(baseline.entries.items[3].count, 3);
  uint32_t first = 0;
  assert_true(map_get(&baseline.first, STR("b.py"), &first));
  assert_int_equal(first, 1);
}

static void no_sum_is_larger_than_can_be_read_again(void **state) {
  (void)state;
  Baseline baseline = parse("# awry baseline 1\na.py r f 999999998 x\na.py r f 7 x\n");
  assert_int_equal(baseline.entries.items[0].count, 999999999);
  parse(str_terminated(arena, baseline_text(arena, &baseline.entries)));
}

static void paths_of_any_bytes_come_back(void **state) {
  (void)state;
  const char *const paths[] = {
    "a.py",      "a b.py",  "\"q\".py", "b\\s.py", "#.py", "<<<<<<< x.py", "=======.py",
    "t\tn\n.py", "\xff.py", "ü\x01.py", "ünï.py",  " ",    "\x7f",
  };
  BaselineEntries entries = { 0 };
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    BaselineEntry entry = {
      .path = str_from(paths[i]), .rule = STR("r"), .hash = STR("f"), .count = 1
    };
    vec_push(arena, &entries, entry);
  }
  baseline_sort(&entries);
  Str text = baseline_text(arena, &entries);
  uint32_t offset;
  assert_int_equal(source_fault(text, &offset), SOURCE_OK);
  Baseline again = parse(str_terminated(arena, text));
  assert_int_equal(again.entries.count, entries.count);
  for (uint32_t i = 0; i < entries.count; i++) {
    assert_true(str_equal(again.entries.items[i].path, entries.items[i].path));
  }
  assert_true(str_equal(baseline_text(arena, &again.entries), text));
}

static void what_is_no_baseline_is_told(void **state) {
  (void)state;
  refuses("", 1, "no baseline of awry: it would begin with \"# awry baseline 1\"");
  refuses("# awry baseline", 1, "no baseline of awry: it would begin with \"# awry baseline 1\"");
  refuses("# awry baseline 10", 1, "a baseline of version \"10\"; this awry knows 1");
  const char *entry = "not an entry: a file, a rule, a hash, how many, and the line";
  refuses("# awry baseline 1\na.py", 2, entry);
  refuses("# awry baseline 1\na.py r f", 2, entry);
  refuses("# awry baseline 1\na.py r f 0", 2, entry);
  refuses("# awry baseline 1\na.py r f -1", 2, entry);
  refuses("# awry baseline 1\na.py r F 1", 2, entry);
  refuses("# awry baseline 1\na.py r 12345678123456781 1", 2, entry);
  refuses("# awry baseline 1\n\"\" r f 1", 2, entry);
  const char *quoted = "the quoted path is not closed, or has an escape that means nothing";
  refuses("# awry baseline 1\n\n\"a.py", 3, quoted);
  refuses("# awry baseline 1\n\"a\\", 2, quoted);
  refuses("# awry baseline 1\n\"a\\x1", 2, quoted);
  refuses("# awry baseline 1\n\"a\\xG0\" r f 1", 2, quoted);
  refuses("# awry baseline 1\n\"a\"b r f 1", 2, quoted);
  refuses(
    "# awry baseline 1\n>>>>>>> theirs\n", 2, "a merge left a conflict here; keep both sides"
  );
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(an_entry_is_its_fields),
    cmocka_unit_test(entries_are_sorted_and_added_up),
    cmocka_unit_test(no_sum_is_larger_than_can_be_read_again),
    cmocka_unit_test(paths_of_any_bytes_come_back),
    cmocka_unit_test(what_is_no_baseline_is_told),
  };
  return cmocka_run_group_tests(tests, open_arena, close_arena);
}
