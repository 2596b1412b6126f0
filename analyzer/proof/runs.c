#include "proof/runs.h"

#include "base/map.h"

const Sighting *runs_find(const Sightings *sightings, const Sighting *seen) {
  for (uint32_t i = 0; i < sightings->count; i++) {
    const Sighting *run = &sightings->items[i];
    bool is_it = run->run == seen->run && str_equal(run->test, seen->test);
    if (is_it && str_is(run->kind, "run")) return run;
  }
  return NULL;
}

const Sighting *runs_baseline(const Sightings *sightings) {
  const Sighting *run = sighting_of_kind(sightings, "run");
  return run && run->run == 0 ? run : NULL;
}

/* What makes two sightings one: where they are, not what became of the program afterwards. */
static Str key_of(Arena *arena, const Sighting *seen) {
  return str_format(
    arena,
    "%.*s %.*s %.*s:%u %u %.*s:%u %.*s",
    STR_ARGS(seen->test),
    STR_ARGS(seen->kind),
    STR_ARGS(seen->at.file),
    seen->handler > 0 ? 0 : seen->at.line,
    seen->handler,
    STR_ARGS(seen->created.file),
    seen->created.line,
    STR_ARGS(seen->task)
  );
}

static bool is_about_run(const Sighting *seen) {
  const char *const kinds[] = { "run", "plans", "start", "end", "python", "test" };
  for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
    if (str_is(seen->kind, kinds[i])) return true;
  }
  return false;
}

/* True if the run that has shown it put its fault into the very task. */
static bool is_of_target(const Sightings *sightings, const Sighting *seen) {
  const Sighting *run = runs_find(sightings, seen);
  return run && str_equal(run->task, seen->task);
}

/* Of a task that runs on in some run, that is what matters; of the causes, the nearest one, or that there is none. */
static void add_sighting(const Sightings *sightings, Sighting *known, const Sighting *seen) {
  if (known->last_run != seen->run) known->runs++;
  bool is_better = !is_of_target(sightings, known) && is_of_target(sightings, seen);
  if (known->run > 0 && is_better) known->run = seen->run;
  known->last_run = seen->run;
  if (known->then.len == 0) known->then = seen->then;
}

Sightings runs_merge(Arena *arena, const Sightings *sightings) {
  Sightings merged = { 0 };
  Map known = { 0 };
  for (uint32_t i = 0; i < sightings->count; i++) {
    const Sighting *seen = &sightings->items[i];
    uint32_t at;
    Str key = is_about_run(seen) ? STR_EMPTY : key_of(arena, seen);
    if (key.len > 0 && map_get(&known, key, &at)) {
      add_sighting(sightings, &merged.items[at], seen);
      continue;
    }
    if (key.len > 0) map_put(arena, &known, key, merged.count);
    vec_push(arena, &merged, *seen);
    if (key.len == 0) continue;
    vec_last(&merged).runs = 1;
    vec_last(&merged).last_run = seen->run;
  }
  return merged;
}

Str runs_cause(Arena *arena, const Sighting *run) {
  static const struct {
    const char *plan, *before, *after;
  } causes[] = {
    { "cancel", "`", "` was cancelled" },
    { "raise-end", "`", "` failed at its end" },
    { "raise-first", "`", "` failed at its first wait" },
    { "child-raises", "a child of `", "` failed" },
    { "child-cancelled", "a child of `", "` was cancelled" },
  };
  for (size_t i = 0; run && i < sizeof(causes) / sizeof(*causes); i++) {
    if (!str_is(run->plan, causes[i].plan)) continue;
    const char *before = causes[i].before, *after = causes[i].after;
    return str_format(arena, "%s%.*s%s", before, STR_ARGS(run->task), after);
  }
  return STR_EMPTY;
}
