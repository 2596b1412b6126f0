#include "unit.h"

#include "python/library.h"
#include "python/library_table.h"

static LibraryKind kind_of(const char *name) {
  const LibraryEntry *entry = library_find(NULL, str_from(name));
  if (!entry) fail_msg("unknown: %s", name);
  return entry->kind;
}

static void coroutine_functions_are_known(void **state) {
  (void)state;
  static const char *const COROUTINES[] = {
    "asyncio.sleep",
    "asyncio.wait",
    "asyncio.wait_for",
    "asyncio.to_thread",
    "asyncio.open_connection",
    "asyncio.create_subprocess_exec",
    "asyncio.Queue.get",
    "asyncio.Event.wait",
    "asyncio.Lock.acquire",
    "asyncio.Lock.__aenter__",
    "asyncio.BoundedSemaphore.acquire",
    "asyncio.StreamWriter.drain",
    "asyncio.subprocess.Process.communicate",
    "asyncio.AbstractEventLoop.create_connection",
    "contextlib.AsyncExitStack.aclose",
    "unittest.IsolatedAsyncioTestCase.asyncSetUp",
  };
  for (size_t i = 0; i < sizeof(COROUTINES) / sizeof(*COROUTINES); i++) {
    assert_int_equal(kind_of(COROUTINES[i]), LIBRARY_COROUTINE);
  }
  static const char *const OTHERS[] = { "asyncio.gather",
                                        "asyncio.create_task",
                                        "asyncio.shield",
                                        "asyncio.Queue.get_nowait",
                                        "asyncio.Event.set" };
  for (size_t i = 0; i < sizeof(OTHERS) / sizeof(*OTHERS); i++) {
    assert_int_equal(kind_of(OTHERS[i]), LIBRARY_FUNCTION);
  }
}

static void returned_classes_are_known(void **state) {
  (void)state;
  assert_str(library_find(NULL, STR("asyncio.create_task"))->target, "asyncio.Task");
  assert_str(library_find(NULL, STR("asyncio.gather"))->target, "asyncio.Future");
  assert_str(library_find(NULL, STR("asyncio.TaskGroup.create_task"))->target, "asyncio.Task");
  assert_str(
    library_find(NULL, STR("asyncio.get_running_loop"))->target, "asyncio.AbstractEventLoop"
  );
  assert_str(library_find(NULL, STR("asyncio.TaskGroup.__aenter__"))->target, "asyncio.TaskGroup");
  assert_str(
    library_find(NULL, STR("asyncio.run_coroutine_threadsafe"))->target, "concurrent.futures.Future"
  );
}

static void what_never_returns_is_known(void **state) {
  (void)state;
  assert_int_equal(kind_of("sys.exit"), LIBRARY_NEVER_RETURNS);
  assert_int_equal(kind_of("os._exit"), LIBRARY_NEVER_RETURNS);
  assert_int_equal(kind_of("exit"), LIBRARY_NEVER_RETURNS);
  assert_int_equal(kind_of("argparse.ArgumentParser.error"), LIBRARY_NEVER_RETURNS);
}

static void builtins_have_bare_names(void **state) {
  (void)state;
  assert_int_equal(kind_of("Exception"), LIBRARY_CLASS);
  assert_int_equal(kind_of("builtins.Exception"), LIBRARY_CLASS);
  assert_int_equal(kind_of("print"), LIBRARY_FUNCTION);
  assert_str(library_find(NULL, STR("IOError"))->name, "OSError");
  assert_null(library_find(NULL, STR("unheard_of")));
  assert_null(library_find(NULL, STR("")));
  assert_null(library_find(NULL, STR("asyncio.Queue.unheard_of")));
}

static void private_homes_have_public_names(void **state) {
  (void)state;
  static const char *const PAIRS[][2] = {
    { "asyncio.tasks.gather", "asyncio.gather" },
    { "asyncio.exceptions.CancelledError", "asyncio.CancelledError" },
    { "asyncio.locks.Event.wait", "asyncio.Event.wait" },
    { "asyncio.subprocess.create_subprocess_exec", "asyncio.create_subprocess_exec" },
    { "asyncio.subprocess.Process", "asyncio.subprocess.Process" },
    { "concurrent.futures._base.Future", "concurrent.futures.Future" },
    { "concurrent.futures._base.CancelledError", "concurrent.futures.CancelledError" },
    { "unittest.async_case.IsolatedAsyncioTestCase", "unittest.IsolatedAsyncioTestCase" },
    { "builtins.TimeoutError", "TimeoutError" },
    { "asyncio.gather", "asyncio.gather" },
    { "OSError", "OSError" },
    { "pkg.mod.f", "pkg.mod.f" },
  };
  for (size_t i = 0; i < sizeof(PAIRS) / sizeof(*PAIRS); i++) {
    assert_str(library_public_name(NULL, str_from(PAIRS[i][0])), PAIRS[i][1]);
  }
}

static void timeouts_and_cancellations_stay_apart(void **state) {
  (void)state;
  assert_str(
    library_find(NULL, STR("asyncio.TimeoutError"))->name, "asyncio.exceptions.TimeoutError"
  );
  assert_str(
    library_find(NULL, STR("concurrent.futures.TimeoutError"))->name,
    "concurrent.futures._base.TimeoutError"
  );
  assert_str(library_find(NULL, STR("TimeoutError"))->name, "TimeoutError");
  assert_true(library_is_subclass(NULL, STR("asyncio.TimeoutError"), STR("Exception")));
  assert_false(library_is_subclass(NULL, STR("TimeoutError"), STR("asyncio.TimeoutError")));
  assert_false(library_is_subclass(
    NULL, STR("concurrent.futures.CancelledError"), STR("asyncio.CancelledError")
  ));
}

static void classes_know_their_bases(void **state) {
  (void)state;
  assert_true(library_is_subclass(NULL, STR("asyncio.CancelledError"), STR("BaseException")));
  assert_false(library_is_subclass(NULL, STR("asyncio.CancelledError"), STR("Exception")));
  assert_true(library_is_subclass(NULL, STR("ConnectionResetError"), STR("OSError")));
  assert_true(library_is_subclass(NULL, STR("ConnectionResetError"), STR("IOError")));
  assert_true(library_is_subclass(NULL, STR("KeyError"), STR("BaseException")));
  assert_true(library_is_subclass(NULL, STR("asyncio.Task"), STR("asyncio.Future")));
  assert_true(library_is_subclass(NULL, STR("asyncio.tasks.Task"), STR("asyncio.futures.Future")));
  assert_true(library_is_subclass(NULL, STR("pkg.Own"), STR("pkg.Own")));
  assert_false(library_is_subclass(NULL, STR("pkg.Own"), STR("Exception")));
  const LibraryEntry *task = library_find(NULL, STR("asyncio.Task"));
  assert_non_null(library_method(NULL, task, STR("add_done_callback")));
  assert_null(library_method(NULL, task, STR("unheard_of")));
}

static void the_table_is_sorted(void **state) {
  (void)state;
  for (uint32_t i = 1; i < library_table.entry_count; i++) {
    assert_true(str_compare(library_table.entries[i - 1].name, library_table.entries[i].name) < 0);
  }
  for (uint32_t i = 1; i < library_table.rename_count; i++) {
    assert_true(str_compare(library_table.renames[i - 1].name, library_table.renames[i].name) < 0);
  }
}

static void every_alias_leads_somewhere(void **state) {
  (void)state;
  for (uint32_t i = 0; i < library_table.entry_count; i++) {
    const LibraryEntry *entry = library_find(NULL, library_table.entries[i].name);
    assert_non_null(entry);
    assert_true(entry->kind != LIBRARY_ALIAS);
  }
}

static void common_libraries_are_known(void **state) {
  (void)state;
  static const char *const COROUTINES[] = {
    "aiohttp.ClientSession.close",
    "aiohttp.ClientResponse.json",
    "httpx.AsyncClient.get",
    "sqlalchemy.ext.asyncio.AsyncSession.commit",
    "discord.ext.commands.Context.send",
    "fastapi.Request.json",
    "websockets.ClientConnection.send",
    "redis.asyncio.Redis.aclose",
    "telegram.Bot.send_message",
    "playwright.async_api.Page.goto",
  };
  for (size_t i = 0; i < sizeof(COROUTINES) / sizeof(*COROUTINES); i++) {
    assert_int_equal(kind_of(COROUTINES[i]), LIBRARY_COROUTINE);
  }
  assert_int_equal(kind_of("aiohttp.ClientSession.get"), LIBRARY_FUNCTION);
  Str home = STR("aiohttp.client.ClientSession");
  assert_str(library_public_name(NULL, home), "aiohttp.ClientSession");
  Str error = STR("aiohttp.ServerTimeoutError");
  assert_true(library_is_subclass(NULL, error, STR("asyncio.TimeoutError")));
}

static void own_packages_hide_libraries(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Library library = { .installed = NULL };
  map_put(arena, &library.packages, STR("aiohttp"), PACKAGE_OWN);
  Str home = STR("aiohttp.client.ClientSession");
  assert_null(library_find(&library, home));
  assert_str(library_public_name(&library, home), "aiohttp.client.ClientSession");
  assert_non_null(library_find(&library, STR("httpx.AsyncClient")));
  assert_non_null(library_find(&library, STR("asyncio.Queue.get")));
  arena_free(arena);
}

static void standard_packages_are_told_apart(void **state) {
  (void)state;
  assert_true(library_is_standard(STR("asyncio")));
  assert_true(library_is_standard(STR("OSError")));
  assert_false(library_is_standard(STR("aiohttp")));
  assert_false(library_is_standard(STR("asynci")));
  assert_false(library_is_standard(STR("unheard_of")));
}

/* Clients are looked up by the names under which users know them. */
static void clients_have_public_names(void **state) {
  (void)state;
  static const char *const CLIENTS[] = {
#define HTTP_CLIENT(maker, name, method, keyword, reopens) name,
#define CLIENT(maker, name, method, keyword) name,
#include "python/clients.def"
  };
  for (size_t i = 0; i < sizeof CLIENTS / sizeof *CLIENTS; i++) {
    assert_str(library_public_name(NULL, str_from(CLIENTS[i])), CLIENTS[i]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(coroutine_functions_are_known),
    cmocka_unit_test(returned_classes_are_known),
    cmocka_unit_test(what_never_returns_is_known),
    cmocka_unit_test(builtins_have_bare_names),
    cmocka_unit_test(private_homes_have_public_names),
    cmocka_unit_test(timeouts_and_cancellations_stay_apart),
    cmocka_unit_test(classes_know_their_bases),
    cmocka_unit_test(the_table_is_sorted),
    cmocka_unit_test(every_alias_leads_somewhere),
    cmocka_unit_test(common_libraries_are_known),
    cmocka_unit_test(own_packages_hide_libraries),
    cmocka_unit_test(standard_packages_are_told_apart),
    cmocka_unit_test(clients_have_public_names),
  };
  return cmocka_run_group_tests_name("library", tests, NULL, NULL);
}
