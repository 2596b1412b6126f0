#include "source/line_hash.h"

#include "base/text.h"
#include "unit.h"

// What code scanning's own program makes of these texts.
static const struct {
  const char *text, *hashes;
} CASES[] = {
  { "", "c129715d7a2bc9a3:1" },
  { "await work()", "aaccc9eb52bf519d:1" },
  { "await work()\n", "9d698416e1be3abb:1 c129715d7a2bc9a3:1" },
  { "\tif x :\n    y\n \n",
    "297cccff406d87cf:1 ff33c7ef2dbcac60:1 3c5bef55b72b93c9:1 c129715d7a2bc9a3:1" },
  { "a\r\nb\rc\n", "52668e89249e7477:1 9ed7939040abc6c0:1 3791504be0bd17cc:1 c129715d7a2bc9a3:1" },
  { "a\r \nb", "67c066a59e652f5e:1 cc4c43d77869440f:1 8ee5a81e681643c1:1" },
  { "s = '\360\237\230\200\303\251\342\202\254'\n", "ce793adf26ca8989:1 c129715d7a2bc9a3:1" },
  { "\357\273\277a\n", "25afd31b599dedcd:1 c129715d7a2bc9a3:1" },
  { "x = "
    "'012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012"
    "345678901234567890123456789'\ny = 2\n",
    "d53e3123ee00ac82:1 ab1f8ed3e7dc41c1:1 c129715d7a2bc9a3:1" },

};

static int make_arena(void **state) {
  *state = arena_new();
  return 0;
}

static int free_arena(void **state) {
  arena_free(*state);
  return 0;
}

static void hashes_are_those_of_code_scanning(void **state) {
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    Source source = source_build(*state, STR("a.py"), str_from(CASES[i].text));
    const LineHash *hashes = line_hashes(*state, &source);
    Text shown = { .arena = *state };
    for (uint32_t line = 0; line < source.line_count; line++) {
      if (line > 0) text_add_char(&shown, ' ');
      text_add(&shown, line_hash_text(*state, hashes[line]));
    }
    assert_str(text_str(&shown), CASES[i].hashes);
  }
}

static void equal_hashes_are_numbered(void **state) {
  Text text = { .arena = *state };
  for (int i = 0; i < 60; i++) text_add(&text, STR("x\n"));
  Source source = source_build(*state, STR("a.py"), text_str(&text));
  const LineHash *hashes = line_hashes(*state, &source);
  assert_str(line_hash_text(*state, hashes[0]), "c0fe7b2700d6c254:1");
  assert_str(line_hash_text(*state, hashes[1]), "c0fe7b2700d6c254:2");
  assert_str(line_hash_text(*state, hashes[10]), "c0fe7b2700d6c254:11");
  assert_str(line_hash_text(*state, hashes[11]), "c0fe7b2700fbb0cd:1");
  assert_str(line_hash_text(*state, hashes[59]), "828973aa50c68d6d:1");
  assert_str(line_hash_text(*state, hashes[60]), "c129715d7a2bc9a3:1");
}

static void a_line_keeps_its_hash_where_it_moves(void **state) {
  Source before = source_build(*state, STR("a.py"), STR("x()\ny()\n"));
  Source after = source_build(*state, STR("a.py"), STR("# new\n\nif z:\n  x()\n  y()\n"));
  LineHash first = line_hashes(*state, &before)[0], moved = line_hashes(*state, &after)[3];
  assert_true(first.value == moved.value);
  assert_int_equal(moved.ordinal, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(hashes_are_those_of_code_scanning),
    cmocka_unit_test(equal_hashes_are_numbered),
    cmocka_unit_test(a_line_keeps_its_hash_where_it_moves),
  };
  return cmocka_run_group_tests_name("line_hash", tests, make_arena, free_arena);
}
