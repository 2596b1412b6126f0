#pragma once
/*
 * A claim that a fix mends a fault, for tests of what is told about claims.
 */
#include "unit.h"

#include "proof/evidence.h"

typedef struct {
  Arena *arena;
  Parser *parser;
  Claim claim;
  Source before, after;
  Edits edits;
  LineRanges lines;
  Trial trials[2]; /* without the fix and with it */
} Fixture;

/* The fault is in that line of /p/a.py, and the fix inserts text above it. */
static inline Fixture *fixture_new(
  const char *rule, const char *before, uint32_t line, uint32_t place, const char *inserted
) {
  Arena *arena = arena_new();
  Fixture *fixture = arena_make(arena, Fixture);
  fixture->arena = arena;
  fixture->parser = parser_new();
  vec_push(arena, &fixture->edits, (Edit){ { place, place }, str_from(inserted) });
  vec_push(arena, &fixture->lines, (LineRange){ line, line });
  Str after;
  edits_apply(arena, str_from(before), &fixture->edits, &after);
  fixture->before = source_build(arena, STR("/p/a.py"), str_from(before));
  fixture->after = source_build(arena, STR("/p/a.py"), after);
  fixture->claim = (Claim){
    .rule = str_from(rule),
    .path = STR("/p/a.py"),
    .lines = &fixture->lines,
    .map = { &fixture->before, &fixture->after, &fixture->edits },
    .before = evidence_module(arena, fixture->parser, &fixture->before),
  };
  return fixture;
}

static inline int free_fixture(void **state) {
  Fixture *fixture = *state;
  parser_free(fixture->parser);
  arena_free(fixture->arena);
  return 0;
}
