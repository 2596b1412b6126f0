#include "project/migration.h"

#include "base/map.h"
#include "lint/foreign.h"
#include "lint/path_pattern.h"
#include "project/toml_string.h"
#include "report/rule_page.h"

/* --- what a tool says about one of its rules --------------------------------------------------- */

typedef struct {
  const ForeignSettings *from;
  const Foreign *row;
  SaidWord said; /* the most exact word; empty: ALL or nothing */
  bool is_said, is_on;
  bool is_by_name; /* not by the beginning of its code */
  bool is_taken;   /* it is off, and so is our rule */
} Mention;

typedef Vec(Mention) Mentions;

static bool is_of(const Foreign *row, const char *tool) {
  static const struct {
    const char *tool, *word;
  } words[] = {
    { "ruff", "ruff" },     { "flake8", "flake8-" },  { "flake8", "pycodestyle" },
    { "pylint", "pylint" }, { "pyright", "Pyright" },
  };
  for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
    bool is_tool = str_is(str_from(tool), words[i].tool);
    if (is_tool && str_contains(str_from(row->tool), str_from(words[i].word))) return true;
  }
  return false;
}

static uint32_t letters_of(Str code) {
  uint32_t count = 0;
  while (count < code.len && (code.data[count] < '0' || code.data[count] > '9')) count++;
  return count;
}

/* How exactly the word names the row: 0 not at all, 1 as one of ALL, else one more than the bytes of its code that it says. */
static uint32_t weight_of(Str word, const Foreign *row) {
  Str code = str_from(row->code);
  bool is_name = row->name != NULL && str_is_any_case(word, row->name);
  if (str_is_any_case(word, "ALL")) return 1;
  if (is_name || str_is_any_case(word, row->code)) return code.len + 1;
  bool is_family = letters_of(word) == letters_of(code) && str_starts_with(code, word);
  return is_family ? word.len + 1 : 0;
}

static void weigh(Mention *mention, const SaidWords *words, bool is_on, uint32_t *heaviest) {
  for (uint32_t i = 0; i < words->count; i++) {
    uint32_t weight = weight_of(words->items[i].word, mention->row);
    if (weight == 0 || weight < *heaviest) continue;
    *heaviest = weight;
    mention->said = words->items[i];
    mention->is_said = true;
    mention->is_on = is_on;
    mention->is_by_name = weight == str_from(mention->row->code).len + 1;
  }
}

/* What is said of the row; of two words that are as exact, the one that switches it off counts. */
static Mention mention_of(
  const ForeignSettings *from,
  const Foreign *row,
  const SaidWords *selected,
  const SaidWords *ignored
) {
  Mention mention = { .from = from, .row = row };
  uint32_t heaviest = 0;
  if (!is_of(row, from->tool)) return mention;
  weigh(&mention, selected, true, &heaviest);
  weigh(&mention, ignored, false, &heaviest);
  return mention;
}

/* --- what that comes to ------------------------------------------------------------------------ */

static void add_place(Text *text, const Mention *mention) {
  text_format(text, "%.*s", STR_ARGS(mention->from->file));
  if (mention->said.line > 0) text_format(text, ":%u", mention->said.line);
}

static bool is_off_by_name(const Mention *mention) {
  return !mention->is_on && mention->row->is_exact && mention->is_by_name;
}

/* A rule of ours that is several of a tool's is off if all of them are. */
static void mark_taken(Mentions *mentions, const ForeignSettings *from, const Rule *rule) {
  uint32_t wanted = 0, off = 0;
  for (uint32_t i = 0; i < foreign_count; i++) {
    const Foreign *row = &foreign_rows[i];
    wanted += row->is_exact && is_of(row, from->tool) && foreign_means(row, rule);
  }
  for (uint32_t i = 0; i < mentions->count; i++)
    off += mentions->items[i].from == from && is_off_by_name(&mentions->items[i]);
  for (uint32_t i = 0; i < mentions->count; i++) {
    Mention *mention = &mentions->items[i];
    mention->is_taken |= mention->from == from && is_off_by_name(mention) && off == wanted;
  }
}

/* Adds what a tool says that leads to the rule. */
static void add_mentions(
  Arena *arena,
  Mentions *all,
  const Rule *rule,
  const ForeignSettings *from,
  const SaidWords *selected,
  const SaidWords *ignored
) {
  for (uint32_t i = 0; i < foreign_count; i++) {
    if (!foreign_means(&foreign_rows[i], rule)) continue;
    Mention mention = mention_of(from, &foreign_rows[i], selected, ignored);
    if (mention.is_said) vec_push(arena, all, mention);
  }
  mark_taken(all, from, rule);
}

/* The mention that decides about the rule; NULL: none does. What is on by its own name anywhere is on. */
static const Mention *deciding(const Mentions *mentions) {
  const Mention *on = NULL, *off = NULL;
  bool is_wanted = false;
  for (uint32_t i = 0; i < mentions->count; i++) {
    const Mention *mention = &mentions->items[i];
    if (mention->is_taken) off = off ? off : mention;
    if (!mention->is_on) continue;
    if (on == NULL || (mention->row->is_exact && !on->row->is_exact)) on = mention;
    is_wanted |= mention->row->is_exact && mention->is_by_name;
  }
  return off != NULL && !is_wanted ? off : on;
}

typedef struct {
  Text on, extended, ignored, left;
} Lists;

static void add_item(Text *list, const Rule *rule, const Mention *mention) {
  text_format(list, "  \"%s\",  # %s", rule->name, mention->row->code);
  text_add(list, mention->row->is_exact ? STR(", ") : STR(" (near), "));
  add_place(list, mention);
  text_add_char(list, '\n');
}

/* Why what is off there is not off here; of a family once. */
static void add_left(Text *text, const Rule *rule, const Mentions *mentions) {
  Map families = { 0 };
  for (uint32_t i = 0; i < mentions->count; i++) {
    const Mention *mention = &mentions->items[i];
    bool is_near = !mention->row->is_exact, is_family = !mention->is_by_name;
    if (mention->is_on || mention->is_taken || (is_near && is_family)) continue;
    if (is_family && !map_add(text->arena, &families, mention->said.word, 0)) continue;
    text_format(text, "# Not taken over: %s (", mention->row->code);
    add_place(text, mention);
    if (is_near) text_format(text, ") is only near %s: %s\n", rule->name, mention->row->why);
    else if (!is_family) text_format(text, ") is only a part of %s\n", rule->name);
    else
      text_format(
        text,
        ") is off with all of %.*s, which says nothing about %s\n",
        STR_ARGS(mention->said.word),
        rule->name
      );
  }
}

static void add_rule(const Migration *migration, const Rule *rule, Lists *lists) {
  Mentions mentions = { 0 };
  for (uint32_t i = 0; i < migration->count; i++) {
    const ForeignSettings *from = &migration->items[i];
    add_mentions(lists->on.arena, &mentions, rule, from, &from->selected, &from->ignored);
  }
  add_left(&lists->left, rule, &mentions);
  const Mention *mention = deciding(&mentions);
  if (mention == NULL) return;
  if (!mention->is_on) {
    add_item(&lists->ignored, rule, mention);
  } else if (!rule->is_default) {
    add_item(&lists->extended, rule, mention);
  } else {
    const char *separator = lists->on.len > 0 ? ", " : "";
    const char *near = mention->row->is_exact ? "" : "near ";
    text_format(&lists->on, "%s%s (%s%s)", separator, rule->name, near, mention->row->code);
  }
}

static void add_list(Text *text, const char *key, const Text *items) {
  if (items->len > 0) text_format(text, "%s = [\n%.*s]\n", key, STR_ARGS(text_str(items)));
}

static void add_rules(Text *text, const Migration *migration) {
  Arena *arena = text->arena;
  Lists lists = { { .arena = arena }, { .arena = arena }, { .arena = arena }, { .arena = arena } };
  const RuleEntry **rules = rules_sorted(arena);
  for (uint32_t i = 0; i < rule_entry_count; i++) add_rule(migration, rules[i]->rule, &lists);
  if (lists.on.len > 0)
    text_format(text, "# On without a word: %.*s\n", STR_ARGS(text_str(&lists.on)));
  text_add(text, text_str(&lists.left));
  add_list(text, "extend-select", &lists.extended);
  add_list(text, "ignore", &lists.ignored);
}

/* --- paths ------------------------------------------------------------------------------------- */

/* As our patterns are written: "./docs/" is "docs". */
static Str pattern_of(Str word) {
  while (str_starts_with(word, STR("./"))) word = str_slice(word, 2, word.len);
  while (word.len > 1 && word.data[word.len - 1] == '/') word.len--;
  return word;
}

static bool fits_any(const Strs *files, Str pattern) {
  for (uint32_t i = 0; i < files->count; i++) {
    if (path_fits(files->items[i], pattern)) return true;
  }
  return false;
}

/* Patterns above this number are taken as they are: looking each up in all files would take too long. */
enum { MOST_TRIED = 1000 };

/* What fits no file is left out by git, or is not there. */
static void add_excluded(Text *text, const Migration *migration) {
  Map known = { 0 };
  Text items = { .arena = text->arena };
  for (uint32_t i = 0; i < migration->count; i++) {
    const ForeignSettings *from = &migration->items[i];
    for (uint32_t k = 0; k < from->excluded.count; k++) {
      Str pattern = pattern_of(from->excluded.items[k].word);
      if (pattern.len == 0 || (k < MOST_TRIED && !fits_any(&migration->files, pattern))) continue;
      if (!map_add(text->arena, &known, pattern, 0)) continue;
      Mention mention = { .from = from, .said = from->excluded.items[k] };
      text_add(&items, STR("  "));
      toml_quote(&items, pattern);
      text_add(&items, STR(",  # "));
      add_place(&items, &mention);
      text_add_char(&items, '\n');
    }
    if (from->is_pattern)
      text_format(
        text,
        "# Not taken over: paths that %.*s excludes by regular expressions\n",
        STR_ARGS(from->file)
      );
  }
  add_list(text, "exclude", &items);
}

typedef struct {
  Str pattern;
  Strs rules;
  Text origin; /* of the rules */
  Text left;
} ByPath;

typedef Vec(ByPath) ByPaths;

static ByPath *by_path(ByPaths *all, Map *known, Arena *arena, Str pattern) {
  uint32_t index = all->count;
  if (!map_get(known, pattern, &index)) {
    map_put(arena, known, pattern, index);
    vec_push(
      arena,
      all,
      ((ByPath){ .pattern = pattern, .origin = { .arena = arena }, .left = { .arena = arena } })
    );
  }
  return &all->items[index];
}

static void add_origin(Text *origin, const char *code, const Mention *mention) {
  text_format(origin, "%s%s, ", origin->len > 0 ? "; " : "", code);
  add_place(origin, mention);
}

/* All of a tool's rules. */
static const SaidWord *all_of(const SaidWords *codes) {
  for (uint32_t i = 0; i < codes->count; i++) {
    if (str_is_any_case(codes->items[i].word, "ALL")) return &codes->items[i];
  }
  return NULL;
}

static void
take_said(ByPath *own, Arena *arena, const ForeignSettings *from, const SaidWords *codes) {
  static const SaidWords none = { 0 };
  const SaidWord *all = all_of(codes);
  if (all != NULL) {
    Mention mention = { .from = from, .said = *all };
    vec_push(arena, &own->rules, STR("ALL"));
    add_origin(&own->origin, "ALL", &mention);
    return;
  }
  const RuleEntry **rules = rules_sorted(arena);
  for (uint32_t i = 0; i < rule_entry_count; i++) {
    Mentions mentions = { 0 };
    const Rule *rule = rules[i]->rule;
    add_mentions(arena, &mentions, rule, from, &none, codes);
    add_left(&own->left, rule, &mentions);
    const Mention *mention = deciding(&mentions);
    if (mention == NULL) continue;
    vec_push(arena, &own->rules, str_from(rule->name));
    add_origin(&own->origin, mention->row->code, mention);
  }
}

static void write_by_path(Text *text, const ByPath *own) {
  if (own->left.len > 0) {
    text_add(text, STR("# "));
    toml_quote(text, own->pattern);
    text_add(text, STR(":\n"));
    text_add(text, text_str(&own->left));
  }
  if (own->rules.count == 0) return;
  toml_quote(text, own->pattern);
  text_add(text, STR(" = ["));
  for (uint32_t i = 0; i < own->rules.count; i++) {
    text_add(text, i > 0 ? STR(", ") : STR_EMPTY);
    toml_quote(text, own->rules.items[i]);
  }
  text_format(text, "]  # %.*s\n", STR_ARGS(text_str(&own->origin)));
}

static void add_by_path(Text *text, const Migration *migration) {
  ByPaths all = { 0 };
  Map known = { 0 };
  Arena *arena = text->arena;
  Text rows = { .arena = arena };
  for (uint32_t i = 0; i < migration->count; i++) {
    const ForeignSettings *from = &migration->items[i];
    for (uint32_t k = 0; k < from->by_path.count; k++) {
      const SaidByPath *said = &from->by_path.items[k];
      Str pattern = pattern_of(said->pattern);
      // "!src/**": all but these, for which there is no word here.
      if (pattern.len == 0 || pattern.data[0] == '!') continue;
      take_said(by_path(&all, &known, arena, pattern), arena, from, &said->codes);
    }
  }
  for (uint32_t i = 0; i < all.count; i++) write_by_path(&rows, &all.items[i]);
  if (rows.len > 0)
    text_format(text, "\n[tool.awry.per-file-ignores]\n%.*s", STR_ARGS(text_str(&rows)));
}

/* --- all --------------------------------------------------------------------------------------- */

static void add_sources(Text *text, const Migration *migration) {
  text_add(text, STR("# From what "));
  for (uint32_t i = 0; i < migration->count; i++) {
    const ForeignSettings *from = &migration->items[i];
    const char *separator = i == 0 ? "" : i + 1 == migration->count ? " and " : ", ";
    text_format(text, "%s%s (%.*s)", separator, from->tool, STR_ARGS(from->file));
  }
  text_format(
    text, " %s told. Of all else awry's own defaults hold.\n", migration->count == 1 ? "is" : "are"
  );
  for (uint32_t i = 0; i < migration->count; i++) {
    const ForeignSettings *from = &migration->items[i];
    if (from->extends.len > 0)
      text_format(text, "# Not read: what %.*s extends\n", STR_ARGS(from->file));
  }
}

void migration_write(Text *text, const Migration *migration) {
  add_sources(text, migration);
  text_add(text, STR("[tool.awry]\n"));
  uint32_t before = text->len;
  add_rules(text, migration);
  add_excluded(text, migration);
  add_by_path(text, migration);
  if (text->len == before) text_add(text, STR("# Nothing of it is about rules of awry.\n"));
  if (!migration->lacks_external) return;
  text_add(
    text,
    STR("\n# ruff takes AWR codes in noqa comments for mistakes unless it is told of them:\n"
        "# [tool.ruff.lint]\n# external = [\"AWR\"]\n")
  );
}
