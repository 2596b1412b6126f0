#include "python/kind.h"

static const char *const KIND_NAMES[KIND_COUNT] = {
  [KIND_NONE] = "",
#define KIND(NAME, name) [KIND_##NAME] = (name),
#define OWN_KIND(NAME, name) [KIND_##NAME] = (name),
#include "python/kind.def"
};

static const char *const FIELD_NAMES[FIELD_COUNT] = {
  [FIELD_NONE] = "",
#define FIELD(NAME, name) [FIELD_##NAME] = (name),
#include "python/kind.def"
};

const char *kind_name(Kind kind) { return KIND_NAMES[kind]; }

const char *field_name(Field field) { return FIELD_NAMES[field]; }

bool kind_is_collection(Kind kind) {
  return kind == KIND_LIST || kind == KIND_TUPLE || kind == KIND_SET || kind == KIND_DICTIONARY ||
    kind_is_comprehension(kind);
}
