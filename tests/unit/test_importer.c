#include "project/importer.h"

#include "project/import_scan.h"

#include "unit.h"

static Arena *arena;
static CoroutineNames coroutines;

static const Facts *facts_with(const char *module, bool is_package, const char *coroutine) {
  Facts *facts = arena_make(arena, Facts);
  facts->identity = (ModuleIdentity){ .name = str_from(module), .is_package = is_package };
  FunctionFacts plain = { .name = str_join(arena, str_from(module), '.', STR("plain")) };
  vec_push(arena, &facts->functions, plain);
  FunctionFacts function = { .name = str_join(arena, str_from(module), '.', str_from(coroutine)),
                             .facts = FACT_ASYNC };
  if (*coroutine) vec_push(arena, &facts->functions, function);
  return facts;
}

/* app hands on what app.client has; app.tools has no coroutine function. */
static int make_project(void **state) {
  (void)state;
  arena = arena_new();
  Facts *package = (Facts *)facts_with("app", true, "");
  vec_push(arena, &package->imports, STR("app.client"));
  const Facts *facts[] = { package,
                           facts_with("app.client", false, "Client.fetch"),
                           facts_with("app.tools", false, ""),
                           NULL };
  Map names = { 0 };
  map_put(arena, &names, STR("app"), 0);
  map_put(arena, &names, STR("app.client"), 1);
  map_put(arena, &names, STR("app.tools"), 2);
  map_put(arena, &names, STR("app.broken"), 3);
  coroutines = coroutine_names(arena, &names, facts, 4);
  return 0;
}

static int free_arena(void **state) {
  (void)state;
  arena_free(arena);
  return 0;
}

static bool uses(const char *text) {
  ModuleIdentity identity = { .name = STR("app.cli.main") };
  Strs imported = { 0 };
  import_scan(arena, &identity, str_from(text), &imported);
  bool is_used = uses_coroutines(&coroutines, &imported, str_from(text));
  assert_true(!is_used || importable_digest(&coroutines, &imported) != 0);
  return is_used;
}

static void every_form_of_import_is_read(void **state) {
  (void)state;
  assert_true(uses("from app.client import Client\nClient().fetch()\n"));
  assert_true(uses("from app import client\nclient.Client().fetch()\n"));
  assert_true(uses("import app.client\napp.client.Client().fetch()\n"));
  assert_true(uses("import os, app.client as c\nc.Client().fetch()\n"));
  assert_true(uses("from app import (\n  tools,\n  client,\n)\nclient.Client().fetch()\n"));
  assert_true(uses("def run():\n    from app.client import Client\n    Client().fetch()\n"));
  assert_true(uses("from ..client import Client\nClient().fetch()\n"));
  assert_true(uses("from .. import client\nclient.Client().fetch()"));
}

static void a_package_hands_on_what_it_imports(void **state) {
  (void)state;
  assert_true(uses("from app import Client\nClient().fetch()\n"));
}

static void without_the_import_or_the_name_nothing_is_used(void **state) {
  (void)state;
  assert_false(uses("from app.client import Client\nClient().plain()\n"));
  assert_false(uses("from app.client import Client\nClient().fetches()\nprefetch()\n"));
  assert_false(uses("from app.tools import plain\nfetch()\n"));
  assert_false(uses("from app.broken import fetch\nfetch()\n"));
  assert_false(uses("from other.client import Client\nClient().fetch()\n"));
  assert_false(uses("fetch()\n"));
  assert_false(uses(""));
}

static void what_is_cut_short_is_no_import(void **state) {
  (void)state;
  assert_false(uses("fetch()\nfrom"));
  assert_false(uses("fetch()\nfrom "));
  assert_false(uses("fetch()\nfrom ... import client"));
  assert_false(uses("fetch()\nimport "));
  assert_false(uses("fetch()\nfrom other import ("));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(every_form_of_import_is_read, make_project, free_arena),
    cmocka_unit_test_setup_teardown(a_package_hands_on_what_it_imports, make_project, free_arena),
    cmocka_unit_test_setup_teardown(
      without_the_import_or_the_name_nothing_is_used, make_project, free_arena
    ),
    cmocka_unit_test_setup_teardown(what_is_cut_short_is_no_import, make_project, free_arena),
  };
  return cmocka_run_group_tests_name("importer", tests, NULL, NULL);
}
