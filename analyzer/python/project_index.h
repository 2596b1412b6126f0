#pragma once
/*
 * ProjectIndex: the tables of a merged project, and the walk from a name to what it stands for.
 * Private to project_*.c, which build it (merge, hierarchy, use) and ask it (resolve, index).
 */
#include "python/facts.h"
#include "python/project_trace.h"

#define INDEX_NONE UINT32_MAX

enum {
  PROJECT_MAX_ANCESTORS = 64, /* of one class; with more it counts as having an unknown base */
  PROJECT_MAX_STEPS = 32,     /* aliases of aliases; also what ends a cycle */
  PROJECT_MAX_NAME = 512,     /* bytes of a dotted name that is followed */
};

typedef Vec(uint32_t) ClassNumbers;

/* What the project has under one dotted name: indices, or INDEX_NONE for nothing of that kind. */
typedef struct {
  uint32_t function, class_number; /* the first of that name */
  uint32_t instance;
  uint32_t target; /* what the name stands for: it is an alias */
  uint32_t star;   /* the last star import of a module of that name */
  uint32_t module; /* a module, or a package around one */
} Meaning;

typedef struct {
  FunctionUses uses;
  uint32_t next; /* another function of the same name, or INDEX_NONE */
} ProjectFunction;

typedef struct {
  const ClassFacts *facts;
  bool is_ambiguous;      /* files of one dotted name (scripts) define it: nothing is known of it */
  ClassNumbers ancestors; /* in the project, in the order in which methods are looked up */
  Vec(Str) library_bases; /* canonical names of its own bases outside the project */
  bool has_unknown_base;
  bool is_base; /* of another class of the project */
} ProjectClass;

typedef struct {
  uint32_t same_named;
  uint32_t uses[CALL_REFERENCED + 1];
} BareName;

typedef struct {
  Str module; /* what a star import names */
  uint32_t next;
} StarImport;

struct Project {
  const Library *library;
  const Project *whole; /* not NULL: this is only its view, which has nothing of its own */
  Trace *trace;         /* of a view: where questions go */
  Map names;            /* index into meanings */
  Vec(Meaning) meanings;
  ProjectFunction *functions;
  uint32_t function_count;
  Vec(ProjectClass) classes;
  Vec(InstanceFacts) instances; /* the type is empty where several files disagree */
  Vec(Str) targets;
  Vec(StarImport) star_imports;
  Vec(Str) modules;
  Map bare_names; /* index into bare */
  Vec(BareName) bare;
  Map habits; /* index into habit_items */
  Vec(Habit) habit_items;
  Map task_factories; /* top-level packages and folders that set one */
  Map needed_minors;  /* top-level packages and folders -> oldest Python */
  Vec(const Facts *) subprocess_users;
  Map overridden; /* "Class.method" that a subclass defines the other way */
};

/* A dotted name put together on the stack, so that queries need no memory. */
typedef struct {
  char text[PROJECT_MAX_NAME];
} NameBuffer;

/* Every query starts with it: what is asked goes into the trace if there is one. Returns the project
   to look into, which is NULL if it was. */
#define project_ask(project, kind, ...) \
  project_asked( \
    (project), \
    (kind), \
    (const Str[]){ __VA_ARGS__ }, \
    sizeof((const Str[]){ __VA_ARGS__ }) / sizeof(Str) \
  )
const Project *
project_asked(const Project *project, QuestionKind kind, const Str *names, size_t count);

const Project *
project_asked_of_any(const Project *project, Str method, const Str *others, uint32_t count);

/* The queries of those names, by the package and not by a module in it. */
bool project_factory_in(const Project *project, Str top);
uint16_t project_minor_in(const Project *project, Str top);
/* The first file that needs subprocesses of the package; of any if it is empty. */
const Facts *project_subprocess_in(const Project *project, Str package);

/* Never NULL. */
const Meaning *project_meaning(const Project *project, Str name);
/* What the name means once aliases, instances and bases have been followed: nothing if that leads
   to no function, class or instance. */
const Meaning *project_follow(const Project *project, Str name);

/* a + "." + b, or an empty name if it is too long. */
Str name_joined(NameBuffer *buffer, Str a, Str b);

/* The top-level package of a module with the folders around it; of a script, its folder. */
Str project_top_of(const ModuleIdentity *identity);

/* The first of that name, which is followed, or INDEX_NONE. */
uint32_t project_find_function(const Project *project, Str name);
uint32_t project_find_class(const Project *project, Str name);
/* The first function that is this method of the class or of its nearest base that has it, or
   INDEX_NONE. */
uint32_t project_find_method(const Project *project, uint32_t class_number, Str method);

/* The function that stands for all of that name: the only one, or one of several that agree;
   INDEX_NONE if they do not. With a path, those of other files do not count if there are some in
   that file. first may be INDEX_NONE. */
uint32_t project_pick_function(const Project *project, uint32_t first, Str path);

/* What other files make of the facts of a function; its file's own are left as they are. */
void project_set_facts(Arena *arena, ProjectFunction *function, uint32_t facts);

/* project_hierarchy.c: the ancestors of every class, and what subclasses override. Temporary
   tables go into scratch. */
void project_link_classes(Arena *arena, Arena *scratch, Project *project);
/* project_use.c: the uses of every function. */
void project_count_uses(
  Arena *arena, Arena *scratch, Project *project, const Facts *const *facts, uint32_t count
);
/* project_use.c: the timeout that each function is under. */
void project_set_deadlines(Project *project, const Facts *const *facts, uint32_t count);
