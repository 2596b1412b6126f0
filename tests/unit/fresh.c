#include "fresh.h"

Arena *arena;
Parser *parser;

int make_fresh(void **state) {
  (void)state;
  arena = arena_new();
  parser = parser_new();
  return 0;
}

int free_fresh(void **state) {
  (void)state;
  parser_free(parser);
  arena_free(arena);
  return 0;
}
