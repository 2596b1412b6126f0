#include "project/setting_schema.h"

#include "base/text.h"
#include "lint/foreign.h"
#include "lint/selector.h"
#include "project/setting.h"
#include "report/json_value.h"
#include "report/rule_page.h"

static json_t *reference(const char *name) { return json_pack("{s:s}", "$ref", name); }

static json_t *text_of_pattern(const char *pattern) {
  return json_pack("{s:s, s:s}", "type", "string", "pattern", pattern);
}

static json_t *list_of(json_t *items) {
  return json_pack("{s:s, s:o}", "type", "array", "items", items);
}

static json_t *word_of(const char *const *words, uint32_t count) {
  json_t *list = json_array();
  for (uint32_t i = 0; i < count; i++) json_array_append_new(list, json_string(words[i]));
  return json_pack("{s:o}", "enum", list);
}

/* --- selectors --------------------------------------------------------------------------------- */

static void add_choice(Text *pattern, const char *word) {
  if (pattern->len > 0) text_add_char(pattern, '|');
  for (; *word; word++) {
    char upper = *word >= 'a' && *word <= 'z' ? (char)(*word - 'a' + 'A') : *word;
    char lower = *word >= 'A' && *word <= 'Z' ? (char)(*word - 'A' + 'a') : *word;
    if (upper == lower) text_add_char(pattern, *word);
    else text_format(pattern, "[%c%c]", upper, lower);
  }
}

/* The beginnings of codes that are selectors, each once: codes stand in order. */
static void add_beginnings(Text *pattern, const RuleEntry **rules) {
  for (uint32_t len = SELECTOR_SHORTEST_PREFIX; len <= SELECTOR_LONGEST_PREFIX; len++) {
    Str last = STR_EMPTY;
    for (uint32_t i = 0; i < rule_entry_count; i++) {
      Str beginning = str_slice(str_from(rules[i]->rule->code), 0, len);
      if (!str_equal(beginning, last))
        add_choice(pattern, str_terminated(pattern->arena, beginning));
      last = beginning;
    }
  }
}

/* What awry takes in any case, and for editors the usual spellings. */
static json_t *selectors(Arena *arena) {
  const RuleEntry **rules = rules_sorted(arena);
  json_t *offered = json_array();
  Text choices = { .arena = arena };
  json_array_append_new(offered, json_string("ALL"));
  add_choice(&choices, "ALL");
  for (uint32_t i = 0; i < rule_entry_count; i++) {
    add_choice(&choices, rules[i]->rule->name);
    add_choice(&choices, rules[i]->rule->code);
    json_array_append_new(offered, json_string(rules[i]->rule->name));
    json_array_append_new(offered, json_string(rules[i]->rule->code));
  }
  add_beginnings(&choices, rules);
  for (uint32_t i = 0; i < foreign_count; i++) {
    add_choice(&choices, foreign_rows[i].code);
    if (foreign_rows[i].name) add_choice(&choices, foreign_rows[i].name);
  }
  Str pattern = str_format(arena, "^(?:%.*s)$", STR_ARGS(text_str(&choices)));
  return json_pack(
    "{s:s, s:s, s:[{s:o}, {s:s%}]}",
    "type",
    "string",
    "description",
    "A rule by its name or code, the beginning of codes, ALL, or what another linter calls the "
    "same",
    "anyOf",
    "enum",
    offered,
    "pattern",
    pattern.data,
    (size_t)pattern.len
  );
}

/* --- settings ---------------------------------------------------------------------------------- */

static json_t *value_schema(SettingKind kind) {
  static const char *const severities[] = { "error", "warning", "info" };
  static const char *const thresholds[] = { "error", "warning", "info", "never" };
  switch (kind) {
  case SETTING_RULES:
    return list_of(reference("#/definitions/rule"));
  case SETTING_PATH_PATTERNS:
    return list_of(reference("#/definitions/path"));
  case SETTING_DOTTED_PATTERNS:
    return list_of(reference("#/definitions/name"));
  case SETTING_VERSION:
    return text_of_pattern("^(?:py3|3\\.)(?:[6-9]|[1-9][0-9])$");
  case SETTING_FOLDER:
  case SETTING_FILE:
  case SETTING_SETTINGS_FILE:
    return reference("#/definitions/path");
  case SETTING_FLAG:
    return json_pack("{s:s}", "type", "boolean");
  case SETTING_FAIL_ON:
    return word_of(thresholds, sizeof(thresholds) / sizeof(*thresholds));
  case SETTING_RULES_BY_PATH:
    return json_pack(
      "{s:s, s:o, s:o}",
      "type",
      "object",
      "propertyNames",
      reference("#/definitions/path"),
      "additionalProperties",
      list_of(reference("#/definitions/rule"))
    );
  case SETTING_SEVERITY_BY_RULE:
    return json_pack(
      "{s:s, s:o, s:o}",
      "type",
      "object",
      "propertyNames",
      reference("#/definitions/rule"),
      "additionalProperties",
      word_of(severities, sizeof(severities) / sizeof(*severities))
    );
  }
  return json_object();
}

static json_t *closed_table(json_t *properties) {
  return json_pack(
    "{s:s, s:b, s:o}", "type", "object", "additionalProperties", false, "properties", properties
  );
}

static json_t *described(Arena *arena, const Setting *setting) {
  json_t *schema = value_schema(setting->kind);
  Str text = str_format(arena, "%s. Default: %s.", setting->help, setting->by_default);
  /* Draft 7 reads nothing beside a $ref. */
  if (json_object_get(schema, "$ref")) schema = json_pack("{s:[o]}", "allOf", schema);
  json_object_set_new(schema, "description", json_from(arena, text));
  return schema;
}

static json_t *properties(Arena *arena) {
  json_t *all = json_object();
  for (uint32_t i = 0; i < SETTING_COUNT; i++) {
    const Setting *setting = &setting_rows[i];
    json_t *table = all;
    if (setting->table) {
      if (!json_object_get(all, setting->table))
        json_object_set_new(all, setting->table, closed_table(json_object()));
      table = json_object_get(json_object_get(all, setting->table), "properties");
    }
    json_object_set_new(table, setting->key, described(arena, setting));
  }
  return all;
}

json_t *setting_schema(Arena *arena) {
  json_t *schema = closed_table(properties(arena));
  json_object_set_new(schema, "$schema", json_string("http://json-schema.org/draft-07/schema#"));
  json_object_set_new(schema, "$id", json_string("https://json.schemastore.org/awry.json"));
  json_object_set_new(schema, "title", json_string("Settings of awry: [tool.awry] or awry.toml"));
  json_object_set_new(
    schema,
    "definitions",
    json_pack(
      "{s:o, s:{s:s, s:i}, s:o}",
      "rule",
      selectors(arena),
      "path",
      "type",
      "string",
      "minLength",
      1,
      "name",
      /* No ASCII but letters, digits, "_", "." and "*". */
      text_of_pattern("^[^\\u0000-)+-\\-/:-@\\[-\\^`{-\\u007f]+$")
    )
  );
  return schema;
}
