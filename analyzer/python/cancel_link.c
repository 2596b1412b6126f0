/* The cancel link: whether what is awaited was cancelled before, in the same function. */
#include "python/cancel_link.h"

#include "python/awaits.h"
#include "python/caches.h"
#include "python/flow.h"
#include "python/iterate.h"
#include "python/name.h"
#include "python/use.h"
#include "python/value.h"
#include "python/work.h"

enum {
  LINK_MAX_BEFORE = 100, /* cancellations compared with one await, the nearest ones above it */
  LINK_MAX_AFTER = 30,   /* and below it, for loops */
  LINK_MAX_KEYS = 24,    /* names for one object */
  LINK_MAX_DEPTH = 10,
  LINK_MAX_PARTS = 64, /* awaitables of one gather */
  LINK_MAX_WALKS =
    2000, /* of the flow graph, for a whole file; then the order in the text decides */
};

/* A place where something is cancelled. */
typedef struct {
  Node node;   /* the attribute `t.cancel`, the call of a helper, or of `stop.set()` */
  Node object; /* NODE_NONE for a signal: whatever task waits for it is asked to end */
  Nodes keys;  /* names of the object, see Keys */
  bool has_keys;
} CancelSite;

typedef Vec(CancelSite) CancelSites;

struct CancelLinks {
  CancelSites sites; /* of the whole file, in source order */
  uint32_t walks;
};

/* Names for an object: two objects are taken for the same if they share one. */
typedef struct {
  Module *module;
  Nodes nodes; /* identifiers, attributes, subscripts, calls */
  uint32_t depth;
} Keys;

static const char *const SIGNAL_WORDS[] = { "stop",  "stopped", "stopping", "shutdown",  "exit",
                                            "close", "closed",  "cancel",   "cancelled", "quit" };
static const char *const CANCEL_WORDS[] = { "cancel", "cancels", "kill" };
/* What these methods give belongs to their object, as the tasks of a collection or the end of a
   process do. */
static const char *const BELONGING[] = {
  "values", "items",       "copy", "pop",    "popleft",   "get",  "wait",
  "join",   "wait_closed", "done", "result", "exception", "keys",
};
static const char *const NOTHING_ELSE[] = { "asyncio.Task", "asyncio.Future", "operator" };

static Node map_argument(Module *module, Node function_argument) {
  const Tree *tree = &module->tree;
  Node list = tree_parent(tree, function_argument);
  Node call = list == NODE_NONE ? NODE_NONE : tree_parent(tree, list);
  if (!tree_is(tree, list, KIND_ARGUMENT_LIST) || !name_is(module, call_function(module, call), "map"))
    return NODE_NONE;
  return call_positional(module, call, 0) == function_argument ? call_positional(module, call, 1)
                                                               : NODE_NONE;
}

static void add_site(Module *module, CancelSites *sites, Node node, Node object) {
  vec_push(module->arena, sites, (CancelSite){ .node = node, .object = object });
}

/* `t.cancel()`, and `t.cancel` given to somebody who calls it. */
static void add_cancel_method(Module *module, CancelSites *sites, Node attribute) {
  const Tree *tree = &module->tree;
  if (!tree_text_is(tree, tree_child(tree, attribute, FIELD_ATTRIBUTE), "cancel")) return;
  Node object = tree_child(tree, attribute, FIELD_OBJECT), parent = tree_parent(tree, attribute);
  bool is_called =
    tree_is(tree, parent, KIND_CALL) && tree_field(tree, attribute) == FIELD_FUNCTION;
  if (is_called && call_meaning(module, parent) != CALL_CANCEL) return;
  if (!is_called && NAME_IN(module, object, NOTHING_ELSE)) object = map_argument(module, attribute);
  if (object != NODE_NONE) add_site(module, sites, attribute, object);
}

static bool cancels_parameter(const FunctionFacts *function, uint32_t position) {
  if (position >= function->parameters.count) return false;
  return (function->parameters.items[position].facts & PARAMETER_CANCELLED) != 0;
}

static bool is_signal(Module *module, Node call) {
  Node receiver = call_receiver(module, call);
  return receiver != NODE_NONE && str_is(call_method(module, call), "set") &&
    call_positional_count(module, call) == 0 &&
    HAS_WORD(module, last_name(module, receiver), SIGNAL_WORDS);
}

/* cancel_and_wait(a, b), or a helper of the project that is seen to cancel its parameter. */
static void add_helper(Module *module, CancelSites *sites, Node call) {
  uint32_t count = call_positional_count(module, call);
  if (count == 0 || call_meaning(module, call) == CALL_CANCEL) return;
  bool is_named = HAS_WORD(module, last_name(module, call_function(module, call)), CANCEL_WORDS);
  Callee callee = is_named ? (Callee){ .function = NULL } : callee_of(module, call);
  for (uint32_t i = 0; i < count && i < LINK_MAX_PARTS; i++) {
    if (is_named || (callee.function != NULL && cancels_parameter(callee.function, i))) {
      add_site(module, sites, call, call_positional(module, call, i));
    }
  }
}

static CancelSites *cancel_sites(Module *module) {
  if (module->caches->cancel_links == NULL) {
    struct CancelLinks *links = arena_make(module->arena, struct CancelLinks);
    for (Node node = 0; node < module->tree.count; node++) {
      if (tree_is(&module->tree, node, KIND_ATTRIBUTE))
        add_cancel_method(module, &links->sites, node);
      if (!tree_is(&module->tree, node, KIND_CALL)) continue;
      add_helper(module, &links->sites, node);
      if (is_signal(module, node)) add_site(module, &links->sites, node, NODE_NONE);
    }
    module->caches->cancel_links = links;
  }
  return &module->caches->cancel_links->sites;
}

/* The first site at or after the row. */
static uint32_t first_site(const CancelSites *sites, Node row) {
  uint32_t low = 0, high = sites->count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (sites->items[middle].node < row) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

static void add_keys(Keys *keys, Node expression);

static void add_children(Keys *keys, Node node) {
  uint32_t count = 0;
  TREE_EACH_CHILD (&keys->module->tree, node, child) {
    if (count++ == LINK_MAX_PARTS) break;
    add_keys(keys, child);
  }
}

/* A name stands for what it was bound to, for a loop variable the collection. */
static void add_name_keys(Keys *keys, Node name) {
  Module *module = keys->module;
  vec_push(module->arena, &keys->nodes, name);
  Nodes definitions = definitions_of(module, name);
  for (uint32_t i = 0; i < definitions.count && i < LINK_MAX_PARTS; i++) {
    Node definition = definitions.items[i], value = defined_value(module, definition);
    if (value == NODE_NONE) value = iterated_collection(module, definition);
    if (value != NODE_NONE) add_keys(keys, value);
  }
  Value value = value_of(module, name);
  Wait wait;
  bool is_set = value.kind == VALUE_DONE || value.kind == VALUE_PENDING;
  if (is_set && value.origin != NODE_NONE && wait_of(module, value.origin, &wait))
    add_keys(keys, wait.collection);
}

/* The parameter of `map(lambda t: t.cancel(), tasks)`. */
static void add_parameter_keys(Keys *keys, Node name) {
  Module *module = keys->module;
  BindingId binding = scopes_binding(&module->scopes, name);
  if (binding == BINDING_NONE) return;
  Node scope = module->scopes.scopes.items[scopes_get(&module->scopes, binding)->scope].node;
  if (!tree_is(&module->tree, scope, KIND_LAMBDA)) return;
  Node collection = map_argument(module, scope);
  if (collection != NODE_NONE) add_keys(keys, collection);
}

static void add_call_keys(Keys *keys, Node call) {
  Module *module = keys->module;
  switch (call_meaning(module, call)) {
  case CALL_GATHER:
  case CALL_WAIT:
  case CALL_WAIT_FOR:
  case CALL_SHIELD:
  case CALL_ENSURE_FUTURE:
  case CALL_AS_COMPLETED:
    add_children(keys, tree_child(&module->tree, call, FIELD_ARGUMENTS));
    return;
  default:
    break;
  }
  Node inner = collection_peeled(module, call), receiver = call_receiver(module, call);
  if (inner != call) {
    add_keys(keys, inner);
  } else if (is_collection(module, call)) {
    add_children(keys, tree_child(&module->tree, call, FIELD_ARGUMENTS));
  } else if (receiver != NODE_NONE && STR_IN(call_method(module, call), BELONGING)) {
    add_keys(keys, receiver);
  } else if (tree_child_count(&module->tree, tree_child(&module->tree, call, FIELD_ARGUMENTS)) == 0) {
    /* asyncio.all_tasks() gives the same tasks again; with arguments each call makes something
       of its own. */
    vec_push(module->arena, &keys->nodes, call);
  }
}

static void add_expression_keys(Keys *keys, Node node) {
  const Tree *tree = &keys->module->tree;
  switch (tree_kind(tree, node)) {
  case KIND_IDENTIFIER:
    add_name_keys(keys, node);
    add_parameter_keys(keys, node);
    break;
  case KIND_ATTRIBUTE:
    vec_push(keys->module->arena, &keys->nodes, node);
    break;
  case KIND_SUBSCRIPT:
    vec_push(keys->module->arena, &keys->nodes, node);
    if (!tree_is(tree, tree_child(tree, node, FIELD_SUBSCRIPT), KIND_INTEGER)) {
      add_keys(keys, tree_child(tree, node, FIELD_VALUE));
    }
    break;
  case KIND_CALL:
    add_call_keys(keys, node);
    break;
  case KIND_LIST_COMPREHENSION:
  case KIND_SET_COMPREHENSION:
  case KIND_GENERATOR_EXPRESSION:
    add_keys(keys, tree_child(tree, node, FIELD_BODY));
    break;
  case KIND_NAMED_EXPRESSION:
    add_keys(keys, tree_child(tree, node, FIELD_NAME));
    add_keys(keys, tree_child(tree, node, FIELD_VALUE));
    break;
  case KIND_AWAIT:
  case KIND_LIST:
  case KIND_TUPLE:
  case KIND_SET:
  case KIND_LIST_SPLAT:
  case KIND_CONDITIONAL_EXPRESSION:
  case KIND_BOOLEAN_OPERATOR:
  case KIND_BINARY_OPERATOR:
    add_children(keys, node);
    break;
  default:
    break;
  }
}

static void add_keys(Keys *keys, Node expression) {
  if (expression == NODE_NONE || keys->depth >= LINK_MAX_DEPTH || keys->nodes.count >= LINK_MAX_KEYS)
    return;
  keys->depth++;
  add_expression_keys(keys, expression);
  keys->depth--;
}

static bool is_same_object(const Module *module, Node a, Node b) {
  const Tree *tree = &module->tree;
  if (tree_kind(tree, a) != tree_kind(tree, b)) return false;
  if (!tree_is(tree, a, KIND_IDENTIFIER)) return tree_same(tree, a, b);
  BindingId binding = scopes_binding(&module->scopes, a);
  return binding != BINDING_NONE && binding == scopes_binding(&module->scopes, b);
}

static bool share_key(const Module *module, const Nodes *a, const Nodes *b) {
  for (uint32_t i = 0; i < a->count; i++) {
    for (uint32_t k = 0; k < b->count; k++) {
      if (is_same_object(module, a->items[i], b->items[k])) return true;
    }
  }
  return false;
}

static const Nodes *site_keys(Module *module, CancelSite *site) {
  if (!site->has_keys) {
    Keys keys = { .module = module };
    add_keys(&keys, site->object);
    site->keys = keys.nodes;
    site->has_keys = true;
  }
  return &site->keys;
}

/* The node around the site that the function itself evaluates: for one in a lambda or callback,
   that one. */
static Node seen_from(const Module *module, Node site, FunctionId function) {
  while (site != NODE_NONE && module_function_of(module, site) != function)
    site = tree_parent(&module->tree, site);
  return site;
}

static bool comes_before(Module *module, Node site, Node awaited) {
  const Flow *flow = module_flow(module, module_function_of(module, awaited));
  bool is_known = flow_point(flow, site) != POINT_NONE && flow_point(flow, awaited) != POINT_NONE;
  if (!is_known || module->caches->cancel_links->walks++ >= LINK_MAX_WALKS) return site < awaited;
  return flow_reaches(module, site, awaited, EDGES_ALL);
}

/* The sites compared with an await: [first, last) of those in its function and in the functions
   nested in it. */
typedef struct {
  uint32_t first, last;
} SiteRange;

static SiteRange sites_within(Module *module, Node home, Node awaited) {
  const CancelSites *sites = cancel_sites(module);
  SiteRange all = { first_site(sites, home), first_site(sites, tree_after(&module->tree, home)) };
  uint32_t here = first_site(sites, awaited);
  if (here > all.first + LINK_MAX_BEFORE) all.first = here - LINK_MAX_BEFORE;
  if (all.last > here + LINK_MAX_AFTER) all.last = here + LINK_MAX_AFTER;
  return all;
}

static SiteRange sites_near(Module *module, Node awaited) {
  Node home = module_function(module, module_function_of(module, awaited))->node;
  return sites_within(module, home, awaited);
}

static bool holds_task(Module *module, const Nodes *keys) {
  for (uint32_t i = 0; i < keys->count; i++) {
    if (value_is(module, keys->items[i], VALUE_TASK)) return true;
  }
  return false;
}

static bool site_matches(Module *module, CancelSite *site, const Nodes *wanted) {
  if (site->object == NODE_NONE) return holds_task(module, wanted);
  return share_key(module, site_keys(module, site), wanted);
}

/* True if something with one of these names is cancelled before. */
static bool is_any_cancelled(Module *module, const Nodes *wanted, Node awaited) {
  FunctionId function = module_function_of(module, awaited);
  SiteRange range = sites_near(module, awaited);
  for (uint32_t i = range.first; i < range.last; i++) {
    CancelSite *site = &cancel_sites(module)->items[i];
    if (function == FUNCTION_MODULE && module_function_of(module, site->node) != function) continue;
    if (!site_matches(module, site, wanted)) continue;
    Node seen = seen_from(module, site->node, function);
    if (seen != NODE_NONE && comes_before(module, seen, awaited)) return true;
  }
  return false;
}

static bool is_linked(Module *module, Node part, Node awaited) {
  Keys wanted = { .module = module };
  add_keys(&wanted, part);
  return is_any_cancelled(module, &wanted.nodes, awaited);
}

/* Every one of the parts is linked; none at all are not. */
static bool are_linked(Module *module, const Nodes *parts, Node awaited) {
  for (uint32_t i = 0; i < parts->count; i++) {
    if (i == LINK_MAX_PARTS || !is_linked(module, parts->items[i], awaited)) return false;
  }
  return parts->count > 0;
}

static Nodes children_of(Module *module, Node node) {
  Nodes children = { 0 };
  if (node == NODE_NONE) return children;
  TREE_EACH_CHILD (&module->tree, node, child) {
    if (!tree_is(&module->tree, child, KIND_KEYWORD_ARGUMENT))
      vec_push(module->arena, &children, child);
  }
  return children;
}

static bool is_call_of(Module *module, Node expression, CallMeaning meaning) {
  return tree_is(&module->tree, expression, KIND_CALL) &&
    call_meaning(module, expression) == meaning;
}

/* What stands in wait_for(…), shield(…) or wait(…). */
static Node without_wrapper(Module *module, Node operand) {
  bool is_wrapper = is_call_of(module, operand, CALL_WAIT_FOR) ||
    is_call_of(module, operand, CALL_SHIELD) || is_call_of(module, operand, CALL_WAIT);
  Node argument = is_wrapper ? call_positional(module, operand, 0) : NODE_NONE;
  return argument == NODE_NONE ? operand : argument;
}

/* The things waited for together: of a gather its arguments, of a wait the items of a display. */
static Nodes parts_of(Module *module, Node operand) {
  const Tree *tree = &module->tree;
  operand = without_wrapper(module, operand);
  if (is_call_of(module, operand, CALL_GATHER))
    return children_of(module, tree_child(tree, operand, FIELD_ARGUMENTS));
  bool is_display = tree_is(tree, operand, KIND_LIST) || tree_is(tree, operand, KIND_TUPLE) ||
    tree_is(tree, operand, KIND_SET);
  if (is_display) return children_of(module, operand);
  Nodes parts = { 0 };
  vec_push(module->arena, &parts, operand);
  return parts;
}

/* The name of a collection is linked as well if all that was put into it is. */
static bool are_elements_linked(Module *module, Node operand, Node awaited) {
  bool is_complete = false;
  Nodes elements = elements_of(module, collection_peeled(module, operand), &is_complete);
  return is_complete && are_linked(module, &elements, awaited);
}

bool is_cancelled_before(Module *module, Node awaited) {
  const Tree *tree = &module->tree;
  Node operand = awaited;
  if (tree_is(tree, awaited, KIND_AWAIT)) operand = tree_first(tree, awaited);
  if (tree_is(tree, awaited, KIND_FOR_STATEMENT)) operand = tree_child(tree, awaited, FIELD_RIGHT);
  if (operand == NODE_NONE || tree_is(tree, awaited, KIND_WITH_ITEM)) return false;
  if (cancel_sites(module)->count == 0) return false;
  Nodes parts = parts_of(module, operand);
  if (are_linked(module, &parts, awaited)) return true;
  return parts.count == 1 && are_elements_linked(module, parts.items[0], awaited);
}

/* Beside the awaits of what was cancelled a block may rest and close things. */
static bool is_harmless(Module *module, Node await) {
  if (tree_is(&module->tree, await, KIND_WITH_ITEM)) return !awaits_fresh_work(module, await);
  if (!tree_is(&module->tree, await, KIND_AWAIT)) return false;
  Node operand = tree_first(&module->tree, await);
  if (work_of(module, await) == WORK_TRIVIAL) return true;
  return tree_is(&module->tree, operand, KIND_CALL) &&
    is_cleanup_name(module, last_name(module, operand));
}

bool block_awaits_cancelled(Module *module, Node block) {
  bool is_any = false;
  Nodes awaits = awaits_in(module, block);
  for (uint32_t i = 0; i < awaits.count; i++) {
    if (is_cancelled_before(module, awaits.items[i])) {
      is_any = true;
    } else if (!is_harmless(module, awaits.items[i])) {
      return false;
    }
  }
  return is_any;
}

bool cancels_before(Module *module, Node node) {
  FunctionId function = module_function_of(module, node);
  SiteRange range = sites_near(module, node);
  for (uint32_t i = range.first; i < range.last; i++) {
    Node site = cancel_sites(module)->items[i].node;
    if (site >= node) break;
    if (cancel_sites(module)->items[i].object == NODE_NONE) continue;
    Node seen = seen_from(module, site, function);
    if (seen == site || tree_is(&module->tree, seen, KIND_LAMBDA)) return true;
  }
  return false;
}

static void add_pairs(Module *module, CancelPairs *pairs, CancelSite *site, const Nodes *wanted) {
  const Nodes *keys = site_keys(module, site);
  for (uint32_t i = 0; i < keys->count; i++) {
    for (uint32_t k = 0; k < wanted->count; k++) {
      if (!is_same_object(module, keys->items[i], wanted->items[k])) continue;
      CancelPair pair = { .site = site->node,
                          .cancelled = keys->items[i],
                          .asked = wanted->items[k] };
      vec_push(module->arena, pairs, pair);
    }
  }
}

CancelPairs cancel_pairs(Module *module, Node expression, Node within) {
  CancelPairs pairs = { 0 };
  if (cancel_sites(module)->count == 0) return pairs;
  Keys wanted = { .module = module };
  add_keys(&wanted, expression);
  SiteRange range = sites_within(module, within, expression);
  for (uint32_t i = range.first; i < range.last; i++) {
    CancelSite *site = &cancel_sites(module)->items[i];
    if (site->object != NODE_NONE) add_pairs(module, &pairs, site, &wanted.nodes);
  }
  return pairs;
}
