#include "proof/sighting.h"

#include <stddef.h>

#include "base/map.h"
#include "project/json_reader.h"

typedef enum { MEMBER_TEXT, MEMBER_NUMBER, MEMBER_FLAG, MEMBER_SPOT } MemberKind;

typedef struct {
  const char *key;
  MemberKind kind;
  size_t offset; /* of the field in what is read */
} Member;

static const Member spot_members[] = {
  { "file", MEMBER_TEXT, offsetof(Spot, file) },
  { "line", MEMBER_NUMBER, offsetof(Spot, line) },
  { "func", MEMBER_TEXT, offsetof(Spot, function) },
};

static const Member sighting_members[] = {
  { "kind", MEMBER_TEXT, offsetof(Sighting, kind) },
  { "at", MEMBER_SPOT, offsetof(Sighting, at) },
  { "run", MEMBER_NUMBER, offsetof(Sighting, run) },
  { "test", MEMBER_TEXT, offsetof(Sighting, test) },
  { "tests", MEMBER_NUMBER, offsetof(Sighting, tests) },
  { "handler", MEMBER_NUMBER, offsetof(Sighting, handler) },
  { "task", MEMBER_TEXT, offsetof(Sighting, task) },
  { "created", MEMBER_SPOT, offsetof(Sighting, created) },
  { "raised", MEMBER_SPOT, offsetof(Sighting, raised) },
  { "error", MEMBER_TEXT, offsetof(Sighting, error) },
  { "then", MEMBER_TEXT, offsetof(Sighting, then) },
  { "why", MEMBER_TEXT, offsetof(Sighting, why) },
  { "what", MEMBER_TEXT, offsetof(Sighting, what) },
  { "version", MEMBER_TEXT, offsetof(Sighting, version) },
  { "tasks", MEMBER_NUMBER, offsetof(Sighting, tasks) },
  { "cancellations", MEMBER_NUMBER, offsetof(Sighting, cancellations) },
  { "runs", MEMBER_NUMBER, offsetof(Sighting, runs) },
  { "is_main", MEMBER_NUMBER, offsetof(Sighting, is_main) },
  { "cut", MEMBER_TEXT, offsetof(Sighting, cut) },
  { "count", MEMBER_NUMBER, offsetof(Sighting, count) },
  { "points", MEMBER_NUMBER, offsetof(Sighting, points) },
  { "deterministic", MEMBER_FLAG, offsetof(Sighting, is_deterministic) },
  { "plan", MEMBER_TEXT, offsetof(Sighting, plan) },
  { "occurrence", MEMBER_NUMBER, offsetof(Sighting, occurrence) },
  { "main", MEMBER_TEXT, offsetof(Sighting, main) },
  { "value", MEMBER_TEXT, offsetof(Sighting, value) },
  { "target", MEMBER_TEXT, offsetof(Sighting, target) },
  { "steps", MEMBER_NUMBER, offsetof(Sighting, steps) },
  { "clock", MEMBER_TEXT, offsetof(Sighting, clock) },
  { "out", MEMBER_TEXT, offsetof(Sighting, output) },
  { "leaked", MEMBER_NUMBER, offsetof(Sighting, leaked) },
  { "outcome", MEMBER_TEXT, offsetof(Sighting, outcome) },
  { "sessions", MEMBER_NUMBER, offsetof(Sighting, sessions) },
  { "requests", MEMBER_NUMBER, offsetof(Sighting, requests) },
  { "unclosed", MEMBER_NUMBER, offsetof(Sighting, unclosed) },
};

#define LENGTH(array) (uint32_t)(sizeof(array) / sizeof(*(array)))

static const Member *find_member(const Member *members, uint32_t count, Str key) {
  for (uint32_t i = 0; i < count; i++) {
    if (str_is(key, members[i].key)) return &members[i];
  }
  return NULL;
}

/* Reads a text, a number or a truth into the field; another value is passed over. */
static void read_plain(JsonReader *reader, const Member *member, char *record) {
  void *field = record + member->offset;
  if (member->kind == MEMBER_TEXT && json_kind(reader) == JSON_STRING) {
    *(Str *)field = json_text(reader);
  } else if (member->kind == MEMBER_NUMBER && json_kind(reader) == JSON_SCALAR) {
    str_count(json_scalar(reader), field);
  } else if (member->kind == MEMBER_FLAG && json_kind(reader) == JSON_SCALAR) {
    *(bool *)field = str_is(json_scalar(reader), "true");
  } else {
    json_skip(reader);
  }
}

static void read_spot(JsonReader *reader, char *spot) {
  JsonList list = json_enter(reader);
  while (json_next(reader, &list)) {
    const Member *member = find_member(spot_members, LENGTH(spot_members), json_key(reader));
    if (member) read_plain(reader, member, spot);
    else json_skip(reader);
  }
}

static void read_sighting(JsonReader *reader, Sighting *sighting) {
  char *record = (char *)sighting;
  JsonList list = json_enter(reader);
  while (json_next(reader, &list)) {
    const Member *member =
      find_member(sighting_members, LENGTH(sighting_members), json_key(reader));
    if (!member) json_skip(reader);
    else if (member->kind != MEMBER_SPOT) read_plain(reader, member, record);
    else if (json_kind(reader) == JSON_OBJECT) read_spot(reader, record + member->offset);
    else json_skip(reader);
  }
}

Sightings sightings_read(Arena *arena, Str lines) {
  Sightings sightings = { 0 };
  Map known = { 0 };
  while (lines.len > 0) {
    JsonReader reader = { .arena = arena, .text = str_next(&lines, '\n') };
    Sighting sighting = { 0 };
    if (!map_add(arena, &known, reader.text, 0) || json_kind(&reader) != JSON_OBJECT) continue;
    read_sighting(&reader, &sighting);
    json_end(&reader);
    if (!reader.fault) vec_push(arena, &sightings, sighting);
  }
  return sightings;
}

const Sighting *sighting_of_kind(const Sightings *sightings, const char *kind) {
  for (uint32_t i = 0; i < sightings->count; i++) {
    if (str_is(sightings->items[i].kind, kind)) return &sightings->items[i];
  }
  return NULL;
}

const Sighting *sighting_of_run(const Sightings *sightings, uint32_t number) {
  for (uint32_t i = 0; i < sightings->count; i++) {
    const Sighting *seen = &sightings->items[i];
    if (seen->run == number && str_is(seen->kind, "run")) return seen;
  }
  return NULL;
}
