#include "flow_support.h"

/* ---- sizes ---- */

static char *repeated(const char *text, uint32_t count) {
  size_t len = strlen(text);
  char *all = arena_alloc(support_arena(), len * count + 1);
  for (uint32_t i = 0; i < count; i++) memcpy(all + len * i, text, len);
  return all;
}

static const Flow *
flow_of_text(const char *before, const char *text, uint32_t count, const char *after) {
  Str all = str_format(support_arena(), "%s%s%s", before, repeated(text, count), after);
  Module *module = checked_module(str_terminated(support_arena(), all));
  return module_flow(module, 1);
}

static void long_functions_stay_linear(void **state) {
  (void)state;
  const Flow *flow = flow_of_text("async def f():\n", "  await a(b)\n", 10000, "");
  assert_true(flow->count > 20000 && flow->count < 20100);
  flow = flow_of_text("async def f():\n  if a:\n    pass\n", "  elif b:\n    c()\n", 50000, "");
  assert_true(flow->count < 150100);
}

static void long_conditions_do_not_overflow_the_stack(void **state) {
  (void)state;
  const Flow *flow = flow_of_text("async def f():\n  if a", " or await b", 100000, ":\n    c()\n");
  assert_true(flow->count > 100000 && flow->count < 201000);
  flow = flow_of_text("async def f():\n  x = a", " and b", 100000, "\n");
  assert_true(flow->count > 100000 && flow->count < 101000);
  flow = flow_of_text("async def f():\n  if ", "not ", 50000, "a:\n    c()\n");
  assert_true(flow->count < 10);
  flow = flow_of_text("async def f():\n  x = ", "a if b else ", 5000, "c\n");
  assert_true(flow->count < 1000);
  Str brackets = STR("b");
  for (int i = 0; i < 1000; i++)
    brackets = str_format(support_arena(), "(await %.*s)", STR_ARGS(brackets));
  flow = flow_of_text("async def f():\n  ", str_terminated(support_arena(), brackets), 1, "\n");
  assert_true(flow->count > 100 && flow->count < 1100);
}

static Str nested_tries(uint32_t depth, bool is_in_finally) {
  Arena *arena = support_arena();
  Str text = STR("async def f():\n");
  for (uint32_t i = 1; i <= depth; i++) {
    int in = (int)i;
    text = is_in_finally ? str_format(
                             arena,
                             "%.*s%*stry:\n%*sawait a()\n%*sfinally:\n",
                             STR_ARGS(text),
                             in,
                             "",
                             in + 1,
                             "",
                             in,
                             ""
                           )
                         : str_format(arena, "%.*s%*stry:\n", STR_ARGS(text), in, "");
  }
  text = str_format(arena, "%.*s%*sawait x()\n", STR_ARGS(text), (int)depth + 1, "");
  for (uint32_t i = depth; i >= 1 && !is_in_finally; i--) {
    int in = (int)i;
    text = str_format(arena, "%.*s%*sfinally:\n%*sawait c()\n", STR_ARGS(text), in, "", in + 1, "");
  }
  return text;
}

static void nested_finallys_stay_linear(void **state) {
  (void)state;
  Arena *arena = support_arena();
  Module *module = checked_module(str_terminated(arena, nested_tries(20, false)));
  assert_true(module_flow(module, 1)->count < 400);
  const Flow *flow = module_flow(module, 1);
  Node outermost = node_at(module, "await c()", 19);
  assert_true(has_edge(module, outermost, EDGE_CANCEL, flow->points[flow->raise_exit].node));
  assert_true(reaches(module, "await x()", "await c()", EDGE_CANCEL | EDGE_NEXT));
  /* A finally in a finally in a finally: copies of copies, until they are shared. */
  module = checked_module(str_terminated(arena, nested_tries(20, true)));
  assert_true(module_flow(module, 1)->count < 10000);
  assert_true(is_reachable(module, "await x()"));
}

static void deep_blocks_are_opaque(void **state) {
  (void)state;
  Arena *arena = support_arena();
  Str text = STR("async def f():\n");
  for (int i = 1; i <= 300; i++) text = str_format(arena, "%.*s%*sif a:\n", STR_ARGS(text), i, "");
  text = str_format(arena, "%.*s%*sawait b()\n", STR_ARGS(text), 301, "");
  Module *module = checked_module(str_terminated(arena, text));
  if (module->symbols.functions.count > 1) assert_true(module_flow(module, 1)->count < 300);
}

static void many_handlers_stay_linear(void **state) {
  (void)state;
  Str text = str_format(
    support_arena(),
    "async def f():\n try:\n%s%s",
    repeated("  a()\n", 5000),
    repeated(" except E:\n  b()\n", 2000)
  );
  Module *module = checked_module(str_terminated(support_arena(), text));
  const Flow *flow = module_flow(module, 1);
  uint32_t edges = 0;
  for (Point point = 0; point < flow->count; point++) edges += flow->points[point].edge_count;
  assert_true(edges < 100000);
  assert_true(is_reachable(module, "b()"));
}

static void broken_text_has_a_graph(void **state) {
  (void)state;
  static const char *const TEXTS[] = {
    "async def f():\n  while :\n    a()\n",
    "async def f():\n  if not :\n    a()\n  elif:\n",
    "async def f():\n  x = a and\n  y = [b for in c]\n",
    "async def f():\n  with :\n    pass\n  for in x: pass\n",
    "async def f():\n  try:\n    a()\n  b()\n  except\n",
    "async def f():\n  match x:\n  case\n  raise from\n  assert\n",
    "async def f():\n  try:\n",
    "async def f(\n",
    "break\ncontinue\nreturn\nraise\n",
    "",
  };
  for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) checked_module(TEXTS[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(long_functions_stay_linear),
    cmocka_unit_test(long_conditions_do_not_overflow_the_stack),
    cmocka_unit_test(nested_finallys_stay_linear),
    cmocka_unit_test(deep_blocks_are_opaque),
    cmocka_unit_test(many_handlers_stay_linear),
    cmocka_unit_test(broken_text_has_a_graph),
  };
  return cmocka_run_group_tests_name("flow_build", tests, NULL, NULL);
}
