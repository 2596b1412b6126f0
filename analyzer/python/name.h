#pragma once
/*
 * Dotted names: the only place in the program that follows imports and aliases.
 *
 * The name of an expression is what it would be called from outside the file: `gather` after `from
 * asyncio import gather as g` is "asyncio.gather", whatever it is called here. Names of the project
 * are dotted from the project's root ("pkg.mod.Class.method"). Builtins have their bare name
 * ("Exception"). Private homes of public names are brought to the public one:
 * "asyncio.tasks.gather" and "asyncio.exceptions.CancelledError" are "asyncio.gather" and
 * "asyncio.CancelledError".
 */
#include "python/module.h"

/* The dotted name of an identifier or attribute chain; empty if it is not known statically:
   parameters, attributes of objects, names bound in several ways that disagree. A name that a
   conditional or try/except import binds twice gets the name of the first branch. Follows `alias =
   asyncio.gather`. */
Str name_of(Module *module, Node expression);

/* True if the expression's dotted name is `dotted`. */
bool name_is(Module *module, Node expression, const char *dotted);
/* True if it is any of the names. */
bool name_in(Module *module, Node expression, const char *const *names, uint32_t count);
#define NAME_IN(module, expression, names) \
  name_in((module), (expression), (names), (uint32_t)(sizeof(names) / sizeof(*(names))))

/* The package that a relative import with so many dots, 1 at least, starts from. */
Str module_package(const ModuleIdentity *identity, uint32_t dots);
/* The dotted name of the module that an import statement's (possibly relative) module part
   names. */
Str name_of_module(const Module *module, Node module_part);
/* The dotted name of what a part of an import statement, in its field `name`, imports; empty in
   broken code. */
Str name_of_import(const Module *module, Node part);

/* Dotted name of a definition of this file: identity.name + "." + qualified. */
Str name_of_definition(const Module *module, Str qualified);

/* What an identifier or attribute chain is called in the text, without resolving:
   "self._session.get". Empty if it is anything else than names and dots. */
Str name_spelled(const Module *module, Node expression);

/* True if the dotted name fits a pattern with * for any run of characters. */
bool name_fits(Str name, Str pattern);
bool name_fits_any(Str name, Patterns patterns);

/* True if a pattern fits the function that is called by this expression: its name as it resolves, or where re-exports lead that name,
   or as it is spelled; "*.spawn" also fits the method of whatever object. */
bool callee_fits(Module *module, Node callee, Patterns patterns);
