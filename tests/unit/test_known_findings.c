#include "project/known_findings.h"

#include "lint/rule.h"
#include "unit.h"

enum { MOST = 8 };

/* A text, findings on lines of it, and which of them are known. */
typedef struct {
  Arena *arena;
  Source source;
  Findings findings;
  KnownFindings known;
  bool is_known[MOST];
} Case;

static Case open_case(const char *text) {
  Arena *arena = arena_new();
  return (Case){ .arena = arena, .source = source_build(arena, STR("a.py"), str_from(text)) };
}

static void find(Case *one, const Rule *rule, uint32_t line, const char *hash) {
  uint32_t start = one->source.line_starts[line - 1];
  Finding finding = { .rule = rule, .span = { start, start }, .line_hash = str_from(hash) };
  vec_push(one->arena, &one->findings, finding);
}

static void know(Case *one, const Rule *rule, KnownFinding known) {
  known.rule = str_from(rule->name);
  if (known.left == 0) known.left = 1;
  vec_push(one->arena, &one->known, known);
}

static void check(Case *one, const char *expected) {
  known_findings_match(one->arena, &one->known, &one->source, &one->findings, one->is_known);
  char found[MOST + 1] = { 0 };
  for (uint32_t i = 0; i < one->findings.count; i++) found[i] = one->is_known[i] ? 'k' : 'n';
  assert_string_equal(found, expected);
  arena_free(one->arena);
}

static const Rule *rule(uint32_t i) { return rule_entries[i].rule; }

static void a_hash_is_known_as_often_as_it_was_there(void **state) {
  (void)state;
  Case one = open_case("a\nb\nc\nd\n");
  know(&one, rule(0), (KnownFinding){ .hash = STR("f"), .left = 2 });
  for (uint32_t line = 1; line <= 4; line++) find(&one, rule(0), line, "f:1");
  check(&one, "kknn");
}

static void another_rule_is_not_known(void **state) {
  (void)state;
  Case one = open_case("a\n");
  know(&one, rule(0), (KnownFinding){ .hash = STR("f"), .excerpt = STR("a"), .line = 1 });
  find(&one, rule(1), 1, "f:1");
  check(&one, "n");
}

static void the_text_decides_where_the_hash_has_changed(void **state) {
  (void)state;
  Case one = open_case("  call( x )\nother()\n");
  know(&one, rule(0), (KnownFinding){ .hash = STR("1"), .excerpt = STR("call( x )") });
  find(&one, rule(0), 1, "2:1");
  find(&one, rule(0), 2, "3:1");
  check(&one, "kn");
}

static void the_nearer_likeness_goes_first(void **state) {
  (void)state;
  /* The first has the text of the known one, the second its hash, the third its place. */
  Case one = open_case("call()\ncall()\ncall()\n");
  know(&one, rule(0), (KnownFinding){ .hash = STR("f"), .excerpt = STR("call()"), .line = 3 });
  find(&one, rule(0), 1, "1:1");
  find(&one, rule(0), 2, "f:1");
  find(&one, rule(0), 3, "2:1");
  check(&one, "nnk");
  one = open_case("call()\ncall()\ncall()\n");
  know(&one, rule(0), (KnownFinding){ .hash = STR("f"), .excerpt = STR("call()") });
  find(&one, rule(0), 1, "1:1");
  find(&one, rule(0), 2, "f:1");
  find(&one, rule(0), 3, "2:1");
  check(&one, "nkn");
}

static void several_entries_of_one_likeness_are_used_up_in_turn(void **state) {
  (void)state;
  Case one = open_case("a\na\na\n");
  know(&one, rule(0), (KnownFinding){ .hash = STR("1"), .excerpt = STR("a") });
  know(&one, rule(0), (KnownFinding){ .hash = STR("2"), .excerpt = STR("a") });
  for (uint32_t line = 1; line <= 3; line++) find(&one, rule(0), line, "3:1");
  check(&one, "kkn");
}

static void an_excerpt_is_one_short_line(void **state) {
  (void)state;
  char text[400];
  memset(text, 'x', sizeof text);
  memcpy(text, "\t a\t\tb \x01 ", 9);
  memcpy(text + 200, "\nend\n", 6);
  Case one = open_case(text);
  Str excerpt = line_excerpt(one.arena, &one.source, 1);
  assert_true(str_starts_with(excerpt, STR("a b x")));
  assert_true(str_ends_with(excerpt, STR("x…")));
  assert_int_equal(excerpt.len, 100 + strlen("…"));
  assert_str(line_excerpt(one.arena, &one.source, 2), "end");
  assert_str(line_excerpt(one.arena, &one.source, 3), "");
  arena_free(one.arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_hash_is_known_as_often_as_it_was_there),
    cmocka_unit_test(another_rule_is_not_known),
    cmocka_unit_test(the_text_decides_where_the_hash_has_changed),
    cmocka_unit_test(the_nearer_likeness_goes_first),
    cmocka_unit_test(several_entries_of_one_likeness_are_used_up_in_turn),
    cmocka_unit_test(an_excerpt_is_one_short_line),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
