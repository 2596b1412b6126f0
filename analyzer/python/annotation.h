#pragma once
/*
 * Annotations: the class that a type expression names. Private to the files of analyzer/python.
 */
#include "python/module.h"

/* The dotted class that an annotation or a base class names: of `Optional[X]`, `X | None`,
   `"X"`, `Annotated[X, …]`, `Final[X]` and `X[T]` it is that of X. Empty if it names several, a
   type variable, or nothing known. */
Str annotated_class(Module *module, Node annotation);

/* The same for what the annotated collection holds: of `list[X]`, `Iterable[X]` that is X, of
   `dict[K, X]` K if its keys are asked for, else X. Empty for other annotations. */
Str annotated_element(Module *module, Node annotation, bool of_keys);

/* True if it names nothing but builtin values, containers and None: `str | None`, `dict[str, Any]`,
   `Optional[int]`. What it annotates is no awaitable. */
bool is_plain_annotation(Module *module, Node annotation);

/* True if the dotted name can be that of a class: known to be one, or of a library that is not
   read and written like one. */
bool is_class_name(Module *module, Str name);
