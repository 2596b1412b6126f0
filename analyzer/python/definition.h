#pragma once
/*
 * Definitions by their dotted name, and what the methods of this file know of `self`. Private to the
 * files of analyzer/python.
 */
#include "python/module.h"

/* The class or function of this file with that dotted name, or *_NONE. */
ClassId class_named(Module *module, Str name);
FunctionId function_named(Module *module, Str name);
/* As library_find, asked once for each name. */
const LibraryEntry *library_entry(Module *module, Str name);
Str class_dotted(const Module *module, ClassId class_id);

/* The class whose method binds the identifier as its first parameter (self, cls), or CLASS_NONE. */
ClassId self_class(const Module *module, Node identifier, bool *is_class);
/* The class whose method, or a function nested in it, holds the node; CLASS_NONE if there is
   none. */
ClassId enclosing_class(const Module *module, Node node);
Str enclosing_class_name(const Module *module, Node node);

/* Every `self.name` of the methods of exactly this class, in source order. */
Nodes attribute_occurrences(Module *module, ClassId class_id, Str name);
/* How `self.name`, or `name` in the body, is bound in a class and its bases in this file. */
typedef struct {
  Nodes values;     /* the expressions assigned */
  bool is_complete; /* false if it is bound in other ways besides: unpacked, with … as, a method */
  Node annotation;  /* of `self.name: T` or `name: T`, or NODE_NONE */
} AttributeBindings;

AttributeBindings attribute_bindings(Module *module, ClassId class_id, Str name);
