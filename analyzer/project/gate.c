#include "project/gate.h"

#include "base/path.h"
#include "project/new_code.h"

struct Gate {
  Arena *arena;
  Survey *survey;
  const Since *since;
  BaselineGate *baselines;
  const NewCode **code;       /* per item; NULL: all code counts */
  Vec(const NewCode *) codes; /* one for each repository; NULL: it cannot be told */
  Survey *before;             /* the project as it was; NULL: nothing in it has changed */
};

/* Files of that project which are no Python by their names. */
static Strs named_otherwise(const Gate *gate, Str root) {
  Strs named = { 0 };
  for (uint32_t i = 0; i < gate->survey->files.count; i++) {
    const SourceFile *file = &gate->survey->files.items[i];
    Str extension = path_extension(file->path);
    bool is_usual = str_is(extension, "py") || str_is(extension, "ipynb");
    if (is_usual || !str_equal(file->root, root)) continue;
    vec_push(gate->arena, &named, path_relative(gate->arena, file->path, root));
  }
  return named;
}

static const NewCode *new_code_of(Gate *gate, Survey *survey, Str root) {
  GitQuestion *question = arena_make(gate->arena, GitQuestion);
  *question = (GitQuestion){
    .folder = root,
    .working_folder = survey->configurations.working_folder,
    .since = gate->since,
    .named = named_otherwise(gate, root),
  };
  Problem problem = { .path = STR_EMPTY };
  const NewCode *code = new_code_open(gate->arena, question, &problem.message);
  if (!code) vec_push(gate->arena, &survey->configurations.problems, problem);
  return code;
}

static void open_new_code(Gate *gate, Survey *survey) {
  if (!since_is_given(gate->since)) return;
  Map roots = { 0 };
  Overlays *overlays = arena_make(gate->arena, Overlays);
  *overlays = overlays_copy(gate->arena, survey->overlays);
  for (uint32_t i = 0; i < survey->files.count; i++) {
    Str root = survey->files.items[i].root;
    uint32_t index = gate->codes.count;
    if (!map_get(&roots, root, &index)) {
      map_put(gate->arena, &roots, root, index);
      const NewCode *code = new_code_of(gate, survey, root);
      if (code && gate->since->is_staged) new_code_stage(code, gate->arena, overlays);
      vec_push(gate->arena, &gate->codes, code);
    }
    gate->code[i] = gate->codes.items[index];
  }
  survey->overlays = overlays;
}

Gate *gate_open(Arena *arena, const GateRequest *request, Survey *survey) {
  Gate *gate = arena_make(arena, Gate);
  *gate = (Gate){ .arena = arena, .survey = survey, .since = &request->since };
  gate->code = arena_array(arena, const NewCode *, survey->files.count + 1);
  uint32_t problems = survey->configurations.problems.count;
  gate->baselines = baseline_gate_open(arena, request->aim, survey);
  open_new_code(gate, survey);
  return survey->configurations.problems.count == problems ? gate : NULL;
}

bool gate_lets_all_pass(const Gate *gate) {
  return gate->codes.count == 0 && !baseline_gate_has_any(gate->baselines);
}

bool gate_is_current(const Gate *gate) { return baseline_gate_is_current(gate->baselines); }

void gate_index(Gate *gate, Pool *pool) {
  const Survey *now = gate->survey;
  Overlays *overlays = arena_make(gate->arena, Overlays);
  *overlays = overlays_copy(gate->arena, now->overlays);
  bool has_changed = false;
  for (uint32_t i = 0; i < gate->codes.count; i++) {
    has_changed |= new_code_rewind(gate->codes.items[i], gate->arena, overlays);
  }
  if (!has_changed) return;
  gate->before = arena_make(gate->arena, Survey);
  *gate->before = (Survey){
    .arena = gate->arena,
    .overlays = overlays,
    .build = now->build,
    .configurations = {
      .arena = gate->arena,
      .working_folder = now->configurations.working_folder,
      .choice = now->configurations.choice,
      .overrides = now->configurations.overrides,
    },
    .files = now->files,
    .configured = now->configured,
  };
  survey_index(gate->before, pool);
}

void gate_apply(
  Gate *gate,
  uint32_t item,
  const LintInput *input,
  Worker *worker,
  Findings *findings,
  Findings *known
) {
  baseline_gate_apply(gate->baselines, item, input->source, worker, findings, known);
  if (gate->code[item] == NULL) return;
  NewCodeFile file = {
    .survey = gate->survey,
    .before = gate->before,
    .item = item,
    .input = input,
    .worker = worker,
  };
  new_code_filter(gate->code[item], &file, findings);
}

bool gate_has_baseline(const Gate *gate, uint32_t item) {
  return baseline_gate_knows(gate->baselines, item);
}

void gate_miss(Gate *gate, uint32_t item) { baseline_gate_miss(gate->baselines, item); }

Items gate_settle(Gate *gate) { return baseline_gate_settle(gate->baselines); }

BaselineResult gate_close(Gate *gate, const Strs *folders) {
  return baseline_gate_close(gate->baselines, folders);
}
