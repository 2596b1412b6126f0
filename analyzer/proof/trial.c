#include "proof/trial.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/path.h"
#include "base/text.h"
#include "project/identity.h"
#include "proof/drive.h"

enum {
  RUNS = 400,      /* of a sweep, at most */
  RUN_SECONDS = 5, /* of real time for one of them */
};

/* One side of a proof. */
typedef struct {
  const TrialOptions *options;
  const Offer *offer;
  const Harness *harness;
  const Stage *stage;
} Scene;

/* How the file is imported. */
typedef struct {
  Str module; /* dotted name */
  Str folder; /* that the name counts from */
} ImportName;

static ImportName import_name(Arena *arena, const Offer *offer) {
  FolderCache folders = { 0 };
  ModuleIdentity identity = module_identity(arena, &folders, offer->path, offer->root);
  Str name = identity.name, folder = path_parent(offer->path);
  for (uint32_t i = 0; i < identity.optional_parts; i++) str_next(&name, '.');
  for (uint32_t i = 0; i < name.len; i++) {
    if (name.data[i] == '.') folder = path_parent(folder);
  }
  if (identity.is_package) folder = path_parent(folder);
  return (ImportName){ name, folder };
}

static Str orders_of(Arena *arena, const Scene *scene) {
  const TrialOptions *options = scene->options;
  const Harness *harness = scene->harness;
  /* The sweep is to end by itself before it is ended. */
  uint32_t seconds = options->seconds > 10 ? options->seconds - 5 : options->seconds / 2 + 1;
  Text orders = { .arena = arena };
  text_format(&orders, "sweep\nruns=%d\nseconds=%u\nrun-seconds=%d\n", RUNS, seconds, RUN_SECONDS);
  if (!options->allows_network) text_add(&orders, STR("offline\n"));
  if (harness->first_line > 0) {
    Str path = stage_path(arena, scene->stage, scene->offer->path);
    text_format(&orders, "file=%.*s\n", STR_ARGS(path));
    text_format(&orders, "first=%u\nlast=%u\n", harness->first_line, harness->last_line);
  }
  return text_str(&orders);
}

/* What Python looks for modules in before everything else. */
static Str module_path(Arena *arena, Str first, Str second) {
  const char *own = getenv("PYTHONPATH");
  Str path = str_join(arena, first, ':', second);
  if (second.len == 0) path = first;
  if (own && *own) path = path.len > 0 ? str_join(arena, path, ':', str_from(own)) : str_from(own);
  return str_format(arena, "PYTHONPATH=%.*s", STR_ARGS(path));
}

/* --- with a harness ---------------------------------------------------------------------------- */

static bool run_harness(Arena *arena, const Scene *scene, LaunchResult *result, Str *message) {
  const TrialOptions *options = scene->options;
  const Harness *harness = scene->harness;
  const Offer *offer = scene->offer;
  const Stage *stage = scene->stage;
  ImportName name = import_name(arena, offer);
  Containment containment = stage_containment(
    arena, stage, options->working_folder, options->seconds, options->allows_network
  );
  Str imports = stage_path(arena, stage, name.folder);
  DriveRequest request = {
    .python = options->python,
    .script = stage_path(arena, stage, offer->path),
    .path = stage_path(arena, stage, offer->path),
    .function = harness->function,
    .module = harness->function.len > 0 ? name.module : STR_EMPTY,
    .import_folder = harness->function.len > 0 ? imports : STR_EMPTY,
    .orders = orders_of(arena, scene),
    .environment = stage_environment(arena, stage),
    .containment = &containment,
    .seconds = options->seconds,
  };
  bool is_copy = !str_equal(stage->seen, stage->root);
  vec_push(
    arena, &request.environment, module_path(arena, is_copy ? imports : STR_EMPTY, STR_EMPTY)
  );
  return drive(arena, &request, result, message);
}

/* --- with the user's tests --------------------------------------------------------------------- */

/* A folder with nothing in it but the checker. */
static bool lay_checker(Arena *arena, const Stage *stage, Str *folder, Str *message) {
  Str checker;
  if (!drive_find_checker(arena, &checker, message)) return false;
  *folder = path_join(arena, stage->folder, STR("checker"));
  Str link = path_join(arena, *folder, path_name(checker));
  return symlink(str_terminated(arena, checker), str_terminated(arena, link)) == 0;
}

static char **test_command(Arena *arena, const TrialOptions *options, const Stage *stage) {
  static const char *const fixed[] = { "-m", "pytest", "-p", "awry_runtime" };
  const uint32_t count = sizeof(fixed) / sizeof(*fixed);
  char **command = arena_array(arena, char *, options->tests.count + count + 2);
  command[0] = (char *)str_terminated(arena, options->python);
  for (uint32_t i = 0; i < count; i++) command[i + 1] = (char *)fixed[i];
  for (uint32_t i = 0; i < options->tests.count; i++) {
    Str argument = stage_path(arena, stage, options->tests.items[i]);
    command[i + count + 1] = (char *)str_terminated(arena, argument);
  }
  return command;
}

static bool run_tests(Arena *arena, const Scene *scene, LaunchResult *result, Str *message) {
  const TrialOptions *options = scene->options;
  const Stage *stage = scene->stage;
  Str checker;
  if (!lay_checker(arena, stage, &checker, message)) return false;
  Containment containment = stage_containment(
    arena, stage, options->working_folder, options->seconds, options->allows_network
  );
  Launch request = {
    .arguments = test_command(arena, options, stage),
    .environment = stage_environment(arena, stage),
    .containment = &containment,
    .seconds = options->seconds,
  };
  bool is_copy = !str_equal(stage->seen, stage->root);
  Str imports =
    is_copy ? stage_path(arena, stage, import_name(arena, scene->offer).folder) : STR_EMPTY;
  vec_push(arena, &request.environment, module_path(arena, checker, imports));
  return launch(arena, &request, result, message);
}

/* --- what came of it --------------------------------------------------------------------------- */

/* Sightings name files as the user does, wherever the program found them. */
static void name_origins(Arena *arena, const Stage *stage, Sightings *sightings) {
  for (uint32_t i = 0; i < sightings->count; i++) {
    Sighting *seen = &sightings->items[i];
    Spot *const spots[] = { &seen->at, &seen->created, &seen->raised };
    for (size_t k = 0; k < sizeof(spots) / sizeof(*spots); k++) {
      if (spots[k]->file.len == 0) continue;
      spots[k]->file = stage_origin(arena, stage, spots[k]->file);
    }
  }
}

static Trial run_on_stage(Arena *arena, const Scene *scene) {
  const Stage *stage = scene->stage;
  Trial trial = { .seconds = scene->options->seconds };
  LaunchResult result = { 0 };
  bool is_run = scene->options->has_tests ? run_tests(arena, scene, &result, &trial.problem)
                                          : run_harness(arena, scene, &result, &trial.problem);
  if (!is_run) return trial;
  trial.problem = STR_EMPTY;
  trial.sightings = sightings_read(arena, result.lines);
  trial.end = result.end;
  trial.status = result.status;
  trial.last_words = stage_last_words(arena, stage);
  name_origins(arena, stage, &trial.sightings);
  return trial;
}

Trial trial_run(
  Arena *arena, const TrialOptions *options, const Offer *offer, const Harness *harness, Str text
) {
  Stage stage;
  Trial trial = { .problem = STR("the file cannot be put in its place") };
  if (!stage_open(arena, options->scratch, offer->root, &stage, &trial.problem)) {
    stage_close(arena, &stage);
    return trial;
  }
  if (stage_put(arena, &stage, offer->path, text)) {
    Scene scene = { options, offer, harness, &stage };
    trial = run_on_stage(arena, &scene);
  } else {
    trial.problem = STR("the file cannot be put in its place");
  }
  stage_close(arena, &stage);
  return trial;
}
