/* The oldest Python that a file can run on, by what stands in it outside of any condition. */
#include "python/facts_build.h"

#include "python/name.h"

typedef struct {
  const char *name;
  uint16_t minor;
} Newer;

static const Newer NEWER_NAMES[] = {
#define NEWER(dotted, since) { dotted, since },
#include "python/newer.def"
#undef NEWER
};

static uint16_t minor_of_name(Str name) {
  for (size_t i = 0; i < sizeof NEWER_NAMES / sizeof *NEWER_NAMES; i++) {
    if (str_is(name, NEWER_NAMES[i].name)) return NEWER_NAMES[i].minor;
  }
  return 0;
}

static uint16_t higher(uint16_t a, uint16_t b) { return a > b ? a : b; }

/* `import tomllib`, `from typing import Self`. */
static uint16_t minor_of_import(const Module *module, Node statement) {
  const Tree *tree = &module->tree;
  Node from = tree_child(tree, statement, FIELD_MODULE_NAME);
  uint16_t minor = from == NODE_NONE ? 0 : minor_of_name(name_of_module(module, from));
  TREE_EACH_CHILD (tree, statement, child) {
    if (tree_field(tree, child) == FIELD_NAME)
      minor = higher(minor, minor_of_name(name_of_import(module, child)));
  }
  return minor;
}

/* Statements of a module's own top level. */
static uint16_t minor_of_statement(const Module *module, Node statement) {
  const Tree *tree = &module->tree;
  switch (tree_kind(tree, statement)) {
  case KIND_IMPORT_STATEMENT:
  case KIND_IMPORT_FROM_STATEMENT:
    return minor_of_import(module, statement);
  case KIND_TYPE_ALIAS_STATEMENT:
    return 12;
  case KIND_FUNCTION_DEFINITION:
  case KIND_CLASS_DEFINITION:
    return tree_child(tree, statement, FIELD_TYPE_PARAMETERS) == NODE_NONE ? 0 : 12;
  default:
    return 0;
  }
}

void facts_add_version(FactsBuilder *builder, Facts *facts) {
  const Module *module = builder->module;
  TREE_EACH_CHILD (&module->tree, 0, statement) {
    facts->needs_minor = higher(facts->needs_minor, minor_of_statement(module, statement));
  }
}
