#include "python/parse.h"
#include "support.h"

#include <string.h>

// A file with everything that pieces are cut at.
static const char PARTS[][160] = {
  "import asyncio\nfrom a import (b,\n  c)\n",
  "@decorated(1,\n  2)\n@again\nasync def f(x):\n    await x\n    return f'{x:>{y}}'\n",
  "if x:\n    pass\nelif y:\n    z()\nelse:\n    pass\n",
  "try:\n    a\nexcept E:\n    b\nfinally:\n    c\n",
  "class Small:\n    x = 1\n",
  "s = '''\nclass NotOne:\n    def f(self):\n'''\n",
  "# comment\nx = 1; y = 2 \\\n  + 3\n",
};

static const char METHODS[][120] = {
  "    @property\n    def p(self):\n        return [1,\n  2]\n",
  "    async def m(self):\n        async with self.lock:\n            await g()\n\n",
  "    '''text\ndef'''\n    x: int = 1\n",
  "    if T:\n        y = 1\n    else:\n        y = 2\n    # comment\n",
};

// What somebody may type, break and mend.
static const char TYPED[][40] = {
  "(",         ")",          "[",          "]",      "{",      "}",
  "'",         "\"",         "'''",        "\"\"\"", ":",      "\n",
  "\n    ",    "\n        ", " ",          "\\",     "#",      "@",
  "def ",      "class ",     "class A:\n", "async ", "await ", "else:\n",
  "except:\n", "pass",       "x",          ".",      ",",      "=",
  "f'{",       "\t",         "\r",         "\r\n",   "\f",     "async def g():\n    pass\n",
  "type",      "lambda ",
};

static uint32_t random_state;

static uint32_t random_below(uint32_t limit) {
  random_state = random_state * 1664525 + 1013904223;
  return (random_state >> 8) % limit;
}

typedef struct {
  char text[1 << 16];
  uint32_t len;
} Buffer;

static void replace(Buffer *buffer, uint32_t start, uint32_t end, const char *text) {
  uint32_t len = (uint32_t)strlen(text);
  if (buffer->len - (end - start) + len > sizeof buffer->text) return;
  memmove(buffer->text + start + len, buffer->text + end, buffer->len - end);
  memcpy(buffer->text + start, text, len);
  buffer->len += len - (end - start);
}

static void fill(Buffer *buffer) {
  buffer->len = 0;
  for (int round = 0; round < 3; round++) {
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
      replace(buffer, buffer->len, buffer->len, PARTS[i]);
    replace(buffer, buffer->len, buffer->len, "@d\nclass Large(A, b=1):\n");
    for (int repeat = 0; repeat < 20; repeat++) {
      for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++)
        replace(buffer, buffer->len, buffer->len, METHODS[i]);
    }
  }
}

static void edit(Buffer *buffer) {
  uint32_t start = random_below(buffer->len + 1);
  switch (random_below(4)) {
  case 0: { // delete
    uint32_t len = random_below(12);
    if (start + len <= buffer->len) replace(buffer, start, start + len, "");
    break;
  }
  case 1: // a line of its own
    while (start > 0 && buffer->text[start - 1] != '\n') start--;
    replace(buffer, start, start, PARTS[random_below(sizeof PARTS / sizeof *PARTS)]);
    break;
  default:
    replace(buffer, start, start, TYPED[random_below(sizeof TYPED / sizeof *TYPED)]);
  }
}

static void assert_same_trees(const Tree *a, const Tree *b) {
  assert_int_equal(a->count, b->count);
  assert_memory_equal(a->rows, b->rows, sizeof(NodeRow) * a->count);
  assert_int_equal(a->error_bytes, b->error_bytes);
  assert_memory_equal(&a->first_error, &b->first_error, sizeof(Span));
  assert_int_equal(a->comments.count, b->comments.count);
  if (a->comments.count > 0)
    assert_memory_equal(a->comments.items, b->comments.items, sizeof(Span) * a->comments.count);
}

// As a tree promises.
static void assert_sound(const Tree *tree) {
  for (Node node = 1; node < tree->count; node++) {
    Node parent = tree_parent(tree, node);
    assert_true(parent < node);
    assert_true(tree_after(tree, node) > node);
    assert_true(tree_after(tree, node) <= tree_after(tree, parent));
    assert_true(tree_span(tree, node).end <= tree_span(tree, parent).end);
  }
}

static void an_edited_text_has_the_tree_of_a_new_one(void **state) {
  (void)state;
  static Buffer buffer, before;
  Parser *parser = parser_new(), *other = parser_new();
  for (uint32_t session = 0; session < 4; session++) {
    ParseCache *cache = parse_cache_new();
    random_state = session;
    fill(&buffer);
    before = buffer;
    for (int step = 0; step < 60; step++) {
      Arena *arena = arena_new();
      Source source = source_build(arena, STR("a.py"), (Str){ buffer.text, buffer.len });
      Tree again = parse_source_again(parser, cache, &source, arena);
      Tree fresh = parse_source(other, &source, arena);
      assert_same_trees(&again, &fresh);
      assert_sound(&again);
      arena_free(arena);
      if (step % 20 == 19) buffer = before; // undone
      else edit(&buffer);
    }
    parse_cache_free(cache);
  }
  parser_free(parser);
  parser_free(other);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(an_edited_text_has_the_tree_of_a_new_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
