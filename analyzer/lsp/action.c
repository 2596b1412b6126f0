#include "lsp/action.h"

#include "lint/rule.h"
#include "lint/suppress.h"
#include "lint/suppress_edit.h"
#include "report/json_value.h"

#include <string.h>

static const char *const KIND_QUICK_FIX = "quickfix";
static const char *const KIND_FIX_ALL = "source.fixAll.awry";
static const char *const KIND_NOTEBOOK_FIX_ALL = "notebook.source.fixAll.awry";

// As they are called in the data that the client keeps.
static const char *const action_names[] = {
  [ACTION_FIX] = "fix",
  [ACTION_IGNORE_IN_LINE] = "ignore-in-line",
  [ACTION_IGNORE_IN_FILE] = "ignore-in-file",
  [ACTION_FIX_ALL] = "fix-all",
};

json_t *action_kinds(void) {
  return json_pack("[s, s, s]", KIND_QUICK_FIX, KIND_FIX_ALL, KIND_NOTEBOOK_FIX_ALL);
}

bool action_kind_is_wanted(const json_t *only, const char *kind) {
  if (!json_is_array(only)) return true;
  for (size_t i = 0; i < json_array_size(only); i++) {
    const char *wanted = json_string_value(json_array_get(only, i));
    size_t len = wanted ? strlen(wanted) : 0;
    if (!wanted || strncmp(kind, wanted, len) != 0) continue;
    if (len == 0 || kind[len] == '\0' || kind[len] == '.') return true;
  }
  return false;
}

// --- what there is -------------------------------------------------------------------------------

static bool touches(Span a, Span b) { return a.start <= b.end && b.start <= a.end; }

typedef Vec(const Finding *) FindingRefs;

static FindingRefs findings_at(
  Arena *arena, const View *view, const Findings *findings, const ActionRequest *request
) {
  FindingRefs refs = { 0 };
  bool *is_shown = arena_array(arena, bool, findings->count + 1);
  const ViewText *text = view_text(view, request->range.start);
  diagnostics_find(arena, view, findings, text, request->diagnostics, is_shown);
  for (uint32_t i = 0; i < findings->count; i++) {
    const Finding *finding = &findings->items[i];
    if (is_shown[i] || touches(finding->span, request->range)) vec_push(arena, &refs, finding);
  }
  return refs;
}

static bool has_action_for_rule(const Actions *actions, ActionKind kind, const Rule *rule) {
  for (uint32_t i = 0; i < actions->count; i++) {
    const Action *action = &actions->items[i];
    if (action->kind == kind && action->finding->rule == rule) return true;
  }
  return false;
}

// A suppression that suppresses nothing is deleted, not suppressed.
static bool can_be_ignored(const Rule *rule) { return !rule_is_about_suppressions(rule); }

static void
add_ignoring(Arena *arena, Actions *actions, ActionKind kind, const FindingRefs *findings) {
  for (uint32_t i = 0; i < findings->count; i++) {
    const Rule *rule = findings->items[i]->rule;
    if (!can_be_ignored(rule) || has_action_for_rule(actions, kind, rule)) continue;
    vec_push(arena, actions, (Action){ .kind = kind, .finding = findings->items[i] });
  }
}

static bool any_is_safe(const Findings *findings) {
  for (uint32_t i = 0; i < findings->count; i++) {
    if (findings->items[i].fix.applicability == FIX_SAFE) return true;
  }
  return false;
}

static bool is_notebook(const View *view) { return view->ruler.source->cell_count > 0; }

static bool wants_fix_all(const View *view, const ActionRequest *request) {
  if (is_notebook(view))
    return request->only && action_kind_is_wanted(request->only, KIND_NOTEBOOK_FIX_ALL);
  if (!request->only) return !request->is_automatic;
  return action_kind_is_wanted(request->only, KIND_FIX_ALL);
}

Actions actions_for(
  Arena *arena, const View *view, const Findings *findings, const ActionRequest *request
) {
  Actions actions = { 0 };
  if (action_kind_is_wanted(request->only, KIND_QUICK_FIX)) {
    FindingRefs there = findings_at(arena, view, findings, request);
    for (uint32_t i = 0; i < there.count; i++) {
      if (there.items[i]->fix.applicability == FIX_NONE) continue;
      vec_push(arena, &actions, (Action){ .kind = ACTION_FIX, .finding = there.items[i] });
    }
    add_ignoring(arena, &actions, ACTION_IGNORE_IN_LINE, &there);
    add_ignoring(arena, &actions, ACTION_IGNORE_IN_FILE, &there);
  }
  if (wants_fix_all(view, request) && any_is_safe(findings))
    vec_push(arena, &actions, (Action){ .kind = ACTION_FIX_ALL });
  return actions;
}

// --- how it is told ------------------------------------------------------------------------------

static Str title_of(Arena *arena, const View *view, const Action *action) {
  const Finding *finding = action->finding;
  const char *whole = is_notebook(view) ? "notebook" : "file";
  switch (action->kind) {
  case ACTION_FIX:
    return str_format(
      arena,
      "awry: %.*s%s",
      STR_ARGS(finding->fix.title),
      finding->fix.applicability == FIX_UNSAFE ? " (unsafe)" : ""
    );
  case ACTION_IGNORE_IN_LINE:
    return str_format(arena, "awry: Ignore %s in this line", finding->rule->name);
  case ACTION_IGNORE_IN_FILE:
    return str_format(arena, "awry: Ignore %s in this %s", finding->rule->name, whole);
  case ACTION_FIX_ALL:
    break;
  }
  return str_format(arena, "awry: Make all safe fixes of this %s", whole);
}

json_t *action_json(Arena *arena, const View *view, const Action *action) {
  const char *kind = KIND_QUICK_FIX;
  if (action->kind == ACTION_FIX_ALL)
    kind = is_notebook(view) ? KIND_NOTEBOOK_FIX_ALL : KIND_FIX_ALL;
  json_t *made =
    json_pack("{s:o, s:s}", "title", json_from(arena, title_of(arena, view, action)), "kind", kind);
  if (action->finding)
    json_object_set_new(
      made, "diagnostics", json_pack("[o]", diagnostic_json(arena, view, action->finding))
    );
  bool is_safe = action->kind == ACTION_FIX && action->finding->fix.applicability == FIX_SAFE;
  if (is_safe && view->client->knows_preferred_actions)
    json_object_set_new(made, "isPreferred", json_true());
  return made;
}

json_t *action_data(Arena *arena, const View *view, const Action *action) {
  uint32_t place = action->finding ? action->finding->span.start : 0;
  json_t *data = json_pack(
    "{s:o, s:I, s:s}",
    "uri",
    json_from(arena, view_text(view, place)->uri),
    "version",
    (json_int_t)view->version,
    "action",
    action_names[action->kind]
  );
  if (action->finding)
    json_object_set_new(data, "finding", json_from(arena, action->finding->fingerprint));
  return data;
}

static bool find_kind(const json_t *data, ActionKind *kind) {
  const char *name = json_string_value(json_object_get(data, "action"));
  for (int i = 0; name && i <= ACTION_FIX_ALL; i++) {
    if (strcmp(action_names[i], name) != 0) continue;
    *kind = (ActionKind)i;
    return true;
  }
  return false;
}

bool action_find(const json_t *data, const Findings *findings, Action *action) {
  *action = (Action){ 0 };
  if (!find_kind(data, &action->kind)) return false;
  if (action->kind == ACTION_FIX_ALL) return true;
  const char *fingerprint = json_string_value(json_object_get(data, "finding"));
  for (uint32_t i = 0; fingerprint && i < findings->count; i++) {
    if (!str_is(findings->items[i].fingerprint, fingerprint)) continue;
    action->finding = &findings->items[i];
    return true;
  }
  return false;
}

// --- what it does --------------------------------------------------------------------------------

Edits action_edits(Arena *arena, const Source *source, const Action *action, Parser *parser) {
  if (action->kind == ACTION_FIX) {
    Edits edits = { 0 };
    const Edits *own = &action->finding->fix.edits;
    for (uint32_t i = 0; i < own->count; i++) vec_push(arena, &edits, own->items[i]);
    edits_sort(arena, &edits);
    return edits;
  }
  Tree tree = parse_source(parser, source, arena);
  if (action->kind == ACTION_IGNORE_IN_FILE)
    return suppressions_add_to_file(arena, &tree, action->finding->rule, STR_EMPTY);
  Findings one = { 0 };
  vec_push(arena, &one, *action->finding);
  return suppressions_add(arena, &tree, &one, STR_EMPTY);
}
