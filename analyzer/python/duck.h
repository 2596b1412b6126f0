#pragma once
/*
 * Duck: which class of the project an object must be of, told by the methods that are called on it.
 * For objects whose class nothing else tells: unannotated parameters and the attributes that keep
 * them.
 */
#include "python/facts.h"
#include "python/module.h"

/* True if likely_method is worth asking: a method is called on a parameter or attribute of unknown
   class, and some function of the project has the method's name. Cheap. */
bool may_be_project_method(Module *module, Node call);

/* The method that the call enters, if the methods that this code calls on the same receiver are all
   found together in classes of the project, are telling enough not to be found elsewhere by chance
   or the same method is awaited elsewhere, and all such classes have the same method in mind. NULL
   otherwise. */
const FunctionFacts *likely_method(Module *module, Node call);
