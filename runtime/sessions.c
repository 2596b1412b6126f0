#include "runtime/sessions.h"

#include <string.h>
#include <unistd.h>

#include "runtime/hook.h"
#include "runtime/imports.h"
#include "runtime/report.h"

/* A class of sessions. */
typedef struct {
  const char *package;
  const char *name;
  const char *request;    /* what every request of a session passes */
  const char *closers[2]; /* what ends a session: the second may be missing in some version */
  const char *is_closed;  /* its own word on that */
  const char *finalizer;  /* NULL if it has none */
  bool is_open_at_once;   /* it holds something before the first request */
  const char *what;       /* is not looked for in a version that lacks one of these */
} Library;

static const Library libraries[] = {
  {
    .package = "aiohttp",
    .name = "ClientSession",
    .request = "_request",
    .closers = { "close", "detach" },
    .is_closed = "closed",
    .finalizer = "__del__",
    .is_open_at_once = true,
    .what = "sessions of aiohttp, whose version is not known",
  },
  {
    .package = "httpx",
    .name = "AsyncClient",
    .request = "send",
    .closers = { "aclose", "__aexit__" },
    .is_closed = "is_closed",
    .what = "clients of httpx, whose version is not known",
  },
};
enum { LIBRARY_COUNT = sizeof(libraries) / sizeof(*libraries) };

/* A line that makes sessions. */
typedef struct {
  PyObject head;
  Site site; /* owned */
  const Library *library;
  long sessions;
  long used;     /* those that made requests */
  long requests; /* of all together */
  long closed;
  long unclosed;
} Maker;

/* One session that has not been judged. */
typedef struct {
  PyObject head;
  Maker *maker;      /* owned */
  PyObject *session; /* owned: a weak reference; NULL if it cannot have one */
  bool is_used;
  bool is_closed;
} Opened;

static struct {
  PyTypeObject *maker_type;  /* owned */
  PyTypeObject *opened_type; /* owned */
  PyObject
    *classes[LIBRARY_COUNT]; /* owned: those of the libraries; NULL until they are imported */
  PyObject *makers;          /* owned: a list */
  PyObject *opened; /* owned: a dict from the address of a session to what is known of it */
  pid_t process;    /* whose interpreter it is */
  bool is_settled;
} sessions;

static void maker_dealloc(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  site_clear(&((Maker *)self)->site);
  PyObject_Free(self);
  Py_DECREF(type);
}

static void opened_dealloc(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  Py_XDECREF(((Opened *)self)->maker);
  Py_XDECREF(((Opened *)self)->session);
  PyObject_Free(self);
  Py_DECREF(type);
}

/* A type of records: a new reference, or NULL with an error set. */
static PyTypeObject *make_type(const char *name, int size, destructor dealloc) {
  PyType_Slot slots[] = { { Py_tp_dealloc, dealloc }, { 0, NULL } };
  PyType_Spec spec = {
    .name = name,
    .basicsize = size,
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots,
  };
  return (PyTypeObject *)PyType_FromSpec(&spec);
}

/* --- who makes it ---------------------------------------------------------------------------------- */

/* True for the frame of an `__init__` of the session itself: that of a subclass. */
static bool initialises(PyObject *frame, PyObject *code, PyObject *session) {
  PyObject *name = attribute_of(code, names.co_name);
  bool is_init = name && PyUnicode_CompareWithASCIIString(name, "__init__") == 0;
  Py_XDECREF(name);
  if (!is_init) return false;
  PyObject *variables = attribute_of(code, names.co_varnames);
  PyObject *first = variables && PyTuple_Check(variables) ? PyTuple_GetItem(variables, 0) : NULL;
  PyObject *locals = first ? attribute_of(frame, names.f_locals) : NULL;
  PyObject *value = locals ? PyObject_GetItem(locals, first) : NULL;
  bool is_own = value == session;
  Py_XDECREF(value);
  Py_XDECREF(locals);
  Py_XDECREF(variables);
  PyErr_Clear();
  return is_own;
}

/* The line that makes the session, in whatever code it is. */
static Site site_of_maker(PyObject *session) {
  PyObject *frame = (PyObject *)PyEval_GetFrame(); /* borrowed here, owned below */
  Site site = { 0 };
  Py_XINCREF(frame);
  while (frame && frame != Py_None && !site.code) {
    PyObject *code = attribute_of(frame, names.f_code);
    if (code && !initialises(frame, code, session)) site = site_of_frame(frame);
    Py_XDECREF(code);
    PyObject *back = attribute_of(frame, names.f_back);
    Py_DECREF(frame);
    frame = back;
  }
  Py_XDECREF(frame);
  return site;
}

/* The record of the line, which is taken over; borrowed, or NULL with an error set. */
static Maker *maker_at(Site *site, const Library *library) {
  for (Py_ssize_t i = 0; i < PyList_Size(sessions.makers); i++) {
    Maker *maker = (Maker *)PyList_GetItem(sessions.makers, i); /* borrowed */
    bool is_same = maker->site.code == site->code && maker->site.line == site->line;
    if (!is_same || maker->library != library) continue;
    site_clear(site);
    return maker;
  }
  Maker *maker = (Maker *)PyType_GenericAlloc(sessions.maker_type, 0);
  if (maker) {
    maker->site = *site;
    maker->library = library;
    *site = (Site){ 0 };
  } else {
    site_clear(site);
  }
  bool is_kept = maker && PyList_Append(sessions.makers, (PyObject *)maker) == 0;
  Py_XDECREF(maker);
  return is_kept ? maker : NULL;
}

/* --- one session ----------------------------------------------------------------------------------- */

/* The record of the first argument of a call; borrowed, or NULL. */
static Opened *opened_of(PyObject *arguments) {
  PyObject *session = PyTuple_GetItem(arguments, 0); /* borrowed */
  PyObject *key = session ? PyLong_FromVoidPtr(session) : NULL;
  Opened *opened = key ? (Opened *)PyDict_GetItem(sessions.opened, key) : NULL; /* borrowed */
  Py_XDECREF(key);
  return opened;
}

static void open_session(PyObject *session, Maker *maker) {
  PyObject *key = PyLong_FromVoidPtr(session);
  Opened *opened = key ? (Opened *)PyType_GenericAlloc(sessions.opened_type, 0) : NULL;
  if (opened) {
    Py_INCREF(maker);
    opened->maker = maker;
    opened->session = PyWeakref_NewRef(session, NULL);
    maker->sessions++;
    PyDict_SetItem(sessions.opened, key, (PyObject *)opened);
  }
  Py_XDECREF(opened);
  Py_XDECREF(key);
}

/* The last word on a session: it is dead, or the program has ended. `session` is NULL if it is dead. */
static void judge(Opened *opened, PyObject *session) {
  Maker *maker = opened->maker;
  bool holds = opened->is_used || maker->library->is_open_at_once;
  bool is_closed = opened->is_closed;
  if (session) {
    PyObject *word = PyObject_GetAttrString(session, maker->library->is_closed);
    if (word) is_closed = PyObject_IsTrue(word) > 0;
    Py_XDECREF(word);
    PyErr_Clear();
  }
  if (is_closed) maker->closed++;
  else if (holds) maker->unclosed++;
}

/* The session of the record if it is still there; borrowed. */
static PyObject *session_of(const Opened *opened) {
  PyObject *session = opened->session ? PyWeakref_GetObject(opened->session) : NULL;
  return session == Py_None ? NULL : session;
}

/* Judges the one that had the address of a new session before. */
static void forget_dead(PyObject *session) {
  PyObject *key = PyLong_FromVoidPtr(session);
  Opened *opened = key ? (Opened *)PyDict_GetItem(sessions.opened, key) : NULL; /* borrowed */
  if (opened) {
    judge(opened, NULL);
    PyDict_DelItem(sessions.opened, key);
  }
  Py_XDECREF(key);
}

/* --- what is observed ------------------------------------------------------------------------------ */

static const Library *library_of(PyObject *session) {
  for (size_t i = 0; i < LIBRARY_COUNT; i++) {
    PyObject *class = sessions.classes[i];
    if (class && PyObject_IsInstance(session, class) > 0) return &libraries[i];
  }
  return NULL;
}

static void see_made(PyObject *arguments, PyObject *result) {
  (void)result;
  PyObject *session = PyTuple_GetItem(arguments, 0); /* borrowed */
  const Library *library = session ? library_of(session) : NULL;
  if (!library) return;
  forget_dead(session);
  Site site = site_of_maker(session);
  if (site_owner(&site) != CODE_USER) {
    site_clear(&site);
    return;
  }
  Maker *maker = maker_at(&site, library);
  if (maker) open_session(session, maker);
}

static void see_request(PyObject *arguments) {
  Opened *opened = opened_of(arguments);
  if (!opened) return;
  opened->maker->requests++;
  if (!opened->is_used) opened->maker->used++;
  opened->is_used = true;
}

static void see_closing(PyObject *arguments) {
  Opened *opened = opened_of(arguments);
  if (opened) opened->is_closed = true;
}

/* session: nobody refers to it any more. */
static void see_finalizer(PyObject *arguments) {
  PyObject *session = PyTuple_GetItem(arguments, 0); /* borrowed */
  PyObject *key = session ? PyLong_FromVoidPtr(session) : NULL;
  Opened *opened = opened_of(arguments);
  if (opened) {
    judge(opened, session);
    PyDict_DelItem(sessions.opened, key);
  }
  Py_XDECREF(key);
}

/* --- what is said ---------------------------------------------------------------------------------- */

static void report_maker(const Maker *maker) {
  bool is_per_call = maker->used >= 2 && maker->requests < 2 * maker->used;
  const struct {
    const char *kind;
    bool is_seen;
  } kinds[] = {
    { "session-per-call", is_per_call },
    { "resource-unclosed", maker->unclosed > 0 },
  };
  for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
    if (!kinds[i].is_seen) continue;
    Line line;
    line_begin(&line, kinds[i].kind);
    line_add_site(&line, "at", &maker->site);
    line_add_number(&line, "sessions", maker->sessions);
    line_add_number(&line, "requests", maker->requests);
    line_add_number(&line, "closed", maker->closed);
    line_add_number(&line, "unclosed", maker->unclosed);
    line_send(&line);
  }
}

void sessions_settle(void) {
  if (sessions.is_settled || !sessions.makers) return;
  sessions.is_settled = true;
  PyObject *known = PyDict_Values(sessions.opened);
  for (Py_ssize_t i = 0; known && i < PyList_Size(known); i++) {
    Opened *opened = (Opened *)PyList_GetItem(known, i); /* borrowed, as is the session */
    judge(opened, session_of(opened));
  }
  Py_XDECREF(known);
  PyDict_Clear(sessions.opened);
  for (Py_ssize_t i = 0; i < PyList_Size(sessions.makers); i++) {
    report_maker((const Maker *)PyList_GetItem(sessions.makers, i));
  }
  PyErr_Clear();
}

static PyObject *settle_at_exit(PyObject *self, PyObject *none) {
  (void)self;
  (void)none;
  /* A child that the program forked has copies of its sessions, and need not close them. */
  if (getpid() == sessions.process) sessions_settle();
  Py_RETURN_NONE;
}

static PyMethodDef exit_function = { "settle", settle_at_exit, METH_NOARGS, NULL };

/* The functions for the exit run in the reverse order: those of the program, which it registers later, are before ours. */
static void settle_late(void) {
  PyObject *function = PyCFunction_New(&exit_function, NULL);
  PyObject *register_function = imported("atexit", "register");
  PyObject *done = function && register_function
    ? PyObject_CallFunctionObjArgs(register_function, function, NULL)
    : NULL;
  Py_XDECREF(done);
  Py_XDECREF(register_function);
  Py_XDECREF(function);
  PyErr_Clear();
}

/* --- installation ---------------------------------------------------------------------------------- */

static bool hook_class(const Library *library, PyObject *class) {
  bool is_hooked = hook_after(class, "__init__", see_made) &&
    hook_before(class, library->request, see_request) &&
    hook_before(class, library->closers[0], see_closing);
  hook_before(class, library->closers[1], see_closing);
  if (library->finalizer) hook_before(class, library->finalizer, see_finalizer);
  return is_hooked;
}

static void see_import(const char *package, PyObject *module) {
  for (size_t i = 0; i < LIBRARY_COUNT; i++) {
    if (strcmp(libraries[i].package, package) != 0) continue;
    PyObject *class = module ? PyObject_GetAttrString(module, libraries[i].name) : NULL;
    if (class && hook_class(&libraries[i], class)) {
      sessions.classes[i] = class;
      continue;
    }
    Py_XDECREF(class);
    PyErr_Clear();
    report_unsupported(libraries[i].what);
  }
}

bool sessions_install(void) {
  sessions.maker_type = make_type("awry_runtime.maker", sizeof(Maker), maker_dealloc);
  sessions.opened_type = make_type("awry_runtime.opened", sizeof(Opened), opened_dealloc);
  sessions.makers = PyList_New(0);
  sessions.opened = PyDict_New();
  if (!sessions.maker_type || !sessions.opened_type || !sessions.makers || !sessions.opened) {
    return false;
  }
  sessions.process = getpid();
  settle_late();
  for (size_t i = 0; i < LIBRARY_COUNT; i++) {
    if (!import_watch(libraries[i].package, see_import)) return false;
  }
  return true;
}
