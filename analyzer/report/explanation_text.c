/* Why rules keep quiet at one line, for people: first what was found there, then what was found and
   is not shown, then who looked and what speaks for the code, and last how many rules had nothing
   to look at. */
#include "lint/rule.h"
#include "report/display.h"
#include "report/terminal.h"

typedef struct {
  Text *out;
  const Palette *palette;
  uint32_t room; /* columns for code */
  bool has_part; /* a heading has been written for the part that is being written */
} Page;

static void add_heading(Page *page, const char *heading) {
  if (page->has_part) return;
  const Palette *palette = page->palette;
  text_format(page->out, "\n%s%s%s\n", palette->bold, heading, palette->plain);
  page->has_part = true;
}

static void add_rule_name(Page *page, const RuleExplanation *rule, Str why_hidden) {
  const Palette *palette = page->palette;
  text_format(
    page->out, "  %s %s%s%s", rule->rule->name, palette->dim, rule->rule->code, palette->plain
  );
  if (why_hidden.len > 0) text_format(page->out, " (%.*s)", STR_ARGS(why_hidden));
  text_add(page->out, STR("\n"));
}

/* `what` tells several places of one rule apart. */
static void add_place(Page *page, Position start, Str what, Str message) {
  const Palette *palette = page->palette;
  text_format(
    page->out, "    %s%u:%u%s  ", palette->frame, start.line, start.column, palette->plain
  );
  if (what.len > 0)
    text_format(page->out, "%s%.*s%s\n      ", palette->dim, STR_ARGS(what), palette->plain);
  text_format(page->out, "%.*s\n", STR_ARGS(message));
}

static void add_found(Page *page, const Explanation *explanation) {
  page->has_part = false;
  for (uint32_t i = 0; i < explanation->rules.count; i++) {
    const RuleExplanation *rule = &explanation->rules.items[i];
    if (rule->findings.count == 0) continue;
    add_heading(page, "Reported:");
    add_rule_name(page, rule, STR_EMPTY);
    for (uint32_t k = 0; k < rule->findings.count; k++)
      add_place(page, rule->findings.items[k].start, STR_EMPTY, rule->findings.items[k].message);
  }
}

static void add_hidden(Page *page, const Explanation *explanation) {
  page->has_part = false;
  for (uint32_t i = 0; i < explanation->rules.count; i++) {
    const RuleExplanation *rule = &explanation->rules.items[i];
    for (uint32_t k = 0; k < rule->hidden.count; k++) {
      const HiddenFinding *hidden = &rule->hidden.items[k];
      add_heading(page, "Found, but not shown:");
      add_rule_name(page, rule, hidden->why);
      add_place(page, hidden->finding.start, STR_EMPTY, hidden->finding.message);
    }
  }
}

static void add_quiet(Page *page, const Explanation *explanation, bool is_off) {
  for (uint32_t i = 0; i < explanation->rules.count; i++) {
    const RuleExplanation *rule = &explanation->rules.items[i];
    if (rule->quiet.count == 0 || (rule->why_off.len > 0) != is_off) continue;
    add_heading(page, "Looked at, and let pass:");
    add_rule_name(page, rule, rule->why_off);
    bool has_several = rule->quiet.count > 1;
    for (uint32_t k = 0; k < rule->quiet.count; k++) {
      const QuietPlace *place = &rule->quiet.items[k];
      Str shown = has_several ? place->shown : STR_EMPTY;
      add_place(page, place->start, shown, str_from(place->quiet.why));
    }
  }
}

static void add_source(Page *page, const Source *source, const Explanation *explanation) {
  enum { MOST_LINES = 12 };
  const Palette *palette = page->palette;
  uint32_t last = explanation->last;
  bool is_cut = last - explanation->first >= MOST_LINES;
  if (is_cut) last = explanation->first + MOST_LINES - 1;
  for (uint32_t line = explanation->first; line <= last; line++) {
    uint32_t number = source_position(source, source->line_starts[line - 1]).line;
    text_format(page->out, "%s%5u |%s ", palette->frame, number, palette->plain);
    Excerpt excerpt = excerpt_of(source_line(source, line), (Span){ 0, 0 }, page->room);
    add_excerpt(page->out, &excerpt);
    text_add(page->out, STR("\n"));
  }
  if (is_cut) text_format(page->out, "%s      |%s …\n", palette->frame, palette->plain);
}

static void add_around(Page *page, const Source *source, const Explanation *explanation) {
  if (explanation->around.count == 0) return;
  text_add(page->out, STR("\nThis is part of what rules looked at from "));
  for (uint32_t i = 0; i < explanation->around.count; i++) {
    uint32_t start = source->line_starts[explanation->around.items[i] - 1];
    text_format(page->out, "%sline %u", i > 0 ? ", " : "", source_position(source, start).line);
  }
  text_add(page->out, STR(" on.\n"));
}

static void add_rest(Page *page, const Explanation *explanation) {
  uint32_t silent = 0, without_words = 0;
  bool has_others = false;
  for (uint32_t i = 0; i < explanation->rules.count; i++) {
    const RuleExplanation *rule = &explanation->rules.items[i];
    bool says_something = explanation_says(rule);
    has_others |= says_something;
    silent += !says_something && rule->has_words;
    without_words += !says_something && !rule->has_words;
  }
  text_format(
    page->out,
    "\n%u %srules have nothing to look at in %s; %u more would need words that the file does not "
    "have.\n",
    silent,
    has_others ? "other " : "",
    explanation->first == explanation->last ? "this line" : "these lines",
    without_words
  );
}

void explanation_text(
  Text *out, const Source *source, const Explanation *explanation, const ReportOptions *options
) {
  Page page = { .out = out,
                .palette = palette_for(options->has_color),
                .room = display_room(options->width, sizeof "    1 | " - 1) };
  uint32_t start = source->line_starts[explanation->line - 1], cell = source_cell(source, start);
  text_add(out, explanation->path);
  if (cell > 0) text_format(out, ":cell %u", cell);
  text_format(out, ":%u\n", source_position(source, start).line);
  add_source(&page, source, explanation);
  if (explanation->why_unread.len > 0)
    text_format(out, "\nNo rule runs on this file: %.*s.\n", STR_ARGS(explanation->why_unread));
  if (!explanation->has_code) text_add(out, STR("\nThere is no code in this line.\n"));
  add_found(&page, explanation);
  add_hidden(&page, explanation);
  page.has_part = false;
  add_quiet(&page, explanation, false);
  add_quiet(&page, explanation, true);
  add_around(&page, source, explanation);
  add_rest(&page, explanation);
}

void exclusion_text(Text *out, Str path, Str why, const ReportOptions *options) {
  (void)options;
  text_format(out, "No rule runs on %.*s: %.*s.\n", STR_ARGS(path), STR_ARGS(why));
}
