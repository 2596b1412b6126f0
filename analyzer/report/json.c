/* JSON, version 1: the contract that other tools rely on (docs/guide). */
#include "report/json_value.h"
#include "report/report.h"

static void json_begin(Text *out, const ReportOptions *options) {
  (void)options;
  text_add(out, STR("{\"schema_version\": 1,\n \"findings\": [\n"));
}

static void json_file(Text *out, const FileReport *file, const ReportOptions *options) {
  (void)options;
  for (uint32_t i = 0; i < file->findings->count; i++) {
    if (i > 0) text_add(out, STR(",\n"));
    text_add_json(out, json_finding(out->arena, file->source, &file->findings->items[i]));
  }
}

static void
json_end(Text *out, const Totals *totals, const Problems *problems, const ReportOptions *options) {
  (void)totals;
  (void)options;
  json_t *list = json_array();
  for (uint32_t i = 0; i < problems->count; i++) {
    json_array_append_new(list, json_problem(out->arena, &problems->items[i]));
  }
  text_add(out, STR("],\n \"problems\": "));
  text_add_json(out, list);
  text_add(out, STR("}\n"));
}

const ReportFormat report_json = {
  .name = "json",
  .separator = ",\n",
  .begin = json_begin,
  .file = json_file,
  .end = json_end,
  .explanation = explanation_json,
  .exclusion = exclusion_json,
  .has_problems = true,
};
