#include "runtime/offline.h"

#include <string.h>

#include "runtime/hook.h"
#include "runtime/imports.h"
#include "runtime/report.h"

static const char answer[] = "HTTP/1.1 200 OK\r\n"
                             "Content-Type: application/json\r\n"
                             "Content-Length: 2\r\n"
                             "\r\n"
                             "{}";
static const char answer_to_head[] = "HTTP/1.1 200 OK\r\n"
                                     "Content-Type: application/json\r\n"
                                     "Content-Length: 2\r\n"
                                     "\r\n";

/* The connection to a server that does not exist: an asyncio transport. */
typedef struct {
  PyObject head;
  PyObject *loop;     /* owned; NULL once the collector has cleared it */
  PyObject *protocol; /* owned; likewise */
  bool is_closing;
} Wire;

static struct {
  PyTypeObject *wire_type; /* owned */
  PyObject *sleep;         /* owned: asyncio.sleep */
  PyObject *protocol_type; /* owned: aiohttp's protocol of a client; NULL without aiohttp */
  PyObject *response_type; /* owned: httpx.Response; NULL without httpx */
} offline;

/* An awaitable that gives the value after one round of the loop. Takes over the value, which may be NULL. */
static PyObject *soon(PyObject *value) {
  PyObject *awaitable = value ? PyObject_CallFunction(offline.sleep, "iO", 0, value) : NULL;
  Py_XDECREF(value);
  return awaitable;
}

/* Lets the loop call a method of the protocol. Takes over the argument, which may be NULL; false with an error set. */
static bool tell_soon(const Wire *self, const char *method, PyObject *argument) {
  PyObject *function =
    self->protocol && argument ? PyObject_GetAttrString(self->protocol, method) : NULL;
  PyObject *handle =
    function ? PyObject_CallMethod(self->loop, "call_soon", "OO", function, argument) : NULL;
  Py_XDECREF(handle);
  Py_XDECREF(function);
  Py_XDECREF(argument);
  return handle != NULL;
}

/* --- the transport of aiohttp ---------------------------------------------------------------------- */

/* True for the first bytes of a request; what else is written belongs to its body. */
static bool begins_request(const char *bytes, size_t length) {
  const char version[] = " HTTP/1.";
  const size_t version_length = sizeof(version) - 1;
  const char *end = memchr(bytes, '\r', length);
  size_t line = end ? (size_t)(end - bytes) : 0;
  return line > version_length && memcmp(end - version_length - 1, version, version_length) == 0;
}

/* Answers if the bytes begin a request; false with an error set. */
static bool take_bytes(const Wire *self, PyObject *written) {
  PyObject *copy = PyObject_Bytes(written);
  char *bytes;
  Py_ssize_t length;
  if (!copy || PyBytes_AsStringAndSize(copy, &bytes, &length) < 0) {
    Py_XDECREF(copy);
    return false;
  }
  bool is_done = true;
  if (!self->is_closing && begins_request(bytes, (size_t)length)) {
    bool has_body = strncmp(bytes, "HEAD ", 5) != 0;
    is_done =
      tell_soon(self, "data_received", PyBytes_FromString(has_body ? answer : answer_to_head));
  }
  Py_DECREF(copy);
  return is_done;
}

static PyObject *wire_write(PyObject *self, PyObject *bytes) {
  if (!take_bytes((const Wire *)self, bytes)) return NULL;
  Py_RETURN_NONE;
}

static PyObject *wire_writelines(PyObject *self, PyObject *pieces) {
  PyObject *empty = PyBytes_FromString("");
  PyObject *joined = empty ? PyObject_CallMethod(empty, "join", "O", pieces) : NULL;
  bool is_done = joined && take_bytes((const Wire *)self, joined);
  Py_XDECREF(joined);
  Py_XDECREF(empty);
  if (!is_done) return NULL;
  Py_RETURN_NONE;
}

static PyObject *wire_close(PyObject *object, PyObject *none) {
  Wire *self = (Wire *)object;
  (void)none;
  if (self->is_closing) Py_RETURN_NONE;
  self->is_closing = true;
  Py_INCREF(Py_None);
  if (!tell_soon(self, "connection_lost", Py_None)) return NULL;
  Py_RETURN_NONE;
}

static PyObject *wire_is_closing(PyObject *self, PyObject *none) {
  (void)none;
  return PyBool_FromLong(((Wire *)self)->is_closing);
}

/* get_extra_info(name, default=None): there is no socket, and no encryption. */
static PyObject *wire_get_extra_info(PyObject *self, PyObject *arguments, PyObject *options) {
  (void)self;
  PyObject *otherwise =
    PyTuple_Size(arguments) > 1 ? PyTuple_GetItem(arguments, 1) : Py_None; /* borrowed */
  PyObject *named = options ? PyDict_GetItemString(options, "default") : NULL;
  if (named) otherwise = named;
  Py_INCREF(otherwise);
  return otherwise;
}

static PyObject *wire_get_protocol(PyObject *self, PyObject *none) {
  (void)none;
  PyObject *protocol = ((Wire *)self)->protocol;
  protocol = protocol ? protocol : Py_None;
  Py_INCREF(protocol);
  return protocol;
}

static PyObject *wire_set_protocol(PyObject *self, PyObject *protocol) {
  PyObject *previous = ((Wire *)self)->protocol;
  Py_INCREF(protocol);
  ((Wire *)self)->protocol = protocol;
  Py_XDECREF(previous);
  Py_RETURN_NONE;
}

/* Flow is not controlled: all that is written is gone at once. */
static PyObject *wire_ignore(PyObject *self, PyObject *arguments, PyObject *options) {
  (void)self;
  (void)arguments;
  (void)options;
  Py_RETURN_NONE;
}

static PyObject *wire_zero(PyObject *self, PyObject *none) {
  (void)self;
  (void)none;
  return PyLong_FromLong(0);
}

static PyObject *wire_true(PyObject *self, PyObject *none) {
  (void)self;
  (void)none;
  Py_RETURN_TRUE;
}

#define WITH_OPTIONS(function) (PyCFunction)(void (*)(void))(function), METH_VARARGS | METH_KEYWORDS

static PyMethodDef wire_methods[] = {
  { "write", wire_write, METH_O, NULL },
  { "writelines", wire_writelines, METH_O, NULL },
  { "close", wire_close, METH_NOARGS, NULL },
  { "abort", wire_close, METH_NOARGS, NULL },
  { "is_closing", wire_is_closing, METH_NOARGS, NULL },
  { "get_extra_info", WITH_OPTIONS(wire_get_extra_info), NULL },
  { "get_protocol", wire_get_protocol, METH_NOARGS, NULL },
  { "set_protocol", wire_set_protocol, METH_O, NULL },
  { "is_reading", wire_true, METH_NOARGS, NULL },
  { "pause_reading", WITH_OPTIONS(wire_ignore), NULL },
  { "resume_reading", WITH_OPTIONS(wire_ignore), NULL },
  { "get_write_buffer_size", wire_zero, METH_NOARGS, NULL },
  { "set_write_buffer_limits", WITH_OPTIONS(wire_ignore), NULL },
  { "can_write_eof", wire_true, METH_NOARGS, NULL },
  { "write_eof", WITH_OPTIONS(wire_ignore), NULL },
  { 0 },
};

static int wire_traverse(PyObject *object, visitproc visit, void *arg) {
  Wire *self = (Wire *)object;
  if (python_is_at_least(9)) Py_VISIT(Py_TYPE(object));
  Py_VISIT(self->loop);
  Py_VISIT(self->protocol);
  return 0;
}

static int wire_clear(PyObject *object) {
  Wire *self = (Wire *)object;
  Py_CLEAR(self->loop);
  Py_CLEAR(self->protocol);
  return 0;
}

static void wire_dealloc(PyObject *object) {
  PyTypeObject *type = Py_TYPE(object);
  PyObject_GC_UnTrack(object);
  wire_clear(object);
  PyObject_GC_Del(object);
  Py_DECREF(type);
}

static bool make_wire_type(void) {
  PyType_Slot slots[] = {
    { Py_tp_dealloc, wire_dealloc },
    { Py_tp_traverse, wire_traverse },
    { Py_tp_clear, wire_clear },
    { Py_tp_methods, wire_methods },
    { 0, NULL },
  };
  PyType_Spec spec = {
    .name = "awry_runtime.wire",
    .basicsize = sizeof(Wire),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
  };
  offline.wire_type = (PyTypeObject *)PyType_FromSpec(&spec);
  return offline.wire_type != NULL;
}

/* A new protocol that is connected to nothing; NULL with an error set. */
static PyObject *connect_wire(PyObject *loop) {
  PyObject *protocol = PyObject_CallFunctionObjArgs(offline.protocol_type, loop, NULL);
  Wire *wire = protocol ? (Wire *)PyType_GenericAlloc(offline.wire_type, 0) : NULL;
  PyObject *done = NULL;
  if (wire) {
    Py_INCREF(loop);
    wire->loop = loop;
    Py_INCREF(protocol);
    wire->protocol = protocol;
    done = PyObject_CallMethod(protocol, "connection_made", "O", wire);
  }
  if (!done) Py_CLEAR(protocol);
  Py_XDECREF(done);
  Py_XDECREF(wire);
  return protocol;
}

/* connector, request, traces, timeout: an awaitable of the protocol. */
static PyObject *create_connection(PyObject *arguments) {
  PyObject *connector = PyTuple_GetItem(arguments, 0); /* borrowed */
  PyObject *loop = connector ? PyObject_GetAttrString(connector, "_loop") : NULL;
  PyObject *protocol = loop ? connect_wire(loop) : NULL;
  Py_XDECREF(loop);
  return soon(protocol);
}

static void see_aiohttp(const char *package, PyObject *module) {
  (void)package;
  PyObject *connector = module ? imported("aiohttp.connector", "TCPConnector") : NULL;
  offline.protocol_type = module ? imported("aiohttp.client_proto", "ResponseHandler") : NULL;
  bool is_there = offline.protocol_type != NULL &&
    hook_instead(connector, "_create_connection", create_connection);
  if (!is_there) report_unsupported("answers without a network for this version of aiohttp");
  Py_XDECREF(connector);
}

/* --- the answers of httpx -------------------------------------------------------------------------- */

/* transport, request: an awaitable of the response. */
static PyObject *handle_request(PyObject *arguments) {
  (void)arguments;
  PyObject *given = Py_BuildValue("(i)", 200);
  PyObject *options =
    Py_BuildValue("{s:y,s:{s:s}}", "content", "{}", "headers", "Content-Type", "application/json");
  PyObject *response =
    given && options ? PyObject_Call(offline.response_type, given, options) : NULL;
  Py_XDECREF(options);
  Py_XDECREF(given);
  return soon(response);
}

/* Until httpx 0.20, the method took a request in parts, and gave a response in parts. */
static bool takes_request(PyObject *transport) {
  PyObject *method = transport ? PyObject_GetAttrString(transport, "handle_async_request") : NULL;
  PyObject *code = method ? PyObject_GetAttrString(method, "__code__") : NULL;
  PyObject *count = code ? PyObject_GetAttrString(code, "co_argcount") : NULL;
  bool is_so = count && PyLong_AsLong(count) == 2;
  Py_XDECREF(count);
  Py_XDECREF(code);
  Py_XDECREF(method);
  PyErr_Clear();
  return is_so;
}

static void see_httpx(const char *package, PyObject *module) {
  (void)package;
  PyObject *transport = module ? PyObject_GetAttrString(module, "AsyncHTTPTransport") : NULL;
  offline.response_type = module ? PyObject_GetAttrString(module, "Response") : NULL;
  PyErr_Clear();
  bool is_there = offline.response_type && takes_request(transport) &&
    hook_instead(transport, "handle_async_request", handle_request);
  if (!is_there) report_unsupported("answers without a network for this version of httpx");
  Py_XDECREF(transport);
}

bool offline_install(void) {
  offline.sleep = imported("asyncio", "sleep");
  if (!offline.sleep) PyErr_SetString(PyExc_RuntimeError, "asyncio.sleep is missing");
  return offline.sleep && make_wire_type() && import_watch("aiohttp", see_aiohttp) &&
    import_watch("httpx", see_httpx);
}
