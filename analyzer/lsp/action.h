#pragma once
/*
 * Actions: what an editor can do about findings: make a fix, write a comment that suppresses, make
 * all fixes.
 */
#include "lsp/diagnostic.h"
#include "python/parse.h"

typedef enum {
  ACTION_FIX,
  ACTION_IGNORE_IN_LINE,
  ACTION_IGNORE_IN_FILE,
  ACTION_FIX_ALL,
} ActionKind;

typedef struct {
  ActionKind kind;
  const Finding *finding; /* NULL for ACTION_FIX_ALL */
} Action;

typedef Vec(Action) Actions;

/* What the client asks for. */
typedef struct {
  Span range;
  const json_t *diagnostics; /* those that it shows there: they count even if the range is elsewhere
                                in their line */
  const json_t *only;        /* the kinds it wants; NULL: all */
  bool is_automatic;         /* it asks by itself, without its user: not for what concerns files */
} ActionRequest;

/* The kinds of all actions. */
json_t *action_kinds(void);

/* True if the client wants actions of the kind: it names it, or one that it is a kind of. */
bool action_kind_is_wanted(const json_t *only, const char *kind);

/* The actions, in the order in which they are offered. A notebook's cell has no ACTION_FIX_ALL but
   for those who ask for the notebook: editors ask for each cell, and would make the fixes as
   often. */
Actions
actions_for(Arena *arena, const View *view, const Findings *findings, const ActionRequest *request);

/* The code action as the protocol has it, without an edit. */
json_t *action_json(Arena *arena, const View *view, const Action *action);

/* What the client keeps of an action that is to be resolved later, or done by a command. */
json_t *action_data(Arena *arena, const View *view, const Action *action);
/* The action that was meant; false if there is none. */
bool action_find(const json_t *data, const Findings *findings, Action *action);

/* The edits of all actions but ACTION_FIX_ALL: sorted. */
Edits action_edits(Arena *arena, const Source *source, const Action *action, Parser *parser);
