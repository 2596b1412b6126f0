#pragma once
/*
 * Facts: what one file tells the others about its functions, classes and calls; and Project: the
 * facts of all files, merged, with names followed across re-exports and class hierarchies.
 *
 * facts_collect runs on a Module without a project; everything it returns is copied into the arena
 * given, so the file's own arena can be reset. project_merge keeps pointers into the Facts it is
 * given.
 * Thread: facts_collect per worker; a merged Project is constant and shared.
 */
#include "base/map.h"
#include "base/strs.h"
#include "python/module.h"

typedef enum {
  FACT_ASYNC = 1 << 0,
  FACT_GENERATOR = 1 << 1,
  FACT_STUB = 1 << 2, /* docstring, ..., pass, raise NotImplementedError */
  FACT_OPAQUE =
    1 << 3, /* decorated by something that is not known to leave the function as it is */
  FACT_PROPERTY = 1 << 4,
  FACT_STATIC = 1 << 5,
  FACT_CLASS_METHOD = 1 << 6,
  FACT_METHOD = 1 << 7,        /* defined in a class body */
  FACT_NEVER_RETURNS = 1 << 8, /* every path raises or exits */
  FACT_HANDLES_ERRORS = 1
    << 9, /* its awaited work lies in a try that catches Exception and logs, counts or returns; or a
                                   decorator whose name says log/catch */
  FACT_CANNOT_FAIL = 1
    << 10, /* awaits nothing but what cannot fail (sleep, Event.wait, Queue.put …) and raises nothing */
  FACT_RETURNS_COROUTINE = 1 << 11, /* a sync def that returns the coroutine of a call */
  FACT_RETURNS_TASK = 1 << 12,      /* returns a task or future that it made or keeps */
  FACT_KEEPS_TASK = 1 << 13, /* takes a coroutine or task and stores or awaits it: a task maker */
  FACT_ASYNC_WRAPPER =
    1 << 14, /* a decorator that returns an inner `async def` (or the function itself): what it
                                       decorates stays a coroutine function */
  FACT_MAKES_SESSION =
    1 << 15, /* opens a client session of its own for its work and closes or leaks it */
  FACT_RETURNS_SESSION = 1 << 16, /* a factory: hands a new session to its caller */
  FACT_TASK_GROUP =
    1 << 17, /* its body is a task group: errors leave it wrapped in an exception group */
  FACT_OVERLOAD = 1 << 18,
  FACT_RAISES_TIMEOUT =
    1 << 19, /* a wait_for / async_timeout failure leaves it as asyncio.TimeoutError */
  FACT_CONTEXT_MANAGER =
    1 << 20, /* @asynccontextmanager or @contextmanager: a call gives neither a coroutine nor a
                                       generator, so FACT_ASYNC and FACT_GENERATOR are not set */
  FACT_RETURNS_EXCEPTION = 1 << 21, /* returns an exception object as its value */
  FACT_ABSTRACT = 1 << 22,          /* @abstractmethod */
  FACT_NEVER_SUSPENDS =
    1 << 23, /* a coroutine function that awaits nothing, and that no subclass overrides: awaiting
                                       it does not let the event loop run, so no cancellation arrives there */
  FACT_MAKES_TASK =
    1 << 24, /* sync: every way out returns a task that it makes of a parameter and does not keep */
  FACT_ENDS_ERRORS = 1
    << 25, /* a plain function that no error leaves: what may fail in it lies in a try that catches
                                 Exception, or there is nothing. Says nothing of a coroutine or task that it returns */
  FACT_TAKES_CANCELLATION = 1
    << 26, /* some handler of its own takes a CancelledError of an await and can end without raising */
  FACT_RETURNS_CLASS = 1
    << 27, /* `(base: type[T], …) -> type[T]`: gives the class that it is given first, or one derived from it */
  FACT_RETURNS_INSTANCE =
    1 << 28, /* `(cls: type[T], …) -> T`: gives an instance of the class that it is given first */
  FACT_FILLED =
    1 << 29, /* an async stub that a subclass of the project makes a coroutine function of */
  FACT_FILLED_BY_GENERATOR = 1 << 30, /* one that a subclass makes an async generator of */
} Fact;

typedef enum {
  PARAMETER_AWAITED = 1 << 0,
  PARAMETER_KEPT =
    1 << 1, /* stored in an attribute, container, global, or handed to something unknown */
  PARAMETER_TESTED = 1 << 2, /* tested for being an exception: isinstance, type() */
  PARAMETER_RETURNED = 1 << 3,
  PARAMETER_CALLED = 1 << 4,
  PARAMETER_CANCELLED = 1 << 5, /* .cancel() is called on it or its elements */
  PARAMETER_CLOSED = 1 << 6,
  PARAMETER_VALUE = 1
    << 7, /* used as no coroutine can be: iterated, subscripted, computed with, asked for other attributes */
  PARAMETER_DATA = 1 << 8, /* annotated as a builtin value or container, which no coroutine is */
} ParameterFact;

typedef struct {
  Str name;
  uint32_t facts; /* ParameterFact bits; 0: read at most for its text */
} ParameterFacts;

/* A function of the project that another one awaits. */
typedef struct {
  Str name; /* dotted; empty for all other work that can fail */
  bool
    takes_timeouts; /* wherever it is awaited, a handler around takes what an asyncio timeout raises */
} Delegate;

typedef enum {
  CALL_AWAITED,         /* by a coroutine, not in tail position */
  CALL_AWAITED_IN_TAIL, /* `return await f()` or the last statement */
  CALL_STARTED,         /* given to a task maker, gather, run, a callback by reference */
  CALL_REFERENCED,      /* used by name in any other way: stored, passed on, registered */
} CallUse;

/* A coroutine function whose coroutine is run against the clock. */
typedef struct {
  Str callee; /* dotted */
  Str name;   /* of the timeout: "asyncio.wait_for" */
  Str path;
  Position position; /* of its call */
} DeadlineFacts;

typedef struct {
  Str name;          /* dotted: "pkg.mod.Class.method" */
  Position position; /* of its name */
  uint32_t facts;    /* Fact bits; project_merge decides those that other files have a say in */
  Vec(Str
  ) decorators; /* dotted names of those that may be the project's; project_merge decides FACT_OPAQUE by them */
  Str
    returns_call_of; /* sync: dotted name of the function whose call each return hands out, or empty */
  Str path;
  Str class_name; /* dotted name of the class whose body defines it, or empty */
  Str returns;    /* dotted class or function family it is declared or seen to return, or empty */
  Vec(ParameterFacts) parameters; /* without self and cls */
  Vec(Delegate
  ) delegates; /* those that it awaits without a handler of its own around, for questions about its callees; one with an
                         empty name stands for all other such work */
  Str
    raises; /* bare name of the first error class that a raise statement of its lets out; empty: none */
  Strs
    raised; /* dotted names of the first classes, none of a library, that its raise statements let out */
} FunctionFacts;

typedef struct {
  Str name;
  Str
    type; /* dotted class of the value or annotation; "asyncio.Task", "aiohttp.ClientSession", … or empty */
} AttributeFacts;

typedef struct {
  Str name; /* dotted */
  Str path;
  Vec(Str) bases; /* dotted, as resolved in the file; an unknown base is an empty string */
  Vec(AttributeFacts) attributes; /* self.x of its methods and annotations of its body */
  Vec(Str) methods;               /* bare names defined in the body, sync and async */
} ClassFacts;

/* A name that stands for another: import, re-export, module-level alias or instance. */
typedef struct {
  Str name; /* "pkg.gather_all" */
  Str
    target; /* "pkg.util.gather_all"; ends in ".*" for a star import, name being the importing module */
  Str
    through; /* `Impl = chosen(Base, …)`: the function, which must have FACT_RETURNS_CLASS; or empty */
} AliasFacts;

typedef struct {
  Str name; /* dotted name of a module-level variable */
  Str type; /* dotted class of the instance */
} InstanceFacts;

/* One use of a function by name. */
typedef struct {
  Str caller; /* dotted name of the function that uses it; empty at module and class level */
  Str callee; /* dotted; or for an unknown receiver "." and the method's name */
  Str
    handed_to; /* CALL_REFERENCED as an argument: dotted name of the function that gets it, which decides what
                    project_merge takes it for; or empty */
  CallUse use;
  bool is_fanned_out;
  bool is_exact; /* super().m(…), Class.m(…): never what a subclass defines in its place */
} CallFacts;

/* What the coroutine functions of a file do with calls of one spelling; see habit.h. */
typedef struct {
  Str name;
  uint32_t awaited;
  uint32_t unawaited; /* left alone, or used as they are */
} HabitFacts;

/* The same over all files that are no tests. */
typedef struct {
  uint32_t awaited, unawaited;
} Habit;

/* Where a file first asks the event loop for a subprocess, or imports a library that does. */
typedef struct {
  Str name; /* dotted name of the function or library; empty: nowhere */
  uint32_t offset;
  Position position;
} SubprocessFacts;

typedef struct Facts {
  ModuleIdentity identity;
  Str path;
  Vec(FunctionFacts) functions;
  Vec(ClassFacts) classes;
  Vec(AliasFacts) aliases;
  Vec(InstanceFacts) instances;
  Vec(CallFacts) calls;
  Vec(HabitFacts) habits;
  Vec(DeadlineFacts) deadlines;
  Vec(Str) imports;       /* dotted modules it imports, for finding what else must be read */
  bool sets_task_factory; /* gives its event loop a task factory of its own, tests left out */
  SubprocessFacts subprocess;
  uint16_t needs_minor; /* it cannot run on a Python before 3.needs_minor; 0: nothing tells */
} Facts;

Facts facts_collect(Module *module, Arena *arena);

/* The same for a long file (module_is_long) in two steps: each part on a module of its own. */
typedef enum { FACTS_OF_FUNCTIONS, FACTS_OF_ALL_ELSE, FACTS_PARTS } FactsPart;
Facts facts_collect_part(Module *module, FactsPart part, Arena *arena);
Facts facts_join(const Facts parts[FACTS_PARTS]);

/* A function of the project that awaits or starts another one. */
typedef struct Caller Caller;
struct Caller {
  Str name; /* dotted; empty at module and class level */
  CallUse use;
  const Caller *next;
};

enum { FACTS_MAX_CALLERS = 32 };

/* How the coroutine of a function is started, over all files. */
typedef struct {
  const FunctionFacts *function;
  uint32_t uses[CALL_REFERENCED + 1]; /* per CallUse */
  uint32_t
    fanned_out; /* once per item: in gather(*(f(x) for …)), or started or awaited in a `for` over items */
  uint32_t caller_count;
  const Caller *callers;         /* in no particular order; at most FACTS_MAX_CALLERS */
  const DeadlineFacts *deadline; /* the first timeout that its coroutine is under; NULL: none */
} FunctionUses;

/* Requires: facts[i] and the library live as long as the result; the facts were collected with
   that library. Where one of several files can be named, it is the first: their order is to follow
   from the project alone. The queries below take a project that is NULL for an empty one. */
const Project *
project_merge(Arena *arena, const Facts *const *facts, uint32_t count, const Library *library);

/* What is known of the libraries that the project uses: what project_merge was given. */
const Library *project_library(const Project *project);

/* Follows re-exports and aliases to the name of the definition; the name itself where nothing is
   known. */
Str project_canonical(const Project *project, Str name);
/* NULL if the project defines no function of that name, or several that disagree.
   "pkg.Class.method" is looked up through project bases, "pkg.instance.method" through the type of
   the module-level instance. */
const FunctionFacts *project_function(const Project *project, Str name);
/* The same, but of several definitions in files of the same dotted name (scripts) the one in that
   file. */
const FunctionFacts *project_function_in(const Project *project, Str name, Str path);
/* How that function is started: its own facts are among them. NULL as for those. */
const FunctionUses *project_uses(const Project *project, Str name);
const FunctionUses *project_uses_in(const Project *project, Str name, Str path);
const ClassFacts *project_class(const Project *project, Str name);
/* The method that `class_name().method` means, through project bases. is_overridden: some project
   subclass defines it, too, without FACT_ASYNC while this one has it, or the reverse. */
const FunctionFacts *
project_method(const Project *project, Str class_name, Str method, bool *is_overridden);
/* True if the class or any of its bases is unknown to the project and to the library. */
bool project_has_unknown_base(const Project *project, Str class_name);
/* Through the project and the library; every class is a subclass of itself. */
bool project_is_subclass(const Project *project, Str name, Str base);
/* Dotted class of an attribute of instances of the class, through its bases; empty if unknown. */
Str project_attribute_type(const Project *project, Str class_name, Str attribute);
/* Dotted class of a module-level instance; empty if unknown. */
Str project_instance_type(const Project *project, Str name);
/* What is done with calls of that name; see habit_name. */
Habit project_habit(const Project *project, Str name);
/* How functions of that bare name are used through receivers of unknown class: CALL_* counts. */
uint32_t project_method_uses(const Project *project, Str bare_name, CallUse use);
/* How many functions of the project have that bare name. */
uint32_t project_same_named(const Project *project, Str bare_name);
/* The method of that name in the classes of the project, all of whose bases are known, that have
   every one of the other methods, too; NULL if there is none, or if they disagree on whether it is
   a coroutine function. */
const FunctionFacts *
project_method_of_any(const Project *project, Str method, const Str *others, uint32_t count);
/* True if the top-level package (of a script: the folder) of that file gives its loop a task
   factory of its own, which keeps the tasks or looks at their outcome. */
bool project_sets_task_factory(const Project *project, const ModuleIdentity *identity);
/* The oldest Python, as a minor version, that the top-level package (of a script: the folder) of
   that file can run on, as its files show, tests left out; 0 if they do not. */
uint16_t project_needs_minor(const Project *project, const ModuleIdentity *identity);
bool project_has_module(const Project *project, Str name);
/* The first file of the project that needs subprocesses of the event loop and belongs to
   the same program as a module with that identity: it lies in the same top-level package, or the
   module is a script outside of packages. Tests do not count. NULL if there is none. */
const Facts *project_subprocess_user(const Project *project, const ModuleIdentity *program);
