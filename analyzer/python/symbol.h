#pragma once
/*
 * The functions and classes of one file.
 *
 * Functions are numbered in source order; function 0 is the module's own top-level code, so that
 * every statement belongs to a function. Qualified names have the form of co_qualname:
 * "Class.method", "outer.<locals>.inner".
 */
#include "python/scope.h"

typedef uint32_t FunctionId;
typedef uint32_t ClassId;
#define FUNCTION_NONE UINT32_MAX
#define FUNCTION_MODULE 0u
#define CLASS_NONE UINT32_MAX

typedef enum {
  PARAMETER_PLAIN,
  PARAMETER_STAR,      /* *args */
  PARAMETER_STAR_STAR, /* **kwargs */
  PARAMETER_KEYWORD,   /* after the star */
} ParameterKind;

typedef struct {
  Str name;
  Node identifier;
  Node annotation;    /* NODE_NONE */
  Node default_value; /* NODE_NONE */
  ParameterKind kind;
} Parameter;

typedef struct {
  Node node; /* function_definition, lambda, or the module */
  Node body; /* block, the lambda's expression, or the module */
  Str name;  /* "<lambda>", "<module>" for those */
  Str qualified;
  FunctionId parent;
  ClassId class_id; /* the class whose body defines it, or CLASS_NONE */
  Vec(Parameter) parameters;
  Nodes decorators; /* the expressions after @ */
  Node return_annotation;
  bool is_async;
  bool is_generator; /* holds a yield of its own */
  bool is_stub;      /* docstring, ..., pass or raise NotImplementedError and nothing else */
  bool is_static;    /* @staticmethod */
  bool is_class_method;
  bool is_property; /* property, cached_property, x.setter … */
  bool is_overload; /* typing.overload */
  bool is_abstract;
} Function;

typedef struct {
  Node node;
  Str name;
  Str qualified;
  ClassId parent_class; /* a class whose body holds this one, or CLASS_NONE */
  FunctionId function;  /* the function it is defined in */
  Nodes
    bases; /* positional base expressions; a Generic[T] is the expression without the subscript */
  Map methods; /* name -> FunctionId: see symbols_method */
} Class;

typedef struct {
  Vec(Function) functions;
  Vec(Class) classes;
  FunctionId *
    function_of_scope; /* per scope: the function whose body evaluates what stands in it (lambdas are functions of
                              their own, comprehensions belong to the function around them) */
  ClassId *class_of_scope; /* per scope: the class whose body it is, or CLASS_NONE */
} Symbols;

Symbols symbols_build(Arena *arena, const Scopes *scopes);

/* The function or class that a definition node makes, or *_NONE. */
FunctionId symbols_function(const Symbols *symbols, Node definition);
ClassId symbols_class(const Symbols *symbols, Node definition);
/* The method of exactly this class (no bases), the last definition that counts, or
   FUNCTION_NONE. */
FunctionId symbols_method(const Symbols *symbols, ClassId class_id, Str name);
