#pragma once
/*
 * Layout: what a struct is made of, as a table: by it the struct becomes bytes and is made of them
 * again. One writer and one reader serve every struct; nobody writes them by hand.
 *
 *   #define CALL_FIELDS(F, T) F(T, STR, callee, 0) F(T, CHOICE, use, CALL_REFERENCED)
 *   LAYOUT(CallFacts, call_layout, CALL_FIELDS);
 *
 * A member that is missing from the table, or of another size, does not compile. The members stand
 * in the order of the struct:
 *
 *   FLAG    bool
 *   SHORT   uint16_t
 *   NUMBER  uint32_t
 *   CHOICE  an enum; the extra is its last value
 *   STR     Str
 *   OWNER   Str: the name of what the whole belongs to, or empty; see layout_pack
 *   PART    a struct; the extra is its layout
 *   LIST    Vec of structs; the extra is their layout
 *   ARRAY   a pointer and a count of structs; the extra is their layout
 *   SKIPPED anything: it is not written, and zero when it is read; the extra is that zero
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/strs.h"
#include "base/text.h"

typedef enum {
  FIELD_FLAG,
  FIELD_SHORT,
  FIELD_NUMBER,
  FIELD_CHOICE,
  FIELD_STR,
  FIELD_OWNER,
  FIELD_PART,
  FIELD_LIST,
  FIELD_ARRAY,
  FIELD_SKIPPED,
} FieldKind;

typedef struct Layout Layout;

typedef struct {
  FieldKind kind;
  uint32_t offset;      /* in the struct */
  uint32_t limit;       /* the highest value of a choice */
  const Layout *layout; /* of a part, of the items of a list */
} LayoutField;

struct Layout {
  uint32_t size; /* of the struct */
  uint32_t field_count;
  const LayoutField *fields;
};

/* What a member that is an ARRAY looks like. */
typedef struct {
  const void *items;
  uint32_t count;
} LayoutArray;

/* The layout of a Str in a list. */
extern const Layout str_layout;

/* The bytes of a struct, for keeping. Each string is written once. What an OWNER says is left out: it
   must be the same everywhere, or empty. */
Str layout_pack(Arena *arena, const Layout *layout, const void *value);

/* Makes the struct that was packed. The bytes may be any: false if they are not such a struct.
   Strings are slices of the bytes, lists live in the arena; what they take is at most some hundred
   times the bytes. */
bool layout_unpack(Arena *arena, const Layout *layout, Str bytes, Str owner, void *value);

/* Appends everything that the struct holds, owners too: two structs of the layout give the same bytes
   only if they are equal. NULL is written as well, unlike any struct. */
void layout_write(Text *text, const Layout *layout, const void *value);

/* --- what LAYOUT makes of its rows ------------------------------------------------------------- */

#define LAYOUT(Type, symbol, ROWS) \
  ROWS(LAYOUT_CHECK, Type) \
  static const LayoutField symbol##_fields[] = { ROWS(LAYOUT_ROW, Type) }; \
  /* A compiler warns of an initialiser that is shorter than its struct. */ \
  _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wmissing-braces\"" \
  ) static const Type symbol##_members __attribute__((unused)) = { ROWS(LAYOUT_ZERO, Type) }; \
  _Pragma("GCC diagnostic pop") const Layout symbol = { \
    sizeof(Type), sizeof(symbol##_fields) / sizeof(*symbol##_fields), symbol##_fields \
  }

#define LAYOUT_ROW(Type, KIND, member, extra) \
  { FIELD_##KIND, offsetof(Type, member), LAYOUT_EXTRA_##KIND(extra) },
#define LAYOUT_ZERO(Type, KIND, member, extra) LAYOUT_ZERO_##KIND(extra),
#define LAYOUT_CHECK(Type, KIND, member, extra) \
  _Static_assert( \
    FIELD_##KIND == FIELD_PART || FIELD_##KIND == FIELD_SKIPPED || \
      sizeof(((Type *)0)->member) == LAYOUT_SIZE_##KIND, \
    #member " has another size" \
  );

#define LAYOUT_EXTRA_FLAG(extra) 0, NULL
#define LAYOUT_EXTRA_SHORT(extra) 0, NULL
#define LAYOUT_EXTRA_NUMBER(extra) 0, NULL
#define LAYOUT_EXTRA_CHOICE(extra) (extra), NULL
#define LAYOUT_EXTRA_STR(extra) 0, NULL
#define LAYOUT_EXTRA_OWNER(extra) 0, NULL
#define LAYOUT_EXTRA_PART(extra) 0, (extra)
#define LAYOUT_EXTRA_LIST(extra) 0, (extra)
#define LAYOUT_EXTRA_ARRAY(extra) 0, (extra)
#define LAYOUT_EXTRA_SKIPPED(extra) 0, NULL

#define LAYOUT_ZERO_FLAG(extra) 0
#define LAYOUT_ZERO_SHORT(extra) 0
#define LAYOUT_ZERO_NUMBER(extra) 0
#define LAYOUT_ZERO_CHOICE(extra) 0
#define LAYOUT_ZERO_STR(extra) \
  { 0 }
#define LAYOUT_ZERO_OWNER(extra) \
  { 0 }
#define LAYOUT_ZERO_PART(extra) \
  { 0 }
#define LAYOUT_ZERO_LIST(extra) \
  { 0 }
#define LAYOUT_ZERO_ARRAY(extra) \
  { 0 }
#define LAYOUT_ZERO_SKIPPED(extra) extra

#define LAYOUT_SIZE_FLAG sizeof(bool)
#define LAYOUT_SIZE_SHORT sizeof(uint16_t)
#define LAYOUT_SIZE_NUMBER sizeof(uint32_t)
#define LAYOUT_SIZE_CHOICE sizeof(FieldKind)
#define LAYOUT_SIZE_STR sizeof(Str)
#define LAYOUT_SIZE_OWNER sizeof(Str)
#define LAYOUT_SIZE_PART 0
#define LAYOUT_SIZE_LIST sizeof(Strs)
#define LAYOUT_SIZE_ARRAY sizeof(LayoutArray)
#define LAYOUT_SIZE_SKIPPED 0
