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

typedef struct Memo {
  NodeMap reads, definitions;      /* identifier -> index into lists */
  NodeMap all_reads, all_bindings; /* BindingId -> index into lists */
  NodeMap sites;                   /* BindingId -> index into site_items */
  Vec(Sites) site_items;
  Vec(Nodes) lists;
  uint32_t *values; /* per row: which of value_items, counted from 1; NULL: none is known yet */
  Vec(Value) value_items;
  NodeMap sources;     /* expression -> index into lists */
  NodeMap contents[2]; /* by Pick: collection -> index into content_items */
  Vec(Contents) content_items;
  uint8_t *meanings; /* per row: CallMeaning + 1; NULL: none is known yet */
  NodeMap callees;   /* function expression of a call -> index into callee_items */
  Vec(Callee) callee_items;
  Map named_callees;      /* dotted name -> index into callee_items */
  Map clients;            /* dotted name -> its row in the table of clients, counted from 1, or 0 */
  Map attributes;         /* attribute_key -> index into lists: the nodes `self.name` */
  bool has_attributes;    /* the map is filled */
  Map attribute_bindings; /* the same key -> index into binding_items */
  Vec(AttributeBindings) binding_items;
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

/* True if one more question may be nested; then memo_leave ends it. */
bool memo_enter(Module *module);
void memo_leave(Module *module);

/* Keeps a list, or a copy of it; the result is its index into lists. */
uint32_t memo_keep(Module *module, Nodes nodes);
uint32_t memo_keep_copy(Module *module, Nodes nodes);
