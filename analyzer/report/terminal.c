#include "report/terminal.h"

#include "report/display.h"
#include "report/rule_page.h"

static const Palette colored = {
  .severity = { [SEVERITY_ERROR] = "\x1b[1;31m",
                [SEVERITY_WARNING] = "\x1b[1;33m",
                [SEVERITY_INFO] = "\x1b[1;36m" },
  .frame = "\x1b[1;34m",
  .note = "\x1b[34m",
  .removed = "\x1b[31m",
  .added = "\x1b[32m",
  .bold = "\x1b[1m",
  .dim = "\x1b[2m",
  .plain = "\x1b[0m",
};

static const Palette uncolored = {
  .severity = { "", "", "" },
  .frame = "",
  .note = "",
  .removed = "",
  .added = "",
  .bold = "",
  .dim = "",
  .plain = "",
};

const Palette *palette_for(bool has_color) { return has_color ? &colored : &uncolored; }

void add_harmless(Text *out, Str text) {
  Excerpt all = { .line = text, .end = text.len };
  add_excerpt(out, &all);
}

void add_rule_tag(Text *out, const Rule *rule, const ReportOptions *options) {
  const Palette *palette = palette_for(options->has_color);
  text_format(out, "%s[", palette->dim);
  if (options->has_links) {
    Str url = rule_page_url(out->arena, rule);
    text_format(out, "\x1b]8;;%.*s\x1b\\", STR_ARGS(url));
  }
  text_format(out, "%s %s", rule->name, rule->code);
  if (options->has_links) text_add(out, STR("\x1b]8;;\x1b\\"));
  text_format(out, "]%s", palette->plain);
}
