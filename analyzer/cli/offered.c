#include "cli/offered.h"

#include "base/text.h"
#include "report/report.h"

/* Which versions of Python are offered: 3.8 to 3.14. */
enum { OLDEST_LISTED_MINOR = 8, NEWEST_LISTED_MINOR = 14 };

typedef struct {
  const char *name;
  OfferedKind kind;
  bool is_list;
  const char *words; /* with bars between */
} Row;

static const Row rows[] = {
  { "RULES", OFFERED_RULE, true, NULL },
  { "PATH", OFFERED_FILE, false, NULL },
  { "PATH:LINE", OFFERED_FILE, false, NULL },
  { "FILE", OFFERED_FILE, false, NULL },
  { "SCRIPT", OFFERED_FILE, false, NULL },
  { "REPORT", OFFERED_FILE, false, NULL },
  { "SETTING", OFFERED_FILE, false, NULL },
  { "FOLDER", OFFERED_FOLDER, false, NULL },
  { "WHEN", OFFERED_WORD, false, "auto|always|never" },
  { "SEVERITY", OFFERED_WORD, false, "error|warning|info|never" },
  { "TOOLS", OFFERED_WORD, true, "ruff|flake8|pylint|pyright" },
  { "KINDS", OFFERED_WORD, true, "cancel|raise|child" },
};

static Strs split(Arena *arena, Str words) {
  Strs list = { 0 };
  while (words.len > 0) vec_push(arena, &list, str_trim(str_next(&words, '|')));
  return list;
}

static Strs versions(Arena *arena) {
  Strs list = { 0 };
  for (uint32_t minor = OLDEST_LISTED_MINOR; minor <= NEWEST_LISTED_MINOR; minor++)
    vec_push(arena, &list, str_format(arena, "py3%u", minor));
  return list;
}

static Strs formats(Arena *arena) {
  Strs list = { 0 };
  Str names = report_format_names(arena);
  while (names.len > 0) vec_push(arena, &list, str_trim(str_next(&names, ',')));
  return list;
}

Offered offered_for(Arena *arena, const char *name) {
  Str wanted = name ? str_from(name) : STR_EMPTY;
  if (str_is(wanted, "VERSION")) return (Offered){ OFFERED_WORD, false, versions(arena) };
  if (str_is(wanted, "FORMAT")) return (Offered){ OFFERED_WORD, false, formats(arena) };
  if (str_contains(wanted, STR("|"))) return (Offered){ OFFERED_WORD, false, split(arena, wanted) };
  for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
    const Row *row = &rows[i];
    if (!str_is(wanted, row->name)) continue;
    Str words = row->words ? str_from(row->words) : STR_EMPTY;
    return (Offered){ row->kind, row->is_list, split(arena, words) };
  }
  return (Offered){ 0 };
}
