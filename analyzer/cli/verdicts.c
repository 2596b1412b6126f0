#include "cli/verdicts.h"

#include "lint/rule.h"
#include "report/json_value.h"
#include "report/terminal.h"

/* Green: good; red: the fix is at fault; yellow: nothing is proved. */
static const char *color_of(VerdictKind kind, const Palette *palette) {
  if (kind == VERDICT_FIXED) return palette->added;
  bool is_bad =
    kind == VERDICT_NOT_FIXED || kind == VERDICT_BEHAVIOUR_CHANGED || kind == VERDICT_REGRESSION;
  return palette->severity[is_bad ? SEVERITY_ERROR : SEVERITY_WARNING];
}

void verdict_show(Text *out, const Judged *judged, const ReportOptions *options) {
  const Palette *palette = palette_for(options->has_color);
  const Verdict *verdict = &judged->verdict;
  text_format(
    out,
    "%.*s:%u: %s%s%s: ",
    STR_ARGS(judged->shown),
    judged->line,
    color_of(verdict->kind, palette),
    verdict_name(verdict->kind),
    palette->plain
  );
  add_harmless(out, verdict->why);
  text_add_char(out, ' ');
  add_rule_tag(out, judged->rule, options);
  text_add_char(out, '\n');
}

void verdicts_summary(Text *out, const JudgedFixes *fixes) {
  uint32_t counts[VERDICT_COUNT] = { 0 };
  for (uint32_t i = 0; i < fixes->count; i++) counts[fixes->items[i].verdict.kind]++;
  if (fixes->count == 0) {
    text_add(out, STR("no fixes to verify\n"));
    return;
  }
  text_format(out, "%u fix%s", fixes->count, fixes->count == 1 ? "" : "es");
  text_format(out, " on Python %.*s: ", STR_ARGS(fixes->items[0].python));
  const char *separator = "";
  for (int kind = 0; kind < VERDICT_COUNT; kind++) {
    if (counts[kind] == 0) continue;
    text_format(out, "%s%u %s", separator, counts[kind], verdict_name((VerdictKind)kind));
    separator = ", ";
  }
  text_add(out, STR("\n"));
}

static json_t *json_judged(Arena *arena, const Judged *judged) {
  return json_pack(
    "{s:s, s:o, s:I, s:o, s:s, s:I, s:o}",
    "rule",
    judged->rule->name,
    "path",
    json_from(arena, judged->shown),
    "line",
    (json_int_t)judged->line,
    "python",
    json_from(arena, judged->python),
    "verdict",
    verdict_name(judged->verdict.kind),
    "runs",
    (json_int_t)judged->verdict.runs,
    "why",
    json_from(arena, judged->verdict.why)
  );
}

void verdicts_json(Text *out, const JudgedFixes *fixes, const Problems *problems) {
  text_add(out, STR("{\"verdicts\": [\n"));
  for (uint32_t i = 0; i < fixes->count; i++) {
    if (i > 0) text_add(out, STR(",\n"));
    text_add_json(out, json_judged(out->arena, &fixes->items[i]));
  }
  json_t *list = json_array();
  for (uint32_t i = 0; i < problems->count; i++) {
    const Problem *problem = &problems->items[i];
    json_t *item = json_pack(
      "{s:o, s:o}",
      "path",
      json_from(out->arena, problem->path),
      "message",
      json_from(out->arena, problem->message)
    );
    json_array_append_new(list, item);
  }
  text_add(out, STR("],\n \"problems\": "));
  text_add_json(out, list);
  text_add(out, STR("}\n"));
}
