#pragma once
/*
 * Context: one rule running on one file: the model it may ask, and its way to report.
 *
 * Messages say what happens at run time ("the timeout is lost"), notes tell the story in order,
 * help says what to do. Formats are printf-like; everything is copied into the file's arena.
 */
#include "lint/finding.h"
#include "python/module.h"
#include "python/reason.h"

/* Where a rule looked and kept quiet. */
typedef struct {
  const Rule *rule;
  Span span;
  Reason why;
} Quiet;

typedef Vec(Quiet) Quiets;

typedef struct Context {
  const Rule *rule;
  Module *module;
  Findings *findings;
  Arena *arena;
  Quiets *quiets; /* NULL: nobody asks why rules keep quiet */
} Context;

/* Starts a finding at the node. The result is valid until the next report. */
Finding *report(Context *cx, Node node, const char *format, ...)
  __attribute__((format(printf, 3, 4)));
/* The same at a span inside the file. */
Finding *report_span(Context *cx, Span span, const char *format, ...)
  __attribute__((format(printf, 3, 4)));
void add_note(Context *cx, Finding *finding, Node node, const char *format, ...)
  __attribute__((format(printf, 4, 5)));
/* A note in another file of the project; line counts from 1. */
void add_note_elsewhere(
  Context *cx, Finding *finding, Str path, Position start, const char *format, ...
) __attribute__((format(printf, 5, 6)));
void add_help(Context *cx, Finding *finding, const char *format, ...)
  __attribute__((format(printf, 3, 4)));

/* Opens the finding's fix; edits follow. A finding has one fix at most. What follows withdraws the
   fix where it cannot be made as the rule wants it: a comment would be lost, there is no line to put
   a statement in. The finding then has none, and further edits have no effect. */
void add_fix(Context *cx, Finding *finding, Applicability applicability, const char *format, ...)
  __attribute__((format(printf, 4, 5)));
void fix_replace(Context *cx, Finding *finding, Node node, const char *format, ...)
  __attribute__((format(printf, 4, 5)));
/* Inserts text before the node, or behind it, outside of its own parentheses. */
void fix_insert_before(Context *cx, Finding *finding, Node node, const char *format, ...)
  __attribute__((format(printf, 4, 5)));
void fix_insert_after(Context *cx, Finding *finding, Node node, const char *format, ...)
  __attribute__((format(printf, 4, 5)));
/* Inserts text at a byte offset. */
void fix_insert_at(Context *cx, Finding *finding, uint32_t offset, const char *format, ...)
  __attribute__((format(printf, 4, 5)));
/* Replaces `expression` by `await operand`, operand being itself or a part of it; in parentheses
   where the surroundings bind tighter: f()[0] becomes (await f())[0]. */
void fix_await(Context *cx, Finding *finding, Node expression, Node operand);
/* The code of an expression for a place without brackets: with its own parentheses, which may hold it
   together over several lines. */
Str fix_code(Context *cx, Node expression);
/* Adds an argument at the end of a call's argument list. */
void fix_add_argument(Context *cx, Finding *finding, Node call, const char *format, ...)
  __attribute__((format(printf, 4, 5)));
/* Removes one of several items between brackets, with its comma. */
void fix_remove_item(Context *cx, Finding *finding, Node item);

/* Statements. Several lines: "\n" and four spaces for each level, which become the file's own. A
   block in the line of its header gets lines of its own where that is needed. */

/* Adds a statement as the last line of a block, in the block's indentation. */
void fix_append_statement(Context *cx, Finding *finding, Node block, const char *format, ...)
  __attribute__((format(printf, 4, 5)));
/* Adds a statement on lines of its own above `statement` and the comments that belong to it. */
void fix_add_statement_before(
  Context *cx, Finding *finding, Node statement, const char *format, ...
) __attribute__((format(printf, 4, 5)));
/* Adds a statement on lines of its own below `statement`, in its indentation. */
void fix_add_statement_after(Context *cx, Finding *finding, Node statement, const char *format, ...)
  __attribute__((format(printf, 4, 5)));
/* Replaces a statement by the header of a block that holds all that follows it in its own. */
void fix_open_block(Context *cx, Finding *finding, Node statement, const char *format, ...)
  __attribute__((format(printf, 4, 5)));
/* Moves the last statement of a block behind `target`, which the block is a part of; `pass` stays in
   an empty block. */
void fix_move_behind(Context *cx, Finding *finding, Node statement, Node target);
/* Binds the value of an expression statement to the name. */
void fix_assign(Context *cx, Finding *finding, Node statement, const char *name);

/* Imports and what belongs below them. Two fixes that add the same line add it once. */

/* What the module is called where `place` stands; if nothing names it there, adds an import. */
Str fix_module(Context *cx, Finding *finding, Node place, const char *module_name);
/* The statements that keep `task` in a set of the module until it is done; adds the set if it is not
   there. */
Str fix_keep_task(Context *cx, Finding *finding);
/* Adds a line at module level, below the imports at the top of the file. */
void fix_add_after_imports(Context *cx, Finding *finding, const char *format, ...)
  __attribute__((format(printf, 3, 4)));

/* True if there is a reason to say nothing about the node; whoever asks why the rule keeps quiet is
   told. Give it at every exemption that a reader could doubt, at the place where the finding would
   start; not where the code is none of the rule's concern. */
bool stays_quiet(Context *cx, Node node, Reason why);

/* True if somebody asks why rules keep quiet: for reasons that take work to find. */
static inline bool is_asked_why(const Context *cx) { return cx->quiets != NULL; }

/* The node's text, for messages: one line, shortened with … past 60 characters. */
Str shown(Context *cx, Node node);
/* The same for a span. */
Str shown_span(Arena *arena, const Tree *tree, Span span);
