#include "project/known_findings.h"

#include "base/map.h"
#include "base/text.h"
#include "lint/rule.h"

enum { MOST_CHARACTERS = 100 };

Str finding_hash(const Finding *finding) { return str_before_last(finding->line_hash, ':'); }

static bool is_blank(char c) { return (unsigned char)c <= ' ' || c == 0x7F; }

Str line_excerpt(Arena *arena, const Source *source, uint32_t line) {
  Str text = source_line(source, line);
  Text excerpt = { .arena = arena };
  uint32_t characters = 0;
  for (uint32_t i = 0; i < text.len; i++) {
    bool is_start = ((unsigned char)text.data[i] & 0xC0) != 0x80;
    bool is_doubled =
      is_blank(text.data[i]) && (excerpt.len == 0 || excerpt.data[excerpt.len - 1] == ' ');
    if (is_doubled) continue;
    characters += is_start;
    if (characters > MOST_CHARACTERS) {
      text_add(&excerpt, STR("…"));
      break;
    }
    text_add_char(&excerpt, is_blank(text.data[i]) ? ' ' : text.data[i]);
  }
  return str_trim(text_str(&excerpt));
}

KnownFinding known_finding(Arena *arena, const Source *source, const Finding *finding) {
  return (KnownFinding){
    .rule = str_from(finding->rule->name),
    .hash = finding_hash(finding),
    .excerpt = line_excerpt(arena, source, source_line_of(source, finding->span.start)),
    .left = 1,
  };
}

typedef enum { BY_LINE, BY_HASH, BY_EXCERPT, LIKENESS_COUNT } Likeness;

/* What two findings have in common that are alike in that way; empty: nothing that could be. */
static Str key_of(Arena *arena, const KnownFinding *known, Likeness likeness) {
  Str line = known->line == 0 ? STR_EMPTY : str_format(arena, "%u", known->line);
  const Str parts[] = { [BY_LINE] = line, [BY_HASH] = known->hash, [BY_EXCERPT] = known->excerpt };
  if (parts[likeness].len == 0) return STR_EMPTY;
  return str_join(arena, known->rule, '\n', parts[likeness]);
}

/* Those of the known findings that are left, by key. */
typedef struct {
  Map first;      /* key -> 1 + index of the first one; 0: all are used up */
  uint32_t *next; /* per known finding: as `first` */
} Stock;

static Stock stock_of(Arena *arena, const KnownFindings *known, Likeness likeness) {
  Stock stock = { .next = arena_array(arena, uint32_t, known->count + 1) };
  for (uint32_t i = known->count; i > 0; i--) {
    const KnownFinding *one = &known->items[i - 1];
    Str key = key_of(arena, one, likeness);
    if (one->left == 0 || key.len == 0) continue;
    map_get(&stock.first, key, &stock.next[i - 1]);
    map_put(arena, &stock.first, key, i);
  }
  return stock;
}

static bool take(Arena *arena, Stock *stock, KnownFindings *known, Str key) {
  uint32_t first = 0;
  if (key.len == 0 || !map_get(&stock->first, key, &first) || first == 0) return false;
  KnownFinding *one = &known->items[first - 1];
  one->left--;
  if (one->left == 0) map_put(arena, &stock->first, key, stock->next[first - 1]);
  return true;
}

void known_findings_match(
  Arena *arena, KnownFindings *known, const Source *source, const Findings *findings, bool *is_known
) {
  if (known->count == 0) return;
  for (int likeness = BY_LINE; likeness < LIKENESS_COUNT; likeness++) {
    Stock stock = stock_of(arena, known, (Likeness)likeness);
    if (stock.first.count == 0) continue;
    for (uint32_t i = 0; i < findings->count; i++) {
      if (is_known[i]) continue;
      KnownFinding wanted = known_finding(arena, source, &findings->items[i]);
      wanted.line = source_line_of(source, findings->items[i].span.start);
      is_known[i] = take(arena, &stock, known, key_of(arena, &wanted, (Likeness)likeness));
    }
  }
}
