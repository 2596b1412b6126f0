#pragma once
/*
 * Module: everything known about one Python file. Everything a rule asks, it asks of a Module.
 *
 * The tables below are built at once; flow graphs and answers that walk them are computed when
 * first asked for and kept in the module's arena, which is why queries take a Module * that is not
 * const.
 *
 * Owns: nothing; all of it lives in the arena given to module_build.
 * Thread: one thread at a time.
 */
#include "python/library.h"
#include "python/symbol.h"

typedef struct Flow Flow;
typedef struct Project Project;
typedef struct ModuleCaches ModuleCaches;

/* CPython minor versions: 8 is 3.8. */
typedef struct {
  uint16_t minor;
} PythonVersion;

/* Words of the project that settings can add to; each a dotted pattern with * for any run of
   characters. */
typedef struct {
  const Str *items;
  uint32_t count;
} Patterns;

typedef struct {
  Patterns gather_like; /* called like asyncio.gather, with return_exceptions */
  Patterns task_makers; /* keep a reference to the task they make */
  Patterns log_like;    /* only report what they are given */
  Patterns never_return;
  Patterns cleanup; /* function names that mark closing code, beside the built-in vocabulary */
} Vocabulary;

typedef struct {
  Str name; /* dotted name within its project, e.g. "pkg.sub.mod"; for a script its stem */
  uint32_t
    optional_parts; /* leading parts of the name that importers may leave out: folders that are no packages */
  bool is_package;  /* an __init__.py: relative imports start at the package itself */
  bool is_notebook; /* its top level runs in the event loop of a kernel; nobody imports it */
  bool is_test;     /* test_*.py, *_test.py, conftest.py, or below a folder named tests or test */
} ModuleIdentity;

/* What follows from a tree alone, whatever is known of the files around it. */
typedef struct Outline {
  Scopes scopes;
  Symbols symbols;
} Outline;

/* For Tree.outline. Requires: the tree stays in its place. */
const Outline *outline_build(Arena *arena, const Tree *tree);

typedef struct Module {
  const Source *source;
  Tree tree;
  Scopes scopes;
  Symbols symbols;
  ModuleIdentity identity;
  PythonVersion target; /* the oldest version the code must run on */
  const Project
    *project; /* facts of all files, this one among them; NULL while those are collected */
  const Library *library; /* NULL: the table alone */
  const Vocabulary *vocabulary;
  Arena *arena;
  ModuleCaches *caches; /* private to the files of analyzer/python */
} Module;

typedef struct {
  ModuleIdentity identity;
  PythonVersion target;
  const Project *project;
  const Library *library;       /* NULL: the project's */
  const Vocabulary *vocabulary; /* NULL: none added */
} ModuleOptions;

/* Rows; some two thousand lines. */
enum { MODULE_LONG = 15000 };

/* Takes the tree as parse_source left it; what it lives in, and its outline if it has one, must live
   as long as the arena. */
Module *module_build(Arena *arena, Tree tree, const ModuleOptions *options);

/* Another module of the same file, in an arena of its own; nothing has been asked of it yet. */
Module *module_again(Arena *arena, const Module *module);

/* Of a long file one module answers for one part and another for the other, so that two threads can
   share the work. What is found does not depend on whether they do: answers may depend on what was
   asked before, so that a module is asked the same questions in either case. */
static inline bool module_is_long(const Tree *tree) { return tree->count >= MODULE_LONG; }

static inline const Function *module_function(const Module *module, FunctionId id) {
  return &module->symbols.functions.items[id];
}
static inline const Class *module_class(const Module *module, ClassId id) {
  return &module->symbols.classes.items[id];
}
/* The function whose body evaluates the node: never FUNCTION_NONE, the module itself at top
   level. */
static inline FunctionId module_function_of(const Module *module, Node node) {
  return module->symbols.function_of_scope[module->scopes.scope_of[node]];
}
/* True if the node is evaluated by the body of an `async def`. */
bool module_in_coroutine(const Module *module, Node node);

/* The function's control-flow graph. */
const Flow *module_flow(Module *module, FunctionId function);
