#include "base/layout.h"

#include "base/map.h"

#include <string.h>

#define STR_ROWS(F, T) F(T, STR, str, 0)

typedef struct {
  Str str;
} StrItem;

LAYOUT(StrItem, str_layout, STR_ROWS);

/* What any Vec looks like. */
typedef struct {
  void *items;
  uint32_t count, capacity;
} AnyList;

/* --- writing ----------------------------------------------------------------------------------- */

typedef struct {
  Text *body;
  bool is_packed; /* strings go to the table, owners nowhere */
  Map known;      /* string -> its number in the table */
  uint32_t string_count;
  Text strings;
} Writing;

/* Seven bits a byte, the lowest first; all but the last byte have the eighth set. */
static void write_number(Text *text, uint32_t number) {
  for (; number >= 0x80; number >>= 7) text_add_char(text, (char)(number | 0x80));
  text_add_char(text, (char)number);
}

static void write_inline(Text *text, Str str) {
  write_number(text, str.len);
  text_add(text, str);
}

static void write_str(Writing *writing, Str str) {
  if (!writing->is_packed) {
    write_inline(writing->body, str);
    return;
  }
  uint32_t number = 0;
  if (!map_get(&writing->known, str, &number)) {
    number = writing->string_count++;
    map_put(writing->strings.arena, &writing->known, str, number);
    write_inline(&writing->strings, str);
  }
  write_number(writing->body, number);
}

static void write_owner(Writing *writing, Str owner) {
  if (writing->is_packed) write_number(writing->body, owner.len > 0);
  else write_inline(writing->body, owner);
}

static void write_fields(Writing *writing, const Layout *layout, const char *value);

static void write_items(Writing *writing, const Layout *layout, const void *items, uint32_t count) {
  write_number(writing->body, count);
  for (uint32_t i = 0; i < count; i++) {
    write_fields(writing, layout, (const char *)items + (size_t)i * layout->size);
  }
}

static void write_field(Writing *writing, const LayoutField *field, const void *member) {
  switch (field->kind) {
  case FIELD_FLAG:
    write_number(writing->body, *(const bool *)member);
    break;
  case FIELD_SHORT:
    write_number(writing->body, *(const uint16_t *)member);
    break;
  case FIELD_NUMBER:
  case FIELD_CHOICE:
    write_number(writing->body, *(const uint32_t *)member);
    break;
  case FIELD_STR:
    write_str(writing, *(const Str *)member);
    break;
  case FIELD_OWNER:
    write_owner(writing, *(const Str *)member);
    break;
  case FIELD_PART:
    write_fields(writing, field->layout, member);
    break;
  case FIELD_LIST: {
    const AnyList *list = member;
    write_items(writing, field->layout, list->items, list->count);
    break;
  }
  case FIELD_ARRAY: {
    const LayoutArray *array = member;
    write_items(writing, field->layout, array->items, array->count);
    break;
  }
  case FIELD_SKIPPED:
    break;
  }
}

/* As deep as layouts hold each other. */
static void write_fields(Writing *writing, const Layout *layout, const char *value) {
  for (uint32_t i = 0; i < layout->field_count; i++) {
    write_field(writing, &layout->fields[i], value + layout->fields[i].offset);
  }
}

Str layout_pack(Arena *arena, const Layout *layout, const void *value) {
  Text body = { .arena = arena }, packed = { .arena = arena };
  Writing writing = { .body = &body, .is_packed = true, .strings = { .arena = arena } };
  write_fields(&writing, layout, value);
  write_number(&packed, writing.string_count);
  text_add(&packed, text_str(&writing.strings));
  text_add(&packed, text_str(&body));
  return text_str(&packed);
}

void layout_write(Text *text, const Layout *layout, const void *value) {
  Writing writing = { .body = text };
  write_number(text, value != NULL);
  if (value != NULL) write_fields(&writing, layout, value);
}

/* --- reading ----------------------------------------------------------------------------------- */

typedef struct {
  Arena *arena;
  Str rest;
  const Str *strings;
  uint32_t string_count;
  Str owner;
} Unpacking;

static bool read_number(Unpacking *reading, uint32_t *number) {
  uint64_t value = 0;
  for (uint32_t i = 0, shift = 0; i < reading->rest.len && shift < 35; i++, shift += 7) {
    unsigned char byte = (unsigned char)reading->rest.data[i];
    value |= (uint64_t)(byte & 0x7F) << shift;
    if (byte >= 0x80) continue;
    *number = (uint32_t)value;
    reading->rest = str_slice(reading->rest, i + 1, reading->rest.len);
    return value <= UINT32_MAX;
  }
  return false;
}

static bool read_limited(Unpacking *reading, uint32_t limit, uint32_t *number) {
  return read_number(reading, number) && *number <= limit;
}

static bool read_strings(Unpacking *reading) {
  uint32_t count, len;
  /* A string takes at least the byte of its length, so does an item of a list its first number. */
  if (!read_number(reading, &count) || count > reading->rest.len) return false;
  Str *strings = arena_array(reading->arena, Str, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    if (!read_number(reading, &len) || len > reading->rest.len) return false;
    strings[i] = str_slice(reading->rest, 0, len);
    reading->rest = str_slice(reading->rest, len, reading->rest.len);
  }
  reading->strings = strings;
  reading->string_count = count;
  return true;
}

static bool read_str(Unpacking *reading, Str *str) {
  uint32_t number;
  if (!read_number(reading, &number) || number >= reading->string_count) return false;
  *str = reading->strings[number];
  return true;
}

static bool read_fields(Unpacking *reading, const Layout *layout, char *value);

static void *read_items(Unpacking *reading, const Layout *layout, uint32_t *count) {
  if (!read_number(reading, count) || *count > reading->rest.len) return NULL;
  char *items = arena_alloc(reading->arena, (size_t)*count * layout->size + 1);
  for (uint32_t i = 0; i < *count; i++) {
    if (!read_fields(reading, layout, items + (size_t)i * layout->size)) return NULL;
  }
  return items;
}

static bool read_scalar(Unpacking *reading, const LayoutField *field, void *member) {
  uint32_t number;
  switch (field->kind) {
  case FIELD_FLAG:
    if (!read_limited(reading, 1, &number)) return false;
    *(bool *)member = number != 0;
    return true;
  case FIELD_SHORT:
    if (!read_limited(reading, UINT16_MAX, &number)) return false;
    *(uint16_t *)member = (uint16_t)number;
    return true;
  case FIELD_CHOICE:
    return read_limited(reading, field->limit, member);
  default:
    return read_number(reading, member);
  }
}

static bool read_field(Unpacking *reading, const LayoutField *field, void *member) {
  uint32_t number;
  switch (field->kind) {
  case FIELD_STR:
    return read_str(reading, member);
  case FIELD_OWNER:
    if (!read_limited(reading, 1, &number)) return false;
    *(Str *)member = number == 0 ? STR_EMPTY : reading->owner;
    return true;
  case FIELD_PART:
    return read_fields(reading, field->layout, member);
  case FIELD_LIST: {
    AnyList *list = member;
    list->items = read_items(reading, field->layout, &list->count);
    list->capacity = list->count;
    return list->items != NULL;
  }
  case FIELD_ARRAY: {
    LayoutArray *array = member;
    array->items = read_items(reading, field->layout, &array->count);
    return array->items != NULL;
  }
  case FIELD_SKIPPED:
    return true;
  default:
    return read_scalar(reading, field, member);
  }
}

static bool read_fields(Unpacking *reading, const Layout *layout, char *value) {
  for (uint32_t i = 0; i < layout->field_count; i++) {
    if (!read_field(reading, &layout->fields[i], value + layout->fields[i].offset)) return false;
  }
  return true;
}

bool layout_unpack(Arena *arena, const Layout *layout, Str bytes, Str owner, void *value) {
  Unpacking reading = { .arena = arena, .rest = bytes, .owner = owner };
  memset(value, 0, layout->size);
  return read_strings(&reading) && read_fields(&reading, layout, value) && reading.rest.len == 0;
}
