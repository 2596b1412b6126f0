#pragma once
/*
 * FactsBuilder: what the parts of facts_collect share. Private to facts*.c.
 *
 * Lists grow in the module's arena and are sealed into the result's at their exact size; each
 * string is copied there once.
 */
#include "python/facts.h"
#include "python/node_map.h"

/* What the body of one function does itself, functions nested in it left out; in source order. */
typedef struct {
  Nodes awaits; /* await, async for, async with, `async for` of a comprehension */
  Nodes calls;
  Nodes returns;
  Nodes raises;
} Body;

typedef struct {
  Module *module;
  Arena *arena;   /* of the result */
  Arena *scratch; /* the module's */
  Map kept;       /* string -> index into strings */
  Vec(Str) strings;
  Str path;      /* of the file, kept */
  Body *bodies;  /* per function */
  Nodes imports; /* import statements of all kinds, and the star of `import *` */
  Nodes assignments;
  Nodes handed_on;  /* calls and names that somebody gets; see facts_is_handed_on */
  NodeMap handling; /* try_statement -> 1 if it answers for the errors of its body */
} FactsBuilder;

typedef Vec(Str) Names;

/* The copy of the string in the result. */
Str facts_keep(FactsBuilder *builder, Str str);
void *facts_seal_items(FactsBuilder *builder, const void *items, size_t bytes);
/* Moves a list to the result. */
#define facts_seal(builder, vec) \
  ((vec)->items = facts_seal_items((builder), (vec)->items, sizeof(*(vec)->items) * (vec)->count), \
   (vec)->capacity = (vec)->count)

/* Dotted class of a value, as other files may know it: "asyncio.Task" for a task. Empty if it is
   not known. */
Str facts_type_of(FactsBuilder *builder, Node expression);
/* The dotted name of what a call's function expression means: of a method "pkg.Class.method"
   where the receiver's class is known and ".method" where it is not. Empty for builtins and what
   has no name. is_exact may be NULL; see CallFacts. */
Str facts_callee(FactsBuilder *builder, Node function, bool *is_exact);
/* Dotted name of the function around a node, lambdas left out; empty at module and class level. */
Str facts_caller(FactsBuilder *builder, Node node);
/* The statement that holds the node, or NODE_NONE if it lies too deep for anybody to have
   written it. */
Node facts_statement(const FactsBuilder *builder, Node node);

/* True if the value of the call or name goes to somebody: an argument, an element, what is returned or
   assigned. */
bool facts_is_handed_on(const Tree *tree, Node node);

/* Each fills its part. */
void facts_add_names(FactsBuilder *builder, Facts *facts);
void facts_add_classes(FactsBuilder *builder, Facts *facts);
void facts_add_functions(FactsBuilder *builder, Facts *facts);
void facts_add_calls(FactsBuilder *builder, Facts *facts);
void facts_add_habits(FactsBuilder *builder, Facts *facts);
void facts_add_subprocess(FactsBuilder *builder, Facts *facts);
void facts_add_version(FactsBuilder *builder, Facts *facts);
void facts_add_deadlines(FactsBuilder *builder, Facts *facts);

/* Each adds what it finds out about one function. */
void facts_add_decorators(FactsBuilder *builder, FunctionId id, FunctionFacts *facts);
void facts_add_parameters(FactsBuilder *builder, FunctionId id, FunctionFacts *facts);
void facts_add_errors(FactsBuilder *builder, FunctionId id, FunctionFacts *facts);
void facts_add_results(FactsBuilder *builder, FunctionId id, FunctionFacts *facts);

/* True if calling the function as a decorator leaves a coroutine function one; see
   FACT_ASYNC_WRAPPER. */
bool facts_is_async_wrapper(FactsBuilder *builder, FunctionId id);
