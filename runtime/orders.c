#include "runtime/orders.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const char *text; /* not terminated */
  size_t length;
} Part;

static bool part_is(Part part, const char *word) {
  return part.length == strlen(word) && memcmp(part.text, word, part.length) == 0;
}

/* Takes what comes before the separator, or everything, from the text. */
static Part part_take(Part *text, char separator) {
  const char *end = memchr(text->text, separator, text->length);
  Part part = { text->text, end ? (size_t)(end - text->text) : text->length };
  size_t taken = part.length + (end ? 1 : 0);
  text->text += taken;
  text->length -= taken;
  return part;
}

static bool read_flag(Part value, void *field) {
  *(bool *)field = true;
  return value.length == 0;
}

static bool read_path(Part value, void *field) {
  if (value.length == 0 || value.length >= PATH_MAX) return false;
  memcpy(field, value.text, value.length);
  ((char *)field)[value.length] = '\0';
  return true;
}

/* A number greater than zero. */
static bool read_seconds(Part value, void *field) {
  char digits[32] = "";
  if (value.length == 0 || value.length >= sizeof(digits)) return false;
  memcpy(digits, value.text, value.length);
  char *end;
  double *seconds = field;
  *seconds = strtod(digits, &end);
  return *end == '\0' && *seconds > 0;
}

static bool read_count(Part value, void *field) {
  double number;
  if (!read_seconds(value, &number) || number > 1e9) return false;
  *(long *)field = (long)number;
  return true;
}

static bool read_plans(Part value, void *field) {
  static const char *const kinds[] = { "cancel", "raise", "child" };
  unsigned *plans = field;
  *plans = 0;
  while (value.length > 0) {
    Part kind = part_take(&value, ',');
    size_t i = 0;
    while (i < sizeof(kinds) / sizeof(*kinds) && !part_is(kind, kinds[i])) i++;
    if (i == sizeof(kinds) / sizeof(*kinds)) return false;
    *plans |= 1u << i;
  }
  return true;
}

static const struct {
  const char *key;
  bool (*read)(Part value, void *field);
  size_t offset;
} keys[] = {
  { "sweep", read_flag, offsetof(Orders, is_sweep) },
  { "plans", read_plans, offsetof(Orders, plans) },
  { "file", read_path, offsetof(Orders, file) },
  { "first", read_count, offsetof(Orders, first) },
  { "last", read_count, offsetof(Orders, last) },
  { "runs", read_count, offsetof(Orders, runs) },
  { "seconds", read_seconds, offsetof(Orders, seconds) },
  { "run-seconds", read_seconds, offsetof(Orders, run_seconds) },
  { "offline", read_flag, offsetof(Orders, is_offline) },
};

static bool read_line(Part line, Orders *orders) {
  Part key = part_take(&line, '=');
  for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
    if (part_is(key, keys[i].key)) return keys[i].read(line, (char *)orders + keys[i].offset);
  }
  return false;
}

bool orders_read(const char *text, Orders *orders, char fault[ORDERS_FAULT]) {
  *orders = (Orders){
    .plans = PLANS_CANCEL | PLANS_RAISE | PLANS_CHILD,
    .runs = 500,
    .seconds = 60,
    .run_seconds = 5,
  };
  Part rest = { text, text ? strlen(text) : 0 };
  while (rest.length > 0) {
    Part line = part_take(&rest, '\n');
    if (line.length == 0 || read_line(line, orders)) continue;
    snprintf(fault, ORDERS_FAULT, "\"%.*s\" is no order", (int)line.length, line.text);
    return false;
  }
  return true;
}
