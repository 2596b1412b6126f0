/* Who answers for a failure: code that closes things, and callees that handle their own errors. */
#include "python/work.h"

#include "python/iterate.h"
#include "python/name.h"
#include "python/value.h"

enum {
  ANSWER_MAX_DEPTH = 6,       /* wrappers and names between an awaitable and its call */
  ANSWER_MAX_SOURCES = 64,    /* what one name may hold */
  ANSWER_MAX_DELEGATIONS = 5, /* from a callee to those that it awaits */
  ANSWER_MAX_STEPS = 64,      /* functions asked for one answer */
};

/* A word that starts like this belongs to closing: "closing", "cleanup", "terminated". */
static const char *const CLOSING_STEMS[] = {
  "close",   "closing",    "aclose",     "stop",    "shut",     "clean",  "teardown",
  "tear",    "disconnect", "cancel",     "unload",  "terminat", "dispos", "drain",
  "destroy", "kill",       "finaliz",    "finalis", "exit",     "aexit",  "releas",
  "abort",   "quit",       "unsubscrib", "detach",  "remov",    "delet",
};
static const char *const NOT_CLOSING[] = { "closest", "closer" };

static bool is_closing_word(Str word) {
  if (STR_IN(word, NOT_CLOSING)) return false;
  for (uint32_t i = 0; i < sizeof(CLOSING_STEMS) / sizeof(*CLOSING_STEMS); i++) {
    if (str_starts_with(word, str_from(CLOSING_STEMS[i]))) return true;
  }
  return false;
}

bool is_cleanup_name(const Module *module, Str name) {
  Str bare = str_after_last(name, '.'), rest = bare;
  for (Str word = next_word(&rest); word.len > 0; word = next_word(&rest)) {
    if (is_closing_word(str_lower(module->arena, word))) return true;
  }
  Patterns cleanup = module->vocabulary->cleanup;
  if (cleanup.count == 0) return false;
  Str method = str_format(module->arena, ".%.*s", STR_ARGS(bare));
  return name_fits_any(name, cleanup) || name_fits_any(bare, cleanup) ||
    name_fits_any(method, cleanup);
}

bool is_cleanup_function(const Module *module, const Function *function) {
  return is_cleanup_name(module, name_of_definition(module, function->qualified));
}

bool in_cleanup_function(Module *module, Node node) {
  FunctionId id = module_function_of(module, node);
  while (id != FUNCTION_NONE && id != FUNCTION_MODULE) {
    const Function *function = module_function(module, id);
    if (is_cleanup_function(module, function)) return true;
    id = function->parent;
  }
  return false;
}

/* What is asked of every call that an awaitable stands for. */
typedef bool (*CallTest)(Module *module, Node call);

typedef struct {
  Module *module;
  CallTest test;
  uint32_t calls; /* seen so far */
  uint32_t depth;
  bool is_refused; /* by one of them */
} Question;

static void ask(Question *question, Node awaitable);

static void ask_all(Question *question, const Nodes *nodes) {
  for (uint32_t i = 0; i < nodes->count && i < ANSWER_MAX_SOURCES; i++)
    ask(question, nodes->items[i]);
}

static void ask_elements(Question *question, Node collection) {
  bool is_complete = false;
  Nodes elements =
    elements_of(question->module, collection_peeled(question->module, collection), &is_complete);
  ask_all(question, &elements);
}

static void ask_sources(Question *question, Node name) {
  Nodes sources = sources_of(question->module, name);
  for (uint32_t i = 0; i < sources.count && i < ANSWER_MAX_SOURCES; i++) {
    if (sources.items[i] != name) ask(question, sources.items[i]);
  }
}

static void ask_call(Question *question, Node call) {
  switch (call_meaning(question->module, call)) {
  case CALL_CREATE_TASK:
  case CALL_ENSURE_FUTURE:
  case CALL_WAIT_FOR:
  case CALL_SHIELD: {
    Node argument = call_positional(question->module, call, 0);
    if (argument != NODE_NONE) ask(question, argument);
    return;
  }
  default:
    question->calls++;
    if (!question->test(question->module, call)) question->is_refused = true;
  }
}

static void ask(Question *question, Node awaitable) {
  if (question->is_refused || question->depth >= ANSWER_MAX_DEPTH) return;
  question->depth++;
  const Tree *tree = &question->module->tree;
  if (tree_is(tree, awaitable, KIND_AWAIT)) awaitable = tree_first(tree, awaitable);
  if (awaitable != NODE_NONE) {
    if (is_collection(question->module, awaitable)) {
      ask_elements(question, awaitable);
    } else if (tree_is(tree, awaitable, KIND_CALL)) {
      ask_call(question, awaitable);
    } else if (tree_is(tree, awaitable, KIND_IDENTIFIER)) {
      ask_sources(question, awaitable);
    }
  }
  question->depth--;
}

/* True if there are calls and all of them pass. */
static bool every_call(Module *module, const Nodes *awaitables, CallTest test) {
  Question question = { .module = module, .test = test };
  for (uint32_t i = 0; i < awaitables->count && !question.is_refused; i++)
    ask(&question, awaitables->items[i]);
  return question.calls > 0 && !question.is_refused;
}

/* For to_thread(conn.close) the name of what the thread runs. */
static Str name_of_work(Module *module, Node call) {
  CallMeaning meaning = call_meaning(module, call);
  Node work = NODE_NONE;
  if (meaning == CALL_TO_THREAD) work = call_positional(module, call, 0);
  if (meaning == CALL_RUN_IN_EXECUTOR) work = call_positional(module, call, 1);
  return last_name(module, work == NODE_NONE ? call : work);
}

static bool is_cleanup_call(Module *module, Node call) {
  return is_cleanup_name(module, name_of_work(module, call));
}

bool all_cleanup_calls(Module *module, const Nodes *awaitables) {
  return every_call(module, awaitables, is_cleanup_call);
}

bool function_cannot_fail(const Project *project, const FunctionFacts *function) {
  (void)project;
  return (function->facts & FACT_CANNOT_FAIL) != 0;
}

/* The functions that await each other on the way to the one that is asked about. */
typedef struct {
  const Project *project;
  const FunctionFacts *path[ANSWER_MAX_DELEGATIONS];
  uint32_t depth, steps;
} Delegation;

static bool handles_errors(Delegation *delegation, const FunctionFacts *function);

/* What a sync function gives was there before, and is somebody else's to look at. */
static bool is_owned(const FunctionFacts *function) {
  const uint32_t unsure = FACT_ASYNC | FACT_RETURNS_COROUTINE | FACT_OPAQUE | FACT_STUB;
  return (function->facts & unsure) == 0;
}

static bool only_computes(const FunctionFacts *function) {
  return (function->facts & FACT_NEVER_SUSPENDS) != 0 && function->raises.len == 0;
}

static bool delegate_handles_errors(Delegation *delegation, Str name) {
  const FunctionFacts *function = name.len > 0 && delegation->project != NULL
    ? project_function(delegation->project, name)
    : NULL;
  if (function == NULL) return false;
  /* What a function does that awaits itself is up to the others that it awaits. */
  for (uint32_t i = 0; i < delegation->depth; i++) {
    if (delegation->path[i] == function) return true;
  }
  return is_owned(function) || only_computes(function) || handles_errors(delegation, function);
}

/* The method of a base class that an override awaits and adds its bookkeeping to: super().send() in
   send. */
static const FunctionFacts *overridden(const Project *project, const FunctionFacts *function) {
  if (project == NULL || function->class_name.len == 0) return NULL;
  for (uint32_t i = 0; i < function->delegates.count; i++) {
    Str name = function->delegates.items[i].name, owner = str_before_last(name, '.');
    if (!str_equal(str_after_last(name, '.'), str_after_last(function->name, '.'))) continue;
    if (owner.len > 0 && !str_equal(owner, function->class_name) &&
        project_is_subclass(project, function->class_name, owner))
      return project_function(project, name);
  }
  return NULL;
}

static bool handles_errors(Delegation *delegation, const FunctionFacts *function) {
  const FunctionFacts *base = overridden(delegation->project, function);
  for (uint32_t i = 0; base != NULL && i < ANSWER_MAX_STEPS; i++) {
    function = base;
    base = overridden(delegation->project, function);
  }
  if ((function->facts & (FACT_HANDLES_ERRORS | FACT_CANNOT_FAIL)) != 0) return true;
  if (delegation->depth == ANSWER_MAX_DELEGATIONS || function->delegates.count == 0) return false;
  if (delegation->steps++ == ANSWER_MAX_STEPS) return false;
  delegation->path[delegation->depth++] = function;
  bool handles = true;
  for (uint32_t i = 0; i < function->delegates.count && handles; i++)
    handles = delegate_handles_errors(delegation, function->delegates.items[i].name);
  delegation->depth--;
  return handles;
}

bool function_handles_errors(const Project *project, const FunctionFacts *function) {
  Delegation delegation = { .project = project };
  return handles_errors(&delegation, function);
}

Str function_raises(const Project *project, const FunctionFacts *function) {
  if (function->raises.len > 0) return function->raises;
  for (uint32_t i = 0; i < function->delegates.count && project != NULL; i++) {
    Str name = function->delegates.items[i].name;
    const FunctionFacts *delegate = name.len > 0 ? project_function(project, name) : NULL;
    if (delegate != NULL && delegate->raises.len > 0) return delegate->raises;
  }
  return STR_EMPTY;
}

static bool callee_answers(Module *module, Node call) {
  if (call_cannot_fail(module, call)) return true;
  Callee callee = callee_of(module, call);
  if (callee.function == NULL || callee.is_ambiguous) return false;
  return function_handles_errors(module->project, callee.function);
}

bool handles_own_errors(Module *module, Node call) {
  Nodes awaitables = { .items = &call, .count = 1 };
  return every_call(module, &awaitables, callee_answers);
}
