#include "python/facts_layout.h"

#include "support.h"

static const char TEXT[] = "import asyncio\n"
                           "from pkg.other import *\n"
                           "from pkg.other import Helper, start as begin\n"
                           "helper = Helper()\n"
                           "class Base: pass\n"
                           "class C(Base, Helper):\n"
                           "  limit: int = 3\n"
                           "  def __init__(self, task: asyncio.Task):\n"
                           "    self.task = task\n"
                           "    self.lock = asyncio.Lock()\n"
                           "  async def run(self, job, *, times=1):\n"
                           "    await asyncio.wait_for(self.once(job), 3)\n"
                           "    await begin(job)\n"
                           "    await asyncio.gather(*(begin(x) for x in job))\n"
                           "  @property\n"
                           "  def name(self): return self._name\n"
                           "  async def once(self, job):\n"
                           "    if job is None: raise ValueError(job)\n"
                           "    await job\n"
                           "async def main():\n"
                           "  asyncio.get_running_loop().set_task_factory(factory)\n"
                           "  await asyncio.create_subprocess_exec('ls')\n"
                           "  asyncio.create_task(C(None).run(1))\n"
                           "import tomllib\n";

static Str written(const Layout *layout, const void *value) {
  Text text = { .arena = support_arena() };
  layout_write(&text, layout, value);
  return text_str(&text);
}

static void facts_come_back_as_they_were(void **state) {
  (void)state;
  Facts facts = facts_collect(module_of(TEXT), support_arena()), read;
  assert_true(facts.functions.count > 4 && facts.classes.count == 2 && facts.calls.count > 4);
  assert_true(facts.deadlines.count == 1 && facts.imports.count > 0 && facts.aliases.count > 0);
  assert_true(facts.subprocess.name.len > 0);
  assert_true(facts.sets_task_factory);
  assert_int_equal(facts.needs_minor, 11);
  Str packed = layout_pack(support_arena(), &facts_layout, &facts);
  assert_true(layout_unpack(support_arena(), &facts_layout, packed, facts.path, &read));
  Str before = written(&facts_layout, &facts), after = written(&facts_layout, &read);
  assert_int_equal(before.len, after.len);
  assert_memory_equal(before.data, after.data, before.len);
}

static void the_path_is_the_readers(void **state) {
  (void)state;
  Facts facts = facts_collect(module_of(TEXT), support_arena()), read;
  Str packed = layout_pack(support_arena(), &facts_layout, &facts);
  assert_false(str_contains(packed, facts.path));
  assert_true(layout_unpack(support_arena(), &facts_layout, packed, STR("else/where.py"), &read));
  assert_str(read.path, "else/where.py");
  assert_str(read.functions.items[0].path, "else/where.py");
  assert_str(read.classes.items[0].path, "else/where.py");
  assert_str(read.deadlines.items[0].path, "else/where.py");
}

static void facts_of_different_files_are_told_apart(void **state) {
  (void)state;
  FunctionFacts one = { .name = STR("f"), .path = STR("a.py") }, other = one, third = one;
  other.path = STR("b.py");
  third.facts = FACT_OPAQUE;
  Str texts[] = { written(&function_facts_layout, &one),
                  written(&function_facts_layout, &other),
                  written(&function_facts_layout, &third),
                  written(&function_facts_layout, NULL) };
  for (int i = 0; i < 4; i++) {
    for (int k = 0; k < i; k++) assert_false(str_equal(texts[i], texts[k]));
  }
}

/* --- any bytes --- */

static bool is_read(Str bytes) {
  Facts read;
  return layout_unpack(support_arena(), &facts_layout, bytes, STR("x.py"), &read);
}

static void cut_bytes_are_refused(void **state) {
  (void)state;
  Facts facts = facts_collect(module_of(TEXT), support_arena());
  Str packed = layout_pack(support_arena(), &facts_layout, &facts);
  for (uint32_t len = 0; len < packed.len; len++) assert_false(is_read(str_slice(packed, 0, len)));
  Text longer = { .arena = support_arena() };
  text_add(&longer, packed);
  text_add_char(&longer, '\0');
  assert_false(is_read(text_str(&longer)));
}

static void changed_bytes_do_no_harm(void **state) {
  (void)state;
  Facts facts = facts_collect(module_of(TEXT), support_arena());
  Str packed = layout_pack(support_arena(), &facts_layout, &facts);
  char *copy = memcpy(arena_alloc(support_arena(), packed.len), packed.data, packed.len);
  for (uint32_t i = 0; i < packed.len; i++) {
    for (int bit = 0; bit < 8; bit++) {
      copy[i] ^= (char)(1 << bit);
      Facts read;
      Str changed = { copy, packed.len };
      if (layout_unpack(support_arena(), &facts_layout, changed, STR("x.py"), &read))
        written(&facts_layout, &read);
      copy[i] ^= (char)(1 << bit);
    }
  }
}

/* A member that is there twice would hide that another one is missing. */
static void members_stand_in_order(void **state) {
  (void)state;
  const Layout *layouts[] = { &facts_layout,
                              &function_facts_layout,
                              &class_facts_layout,
                              &module_identity_layout,
                              &vocabulary_layout };
  for (size_t k = 0; k < sizeof(layouts) / sizeof(*layouts); k++) {
    for (uint32_t i = 1; i < layouts[k]->field_count; i++)
      assert_true(layouts[k]->fields[i - 1].offset < layouts[k]->fields[i].offset);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(facts_come_back_as_they_were),
    cmocka_unit_test(the_path_is_the_readers),
    cmocka_unit_test(facts_of_different_files_are_told_apart),
    cmocka_unit_test(cut_bytes_are_refused),
    cmocka_unit_test(changed_bytes_do_no_harm),
    cmocka_unit_test(members_stand_in_order),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
