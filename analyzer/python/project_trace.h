#pragma once
/*
 * What was asked of a project while one file was linted. Linting is a function of the file, its
 * settings, the library and the answers: where all questions have the same answers as before, there
 * are the same findings, for the first question is the same, and so is each after it.
 *
 * Every query of facts.h has a kind of question. They are data, so that they can be kept and asked
 * of another project.
 */
#include "base/hash.h"
#include "base/layout.h"
#include "python/facts.h"

typedef enum {
  ASK_CANONICAL,
  ASK_FUNCTION,
  ASK_USES,
  ASK_CLASS,
  ASK_METHOD,
  ASK_UNKNOWN_BASE,
  ASK_ANCESTRY,
  ASK_ATTRIBUTE,
  ASK_INSTANCE,
  ASK_HABIT,
  ASK_METHOD_USES,
  ASK_SAME_NAMED,
  ASK_METHOD_OF_ANY,
  ASK_TASK_FACTORY,
  ASK_NEEDED_MINOR,
  ASK_MODULE,
  ASK_SUBPROCESS,
} QuestionKind;

typedef struct {
  QuestionKind kind;
  Strs names;
} Question;

typedef Vec(Question) Questions;

extern const Layout question_layout;

typedef struct Trace Trace;

Trace *trace_new(Arena *arena);

/* The same project; what is asked of it goes into the trace. One thread at a time. */
const Project *project_traced(const Project *project, Trace *trace);

/* Each question once, in the order in which they were asked first. */
const Questions *trace_questions(const Trace *trace);

/* A hash of all that the project answers; false if there are questions that nobody asks. */
bool project_answers(
  Arena *scratch, const Project *project, const Questions *questions, Hash *answers
);
