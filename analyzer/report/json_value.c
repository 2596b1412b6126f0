/* The values that JSON reports are made of. */
#include "report/json_value.h"

#include "lint/rule.h"
#include "report/report.h"

static const char *const applicability_names[] = {
  [FIX_NONE] = "none",
  [FIX_SAFE] = "safe",
  [FIX_UNSAFE] = "unsafe",
};

json_t *json_from(Arena *arena, Str str) {
  json_t *value = json_stringn(str.data, str.len);
  if (value) return value;

  char *safe = arena_alloc(arena, (size_t)str.len * 3 + 1);
  size_t len = 0;
  for (uint32_t i = 0; i < str.len; i++) {
    if ((unsigned char)str.data[i] < 0x80) {
      safe[len++] = str.data[i];
    } else {
      safe[len++] = '\xEF';
      safe[len++] = '\xBF';
      safe[len++] = '\xBD';
    }
  }
  return json_stringn(safe, len);
}

json_t *json_position(Position position) {
  return json_pack(
    "{s:I, s:I}", "line", (json_int_t)position.line, "column", (json_int_t)position.column
  );
}

json_t *json_cell(uint32_t cell) { return cell > 0 ? json_integer(cell) : json_null(); }

static json_t *json_notes(Arena *arena, const Finding *finding) {
  json_t *notes = json_array();
  for (uint32_t i = 0; i < finding->notes.count; i++) {
    const Note *note = &finding->notes.items[i];
    json_array_append_new(
      notes,
      json_pack(
        "{s:o, s:o, s:o, s:o, s:o}",
        "message",
        json_from(arena, note->message),
        "path",
        json_from(arena, note->path.len > 0 ? note->path : finding->path),
        "cell",
        json_cell(note->cell),
        "start",
        json_position(note->start),
        "end",
        json_position(note->end)
      )
    );
  }
  return notes;
}

static json_t *json_fix(Arena *arena, const Source *source, const Fix *fix) {
  if (fix->applicability == FIX_NONE) return json_null();
  json_t *edits = json_array();
  for (uint32_t i = 0; i < fix->edits.count; i++) {
    const Edit *edit = &fix->edits.items[i];
    json_array_append_new(
      edits,
      json_pack(
        "{s:o, s:o, s:o, s:o}",
        "cell",
        json_cell(source_cell(source, edit->span.start)),
        "start",
        json_position(source_position(source, edit->span.start)),
        "end",
        json_position(source_position(source, edit->span.end)),
        "text",
        json_from(arena, edit->text)
      )
    );
  }
  return json_pack(
    "{s:o, s:s, s:o}",
    "title",
    json_from(arena, fix->title),
    "applicability",
    applicability_names[fix->applicability],
    "edits",
    edits
  );
}

json_t *json_finding(Arena *arena, const Source *source, const Finding *finding) {
  return json_pack(
    "{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
    "code",
    finding->rule->code,
    "name",
    finding->rule->name,
    "severity",
    severity_name(finding->severity),
    "message",
    json_from(arena, finding->message),
    "path",
    json_from(arena, finding->path),
    "cell",
    json_cell(finding->cell),
    "start",
    json_position(finding->start),
    "end",
    json_position(finding->end),
    "notes",
    json_notes(arena, finding),
    "help",
    finding->help.len > 0 ? json_from(arena, finding->help) : json_null(),
    "fix",
    json_fix(arena, source, &finding->fix),
    "fingerprint",
    json_from(arena, finding->fingerprint)
  );
}

json_t *json_problem(Arena *arena, const Problem *problem) {
  json_t *value = json_pack(
    "{s:o, s:o}",
    "path",
    json_from(arena, problem->path),
    "message",
    json_from(arena, problem->message)
  );
  if (problem->position.line > 0)
    json_object_set_new(value, "start", json_position(problem->position));
  return value;
}

static int text_sink(const char *buffer, size_t size, void *data) {
  text_add(data, (Str){ .data = buffer, .len = (uint32_t)size });
  return 0;
}

void text_add_json(Text *out, json_t *value) {
  json_dump_callback(value, text_sink, out, JSON_COMPACT | JSON_ENCODE_ANY);
  json_decref(value);
}

void text_add_json_document(Text *out, json_t *value) {
  json_dump_callback(value, text_sink, out, JSON_INDENT(2));
  text_add_char(out, '\n');
  json_decref(value);
}
