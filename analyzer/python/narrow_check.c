#include "python/narrow_check.h"

#include "python/asyncio_call.h"
#include "python/iterate.h"
#include "python/name.h"
#include "python/value.h"

static bool is_unpacked(const Module *module, Element element) {
  return tree_is(&module->tree, element.origin, KIND_TUPLE_PATTERN) ||
    tree_is(&module->tree, element.origin, KIND_LIST_PATTERN);
}

static bool has_wide_test(Module *module, Element element) {
  ElementTests tests = element_tests(module, element);
  for (uint32_t i = 0; i < tests.count; i++) {
    Check check = tests.items[i].check;
    if (check == CHECK_BASE_EXCEPTION || check == CHECK_CANCELLED) return true;
  }
  return false;
}

/* One loop that looks for cancellations answers for the other loops over the same list; unpacked
   names stand each for itself. */
static bool some_loop_is_wide(Module *module, const Elements *elements) {
  for (uint32_t i = 0; i < elements->count; i++) {
    if (!is_unpacked(module, elements->items[i]) && has_wide_test(module, elements->items[i]))
      return true;
  }
  return false;
}

static bool is_known(const NarrowChecks *checks, Node type) {
  for (uint32_t i = 0; i < checks->count; i++) {
    if (checks->items[i].type == type) return true;
  }
  return false;
}

static void add_checks(Module *module, Element element, Node gather, NarrowChecks *checks) {
  ElementTests tests = element_tests(module, element);
  for (uint32_t i = 0; i < tests.count; i++) {
    const ElementTest *test = &tests.items[i];
    if (test->check != CHECK_EXCEPTION || test->type == NODE_NONE || is_known(checks, test->type))
      continue;
    NarrowCheck narrow = {
      .type = test->type,
      .test = test->test,
      .gather = gather,
      .value_use = element_value_use(module, element, test->test),
    };
    vec_push(module->arena, checks, narrow);
  }
}

NarrowChecks narrow_checks_of(Module *module, Node awaited, Reason *why) {
  NarrowChecks checks = { 0 };
  Node call = awaited_gather(module, awaited);
  Gather gather;
  if (call == NODE_NONE || !gather_of(module, call, &gather)) return checks;
  if (!gather.may_collect) {
    *why = "without return_exceptions=True no failure becomes a result";
    return checks;
  }
  Elements elements = elements_from(module, awaited);
  bool is_wide = some_loop_is_wide(module, &elements);
  for (uint32_t i = 0; i < elements.count; i++) {
    Element element = elements.items[i];
    bool is_answered = is_unpacked(module, element) ? has_wide_test(module, element) : is_wide;
    if (!is_answered) add_checks(module, element, call, &checks);
    else *why = "the results are tested for BaseException or CancelledError";
  }
  if (checks.count == 0 && *why == NULL)
    *why = "no result is tested for being an Exception in this function";
  return checks;
}

Node mistaken_check(Module *module, Element element) {
  static const char *const errors[] = { "Exception", "BaseException", "asyncio.CancelledError" };
  const Tree *tree = &module->tree;
  if (!tree_is(tree, element.origin, KIND_FOR_STATEMENT) || element_tests(module, element).count > 0)
    return NODE_NONE;
  EACH_ROW (tree, tree_child(tree, element.origin, FIELD_BODY), row) {
    if (!tree_is(tree, row, KIND_CALL) || call_meaning(module, row) != CALL_ISINSTANCE) continue;
    Node tested = call_positional(module, row, 0), type = call_positional(module, row, 1);
    if (!tree_is(tree, tested, KIND_IDENTIFIER) || type == NODE_NONE || !NAME_IN(module, type, errors))
      continue;
    if (value_is(module, tested, VALUE_COLLECTION) || value_is(module, tested, VALUE_RESULTS))
      return row;
  }
  return NODE_NONE;
}
