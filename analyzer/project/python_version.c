#include "project/python_version.h"

enum { LOWEST_MINOR = 6, HIGHEST_MINOR = 99 };

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes the number that the text starts with, which may be none: 0. Large ones stay at a large
// value.
static uint32_t take_number(Str *text) {
  uint32_t number = 0;
  while (text->len > 0 && is_digit(text->data[0])) {
    if (number < 100000) number = number * 10 + (uint32_t)(text->data[0] - '0');
    *text = str_slice(*text, 1, text->len);
  }
  return number;
}

static bool takes(Str *text, Str part) {
  if (!str_starts_with(*text, part)) return false;
  *text = str_slice(*text, part.len, text->len);
  return true;
}

bool python_version_parse(Str text, uint16_t *minor) {
  if (!takes(&text, STR("py3")) && !takes(&text, STR("3."))) return false;
  if (text.len == 0 || text.len > 2 || text.data[0] == '0') return false;
  uint32_t number = take_number(&text);
  if (text.len > 0 || number < LOWEST_MINOR || number > HIGHEST_MINOR) return false;
  *minor = (uint16_t)number;
  return true;
}

static bool is_one_of(char c, const char *set) {
  for (; *set != '\0'; set++) {
    if (*set == c) return true;
  }
  return false;
}

static Str take_while(Str *text, const char *set, bool is_in_set) {
  uint32_t end = 0;
  while (end < text->len && is_one_of(text->data[end], set) == is_in_set) end++;
  Str taken = str_slice(*text, 0, end);
  *text = str_slice(*text, end, text->len);
  return taken;
}

// The lower bound that one comparison sets: "3.9" behind ">=", "~=", "==", "^", "~", ">" or
// nothing.
static uint16_t lower_bound(Str operator, Str version) {
  bool is_bound = operator.len == 0 || is_one_of(operator.data[0], "=~^") ||
    (operator.data[0] == '>');
  takes(&version, STR("v"));
  if (!is_bound || take_number(&version) != 3 || !takes(&version, STR("."))) return 0;
  uint32_t minor = take_number(&version);
  return (uint16_t)(minor > HIGHEST_MINOR ? 0 : minor);
}

// Comparisons that must all hold: the highest bound counts.
static uint16_t lowest_of_all(Str comparisons) {
  uint16_t highest = 0;
  for (;;) {
    take_while(&comparisons, " \t,", true);
    Str operator= take_while(&comparisons, "<>=!~^", true);
    take_while(&comparisons, " \t", true);
    Str version = take_while(&comparisons, " \t,<>=!~^", false);
    if (operator.len == 0 && version.len == 0) return highest;
    uint16_t bound = lower_bound(operator, version);
    if (bound > highest) highest = bound;
  }
}

uint16_t python_version_lowest(Str specifier) {
  uint16_t lowest = UINT16_MAX;
  do {
    uint16_t bound = lowest_of_all(str_next(&specifier, '|'));
    takes(&specifier, STR("|"));
    if (bound < lowest) lowest = bound;
  } while (specifier.len > 0);
  return lowest;
}

// What follows `python_requires` as its value: `="…"`, `": "…"` of a dictionary, ` = …` in a
// setup.cfg.
static Str value_of_setting(Str text) {
  take_while(&text, "\"' \t", true);
  if (!takes(&text, STR("=")) && !takes(&text, STR(":"))) return STR_EMPTY;
  take_while(&text, " \t\"'", true);
  return take_while(&text, "\"'\r\n#;", false);
}

// The lowest 3.x of the first place that sets the name to a specifier.
static uint16_t lowest_set(Str text, Str name, Str *value) {
  for (uint32_t at = str_find(text, name); at != UINT32_MAX; at = str_find(text, name)) {
    text = str_slice(text, at + name.len, text.len);
    *value = value_of_setting(text);
    uint16_t lowest = python_version_lowest(*value);
    if (lowest != 0) return lowest;
  }
  return 0;
}

uint16_t python_version_of_setup(Str text) {
  Str value = STR_EMPTY;
  uint16_t lowest = lowest_set(text, STR("python_requires"), &value);
  // python_requires=REQUIRES_PYTHON, which the file sets further up.
  Str constant = take_while(&value, " \t,)+.({[\\", false);
  if (lowest != 0 || constant.len == 0) return lowest;
  return lowest_set(text, constant, &value);
}

uint16_t python_version_of_mypy(Str text) {
  Str value;
  return lowest_set(text, STR("\npython_version"), &value);
}
