#include "lsp/param.h"

#include <limits.h>

#include "base/vec.h"

Param param_root(ParamReader *reader, const json_t *value, const char *name) {
  return (Param){ .reader = reader, .value = value, .path = str_from(name) };
}

void param_blame(Param of, const char *wanted) {
  ParamReader *reader = of.reader;
  if (reader->fault.len > 0) return;
  reader->fault = str_format(reader->arena, "%.*s: %s", STR_ARGS(of.path), wanted);
}

static Param nothing(Param of) {
  return (Param){ .reader = of.reader, .value = NULL, .path = of.path };
}

static Param member(Param of, const char *name, bool is_required) {
  if (of.reader->fault.len > 0 || (!of.value && !is_required)) return nothing(of);
  bool is_object = json_is_object(of.value);
  if (!is_object && of.value) {
    param_blame(of, "must be an object");
    return nothing(of);
  }
  bool is_root = str_is(of.path, "params");
  Str path = str_from(name);
  if (!is_root) path = str_join(of.reader->arena, of.path, '.', path);
  Param found = { .reader = of.reader, .value = json_object_get(of.value, name), .path = path };
  if (!is_required && json_is_null(found.value)) found.value = NULL;
  if (is_required && !found.value) param_blame(found, "is missing");
  return found;
}

Param param(Param of, const char *name) { return member(of, name, true); }

Param param_optional(Param of, const char *name) { return member(of, name, false); }

bool param_is_there(Param of) { return of.value != NULL; }

// True if there is a value of the kind; tells a fault if it is of another one.
static bool is_kind(Param of, bool is_right, const char *wanted) {
  if (!of.value || of.reader->fault.len > 0) return false;
  if (!is_right) param_blame(of, wanted);
  return is_right;
}

uint32_t param_count(Param list) {
  if (!is_kind(list, json_is_array(list.value), "must be a list")) return 0;
  return (uint32_t)json_array_size(list.value);
}

Param param_item(Param list, uint32_t index) {
  if (list.reader->fault.len > 0) return nothing(list);
  return (Param){
    .reader = list.reader,
    .value = json_array_get(list.value, index),
    .path = str_format(list.reader->arena, "%.*s[%u]", STR_ARGS(list.path), index),
  };
}

Str param_text(Param of) {
  if (!is_kind(of, json_is_string(of.value), "must be a string")) return STR_EMPTY;
  return (Str){ json_string_value(of.value), (uint32_t)json_string_length(of.value) };
}

int64_t param_integer(Param of) {
  if (!is_kind(of, json_is_integer(of.value), "must be a whole number")) return 0;
  return json_integer_value(of.value);
}

uint32_t param_number(Param of) {
  int64_t value = param_integer(of);
  if (value >= 0 && value <= INT_MAX) return (uint32_t)value;
  param_blame(of, "must be a whole number from 0 to 2147483647");
  return 0;
}
