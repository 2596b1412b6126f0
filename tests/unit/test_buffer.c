#include "lsp/buffer.h"

#include "unit.h"

enum { MANY = 300 };

static Str path_of(Arena *arena, int i) { return str_format(arena, "/folder/%d.py", i); }

static void buffers_are_found_by_their_path_while_they_are_open(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Buffers buffers;
  buffers_begin(&buffers);
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < MANY; i++) buffer_open(&buffers, STR("u:r"), path_of(arena, i), i);
    for (int i = 0; i < MANY; i += 3) {
      buffer_close(&buffers, buffer_find(&buffers, path_of(arena, i)));
    }
    for (int i = 0; i < MANY; i++) {
      const Buffer *found = buffer_find(&buffers, path_of(arena, i));
      assert_int_equal(found != NULL, i % 3 != 0);
      if (found) assert_int_equal(found->version, i);
    }
    assert_int_equal(buffers.items.count, MANY - MANY / 3);
  }
  buffers_end(&buffers);
  arena_free(arena);
}

static void what_is_opened_again_is_there_once(void **state) {
  (void)state;
  Buffers buffers;
  buffers_begin(&buffers);
  buffer_open(&buffers, STR("u:1"), STR("/a"), 1)->is_out_of_sync = true;
  const Buffer *again = buffer_open(&buffers, STR("u:2"), STR("/a"), 2);
  assert_ptr_equal(buffer_find(&buffers, STR("/a")), again);
  assert_int_equal(buffers.items.count, 1);
  assert_false(again->is_out_of_sync);
  assert_str(again->texts[0].uri, "u:2");
  buffers_end(&buffers);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(buffers_are_found_by_their_path_while_they_are_open),
    cmocka_unit_test(what_is_opened_again_is_there_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
