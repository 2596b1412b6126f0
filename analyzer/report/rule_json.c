#include "report/rule_json.h"

#include "lint/foreign.h"
#include "lint/severity.h"
#include "report/json_value.h"
#include "report/rule_page.h"

static json_t *version(uint16_t minor) {
  return minor > 0 ? json_sprintf("3.%u", minor) : json_null();
}

static json_t *foreign_names(const Rule *rule) {
  json_t *list = json_array();
  for (uint32_t i = 0; i < foreign_count; i++) {
    const Foreign *foreign = &foreign_rows[i];
    if (!foreign_means(foreign, rule)) continue;
    json_t *row = json_object();
    json_object_set_new(row, "code", json_string(foreign->code));
    json_object_set_new(row, "name", foreign->name ? json_string(foreign->name) : json_null());
    json_object_set_new(row, "tool", json_string(foreign->tool));
    json_object_set_new(row, "exact", json_boolean(foreign->is_exact));
    json_array_append_new(list, row);
  }
  return list;
}

static json_t *fix_of(Applicability fix) {
  if (fix == FIX_NONE) return json_null();
  return json_string(fix == FIX_SAFE ? "safe" : "unsafe");
}

json_t *rule_json(Arena *arena, const RuleEntry *entry) {
  const Rule *rule = entry->rule;
  Text page = { .arena = arena };
  rule_page(&page, entry);
  json_t *object = json_object();
  json_object_set_new(object, "code", json_string(rule->code));
  json_object_set_new(object, "name", json_string(rule->name));
  json_object_set_new(object, "topic", json_string(entry->topic));
  json_object_set_new(object, "summary", json_string(rule->summary));
  json_object_set_new(object, "severity", json_string(severity_name(rule->severity)));
  json_object_set_new(object, "default", json_boolean(rule->is_default));
  json_object_set_new(object, "in_tests", json_boolean(rule->is_default && rule->runs_in_tests));
  json_object_set_new(object, "fix", fix_of(rule->fix));
  json_object_set_new(object, "since", json_string(rule->since));
  json_object_set_new(object, "oldest_target", version(rule->min_minor));
  json_object_set_new(object, "newest_target", version(rule->max_minor));
  json_object_set_new(object, "url", json_from(arena, rule_page_url(arena, rule)));
  json_object_set_new(object, "elsewhere", foreign_names(rule));
  json_object_set_new(object, "documentation", json_from(arena, text_str(&page)));
  return object;
}
