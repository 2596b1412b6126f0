#include "lint/fix.h"
#include "lint/place.h"
#include "python/name.h"

#include <stdarg.h>

static bool is_import(const Tree *tree, Node statement) {
  return tree_is(tree, statement, KIND_IMPORT_STATEMENT) ||
    tree_is(tree, statement, KIND_IMPORT_FROM_STATEMENT);
}

// What may stand above imports or among them.
static bool is_preamble(const Tree *tree, Node statement) {
  bool is_docstring = tree_is(tree, statement, KIND_EXPRESSION_STATEMENT) &&
    tree_is(tree, tree_first(tree, statement), KIND_STRING);
  return is_docstring || tree_is(tree, statement, KIND_FUTURE_IMPORT_STATEMENT);
}

// `try: import a` and `if TYPE_CHECKING: import b` count as imports.
static bool holds_imports(const Tree *tree, Node statement) {
  if (!tree_is(tree, statement, KIND_TRY_STATEMENT) && !tree_is(tree, statement, KIND_IF_STATEMENT))
    return false;
  TREE_EACH_CHILD (tree, statement, block) {
    Node first = tree_is(tree, block, KIND_BLOCK) ? tree_first(tree, block) : NODE_NONE;
    if (first != NODE_NONE) return is_import(tree, first);
  }
  return false;
}

// The statement after the one at the top of the file; NODE_NONE where the imports end. In a
// notebook they may stand in any cell, up to the one of the offset.
static Node next_at_top(const Module *module, Node statement, uint32_t offset) {
  const Tree *tree = &module->tree;
  Node next = statement == NODE_NONE ? tree_first(tree, 0) : tree_next(tree, statement);
  bool is_at_top = next == NODE_NONE || is_import(tree, next) || is_preamble(tree, next) ||
    holds_imports(tree, next);
  if (is_at_top) return next;
  if (!module->identity.is_notebook || tree_span(tree, next).start >= offset) return NODE_NONE;
  return next;
}

#define EACH_AT_TOP(module, offset, statement) \
  for (Node statement = next_at_top((module), NODE_NONE, (offset)); statement != NODE_NONE; \
       statement = next_at_top((module), statement, (offset)))

// True if there is nothing but that statement in its lines.
static bool is_alone(const Place *place) { return place->begins_line && place->ends_line; }

static uint32_t line_start(const Source *source, uint32_t offset) {
  return source->line_starts[source_line_of(source, offset) - 1];
}

// True if Python reads the line as it is written: in a notebook it may be a command.
static bool is_plain_line(const Source *source, uint32_t start) {
  uint32_t end = start + source_line(source, source_line_of(source, start)).len;
  return str_equal(str_slice(source->text, start, end), str_slice(source->code, start, end));
}

// The start of the first statement below a docstring that begins a line; of a notebook in the cell
// of the offset. UINT32_MAX if there is none.
static uint32_t first_start(const Module *module, uint32_t offset) {
  const Tree *tree = &module->tree;
  const Source *source = module->source;
  uint32_t cell = source_cell(source, offset);
  TREE_EACH_CHILD (tree, 0, statement) {
    uint32_t start = tree_span(tree, statement).start;
    if (source_cell(source, start) != cell || is_preamble(tree, statement)) continue;
    if (!is_plain_line(source, line_start(source, start))) continue;
    return place_of(tree, statement).begins_line ? line_start(source, start) : UINT32_MAX;
  }
  return UINT32_MAX;
}

// Adds the line where the file has no imports to add it to.
static void add_first(Context *cx, Finding *finding, Str line) {
  uint32_t start = first_start(cx->module, finding->span.start);
  if (start == UINT32_MAX) {
    fix_withdraw(finding);
    return;
  }
  Str ending = line_ending(cx->module->source);
  Str text =
    str_format(cx->arena, "%.*s%.*s%.*s", STR_ARGS(line), STR_ARGS(ending), STR_ARGS(ending));
  fix_edit(cx, finding, (Span){ start, start }, text);
}

void fix_add_after_imports(Context *cx, Finding *finding, const char *format, ...) {
  Str added;
  FORMATTED(cx, added, format);
  const Module *module = cx->module;
  Node last = NODE_NONE;
  EACH_AT_TOP(module, finding->span.start, statement) {
    bool is_of_other_cell = module->identity.is_notebook && last != NODE_NONE &&
      source_cell(module->source, tree_span(&module->tree, last).start) !=
        source_cell(module->source, tree_span(&module->tree, statement).start);
    if (is_of_other_cell) break;
    if (is_import(&module->tree, statement) || holds_imports(&module->tree, statement))
      last = statement;
  }
  if (last == NODE_NONE) {
    add_first(cx, finding, added);
    return;
  }
  Place place = place_of(&module->tree, last);
  if (!place.ends_line) {
    fix_withdraw(finding);
    return;
  }
  Str ending = line_ending(module->source);
  Str text =
    str_format(cx->arena, "%.*s%.*s%.*s", STR_ARGS(ending), STR_ARGS(ending), STR_ARGS(added));
  fix_edit(cx, finding, (Span){ place.line_end, place.line_end }, text);
}

Str fix_keep_task(Context *cx, Finding *finding) {
  if (scopes_lookup(&cx->module->scopes, 0, STR("_background_tasks")) == BINDING_NONE)
    fix_add_after_imports(cx, finding, "_background_tasks = set()");
  return STR("_background_tasks.add(task)\ntask.add_done_callback(_background_tasks.discard)");
}

// What the part of an import statement calls the module; empty if it imports something else.
static Str spelled_by(const Module *module, Node part, Str name) {
  const Tree *tree = &module->tree;
  if (tree_field(tree, part) != FIELD_NAME || !str_equal(name_of_import(module, part), name))
    return STR_EMPTY;
  if (tree_is(tree, part, KIND_ALIASED_IMPORT))
    return tree_text(tree, tree_child(tree, part, FIELD_ALIAS));
  bool is_from = tree_is(tree, tree_parent(tree, part), KIND_IMPORT_FROM_STATEMENT);
  return is_from ? tree_text(tree, part) : name;
}

static Str first_part(Str name) { return str_next(&name, '.'); }

// The name under which an import at the top of the file has the module, if it means the same at
// the place.
static Str spelled_at_top(const Module *module, Node place, Str name) {
  const Scopes *scopes = &module->scopes;
  uint32_t offset = tree_span(&module->tree, place).start;
  EACH_AT_TOP(module, offset, statement) {
    if (!is_import(&module->tree, statement)) continue;
    TREE_EACH_CHILD (&module->tree, statement, part) {
      Str spelled = spelled_by(module, part, name);
      if (spelled.len == 0) continue;
      BindingId own = scopes_lookup(scopes, 0, first_part(spelled));
      if (own == scopes_lookup(scopes, scopes->scope_of[place], first_part(spelled)))
        return spelled;
    }
  }
  return STR_EMPTY;
}

// True if the binding is made by an import of the module under its own name.
static bool is_bound_to(const Module *module, const Binding *binding, Str name) {
  for (uint32_t i = 0; i < binding->occurrences.count; i++) {
    const Occurrence *occurrence = &binding->occurrences.items[i];
    if (occurrence->kind != OCCURRENCE_IMPORT) continue;
    Node part = tree_parent(&module->tree, occurrence->node);
    if (str_equal(spelled_by(module, part, name), name)) return true;
  }
  return false;
}

// Where `import name` goes among the imports: before the first that sorts behind it, or behind the
// last of its kind. Only the first block of imports counts, which is that of the standard library.
static Node neighbour_of(const Module *module, uint32_t offset, Str name, bool *goes_before) {
  const Tree *tree = &module->tree;
  Node last = NODE_NONE, last_plain = NODE_NONE, first_from = NODE_NONE;
  EACH_AT_TOP(module, offset, statement) {
    if (!is_import(tree, statement)) continue;
    uint32_t line = source_line_of(module->source, tree_span(tree, statement).start);
    bool is_apart =
      last != NODE_NONE && line > source_line_of(module->source, tree_span(tree, last).end) + 1;
    if (is_apart) break;
    last = statement;
    if (!tree_is(tree, statement, KIND_IMPORT_STATEMENT)) {
      if (first_from == NODE_NONE) first_from = statement;
    } else if (str_compare(tree_text(tree, tree_first(tree, statement)), name) > 0) {
      *goes_before = true;
      return statement;
    } else {
      last_plain = statement;
    }
  }
  *goes_before = last_plain == NODE_NONE;
  return last_plain != NODE_NONE ? last_plain : first_from;
}

static void add_import(Context *cx, Finding *finding, Str name) {
  const Module *module = cx->module;
  bool goes_before = false;
  Node neighbour = neighbour_of(module, finding->span.start, name, &goes_before);
  Str line = str_format(cx->arena, "import %.*s", STR_ARGS(name));
  if (neighbour == NODE_NONE) {
    add_first(cx, finding, line);
    return;
  }
  Place place = place_of(&module->tree, neighbour);
  if (!is_alone(&place)) {
    fix_withdraw(finding);
    return;
  }
  Str ending = line_ending(module->source);
  uint32_t start = tree_span(&module->tree, neighbour).start;
  uint32_t at = goes_before ? line_start(module->source, start) : place.line_end;
  Str text = goes_before ? str_format(cx->arena, "%.*s%.*s", STR_ARGS(line), STR_ARGS(ending))
                         : str_format(cx->arena, "%.*s%.*s", STR_ARGS(ending), STR_ARGS(line));
  fix_edit(cx, finding, (Span){ at, at }, text);
}

Str fix_module(Context *cx, Finding *finding, Node place, const char *module_name) {
  const Module *module = cx->module;
  const Scopes *scopes = &module->scopes;
  Str name = str_from(module_name);
  Str spelled = spelled_at_top(module, place, name);
  if (spelled.len > 0) return spelled;
  BindingId binding = scopes_lookup(scopes, scopes->scope_of[place], first_part(name));
  if (binding == BINDING_NONE) add_import(cx, finding, name);
  else if (!is_bound_to(module, scopes_get(scopes, binding), name)) fix_withdraw(finding);
  return name;
}
