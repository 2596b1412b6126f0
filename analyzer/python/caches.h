#pragma once
/*
 * ModuleCaches: answers about one module that were computed once and are kept in its arena. Private
 * to the files of analyzer/python; each field belongs to the file that is named beside it. All of
 * it starts zeroed.
 */
#include "python/effort.h"
#include "python/module.h"
#include "python/never_return.h"

/* What a binding stands for: a dotted name, or what another expression stands for, or neither. */
typedef struct {
  Str name;
  Node alias; /* NODE_NONE */
  bool is_known;
} NameLink;

struct CancelLinks;

struct ModuleCaches {
  /* module.c: per function, NULL until asked for. */
  const Flow **flows;

  /* name.c */
  uint32_t *names;       /* per row: which of name_items, counted from 1; 0 until asked for */
  Vec(Str) name_items;   /* the first is the empty one, which many have */
  NameLink *links;       /* per binding */
  Vec(Str) star_modules; /* what `from … import *` names, in source order */

  /* memo.c: uses, values and calls; NULL until asked for */
  struct Memo *memo;

  /* cancel_link.c */
  struct CancelLinks *cancel_links;

  /* outcome.c: for each level of calls one byte per row, 0 until asked for. */
  uint8_t *outcomes[OUTCOME_LEVELS];

  /* flow.c: room for one walk, free unless is_walking. `seen` holds the number of the walk that
     came by last. */
  struct {
    uint32_t *seen;
    uint32_t *stack;
    uint32_t capacity;
    uint32_t number;
    bool is_walking;
  } walk;

  /* effort.c */
  uint64_t spent[EFFORT_COUNT];

  /* kernel.c */
  Node nesting;
  bool is_nesting_known;

  /* coroutine_call.c: "number of a function.what it asks iscoroutinefunction about" */
  Map asked_kinds;
  bool has_asked_kinds;
};
