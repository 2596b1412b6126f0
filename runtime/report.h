#pragma once
/*
 * Report: what was seen, as lines of JSON on a descriptor that the program does not know of. A line is written in
 * one step and is never longer than a pipe takes at once, so that lines of several processes do not mix.
 *
 *   {"v":1,"kind":"cancel-swallowed","at":{"file":"a.py","line":12,"func":"worker"},"handler":13}
 *
 * All functions leave no error behind; call them between error_save and error_restore.
 */
#include <limits.h>

#include "runtime/site.h"

typedef struct {
  const char *kind;
  char text[PIPE_BUF];
  size_t length;
  bool
    is_broken; /* too long to be sent: names of several hundred characters, all of them odd ones */
} Line;

/* Takes the descriptor over; it is closed in programs that this one starts. With -1 nothing is reported. */
void report_open(int descriptor);
/* Takes another descriptor for a while: the one so far, negative for none. */
int report_redirect(int descriptor);
/* Sends a line, which ends with a newline, as it is. */
void report_pass_on(const char *text, size_t length);
/* Somebody else who wants each line, or NULL; it gets them without their end and without the test. */
void report_listen(void (*listener)(const Line *line));
/* The test that runs from now on, which each line names; NULL: none. */
void report_set_test(PyObject *name);

/* Lines from now on are about this run of a sweep; negative: about none. */
void report_begin_run(long run);

/* Begins a line; `kind` is one of the words that docs/runtime.md explains. */
void line_begin(Line *line, const char *kind);
void line_add_text(Line *line, const char *key, const char *text);
void line_add_object(Line *line, const char *key, PyObject *text); /* NULL: nothing is added */
void line_add_number(Line *line, const char *key, long number);
void line_add_truth(Line *line, const char *key, bool truth);
void line_add_site(Line *line, const char *key, const Site *site); /* nowhere: nothing is added */
void line_add_place(Line *line, const char *key, PyObject *file, long number, PyObject *function);
/* The same, of texts. */
void line_add_spot(
  Line *line, const char *key, const char *file, long number, const char *function
);
void line_send(Line *line);

/* Tells that this interpreter does not have what is needed to look for something: which, in words for the user. */
void report_unsupported(const char *what);
