#include "lint/rule.h"
#include "report/report.h"
#include "unit.h"

#include <jansson.h>

static int make_arena(void **state) {
  *state = arena_new();
  return 0;
}

static int free_arena(void **state) {
  arena_free(*state);
  return 0;
}

// One in a thousand is an error, of the others one in three is a warning.
static Severity severity_of(uint32_t number) {
  if (number % 1000 == 999) return SEVERITY_ERROR;
  return number % 3 == 0 ? SEVERITY_WARNING : SEVERITY_INFO;
}

// The one run of a report with so many findings, in two files.
static json_t *run_of(Arena *arena, uint32_t count) {
  Source source = source_build(arena, STR("a.py"), STR("x = 1\n"));
  ReportOptions options = { .folder = STR("/work") };
  Totals totals = { 0 };
  Problems problems = { 0 };
  Text out = { .arena = arena };
  report_sarif.begin(&out, &options);
  for (uint32_t file = 0; file < 2; file++) {
    Findings findings = { 0 };
    for (uint32_t i = 0; i < count / 2; i++) {
      uint32_t number = file * (count / 2) + i;
      Finding finding = { .rule = rule_entries[0].rule, .path = source.path, .span = { 0, 1 } };
      finding.severity = severity_of(number);
      finding.message = str_format(arena, "number %u", number);
      vec_push(arena, &findings, finding);
    }
    if (file > 0) text_add(&out, str_from(report_sarif.separator));
    FileReport part = { .source = &source, .findings = &findings };
    report_sarif.file(&out, &part, &options);
  }
  report_sarif.end(&out, &totals, &problems, &options);
  json_error_t error;
  json_t *document = json_loadb(out.data, out.len, 0, &error);
  if (!document) fail_msg("%s at %d", error.text, error.position);
  json_t *run = json_incref(json_array_get(json_object_get(document, "runs"), 0));
  json_decref(document);
  return run;
}

static json_t *notifications_of(json_t *run) {
  json_t *invocation = json_array_get(json_object_get(run, "invocations"), 0);
  return json_object_get(invocation, "toolExecutionNotifications");
}

static const char *text_of(json_t *item) {
  return json_string_value(json_object_get(json_object_get(item, "message"), "text"));
}

static void results_up_to_the_limit_are_all_there(void **state) {
  json_t *run = run_of(*state, 25000);
  assert_int_equal(json_array_size(json_object_get(run, "results")), 25000);
  assert_int_equal(json_array_size(notifications_of(run)), 0);
  json_decref(run);
}

static void results_above_the_limit_are_cut_and_counted(void **state) {
  json_t *run = run_of(*state, 36000);
  json_t *results = json_object_get(run, "results");
  assert_int_equal(json_array_size(results), 25000);
  assert_int_equal(json_array_size(notifications_of(run)), 1);
  const char *said = text_of(json_array_get(notifications_of(run), 0));
  assert_non_null(strstr(said, "36000 results"));
  assert_non_null(strstr(said, "11000 are left out"));
  json_decref(run);
}

static uint32_t count_of(json_t *results, const char *level) {
  uint32_t count = 0;
  for (size_t i = 0; i < json_array_size(results); i++) {
    json_t *own = json_object_get(json_array_get(results, i), "level");
    count += strcmp(json_string_value(own), level) == 0;
  }
  return count;
}

static void those_that_matter_least_are_cut(void **state) {
  json_t *run = run_of(*state, 36000);
  json_t *results = json_object_get(run, "results");
  assert_int_equal(count_of(results, "error"), 36);
  assert_int_equal(count_of(results, "warning"), 12000 - 12);
  // The rest is in the order of the files.
  uint32_t infos = 25000 - 36 - (12000 - 12), last = 0;
  for (uint32_t i = 0; infos > 0; i++) {
    if (severity_of(i) != SEVERITY_INFO) continue;
    infos--;
    last = i;
  }
  bool is_there = false;
  Str wanted = str_format(*state, "number %u.", last),
      next = str_format(*state, "number %u.", last + 4);
  for (size_t i = 0; i < json_array_size(results); i++) {
    const char *text = text_of(json_array_get(results, i));
    is_there |= str_is(wanted, text);
    assert_false(str_is(next, text) && severity_of(last + 4) == SEVERITY_INFO);
  }
  assert_true(is_there);
  json_decref(run);
}

static void a_report_without_results_is_one(void **state) {
  ReportOptions options = { .folder = STR("/") };
  Text out = { .arena = *state };
  report_sarif.begin(&out, &options);
  report_sarif.end(&out, &(Totals){ 0 }, &(Problems){ 0 }, &options);
  json_t *document = json_loadb(out.data, out.len, 0, NULL);
  json_t *run = json_array_get(json_object_get(document, "runs"), 0);
  assert_int_equal(json_array_size(json_object_get(run, "results")), 0);
  json_t *bases = json_object_get(run, "originalUriBaseIds");
  const char *base = json_string_value(json_object_get(json_object_get(bases, "%SRCROOT%"), "uri"));
  assert_string_equal(base, "file:///");
  json_decref(document);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(results_up_to_the_limit_are_all_there),
    cmocka_unit_test(results_above_the_limit_are_cut_and_counted),
    cmocka_unit_test(those_that_matter_least_are_cut),
    cmocka_unit_test(a_report_without_results_is_one),
  };
  return cmocka_run_group_tests_name("sarif", tests, make_arena, free_arena);
}
