#include "runtime/report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Bytes of one value; longer ones are cut. */
enum { MAX_VALUE = 500 };

static int report_descriptor = -1;
static void (*report_listener)(const Line *line);
static PyObject *report_test; /* owned */

static long report_run = -1; /* of a sweep; negative outside of one */

void report_begin_run(long run) { report_run = run; }

void report_open(int descriptor) {
  report_descriptor = descriptor;
  if (descriptor >= 0) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

int report_redirect(int descriptor) {
  int last = report_descriptor;
  report_descriptor = descriptor;
  return last;
}

void report_listen(void (*listener)(const Line *line)) { report_listener = listener; }

void report_set_test(PyObject *name) {
  PyObject *last = report_test;
  Py_XINCREF(name);
  report_test = name;
  Py_XDECREF(last);
}

static __attribute__((format(printf, 2, 3))) void add(Line *line, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  size_t room = sizeof(line->text) - line->length;
  int written = vsnprintf(line->text + line->length, room, format, arguments);
  va_end(arguments);
  if (written >= 0 && (size_t)written < room) line->length += (size_t)written;
  else line->is_broken = true;
}

/* A JSON string; a multi-byte character is not cut in two. */
static void add_quoted(Line *line, const char *text, size_t length) {
  if (length > MAX_VALUE) {
    length = MAX_VALUE;
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) length--;
  }
  add(line, "\"");
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c == '"' || c == '\\') add(line, "\\%c", c);
    else if (c < 0x20) add(line, "\\u%04x", c);
    else add(line, "%c", c);
  }
  add(line, "\"");
}

static void add_object(Line *line, PyObject *text) {
  PyObject *bytes =
    PyUnicode_Check(text) ? PyUnicode_AsEncodedString(text, "utf-8", "replace") : NULL;
  char *data = "";
  Py_ssize_t length = 0;
  if (!bytes || PyBytes_AsStringAndSize(bytes, &data, &length) < 0) PyErr_Clear();
  add_quoted(line, data, (size_t)length);
  Py_XDECREF(bytes);
}

void line_begin(Line *line, const char *kind) {
  line->kind = kind;
  line->length = 0;
  line->is_broken = false;
  add(line, "{\"v\":1,\"kind\":\"%s\"", kind);
  if (report_run >= 0) line_add_number(line, "run", report_run);
}

void line_add_text(Line *line, const char *key, const char *text) {
  add(line, ",\"%s\":", key);
  add_quoted(line, text, strlen(text));
}

void line_add_object(Line *line, const char *key, PyObject *text) {
  if (!text) return;
  add(line, ",\"%s\":", key);
  add_object(line, text);
}

void line_add_number(Line *line, const char *key, long number) {
  add(line, ",\"%s\":%ld", key, number);
}

void line_add_truth(Line *line, const char *key, bool truth) {
  add(line, ",\"%s\":%s", key, truth ? "true" : "false");
}

void line_add_spot(
  Line *line, const char *key, const char *file, long number, const char *function
) {
  add(line, ",\"%s\":{\"file\":", key);
  add_quoted(line, file, strlen(file));
  add(line, ",\"line\":%ld,\"func\":", number);
  add_quoted(line, function, strlen(function));
  add(line, "}");
}

void line_add_place(Line *line, const char *key, PyObject *file, long number, PyObject *function) {
  if (!file) return;
  add(line, ",\"%s\":{\"file\":", key);
  add_object(line, file);
  add(line, ",\"line\":%ld,\"func\":", number);
  if (function) add_object(line, function);
  else add(line, "\"\"");
  add(line, "}");
}

void line_add_site(Line *line, const char *key, const Site *site) {
  PyObject *file = site_file(site), *function = site_function(site);
  line_add_place(line, key, file, site->line, function);
  Py_XDECREF(file);
  Py_XDECREF(function);
}

void report_pass_on(const char *text, size_t length) {
  if (report_descriptor < 0) return;
  ssize_t written;
  do written = write(report_descriptor, text, length);
  while (written < 0 && errno == EINTR);
  if (written < 0) report_descriptor = -1; /* nobody reads any more: the program goes on alone */
}

void line_send(Line *line) {
  if (report_listener && !line->is_broken) report_listener(line);
  line_add_object(line, "test", report_test);
  add(line, "}\n");
  if (!line->is_broken) report_pass_on(line->text, line->length);
}

void report_unsupported(const char *what) {
  Line line;
  line_begin(&line, "unsupported");
  line_add_text(&line, "what", what);
  line_send(&line);
}
