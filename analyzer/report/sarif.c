/*
 * SARIF 2.1.0. Every rule is described, so that a result can name its rule by number wherever it is
 * rendered; each result stands in a line of its own. Columns are units of UTF-16. In a notebook,
 * regions are lines of its file, without columns.
 */
#include "base/path.h"
#include "lint/linter.h"
#include "report/json_value.h"
#include "report/report.h"
#include "report/rule_page.h"
#include "report/sarif_result.h"

/* Code scanning refuses a run of more. */
enum { MOST_RESULTS = 25000 };

static const Str RESULTS = { .data = "\"results\":[\n", .len = 12 };

/* The paragraph below the title of the rule's page. */
static Str first_paragraph(Arena *arena, const RuleEntry *entry) {
  Text text = { .arena = arena };
  uint32_t line = 1;
  while (line < entry->line_count && entry->lines[line][0] == '\0') line++;
  for (; line < entry->line_count && entry->lines[line][0] != '\0'; line++) {
    if (text.len > 0) text_add_char(&text, ' ');
    text_add(&text, str_from(entry->lines[line]));
  }
  return text_str(&text);
}

static json_t *json_rule(Arena *arena, const RuleEntry *entry) {
  static const char *const severities[] = {
    [SEVERITY_ERROR] = "error",
    [SEVERITY_WARNING] = "warning",
    [SEVERITY_INFO] = "recommendation",
  };
  const Rule *rule = entry->rule;
  Text page = { .arena = arena };
  rule_page(&page, entry);
  Str paragraph = first_paragraph(arena, entry), url = rule_page_url(arena, rule);
  Str text = str_format(arena, "%.*s\n%.*s", STR_ARGS(paragraph), STR_ARGS(url));
  json_t *value = json_pack(
    "{s:s, s:s, s:{s:o}, s:{s:o}, s:o, s:{s:o, s:o}}",
    "id",
    rule->code,
    "name",
    rule->name,
    "shortDescription",
    "text",
    json_from(arena, str_format(arena, "%s.", rule->summary)),
    "fullDescription",
    "text",
    json_from(arena, paragraph),
    "helpUri",
    json_from(arena, url),
    "help",
    "text",
    json_from(arena, text),
    "markdown",
    json_from(arena, text_str(&page))
  );
  json_t *configuration =
    json_pack("{s:b, s:s}", "enabled", rule->is_default, "level", sarif_level(rule->severity));
  json_object_set_new(value, "defaultConfiguration", configuration);
  json_t *properties = json_pack(
    "{s:[s, s], s:s, s:s}",
    "tags",
    "asyncio",
    entry->topic,
    "precision",
    rule->is_default ? "very-high" : "high",
    "problem.severity",
    severities[rule->severity]
  );
  json_object_set_new(value, "properties", properties);
  return value;
}

static json_t *json_driver(Arena *arena) {
  json_t *rules = json_array();
  const RuleEntry **sorted = rules_sorted(arena);
  for (uint32_t i = 0; i < rule_entry_count; i++)
    json_array_append_new(rules, json_rule(arena, sorted[i]));
  return json_pack(
    "{s:s, s:s, s:s, s:s, s:s, s:o}",
    "name",
    "awry",
    "fullName",
    "awry " AWRY_VERSION,
    "version",
    AWRY_VERSION,
    "semanticVersion",
    AWRY_VERSION,
    "informationUri",
    AWRY_HOMEPAGE,
    "rules",
    rules
  );
}

/* The folder that paths are seen from, as a URI. */
static json_t *json_base(Arena *arena, const ReportOptions *options) {
  Str folder = options->root.len > 0 ? options->root : options->folder;
  Str uri = path_percent_encoded(arena, folder);
  const char *end = str_ends_with(uri, STR("/")) ? "" : "/";
  return json_from(arena, str_format(arena, "file://%.*s%s", STR_ARGS(uri), end));
}

/* Runs in several folders of a repository are different analyses of it, which do not replace each
   other's alerts. */
static json_t *json_category(Arena *arena, const ReportOptions *options) {
  Str folder = report_path(arena, STR("."), options);
  bool is_top = str_is(folder, ".") || path_is_absolute(folder);
  Str id = is_top ? STR("awry/") : str_format(arena, "awry/%.*s/", STR_ARGS(folder));
  return json_from(arena, id);
}

static void sarif_begin(Text *out, const ReportOptions *options) {
  Arena *arena = out->arena;
  text_add(
    out,
    STR("{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\","
        "\"runs\":[{\"columnKind\":\"utf16CodeUnits\",\n\"originalUriBaseIds\":")
  );
  text_add_json(out, json_pack("{s:{s:o}}", "%SRCROOT%", "uri", json_base(arena, options)));
  text_add(out, STR(",\n\"automationDetails\":"));
  text_add_json(out, json_pack("{s:o}", "id", json_category(arena, options)));
  text_add(out, STR(",\n\"tool\":"));
  text_add_json(out, json_pack("{s:o}", "driver", json_driver(arena)));
  text_add(out, STR(",\n"));
  text_add(out, RESULTS);
}

static uint32_t rule_index(const RuleEntry **sorted, const Rule *rule) {
  uint32_t index = 0;
  while (sorted[index]->rule != rule) index++;
  return index;
}

static void sarif_file(Text *out, const FileReport *file, const ReportOptions *options) {
  const RuleEntry **sorted = rules_sorted(out->arena);
  const Findings *lists[] = { file->findings, file->suppressed };
  bool has_result = false;
  for (int list = 0; list < 2; list++) {
    for (uint32_t i = 0; lists[list] && i < lists[list]->count; i++) {
      const Finding *finding = &lists[list]->items[i];
      uint32_t index = rule_index(sorted, finding->rule);
      if (has_result) text_add(out, STR(",\n"));
      text_add_json(out, sarif_result(out->arena, file, finding, index, options));
      has_result = true;
    }
  }
}

static json_t *json_notification(Arena *arena, const char *level, Str message) {
  return json_pack("{s:s, s:{s:o}}", "level", level, "message", "text", json_from(arena, message));
}

static json_t *
json_problem_notification(Arena *arena, const Problem *problem, const ReportOptions *options) {
  Str message = problem->message;
  if (problem->path.len > 0)
    message = str_format(arena, "%.*s: %.*s.", STR_ARGS(problem->path), STR_ARGS(message));
  json_t *value = json_notification(arena, "error", message);
  if (problem->path.len == 0) return value;
  json_t *physical =
    json_pack("{s:o}", "artifactLocation", sarif_artifact(arena, problem->path, options));
  if (problem->position.line > 0) {
    json_t *region = json_pack("{s:I}", "startLine", (json_int_t)problem->position.line);
    json_object_set_new(physical, "region", region);
  }
  json_object_set_new(value, "locations", json_pack("[{s:o}]", "physicalLocation", physical));
  return value;
}

/* Of the results, each with how many of the rank have a place. */
static void keep_results(Text *out, Str results, uint32_t *places) {
  const char *separator = "";
  while (results.len > 0) {
    Str result = str_next(&results, '\n');
    uint32_t rank = sarif_rank(result);
    if (places[rank] == 0) continue;
    places[rank]--;
    if (str_ends_with(result, STR(","))) result.len--;
    text_add(out, str_from(separator));
    text_add(out, result);
    separator = ",\n";
  }
}

/* Takes out the results that are too many, those that matter least, and returns how many there were of all. */
static uint32_t limit_results(Text *out) {
  Str text = text_str(out);
  uint32_t start = str_find(text, RESULTS) + RESULTS.len, count = 0, ranks[SARIF_RANKS] = { 0 };
  Str results = str_slice(text, start, text.len);
  for (Str rest = results; rest.len > 0; count++) ranks[sarif_rank(str_next(&rest, '\n'))]++;
  if (count <= MOST_RESULTS) return count;
  uint32_t room = MOST_RESULTS;
  for (uint32_t rank = 0; rank < SARIF_RANKS; rank++) {
    if (ranks[rank] > room) ranks[rank] = room;
    room -= ranks[rank];
  }
  Text limited = { .arena = out->arena };
  text_add(&limited, str_slice(text, 0, start));
  keep_results(&limited, results, ranks);
  *out = limited;
  return count;
}

/* What a baseline had. Code scanning would open alerts for it. */
static void add_absent(Text *out, const GoneFindings *gone, const ReportOptions *options) {
  const RuleEntry **sorted = rules_sorted(out->arena);
  bool is_first = str_ends_with(text_str(out), RESULTS);
  for (uint32_t i = 0; i < gone->count && !options->omits_suppressed; i++) {
    const GoneFinding *one = &gone->items[i];
    const RuleEntry *entry = linter_find_rule(one->rule);
    if (!entry) continue; /* of another version */
    uint32_t index = rule_index(sorted, entry->rule);
    if (!is_first) text_add(out, STR(",\n"));
    is_first = false;
    text_add_json(out, sarif_absent(out->arena, one, entry->rule, index, options));
  }
}

static void
sarif_end(Text *out, const Totals *totals, const Problems *problems, const ReportOptions *options) {
  Arena *arena = out->arena;
  add_absent(out, &totals->gone, options);
  uint32_t count = limit_results(out);
  json_t *notifications = json_array();
  for (uint32_t i = 0; i < problems->count; i++) {
    const Problem *problem = &problems->items[i];
    json_array_append_new(notifications, json_problem_notification(arena, problem, options));
  }
  if (count > MOST_RESULTS) {
    Str message = str_format(
      arena,
      "There are %u results; the %u that matter most are here, and %u are left out.",
      count,
      MOST_RESULTS,
      count - MOST_RESULTS
    );
    json_array_append_new(notifications, json_notification(arena, "warning", message));
  }
  text_add(out, STR("\n],\n\"invocations\":"));
  json_t *invocation = json_pack(
    "[{s:b, s:o}]",
    "executionSuccessful",
    problems->count == 0,
    "toolExecutionNotifications",
    notifications
  );
  text_add_json(out, invocation);
  text_add(out, STR("}]}\n"));
}

const ReportFormat report_sarif = {
  .name = "sarif",
  .separator = ",\n",
  .begin = sarif_begin,
  .file = sarif_file,
  .end = sarif_end,
  .explanation = explanation_text,
  .exclusion = exclusion_text,
  .has_problems = true,
  .has_suppressed = true,
};
