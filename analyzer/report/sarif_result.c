#include "report/sarif_result.h"

#include "base/path.h"
#include "lint/rule.h"
#include "report/json_value.h"

/* GitHub shows that many places of a result. */
enum { MOST_NOTES = 100 };

/* By then a result has said its level and whether it is suppressed. */
enum { HEAD_BYTES = 200 };

const char *sarif_level(Severity severity) {
  static const char *const levels[] = {
    [SEVERITY_ERROR] = "error",
    [SEVERITY_WARNING] = "warning",
    [SEVERITY_INFO] = "note",
  };
  return levels[severity];
}

json_t *sarif_artifact(Arena *arena, Str path, const ReportOptions *options) {
  Str shown = report_path(arena, path, options);
  Str encoded = path_percent_encoded(arena, shown);
  if (path_is_absolute(shown))
    return json_pack(
      "{s:o}", "uri", json_from(arena, str_format(arena, "file://%.*s", STR_ARGS(encoded)))
    );
  return json_pack("{s:o, s:s}", "uri", json_from(arena, encoded), "uriBaseId", "%SRCROOT%");
}

static json_t *json_region(const Region *region) {
  json_t *value = json_pack(
    "{s:I, s:I}",
    "startLine",
    (json_int_t)region->start_line,
    "endLine",
    (json_int_t)region->end_line
  );
  if (region->start_column > 0) {
    json_object_set_new(value, "startColumn", json_integer(region->start_column));
    json_object_set_new(value, "endColumn", json_integer(region->end_column));
  }
  return value;
}

static json_t *
json_physical(Arena *arena, Str path, const Region *region, const ReportOptions *options) {
  return json_pack(
    "{s:o, s:o}",
    "artifactLocation",
    sarif_artifact(arena, path, options),
    "region",
    json_region(region)
  );
}

static json_t *json_message(Arena *arena, Str text) {
  return json_pack("{s:o}", "text", json_from(arena, str_format(arena, "%.*s.", STR_ARGS(text))));
}

/* One result, and what its parts are made of. */
typedef struct {
  Arena *arena;
  const Source *source;
  const Finding *finding;
  const ReportOptions *options;
} Result;

static json_t *json_primary(const Result *result) {
  Region region = region_of(result->source, result->finding->span, COLUMN_UTF16_UNITS);
  json_t *physical = json_physical(result->arena, result->finding->path, &region, result->options);
  return json_pack("{s:o}", "physicalLocation", physical);
}

static json_t *json_note(const Result *result, const Note *note) {
  Region region = region_of_note(result->source, note, COLUMN_UTF16_UNITS);
  Str path = note->path.len > 0 ? note->path : result->finding->path;
  return json_pack(
    "{s:o, s:o}",
    "physicalLocation",
    json_physical(result->arena, path, &region, result->options),
    "message",
    json_message(result->arena, note->message)
  );
}

static uint32_t note_count(const Finding *finding) {
  return finding->notes.count < MOST_NOTES ? finding->notes.count : MOST_NOTES;
}

static json_t *json_related(const Result *result) {
  json_t *list = json_array();
  for (uint32_t i = 0; i < note_count(result->finding); i++) {
    json_t *location = json_note(result, &result->finding->notes.items[i]);
    json_object_set_new(location, "id", json_integer(i + 1));
    json_array_append_new(list, location);
  }
  return list;
}

static void add_step(json_t *steps, json_t *location) {
  json_array_append_new(steps, json_pack("{s:o}", "location", location));
}

static json_t *json_last_step(const Result *result) {
  json_t *location = json_primary(result);
  json_object_set_new(location, "message", json_message(result->arena, result->finding->message));
  return location;
}

/* The story in the order of the notes, and the finding itself before the first of them that comes
   after it in the file. */
static json_t *json_flows(const Result *result) {
  const Finding *finding = result->finding;
  json_t *steps = json_array();
  bool is_told = false;
  for (uint32_t i = 0; i < note_count(finding); i++) {
    const Note *note = &finding->notes.items[i];
    bool is_behind = note->path.len == 0 && note->span.start > finding->span.start;
    if (is_behind && !is_told) {
      add_step(steps, json_last_step(result));
      is_told = true;
    }
    add_step(steps, json_note(result, note));
  }
  if (!is_told) add_step(steps, json_last_step(result));
  return json_pack("[{s:[{s:o}]}]", "threadFlows", "locations", steps);
}

static json_t *json_replacement(const Result *result, const Edit *edit) {
  Region region = region_of(result->source, edit->span, COLUMN_UTF16_UNITS);
  return json_pack(
    "{s:o, s:{s:o}}",
    "deletedRegion",
    json_region(&region),
    "insertedContent",
    "text",
    json_from(result->arena, edit->text)
  );
}

static json_t *json_fixes(const Result *result) {
  const Finding *finding = result->finding;
  json_t *replacements = json_array();
  for (uint32_t i = 0; i < finding->fix.edits.count; i++)
    json_array_append_new(replacements, json_replacement(result, &finding->fix.edits.items[i]));
  Str title = finding->fix.applicability == FIX_UNSAFE
    ? str_format(result->arena, "%.*s (unsafe)", STR_ARGS(finding->fix.title))
    : finding->fix.title;
  return json_pack(
    "[{s:o, s:[{s:o, s:o}]}]",
    "description",
    json_message(result->arena, title),
    "artifactChanges",
    "artifactLocation",
    sarif_artifact(result->arena, finding->path, result->options),
    "replacements",
    replacements
  );
}

/* Either all results of a run say whether they are suppressed, or none. */
static json_t *json_suppressions(const Result *result) {
  const Finding *finding = result->finding;
  if (finding->standing == STANDING_OPEN) return json_array();
  const char *kind = finding->standing == STANDING_IN_BASELINE ? "external" : "inSource";
  json_t *suppression = json_pack("{s:s, s:s}", "kind", kind, "status", "accepted");
  if (finding->reason.len > 0)
    json_object_set_new(suppression, "justification", json_from(result->arena, finding->reason));
  return json_pack("[o]", suppression);
}

static json_t *json_fingerprints(const Result *result) {
  json_t *value = json_pack(
    "{s:o}", "awryFingerprint/v1", json_from(result->arena, result->finding->fingerprint)
  );
  /* Code scanning hashes lines of the file, and ours are those of the cells. */
  if (result->source->cell_count == 0) {
    json_t *hash = json_from(result->arena, result->finding->line_hash);
    json_object_set_new(value, "primaryLocationLineHash", hash);
  }
  return value;
}

static Str message_of(Arena *arena, const Finding *finding) {
  Str cell = finding->cell > 0 ? str_format(arena, "cell %u: ", finding->cell) : STR_EMPTY;
  if (finding->help.len == 0)
    return str_format(arena, "%.*s%.*s", STR_ARGS(cell), STR_ARGS(finding->message));
  return str_format(
    arena,
    "%.*s%.*s.\nHelp: %.*s",
    STR_ARGS(cell),
    STR_ARGS(finding->message),
    STR_ARGS(finding->help)
  );
}

/* What every result begins with, and what tells how much it matters. */
static json_t *
json_head(const Rule *rule, uint32_t rule_index, Severity severity, const char *baseline_state) {
  json_t *value = json_pack(
    "{s:s, s:s, s:I}",
    "level",
    sarif_level(severity),
    "ruleId",
    rule->code,
    "ruleIndex",
    (json_int_t)rule_index
  );
  if (baseline_state) json_object_set_new(value, "baselineState", json_string(baseline_state));
  return value;
}

/* NULL: nobody has compared it with anything. */
static const char *baseline_state(const FileReport *file, const Finding *finding) {
  if (!file->has_baseline || finding->standing == STANDING_SUPPRESSED) return NULL;
  return finding->standing == STANDING_IN_BASELINE ? "unchanged" : "new";
}

json_t *sarif_result(
  Arena *arena,
  const FileReport *file,
  const Finding *finding,
  uint32_t rule_index,
  const ReportOptions *options
) {
  const Source *source = file->source;
  Result result = { arena, source, finding, options };
  json_t *value =
    json_head(finding->rule, rule_index, finding->severity, baseline_state(file, finding));
  if (!options->omits_suppressed)
    json_object_set_new(value, "suppressions", json_suppressions(&result));
  json_t *rest = json_pack(
    "{s:o, s:[o], s:o}",
    "message",
    json_message(arena, message_of(arena, finding)),
    "locations",
    json_primary(&result),
    "partialFingerprints",
    json_fingerprints(&result)
  );
  json_object_update(value, rest);
  json_decref(rest);
  if (finding->notes.count > 0) {
    json_object_set_new(value, "relatedLocations", json_related(&result));
    json_object_set_new(value, "codeFlows", json_flows(&result));
  }
  if (finding->fix.applicability != FIX_NONE && source->cell_count == 0)
    json_object_set_new(value, "fixes", json_fixes(&result));
  return value;
}

json_t *sarif_absent(
  Arena *arena,
  const GoneFinding *gone,
  const Rule *rule,
  uint32_t rule_index,
  const ReportOptions *options
) {
  bool is_inside = path_is_inside(gone->file, options->folder);
  Str path = is_inside ? path_relative(arena, gone->file, options->folder) : gone->file;
  Str times = gone->count > 1 ? str_format(arena, ", %u times", gone->count) : STR_EMPTY;
  Str text = str_format(
    arena, "Gone since the baseline%.*s: `%.*s`", STR_ARGS(times), STR_ARGS(gone->excerpt)
  );
  json_t *value = json_head(rule, rule_index, rule->severity, "absent");
  json_object_set_new(value, "suppressions", json_array());
  json_object_set_new(value, "message", json_message(arena, text));
  /* Nobody knows the line: the first one stands for the file. */
  Region top = { .start_line = 1, .end_line = 1, .start_column = 1, .end_column = 1 };
  json_t *place = json_physical(arena, path, &top, options);
  json_object_set_new(value, "locations", json_pack("[{s:o}]", "physicalLocation", place));
  Region entry = { .start_line = gone->line, .end_line = gone->line };
  json_t *related = json_pack(
    "[{s:o, s:o}]",
    "physicalLocation",
    json_physical(arena, gone->baseline, &entry, options),
    "message",
    json_message(arena, STR("this entry of the baseline has nothing to set aside any more"))
  );
  json_object_set_new(value, "relatedLocations", related);
  return value;
}

uint32_t sarif_rank(Str result) {
  /* Quotes within texts have a backslash before them: these are the members themselves. */
  const Str level = STR("{\"level\":\""), aside = STR("\"suppressions\":[{");
  Str head = result.len < HEAD_BYTES ? result : str_slice(result, 0, HEAD_BYTES);
  bool is_absent = str_contains(head, STR("\"baselineState\":\"absent\""));
  if (is_absent || str_contains(head, aside)) return SEVERITY_INFO + 1;
  uint32_t severity = SEVERITY_ERROR;
  head = str_slice(head, level.len, head.len);
  while (severity < SEVERITY_INFO && !str_starts_with(head, str_from(sarif_level(severity))))
    severity++;
  return severity;
}
