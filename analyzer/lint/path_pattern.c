#include "lint/path_pattern.h"

// Where to go on after a mismatch: behind a wildcard, which then takes one character more.
typedef struct {
  uint32_t pattern; // behind the wildcard; 0 if there is none
  uint32_t path;
} Retry;

typedef struct {
  Str path, pattern;
  uint32_t i, p; // how much of them has been matched
  Retry star, stars;
} Match;

// True where a pattern may be at its end: behind the last part, or behind that of a folder.
static bool is_part_end(const Match *match) {
  return match->i == match->path.len || match->path.data[match->i] == '/';
}

// Passes a wildcard of the pattern, which takes nothing at first.
static bool enters_wildcard(Match *match) {
  Str left = str_slice(match->pattern, match->p, match->pattern.len);
  if (!str_starts_with(left, STR("*"))) return false;
  bool is_double = str_starts_with(left, STR("**"));
  match->p += str_starts_with(left, STR("**/")) ? 3 : is_double ? 2 : 1;
  Retry retry = { match->p, match->i };
  match->star = is_double ? (Retry){ 0 } : retry;
  if (is_double) match->stars = retry;
  return true;
}

static bool takes_character(Match *match) {
  if (match->p == match->pattern.len || match->i == match->path.len) return false;
  char wanted = match->pattern.data[match->p], found = match->path.data[match->i];
  if (wanted != found && (wanted != '?' || found == '/')) return false;
  match->p++;
  match->i++;
  return true;
}

static bool goes_back(Match *match) {
  Retry *star = &match->star, *stars = &match->stars;
  Str path = match->path;
  if (star->pattern > 0 && star->path < path.len && path.data[star->path] != '/') {
    star->path++;
    match->p = star->pattern;
    match->i = star->path;
    return true;
  }
  if (stars->pattern == 0 || stars->path == path.len) return false;
  // `**/` takes whole parts.
  bool takes_parts = match->pattern.data[stars->pattern - 1] == '/';
  do stars->path++;
  while (takes_parts && stars->path < path.len && path.data[stars->path - 1] != '/');
  *star = (Retry){ 0 };
  match->p = stars->pattern;
  match->i = stars->path;
  return true;
}

// Only the last wildcard of each kind is retried: what an earlier one could take, the last can.
static bool fits_from(Str path, Str pattern, uint32_t start) {
  Match match = { .path = path, .pattern = pattern, .i = start };
  while (match.p < pattern.len || !is_part_end(&match)) {
    if (!enters_wildcard(&match) && !takes_character(&match) && !goes_back(&match)) return false;
  }
  return true;
}

bool path_fits(Str path, Str pattern) {
  while (str_ends_with(pattern, STR("/"))) pattern.len--;
  bool is_anchored = str_contains(pattern, STR("/"));
  if (str_starts_with(pattern, STR("./"))) pattern = str_slice(pattern, 2, pattern.len);
  if (str_starts_with(pattern, STR("/"))) pattern = str_slice(pattern, 1, pattern.len);
  if (pattern.len == 0 || path.len == 0) return false;
  if (is_anchored) return fits_from(path, pattern, 0);
  for (uint32_t i = 0; i < path.len; i++) {
    bool starts_part = i == 0 || path.data[i - 1] == '/';
    if (starts_part && fits_from(path, pattern, i)) return true;
  }
  return false;
}
