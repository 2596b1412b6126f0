#include "proof/harness.h"

static bool takes_nothing(const Function *function) {
  for (uint32_t i = 0; i < function->parameters.count; i++) {
    const Parameter *parameter = &function->parameters.items[i];
    bool is_needed = parameter->kind == PARAMETER_PLAIN || parameter->kind == PARAMETER_KEYWORD;
    if (is_needed && parameter->default_value == NODE_NONE) return false;
  }
  return true;
}

/* The last function of that name at the top of the file; NULL: none. */
static const Function *find_function(const Module *module, Str name) {
  const Function *found = NULL;
  for (uint32_t i = 0; i < module->symbols.functions.count; i++) {
    const Function *function = module_function(module, i);
    if (str_equal(function->qualified, name)) found = function;
  }
  return found;
}

static bool can_call(const Module *module, const char *name, bool is_async) {
  const Function *function = find_function(module, str_from(name));
  return function && function->is_async == is_async && takes_nothing(function);
}

/* A call at the top level that runs an event loop, or the question that guards one. */
static bool is_script(const Module *module) {
  static const char *const runners[] = { "asyncio.run", "anyio.run", "uvloop.run", "run" };
  const Tree *tree = &module->tree;
  for (Node node = 0; node < tree->count; node++) {
    if (module_function_of(module, node) != FUNCTION_MODULE) continue;
    if (tree_is(tree, node, KIND_IF_STATEMENT)) {
      Str text = tree_text(tree, tree_first(tree, node));
      if (str_contains(text, STR("__name__")) && str_contains(text, STR("__main__"))) return true;
    } else if (tree_is(tree, node, KIND_CALL)) {
      Str callee = tree_text(tree, tree_first(tree, node));
      if (STR_IN(callee, runners)) return true;
      if (str_ends_with(callee, STR(".run_until_complete"))) return true;
    }
  }
  return false;
}

static bool
find_wanted(Arena *arena, const Module *module, Str wanted, Harness *harness, Str *message) {
  const Function *function = find_function(module, wanted);
  harness->function = wanted;
  if (function && takes_nothing(function)) return true;
  const char *format =
    function ? "its function %.*s() takes arguments" : "it has no function %.*s()";
  *message = str_format(arena, format, STR_ARGS(wanted));
  return false;
}

bool harness_find(Arena *arena, const Module *module, Str wanted, Harness *harness, Str *message) {
  *harness = (Harness){ .function = STR_EMPTY };
  if (wanted.len > 0) return find_wanted(arena, module, wanted, harness, message);
  if (can_call(module, "scenario", true)) harness->function = STR("scenario");
  else if (can_call(module, "main", true)) harness->function = STR("main");
  else if (is_script(module)) return true;
  else if (can_call(module, "main", false)) harness->function = STR("main");
  if (harness->function.len > 0) return true;
  *message = STR(
    "nothing in it can be run: it has no scenario() and no main() without arguments, and it is no "
    "script; --func names a function"
  );
  return false;
}

static void focus_on(const Module *module, const Function *function, Harness *harness) {
  Span span = tree_span(&module->tree, function->node);
  harness->first_line = source_line_of(module->source, span.start);
  harness->last_line = source_line_of(module->source, span.end);
}

/* The innermost function that begins and ends around the line; NULL: there is none. */
static const Function *function_around(const Module *module, uint32_t line) {
  const Function *found = NULL;
  for (uint32_t i = FUNCTION_MODULE + 1; i < module->symbols.functions.count; i++) {
    const Function *function = module_function(module, i);
    Harness lines;
    focus_on(module, function, &lines);
    /* Functions are in the order in which they begin. */
    if (lines.first_line <= line && line <= lines.last_line) found = function;
  }
  return found;
}

bool harness_focus(const Module *module, uint32_t line, Harness *harness) {
  const Function *function = function_around(module, line);
  if (function) focus_on(module, function, harness);
  return function != NULL;
}

bool harness_focus_again(
  const Module *module, const Harness *focused, const Module *other, Harness *harness
) {
  const Function *function = function_around(module, focused->first_line);
  const Function *again = function ? find_function(other, function->qualified) : NULL;
  if (again) focus_on(other, again, harness);
  return again != NULL;
}
