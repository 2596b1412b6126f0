#include "proof/duplicate.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void run(const char *top, const char *script) {
  char command[1024];
  snprintf(command, sizeof(command), "cd %s && %s", top, script);
  assert_int_equal(system(command), 0); // NOLINT(cert-env33-c): the command is ours
}

static void a_project_is_copied(void **state) {
  (void)state;
  Arena *arena = arena_new();
  char top[] = "/tmp/test-duplicate-XXXXXX";
  assert_non_null(mkdtemp(top));
  run(
    top,
    "mkdir -p from/pkg/__pycache__ from/.git from/.venv to && echo text > from/pkg/a.py && "
    "chmod 755 from/pkg/a.py && touch from/.venv/pyvenv.cfg from/.git/HEAD && "
    "ln -s pkg/a.py from/link && mkfifo from/fifo"
  );
  Str message;
  Str from = str_format(arena, "%s/from", top), to = str_format(arena, "%s/to", top);
  assert_true(folder_copy(arena, from, to, &message));
  run(
    top,
    "test \"$(cat to/pkg/a.py)\" = text && test -x to/pkg/a.py && test ! -e to/pkg/__pycache__ && "
    "test ! -e to/.git && test -L to/.venv && test -L to/link && test ! -e to/fifo"
  );
  folder_remove(arena, str_from(top));
  assert_int_equal(access(top, F_OK), -1);
  arena_free(arena);
}

static void the_copy_may_lie_in_the_original(void **state) {
  (void)state;
  Arena *arena = arena_new();
  char top[] = "/tmp/test-duplicate-XXXXXX";
  assert_non_null(mkdtemp(top));
  run(top, "mkdir -p scratch/to && echo x > a.py");
  Str message;
  assert_true(folder_copy(arena, str_from(top), str_format(arena, "%s/scratch/to", top), &message));
  run(top, "test -e scratch/to/a.py && test ! -e scratch/to/scratch");
  folder_remove(arena, str_from(top));
  arena_free(arena);
}

static void links_are_not_followed_when_removing(void **state) {
  (void)state;
  Arena *arena = arena_new();
  char top[] = "/tmp/test-duplicate-XXXXXX";
  assert_non_null(mkdtemp(top));
  run(
    top,
    "mkdir -p kept gone/locked && touch kept/file && ln -s ../kept gone/link && chmod 0 gone/locked"
  );
  folder_remove(arena, str_format(arena, "%s/gone", top));
  run(top, "test -e kept/file && test ! -e gone");
  folder_remove(arena, str_from(top));
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_project_is_copied),
    cmocka_unit_test(the_copy_may_lie_in_the_original),
    cmocka_unit_test(links_are_not_followed_when_removing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
