#pragma once
/*
 * Memo: the answers about uses, values and calls that have been worked out for one module, kept so
 * that each is worked out once, and the measures that keep their cost linear and their recursion
 * shallow. Private to the files of analyzer/python; lives in the module's arena.
 */
#include "python/asyncio_call.h"
#include "python/caches.h"
#include "python/content.h"
#include "python/definition.h"
#include "python/node_map.h"
#include "python/reach.h"
#include "python/use.h"
#include "python/value.h"

enum {
  /* Questions nested in one another; what lies deeper is unknown. */
  MEMO_DEPTH = 60,
  /* Points walked for one question about reads or definitions, and mentions looked at for one
     container. */
  MEMO_QUERY_STEPS = 50000,
  /* What it costs to look at one mention of a container or one use, in points walked. */
  MEMO_MENTION_STEPS = 4,
};

/* Pointers are NULL until something is kept there. */
typedef struct Memo {
  uint32_t *reads, *definitions;      /* per row: which of lists; see memo_entry */
  uint32_t *all_reads, *all_bindings; /* per binding: which of lists */
  NodeMap sites;                      /* BindingId -> index into site_items */
  Vec(Sites) site_items;
  Vec(Nodes) lists;
  uint32_t *values; /* per row: which of value_items */
  Vec(Value) value_items;
  NodeMap sources;     /* expression -> which of lists */
  NodeMap contents[2]; /* by Pick: collection -> index into content_items */
  Vec(Contents) content_items;
  uint8_t *meanings; /* per row: CallMeaning + 1; NULL: none is known yet */
  uint32_t *callees; /* per row of the function expression of a call: which of callee_items */
  Vec(Callee) callee_items;
  Map named_callees; /* dotted name -> which of callee_items, counted from 1 */
  Map clients;       /* dotted name -> its row in the table of clients, counted from 1, or 0 */
  Map *attributes;   /* per class: name -> index into lists: the nodes `self.name` */
  Map *attribute_bindings; /* per class: name -> index into binding_items */
  Vec(AttributeBindings) binding_items;
  Map named_values; /* dotted name -> index into named_items */
  Vec(Value) named_items;
  Map library_entries; /* dotted name -> index into library_items */
  Vec(const LibraryEntry *) library_items;
  Map class_kinds;      /* dotted class -> ValueKind of its instances */
  Map definition_names; /* dotted name -> class number * 2, or function number * 2 + 1 */
  bool has_definition_names;
  /* Room for one question at a time, used again for the next. */
  NodeSet use_seen, source_seen, content_seen[2];
  Uses use_found;
  Nodes use_definitions, source_pending, source_found;
  Vec(Question) content_pending;
  Nodes content_found;
  uint32_t depth;
} Memo;

static inline Memo *memo_of(Module *module) {
  if (module->caches->memo == NULL) module->caches->memo = arena_make(module->arena, Memo);
  return module->caches->memo;
}

/* What is kept for one of `count` rows or bindings: a number counted from 1, or 0 if nothing is known
   yet. Valid until the arena goes. */
static inline uint32_t *
memo_entry(Module *module, uint32_t **entries, uint32_t count, uint32_t index) {
  if (*entries == NULL) *entries = arena_array(module->arena, uint32_t, count);
  return &(*entries)[index];
}
static inline uint32_t *memo_of_row(Module *module, uint32_t **entries, Node row) {
  return memo_entry(module, entries, module->tree.count, row);
}

/* True if one more question may be nested; then memo_leave ends it. */
bool memo_enter(Module *module);
void memo_leave(Module *module);

/* Keeps a list, or a copy of it; the result is which of lists it is, counted from 1. */
uint32_t memo_keep(Module *module, Nodes nodes);
uint32_t memo_keep_copy(Module *module, Nodes nodes);
