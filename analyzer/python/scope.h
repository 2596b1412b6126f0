#pragma once
/*
 * Scopes and bindings of one file, by Python's rules: class scopes are skipped from inside their
 * methods; a comprehension has its own scope, but its first iterable is evaluated outside and its
 * walrus binds outside; `global` and `nonlocal` redirect; decorators, default values and
 * annotations belong to the scope around the function; PEP 695 type parameters have a scope of
 * their own.
 *
 * Owns: nothing; tables live in the arena given to scopes_build. Read-only once built.
 */
#include "base/map.h"
#include "python/node_map.h"
#include "python/tree.h"

typedef uint32_t ScopeId; /* 0 is the module */
typedef uint32_t BindingId;
typedef uint32_t NameId; /* of the different names in a file */
#define SCOPE_NONE UINT32_MAX
#define BINDING_NONE UINT32_MAX

typedef enum {
  SCOPE_MODULE,
  SCOPE_CLASS,
  SCOPE_FUNCTION,
  SCOPE_LAMBDA,
  SCOPE_COMPREHENSION, /* list, set, dict comprehensions and generator expressions */
  SCOPE_TYPE_PARAMETERS,
} ScopeKind;

/* What one identifier in the source does to its binding. */
typedef enum {
  OCCURRENCE_READ,
  OCCURRENCE_DELETE,
  OCCURRENCE_ASSIGN,  /* x = …, x: T = …, also one name of an unpacked target */
  OCCURRENCE_AUGMENT, /* x += …: reads and writes */
  OCCURRENCE_WALRUS,
  OCCURRENCE_FOR,      /* target of a for statement or of a comprehension's for */
  OCCURRENCE_WITH,     /* with … as x */
  OCCURRENCE_EXCEPT,   /* except … as x */
  OCCURRENCE_IMPORT,   /* the name that an import statement binds */
  OCCURRENCE_FUNCTION, /* def x */
  OCCURRENCE_CLASS,
  OCCURRENCE_PARAMETER,
  OCCURRENCE_CAPTURE, /* match … case x */
  OCCURRENCE_DECLARE, /* global x, nonlocal x, or an annotation without a value */
} OccurrenceKind;

static inline bool occurrence_binds(OccurrenceKind kind) {
  return kind > OCCURRENCE_DELETE && kind != OCCURRENCE_DECLARE;
}

typedef struct {
  Node node; /* the identifier; for `import a.b` without alias the identifier `a` */
  OccurrenceKind kind;
  ScopeId scope; /* where it stands, which may lie inside the binding's scope */
} Occurrence;

typedef Vec(Occurrence) Occurrences;

typedef struct {
  Str name;
  ScopeId scope;
  Occurrences occurrences; /* in source order */
  uint32_t bind_count;     /* occurrences that bind it */
  bool is_captured;        /* read or written from a function nested in its scope */
  bool is_declared_global; /* some scope says `global x` or `nonlocal x` of it */
} Binding;

typedef struct {
  ScopeKind kind;
  Node node; /* module, class_definition, function_definition, lambda, comprehension */
  ScopeId parent;
  NodeMap
    names; /* NameId -> BindingId of the bindings made here, and of those that `global` or `nonlocal` bring
                here (BINDING_NONE if there is none to bring); Binding.scope tells them apart */
  bool has_star_import;
  bool has_yield;
} Scope;

typedef struct {
  const Tree *tree;
  Vec(Scope) scopes; /* in the order of their nodes */
  Vec(Binding) bindings;
  Map name_ids;   /* name -> NameId */
  NodeMap opened; /* see scopes_opened_by */
  BindingId
    *of_node; /* per row of the tree: the binding of an identifier occurrence, else BINDING_NONE */
  ScopeId *scope_of;      /* per row: the scope it is evaluated in */
  const uint8_t *role_of; /* per row: of an identifier occurrence its OccurrenceKind */
} Scopes;

Scopes scopes_build(Arena *arena, const Tree *tree);

/* The binding an identifier refers to; BINDING_NONE for builtins and what star imports may
   bring. */
static inline BindingId scopes_binding(const Scopes *scopes, Node identifier) {
  return scopes->of_node[identifier];
}
static inline const Binding *scopes_get(const Scopes *scopes, BindingId id) {
  return &scopes->bindings.items[id];
}
/* The binding that `name` would refer to if it were read in that scope, or BINDING_NONE. */
BindingId scopes_lookup(const Scopes *scopes, ScopeId scope, Str name);
/* The same, but the binding has to be one that the scope itself has. */
BindingId scopes_find_own(const Scopes *scopes, ScopeId scope, Str name);
/* What kind of occurrence the identifier is. Requires: scopes_binding(identifier) !=
   BINDING_NONE. */
static inline OccurrenceKind scopes_occurrence(const Scopes *scopes, Node identifier) {
  return (OccurrenceKind)scopes->role_of[identifier];
}
/* The scope that the body of a function_definition, lambda, class_definition or comprehension
   opens. */
ScopeId scopes_opened_by(const Scopes *scopes, Node node);
