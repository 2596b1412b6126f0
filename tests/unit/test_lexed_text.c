#include "python/lexed_text.h"

#include "unit.h"

static uint32_t random_state;

static uint32_t random_below(uint32_t limit) {
  random_state = random_state * 1664525 + 1013904223;
  return (random_state >> 8) % limit;
}

enum { ROOM = 20000 };

static char text[ROOM];
static uint32_t len;

static void replace(uint32_t start, uint32_t end, Str with) {
  if (len - (end - start) + with.len > ROOM) return;
  memmove(text + start + with.len, text + end, len - end);
  memcpy(text + start, with.data, with.len);
  len += with.len - (end - start);
}

static const char *const PARTS[] = {
  "x = 1\n",
  "def f(a, b):\n    return a\n",
  "# a comment\n",
  "class A:\n  x = '''\n  '''\n",
  "@d(\n  1)\n",
  "if a:\n    b = f'{c!r:>{d}}'\n",
  "x = [\n  1,\n]\n",
  "s = \"\"\"one\ntwo # no\n\"\"\"\n",
  "x = 1 + \\\n2\n",
  "from a import (\n  b)\n",
  "\r\n",
  "else: pass  # why\r",
  "\357\273\277a = 1\n",
};
static const char *const TYPED[] = {
  "(",        ")",      "[", "]",  "{",  "}",  "\"", "'",    "\"\"\"",
  "'''",      "f'",     "#", "\\", "\n", "\r", " ",  "    ", "def ",
  "import a", "from b", "x", "\t", "\f", "@",  "0",  ":",    "\xEF\xBB\xBF",
};

static Str pick(const char *const *strings, size_t count) {
  return str_from(strings[random_below((uint32_t)count)]);
}

static void edit(void) {
  uint32_t start = random_below(len + 1), end = start + random_below(30);
  switch (random_below(4)) {
  case 0:
    replace(start, end < len ? end : len, STR_EMPTY);
    break;
  case 1:
    replace(start, start, pick(PARTS, sizeof PARTS / sizeof *PARTS));
    break;
  default:
    replace(start, start, pick(TYPED, sizeof TYPED / sizeof *TYPED));
  }
}

static void assert_as_new(const Lexed *lexed) {
  Arena *arena = arena_new();
  Lexed expected = lexed_of(arena, (Str){ text, len });
  assert_int_equal(lexed->lines.count, expected.lines.count);
  for (uint32_t i = 0; i < expected.lines.count; i++) {
    StatementLine a = lexed->lines.items[i], b = expected.lines.items[i];
    assert_int_equal(a.begin, b.begin);
    assert_int_equal(a.start, b.start);
    assert_int_equal(a.indent, b.indent);
    assert_int_equal(a.head, b.head);
  }
  assert_int_equal(lexed->comments.count, expected.comments.count);
  for (uint32_t i = 0; i < expected.comments.count; i++) {
    assert_int_equal(lexed->comments.items[i].start, expected.comments.items[i].start);
    assert_int_equal(lexed->comments.items[i].end, expected.comments.items[i].end);
  }
  arena_free(arena);
}

static void an_edited_text_has_the_lines_of_a_new_one(void **state) {
  (void)state;
  for (uint32_t session = 0; session < 60; session++) {
    LexedText lexed = { 0 };
    random_state = session;
    len = 0;
    for (uint32_t part = random_below(60); part > 0; part--)
      replace(len, len, pick(PARTS, sizeof PARTS / sizeof *PARTS));
    for (int step = 0; step < 100; step++) {
      Arena *scratch = arena_new();
      lexed_text_update(&lexed, (Str){ text, len }, scratch);
      assert_as_new(&lexed.lexed);
      arena_free(scratch);
      edit();
    }
    lexed_text_free(&lexed);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(an_edited_text_has_the_lines_of_a_new_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
