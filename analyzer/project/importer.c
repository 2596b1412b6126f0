#include "project/importer.h"

#include "python/name.h"

enum {
  HAND_ON_ROUNDS = 3,          // packages that hand on what packages below them hand on
  MOST_STATEMENT_BYTES = 4096, // of an import that are looked at
};

/* --- what there is to import --------------------------------------------------------------------- */

static void add_names(Arena *arena, Strs *names, Map *known, const Strs *more) {
  for (uint32_t i = 0; i < more->count; i++) {
    if (map_add(arena, known, more->items[i], 0)) vec_push(arena, names, more->items[i]);
  }
}

static Strs own_names(Arena *arena, const Facts *facts) {
  Strs names = { 0 };
  for (uint32_t i = 0; i < facts->functions.count; i++) {
    const FunctionFacts *function = &facts->functions.items[i];
    Str name = str_after_last(function->name, '.');
    if ((function->facts & FACT_ASYNC) && !str_starts_with(name, STR("__")))
      vec_push(arena, &names, name);
  }
  return names;
}

CoroutineNames
coroutine_names(Arena *arena, const Map *names, const Facts *const *facts, uint32_t count) {
  CoroutineNames result = { .modules = *names };
  Map *known = arena_array(arena, Map, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    vec_push(arena, &result.names, (Strs){ 0 });
    if (!facts[i]) continue;
    Strs own = own_names(arena, facts[i]);
    add_names(arena, &result.names.items[i], &known[i], &own);
  }
  for (int round = 0; round < HAND_ON_ROUNDS; round++) {
    for (uint32_t i = 0; i < count; i++) {
      if (!facts[i] || !facts[i]->identity.is_package) continue;
      for (uint32_t k = 0; k < facts[i]->imports.count; k++) {
        uint32_t from;
        if (!map_get(names, facts[i]->imports.items[k], &from) || from == i) continue;
        add_names(arena, &result.names.items[i], &known[i], &result.names.items[from]);
      }
    }
  }
  return result;
}

/* --- what a text imports ------------------------------------------------------------------------- */

typedef struct {
  Arena *arena;
  const CoroutineNames *coroutines;
  const ModuleIdentity *identity;
  Str text;
} Reader;

static bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
    (unsigned char)c >= 0x80;
}

// Splits off the next dotted name, with the dots of a relative import before it; empty at the end.
static Str next_name(Str *rest) {
  uint32_t start = 0;
  while (start < rest->len && !is_name_char(rest->data[start]) && rest->data[start] != '.') start++;
  uint32_t end = start;
  while (end < rest->len && (is_name_char(rest->data[end]) || rest->data[end] == '.')) end++;
  Str name = str_slice(*rest, start, end);
  *rest = str_slice(*rest, end, rest->len);
  return name;
}

static bool uses_name(Str text, Str name) {
  while (text.len > 0) {
    uint32_t at = str_find(text, name);
    if (at == UINT32_MAX) return false;
    uint32_t end = at + name.len;
    bool is_whole = (at == 0 || !is_name_char(text.data[at - 1])) &&
      (end == text.len || !is_name_char(text.data[end]));
    if (is_whole) return true;
    text = str_slice(text, end, text.len);
  }
  return false;
}

static bool uses_module(const Reader *reader, Str module) {
  uint32_t index;
  if (!map_get(&reader->coroutines->modules, module, &index)) return false;
  const Strs *names = &reader->coroutines->names.items[index];
  for (uint32_t i = 0; i < names->count; i++) {
    if (uses_name(reader->text, names->items[i])) return true;
  }
  return false;
}

static bool imports_from(const Reader *reader, Str module, Str imported) {
  if (uses_module(reader, module)) return true;
  while (imported.len > 0) {
    Str name = next_name(&imported);
    if (name.len > 0 && uses_module(reader, str_join(reader->arena, module, '.', name)))
      return true;
  }
  return false;
}

static bool imports(const Reader *reader, Str modules) {
  while (modules.len > 0) {
    Str name = next_name(&modules);
    if (name.len > 0 && uses_module(reader, name)) return true;
  }
  return false;
}

// The statement up to the end of its line or, where a bracket is open there, up to the bracket.
static Str statement_from(Str text) {
  text = str_slice(text, 0, text.len < MOST_STATEMENT_BYTES ? text.len : MOST_STATEMENT_BYTES);
  Str rest = text, line = str_next(&rest, '\n');
  if (!str_contains(line, STR("("))) return line;
  uint32_t end = str_find(text, STR(")"));
  return end == UINT32_MAX ? line : str_slice(text, 0, end);
}

static Str absolute_name(const Reader *reader, Str name) {
  uint32_t dots = 0;
  while (dots < name.len && name.data[dots] == '.') dots++;
  if (dots == 0) return name;
  Str base = module_package(reader->identity, dots);
  Str rest = str_slice(name, dots, name.len);
  return rest.len == 0 ? base : str_join(reader->arena, base, '.', rest);
}

static bool is_met(const Reader *reader, Str statement) {
  if (str_starts_with(statement, STR("import "))) {
    return imports(reader, str_slice(statement, 7, statement.len));
  }
  if (!str_starts_with(statement, STR("from "))) return false;
  Str rest = str_slice(statement, 5, statement.len);
  Str module = absolute_name(reader, next_name(&rest));
  next_name(&rest); // the word "import"
  return imports_from(reader, module, rest);
}

bool uses_coroutines(
  Arena *arena, const CoroutineNames *coroutines, const ModuleIdentity *identity, Str text
) {
  Reader reader = { arena, coroutines, identity, text };
  Str rest = text;
  while (rest.len > 0) {
    while (rest.len > 0 && (*rest.data == ' ' || *rest.data == '\t')) {
      rest = str_slice(rest, 1, rest.len);
    }
    bool may_import = rest.len > 0 && (*rest.data == 'i' || *rest.data == 'f');
    if (may_import && is_met(&reader, statement_from(rest))) return true;
    str_next(&rest, '\n');
  }
  return false;
}
