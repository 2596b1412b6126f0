#include "lint/context.h"

#include "base/text.h"
#include "lint/rule.h"
#include "support.h"

static const Rule rule = { .code = "AWR999", .name = "test-rule" };

typedef struct {
  Context cx;
  Findings findings;
  Module *module;
} Setting;

static Setting *setting_of(const char *text) {
  Arena *arena = support_arena();
  Setting *setting = arena_make(arena, Setting);
  setting->module = module_of(text);
  setting->cx = (Context
  ){ .rule = &rule, .module = setting->module, .findings = &setting->findings, .arena = arena };
  return setting;
}

static Str fixed(Setting *setting, Finding *finding) {
  Str result;
  edits_sort(support_arena(), &finding->fix.edits);
  Str text = setting->module->source->text;
  assert_true(edits_apply(support_arena(), text, &finding->fix.edits, &result));
  return result;
}

static void a_finding_holds_what_was_said(void **state) {
  (void)state;
  Setting *setting = setting_of("a = b\n");
  Context *cx = &setting->cx;
  Finding *finding = report(cx, node_at(setting->module, "b", 0), "%s is lost", "b");
  add_note(cx, finding, node_at(setting->module, "a", 0), "held by %d", 1);
  add_note_elsewhere(cx, finding, STR("c.py"), (Position){ 3, 4 }, "raised here");
  add_help(cx, finding, "keep %s", "it");
  assert_int_equal(setting->findings.count, 1);
  assert_ptr_equal(finding->rule, &rule);
  assert_str(finding->path, "pkg/mod.py");
  assert_int_equal(finding->span.start, 4);
  assert_int_equal(finding->span.end, 5);
  assert_str(finding->message, "b is lost");
  assert_str(finding->notes.items[0].message, "held by 1");
  assert_int_equal(finding->notes.items[0].span.start, 0);
  assert_str(finding->notes.items[1].path, "c.py");
  assert_int_equal(finding->notes.items[1].start.line, 3);
  assert_str(finding->help, "keep it");
  assert_int_equal(finding->fix.applicability, FIX_NONE);
}

static void edits_of_a_fix_add_up(void **state) {
  (void)state;
  Setting *setting = setting_of("f(a, b)\n");
  Context *cx = &setting->cx;
  Finding *finding = report_span(cx, (Span){ 0, 1 }, "x");
  add_fix(cx, finding, FIX_UNSAFE, "Await %s", "it");
  fix_insert_before(cx, finding, node_at(setting->module, "f(a, b)", 0), "await ");
  fix_replace(cx, finding, node_at(setting->module, "a", 0), "%d", 12);
  fix_insert_after(cx, finding, node_at(setting->module, "b", 0), ", c");
  assert_str(finding->fix.title, "Await it");
  assert_int_equal(finding->fix.applicability, FIX_UNSAFE);
  assert_str(fixed(setting, finding), "await f(12, b, c)\n");
}

static void appends(const char *text, const char *statement, const char *expected) {
  Setting *setting = setting_of(text);
  Node block = node_of(setting->module, KIND_BLOCK, 0);
  Finding *finding = report(&setting->cx, block, "x");
  add_fix(&setting->cx, finding, FIX_SAFE, "Append");
  fix_append_statement(&setting->cx, finding, block, "%s", statement);
  assert_str(fixed(setting, finding), expected);
}

static void a_statement_is_appended_in_the_blocks_indentation(void **state) {
  (void)state;
  appends("if a:\n    b()\nc()\n", "raise", "if a:\n    b()\n    raise\nc()\n");
  appends("if a:\n\tb()  # why\n", "raise", "if a:\n\tb()  # why\n\traise\n");
  appends("if a:\n  b()", "raise", "if a:\n  b()\n  raise");
  appends(
    "if a:\n  b(\n    1,\n  )\n\n\nc()\n", "raise", "if a:\n  b(\n    1,\n  )\n  raise\n\n\nc()\n"
  );
  appends("if a:\n  if b:\n    c()\nd()\n", "raise", "if a:\n  if b:\n    c()\n  raise\nd()\n");
  appends("if a:\r\n  b()\r\n", "raise", "if a:\r\n  b()\r\n  raise\r\n");
  appends("if a:\n  b()\n", "if c:\n  raise", "if a:\n  b()\n  if c:\n    raise\n");
}

static void a_lone_pass_gives_way(void **state) {
  (void)state;
  appends("if a:\n  pass  # why\n", "raise", "if a:\n  raise  # why\n");
  appends("if a: pass\n", "raise", "if a: raise\n");
}

static void in_a_block_on_one_line_a_semicolon_does(void **state) {
  (void)state;
  appends("if a: b()  # why\n", "raise", "if a: b(); raise  # why\n");
  appends("if a: b(); c();\n", "raise", "if a: b(); c(); raise;\n");
}

static void shows(const char *text, const char *expected) {
  Setting *setting = setting_of(text);
  assert_str(shown(&setting->cx, node_of(setting->module, KIND_CALL, 0)), expected);
}

static void nodes_are_shown_on_one_line(void **state) {
  (void)state;
  shows("f(a, 'x')\n", "f(a, 'x')");
  shows("f(\n  a,  # why\n  # more\n  b\n)\n", "f(a, b)");
  shows("f(a + \\\n  b)\n", "f(a + b)");
  shows("f('a # b')\n", "f('a # b')");
}

static void a_long_node_is_shortened(void **state) {
  (void)state;
  shows(
    "f(aaaaaaaaa, bbbbbbbbb, ccccccccc, ddddddddd, eeeeeeeee, fffffff)\n",
    "f(aaaaaaaaa, bbbbbbbbb, ccccccccc, ddddddddd, eeeeeeeee, ff…"
  );
  shows(
    "f(ääääääääää, ääääääääää, ääääääääää, ääääääääää, äääääääääää)\n",
    "f(ääääääääää, ääääääääää, ääääääääää, ääääääääää, äääääääää…"
  );
  shows(
    "f(aaaaaaaaa, bbbbbbbbb, ccccccccc, ddddddddd, eeeeeeeee, ff)\n",
    "f(aaaaaaaaa, bbbbbbbbb, ccccccccc, ddddddddd, eeeeeeeee, ff)"
  );
}

static void a_reason_is_kept_only_for_those_who_ask(void **state) {
  (void)state;
  Setting *setting = setting_of("a = b\n");
  Context *cx = &setting->cx;
  Node node = node_at(setting->module, "b", 0);
  assert_true(stays_quiet(cx, node, "nobody reads it"));
  Quiets quiets = { 0 };
  cx->quiets = &quiets;
  assert_false(stays_quiet(cx, node, NULL));
  assert_int_equal(quiets.count, 0);
  assert_true(stays_quiet(cx, node, "nobody reads it"));
  assert_true(stays_quiet(cx, NODE_NONE, "broken code"));
  assert_int_equal(quiets.count, 1);
  assert_ptr_equal(quiets.items[0].rule, &rule);
  assert_int_equal(quiets.items[0].span.start, 4);
  assert_string_equal(quiets.items[0].why, "nobody reads it");
  assert_int_equal(setting->findings.count, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_finding_holds_what_was_said),
    cmocka_unit_test(edits_of_a_fix_add_up),
    cmocka_unit_test(a_statement_is_appended_in_the_blocks_indentation),
    cmocka_unit_test(a_lone_pass_gives_way),
    cmocka_unit_test(in_a_block_on_one_line_a_semicolon_does),
    cmocka_unit_test(nodes_are_shown_on_one_line),
    cmocka_unit_test(a_long_node_is_shortened),
    cmocka_unit_test(a_reason_is_kept_only_for_those_who_ask),
  };
  return cmocka_run_group_tests_name("context", tests, NULL, NULL);
}
