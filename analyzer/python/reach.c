#include "python/reach.h"

#include "python/memo.h"
#include "python/use.h"

#include <stdlib.h>

typedef struct {
  Module *module;
  Arena *arena;
  BindingId id;
  const Binding *binding;
  Sites sites; /* by point, then by node */
  Nodes found;
  uint32_t steps;
  bool is_exhausted; /* the walk was cut short: every occurrence must be taken */
} Reach;

static bool is_read(OccurrenceKind kind) {
  return kind == OCCURRENCE_READ || kind == OCCURRENCE_AUGMENT;
}

/* x += … leaves lists and sets the object they are. */
static bool is_end_of_older(OccurrenceKind kind) {
  return kind == OCCURRENCE_DELETE || (occurrence_binds(kind) && kind != OCCURRENCE_AUGMENT);
}

/* These bind in the middle of a point: what stands after them there reads the new value. */
static bool binds_in_passing(OccurrenceKind kind) {
  return kind == OCCURRENCE_WALRUS || kind == OCCURRENCE_CAPTURE;
}

FunctionId binding_function(const Module *module, const Binding *binding) {
  bool is_type = module->scopes.scopes.items[binding->scope].kind == SCOPE_TYPE_PARAMETERS;
  return is_type ? FUNCTION_NONE : module->symbols.function_of_scope[binding->scope];
}

/* Parameters belong to the function they are given to, though the text around it evaluates their
   defaults. */
static bool is_evaluated_in(const Module *module, Occurrence occurrence, FunctionId function) {
  return occurrence.kind == OCCURRENCE_PARAMETER ||
    module_function_of(module, occurrence.node) == function;
}

static int compare_sites(const void *a, const void *b) {
  const Site *left = a, *right = b;
  if (left->point != right->point) return left->point < right->point ? -1 : 1;
  return left->node < right->node ? -1 : left->node > right->node;
}

static int compare_nodes(const void *a, const void *b) {
  Node left = *(const Node *)a, right = *(const Node *)b;
  return left < right ? -1 : left > right;
}

static Point site_point(const Flow *flow, Occurrence occurrence) {
  return occurrence.kind == OCCURRENCE_PARAMETER ? flow->entry : flow_point(flow, occurrence.node);
}

static Sites find_sites(const Reach *reach, const Flow *flow) {
  Sites sites = { 0 };
  const Occurrences *occurrences = &reach->binding->occurrences;
  for (uint32_t i = 0; i < occurrences->count; i++) {
    Occurrence occurrence = occurrences->items[i];
    if (!is_evaluated_in(reach->module, occurrence, flow->function)) continue;
    Point point = site_point(flow, occurrence);
    for (; point != POINT_NONE; point = flow->next_copy[point]) {
      vec_push(reach->arena, &sites, (Site){ point, occurrence.node, occurrence.kind });
      if (occurrence.kind == OCCURRENCE_PARAMETER) break;
    }
  }
  if (sites.count > 1) qsort(sites.items, sites.count, sizeof(Site), compare_sites);
  return sites;
}

static void add_sites(Reach *reach, const Flow *flow) {
  Memo *memo = memo_of(reach->module);
  uint32_t kept;
  if (!node_map_get(&memo->sites, reach->id, &kept)) {
    kept = memo->site_items.count;
    vec_push(reach->arena, &memo->site_items, find_sites(reach, flow));
    node_map_put(reach->arena, &memo->sites, reach->id, kept);
  }
  reach->sites = memo->site_items.items[kept];
}

/* The position of the first site at the point or after it. */
static uint32_t first_site(const Reach *reach, Point point) {
  uint32_t low = 0, high = reach->sites.count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (reach->sites.items[middle].point < point) low = middle + 1;
    else high = middle;
  }
  return low;
}

#define EACH_SITE_AT(reach, at, site) \
  for (const Site *site = (reach)->sites.items + first_site((reach), (at)); \
       site < (reach)->sites.items + (reach)->sites.count && site->point == (at); \
       site++)

static bool step(Reach *reach) {
  if (effort_spend(reach->module, EFFORT_QUESTIONS, 1) && ++reach->steps <= MEMO_QUERY_STEPS)
    return true;
  reach->is_exhausted = true;
  return false;
}

/* True if `read` stands after what `site` binds in passing, in the same point. */
static bool is_passed(const Tree *tree, const Site *site, Node read) {
  if (!binds_in_passing(site->kind)) return false;
  Node binder = site->kind == OCCURRENCE_WALRUS ? tree_parent(tree, site->node) : site->node;
  return read >= tree_after(tree, binder);
}

static void add_found(Reach *reach, Node node) {
  effort_spend(reach->module, EFFORT_QUESTIONS, 1);
  vec_push(reach->arena, &reach->found, node);
}

static bool is_rebound_before(const Reach *reach, const Site *read) {
  EACH_SITE_AT(reach, read->point, site) {
    if (is_passed(&reach->module->tree, site, read->node)) return true;
  }
  return false;
}

static Walk visit_forward(void *state, const Flow *flow, Point point) {
  (void)flow;
  Reach *reach = state;
  if (!step(reach)) return WALK_STOP;
  Walk walk = WALK_ON;
  EACH_SITE_AT(reach, point, site) {
    if (is_read(site->kind) && !is_rebound_before(reach, site)) add_found(reach, site->node);
    if (is_end_of_older(site->kind)) walk = WALK_CUT;
  }
  return walk;
}

static Walk visit_back(void *state, const Flow *flow, Point point) {
  (void)flow;
  Reach *reach = state;
  if (!step(reach)) return WALK_STOP;
  Walk walk = WALK_ON;
  EACH_SITE_AT(reach, point, site) {
    if (occurrence_binds(site->kind)) add_found(reach, site->node);
    if (is_end_of_older(site->kind)) walk = WALK_CUT;
  }
  return walk;
}

/* All occurrences of a sort, but for those in one function. */
static void take_occurrences(Reach *reach, bool takes_reads, FunctionId except) {
  const Occurrences *occurrences = &reach->binding->occurrences;
  for (uint32_t i = 0; i < occurrences->count; i++) {
    Occurrence occurrence = occurrences->items[i];
    if (except != FUNCTION_NONE && is_evaluated_in(reach->module, occurrence, except)) continue;
    if (takes_reads ? is_read(occurrence.kind) : occurrence_binds(occurrence.kind))
      add_found(reach, occurrence.node);
  }
}

/* All reads or all bindings of the name: one list for everybody who asks. */
static Nodes all_occurrences(Reach *reach, bool takes_reads) {
  Memo *memo = memo_of(reach->module);
  uint32_t *kept = memo_entry(
    reach->module,
    takes_reads ? &memo->all_reads : &memo->all_bindings,
    reach->module->scopes.bindings.count,
    reach->id
  );
  if (*kept == 0) {
    reach->found = (Nodes){ 0 };
    take_occurrences(reach, takes_reads, FUNCTION_NONE);
    *kept = memo_keep(reach->module, reach->found);
  }
  return memo->lists.items[*kept - 1];
}

void sort_nodes(Nodes *nodes) {
  if (nodes->count < 2) return;
  qsort(nodes->items, nodes->count, sizeof(Node), compare_nodes);
  uint32_t kept = 1;
  for (uint32_t i = 1; i < nodes->count; i++) {
    if (nodes->items[i] != nodes->items[kept - 1]) nodes->items[kept++] = nodes->items[i];
  }
  nodes->count = kept;
}

/* Names with one binding, and those of comprehensions, need no walk. */
static bool needs_walk(const Module *module, const Binding *binding) {
  return binding->bind_count > 1 &&
    module->scopes.scopes.items[binding->scope].kind != SCOPE_COMPREHENSION;
}

static void walk_forward(Reach *reach, const Flow *flow, Occurrence definition) {
  Point point = site_point(flow, definition);
  reach->is_exhausted = point == POINT_NONE;
  for (; point != POINT_NONE && !reach->is_exhausted; point = flow->next_copy[point]) {
    bool is_bound_again = false;
    EACH_SITE_AT(reach, point, site) {
      Site from = { point, definition.node, definition.kind };
      if (is_bound_again || !is_passed(&reach->module->tree, &from, site->node)) continue;
      if (is_read(site->kind)) add_found(reach, site->node);
      is_bound_again = is_end_of_older(site->kind);
    }
    if (!is_bound_again) flow_walk(reach->module, flow, point, EDGES_ALL, visit_forward, reach);
    if (definition.kind == OCCURRENCE_PARAMETER) break;
  }
}

static Reach reach_for(Module *module, Node identifier) {
  Reach reach = { .module = module, .arena = module->arena };
  reach.id = scopes_binding(&module->scopes, identifier);
  reach.binding = scopes_get(&module->scopes, reach.id);
  return reach;
}

static Nodes find_reads(Module *module, Node definition) {
  Reach reach = reach_for(module, definition);
  FunctionId function = binding_function(module, reach.binding);
  Occurrence occurrence = { definition, scopes_occurrence(&module->scopes, definition), 0 };
  bool is_local = function != FUNCTION_NONE && is_evaluated_in(module, occurrence, function);
  if (!needs_walk(module, reach.binding) || !is_local || !effort_spend(module, EFFORT_QUESTIONS, 1))
    return all_occurrences(&reach, true);
  const Flow *flow = module_flow(module, function);
  add_sites(&reach, flow);
  walk_forward(&reach, flow, occurrence);
  if (reach.is_exhausted) return all_occurrences(&reach, true);
  take_occurrences(&reach, true, function);
  sort_nodes(&reach.found);
  return reach.found;
}

/* What is bound in passing before the read, in its own point; the last of them, or NODE_NONE. */
static Node bound_in_passing(const Reach *reach, Point point, Node read) {
  Node bound = NODE_NONE;
  EACH_SITE_AT(reach, point, site) {
    if (is_passed(&reach->module->tree, site, read)) bound = site->node;
  }
  return bound;
}

static void walk_back(Reach *reach, const Flow *flow, Node read) {
  Point point = flow_point(flow, read);
  reach->is_exhausted = point == POINT_NONE;
  for (; point != POINT_NONE && !reach->is_exhausted; point = flow->next_copy[point]) {
    Node bound = bound_in_passing(reach, point, read);
    if (bound != NODE_NONE) add_found(reach, bound);
    else flow_walk_back(reach->module, flow, point, EDGES_ALL, visit_back, reach);
  }
}

static Nodes find_definitions(Module *module, Node read) {
  Reach reach = reach_for(module, read);
  FunctionId function = binding_function(module, reach.binding);
  if (function == FUNCTION_NONE || module_function_of(module, read) != function) return reach.found;
  if (!needs_walk(module, reach.binding) || !effort_spend(module, EFFORT_QUESTIONS, 1))
    return all_occurrences(&reach, false);
  const Flow *flow = module_flow(module, function);
  add_sites(&reach, flow);
  walk_back(&reach, flow, read);
  if (reach.is_exhausted) return all_occurrences(&reach, false);
  if (reach.binding->is_declared_global) take_occurrences(&reach, false, function);
  sort_nodes(&reach.found);
  return reach.found;
}

static Nodes
remembered(Module *module, uint32_t **lists, Node node, Nodes (*find)(Module *, Node)) {
  if (node == NODE_NONE || scopes_binding(&module->scopes, node) == BINDING_NONE)
    return (Nodes){ 0 };
  uint32_t *kept = memo_of_row(module, lists, node);
  if (*kept == 0) *kept = memo_keep(module, find(module, node));
  return memo_of(module)->lists.items[*kept - 1];
}

Nodes reads_of(Module *module, Node definition) {
  return remembered(module, &memo_of(module)->reads, definition, find_reads);
}

Nodes definitions_of(Module *module, Node read) {
  return remembered(module, &memo_of(module)->definitions, read, find_definitions);
}

static Nodes anywhere(Module *module, Node identifier, bool takes_reads) {
  if (scopes_binding(&module->scopes, identifier) == BINDING_NONE) return (Nodes){ 0 };
  Reach reach = reach_for(module, identifier);
  return all_occurrences(&reach, takes_reads);
}

Nodes reads_anywhere(Module *module, Node identifier) { return anywhere(module, identifier, true); }

Nodes definitions_anywhere(Module *module, Node identifier) {
  return anywhere(module, identifier, false);
}
