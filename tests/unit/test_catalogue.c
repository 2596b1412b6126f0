#include "support.h"

#include "python/catalogue.h"
#include "python/parse.h"

static const Library STANDARD = { .is_standard_only = true };

static void read_as(Catalogue *catalogue, const char *path, const char *name, const char *text) {
  Arena *arena = support_arena();
  Source *source = arena_make(arena, Source);
  *source = source_build(arena, str_from(path), str_copy(arena, str_from(text)));
  Parser *parser = parser_new();
  Tree tree = parse_source(parser, source, arena);
  ModuleOptions options = {
    .identity = { .name = str_from(name),
                  .is_package = str_contains(source->path, STR("__init__")) },
    .library = &STANDARD,
  };
  catalogue_read(catalogue, module_build(arena, tree, &options));
  parser_free(parser);
}

static Library library_with(const LibraryTable *table) {
  Library library = { .installed = table };
  map_put(support_arena(), &library.packages, STR("lib"), PACKAGE_INSTALLED);
  return library;
}

static const LibraryEntry *entry(const Library *library, const char *name) {
  const LibraryEntry *found = library_find(library, str_from(name));
  if (found == NULL) fail_msg("unknown: %s", name);
  return found;
}

static const char SOURCE[] = "import contextlib\n"
                             "from typing import Generic, Optional, TypeVar, overload\n"
                             "from lib.deco import traced\n"
                             "T = TypeVar('T')\n"
                             "class Entering(Generic[T]):\n"
                             "    def __await__(self): ...\n"
                             "    async def __aenter__(self) -> T:\n"
                             "        return await self.made()\n"
                             "ReplyEntering = Entering['Reply']\n"
                             "class Reply:\n"
                             "    async def body(self) -> bytes:\n"
                             "        return b''\n"
                             "class Base:\n"
                             "    async def close(self):\n"
                             "        self.open = False\n"
                             "    async def hook(self):\n"
                             "        pass\n"
                             "class Client(Base):\n"
                             "    def get(self, url) -> 'ReplyEntering':\n"
                             "        return ReplyEntering(url)\n"
                             "    async def __aenter__(self):\n"
                             "        return self\n"
                             "    async def find(self) -> Optional['Reply']:\n"
                             "        return None\n"
                             "    async def lines(self):\n"
                             "        yield 1\n"
                             "    @contextlib.asynccontextmanager\n"
                             "    async def lease(self):\n"
                             "        yield self\n"
                             "    @traced\n"
                             "    async def slow(self):\n"
                             "        return 1\n"
                             "    @property\n"
                             "    async def odd(self):\n"
                             "        return 1\n";

static Library made_library(Catalogue *catalogue) {
  *catalogue = (Catalogue){ .arena = support_arena(), .is_external = true };
  read_as(catalogue, "lib/_client.py", "lib._client", SOURCE);
  read_as(
    catalogue, "lib/__init__.py", "lib", "from ._client import Client\nfrom ._client import Reply\n"
  );
  read_as(catalogue, "lib/use.py", "lib.u", "from lib._client import Client\n");
  catalogue_link(catalogue);
  return library_with(catalogue_table(catalogue, &STANDARD));
}

static void sources_tell_by_their_bodies(void **state) {
  (void)state;
  Catalogue catalogue;
  Library library = made_library(&catalogue);
  assert_int_equal(entry(&library, "lib.Client.close")->kind, LIBRARY_COROUTINE);
  assert_int_equal(entry(&library, "lib.Client.find")->kind, LIBRARY_COROUTINE);
  assert_int_equal(entry(&library, "lib.Client.lines")->kind, LIBRARY_ASYNC_GENERATOR);
  assert_null(library_find(&library, STR("lib.Client.lease")));
  assert_null(library_find(&library, STR("lib.Client.slow")));
  assert_null(library_find(&library, STR("lib.Client.odd")));
  assert_null(library_find(&library, STR("lib.Base.hook")));
}

static void returned_and_entered_classes_are_known(void **state) {
  (void)state;
  Catalogue catalogue;
  Library library = made_library(&catalogue);
  assert_str(entry(&library, "lib.Client.find")->target, "lib.Reply");
  assert_str(entry(&library, "lib.Client.__aenter__")->target, "lib.Client");
  assert_str(entry(&library, "lib.Client.get")->target, "lib._client.ReplyEntering");
  assert_str(entry(&library, "lib._client.ReplyEntering.__aenter__")->target, "lib.Reply");
}

static void what_a_package_hands_on_is_public(void **state) {
  (void)state;
  Catalogue catalogue;
  Library library = made_library(&catalogue);
  assert_str(library_public_name(&library, STR("lib._client.Client")), "lib.Client");
  assert_null(library_find(&library, STR("lib.u.Client")));
  assert_true(library_is_subclass(&library, STR("lib.Client"), STR("lib._client.Base")));
}

static void stubs_tell_by_their_annotations(void **state) {
  (void)state;
  Catalogue catalogue = { .arena = support_arena(), .is_external = true };
  read_as(
    &catalogue,
    "lib/__init__.pyi",
    "lib",
    "from typing import Any, Coroutine\n"
    "from os import path\n"
    "class A:\n"
    "    async def go(self) -> None: ...\n"
    "    def start(self) -> Coroutine[Any, Any, None]: ...\n"
  );
  catalogue_link(&catalogue);
  Library library = library_with(catalogue_table(&catalogue, &STANDARD));
  assert_int_equal(entry(&library, "lib.A.go")->kind, LIBRARY_COROUTINE);
  assert_int_equal(entry(&library, "lib.A.start")->kind, LIBRARY_COROUTINE);
  assert_null(library_find(&library, STR("lib.path")));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(sources_tell_by_their_bodies),
    cmocka_unit_test(returned_and_entered_classes_are_known),
    cmocka_unit_test(what_a_package_hands_on_is_public),
    cmocka_unit_test(stubs_tell_by_their_annotations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
