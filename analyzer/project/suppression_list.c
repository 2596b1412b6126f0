#include "project/suppression_list.h"

#include "lint/rule.h"
#include "project/survey.h"

typedef struct {
  const Survey *survey;
  ListedSuppressions *lists; /* per file */
  Problem *problems;         /* per file; message empty: none */
} Listing;

static bool names_any_rule(const Suppression *suppression) {
  if (!suppression->is_noqa) return true;
  for (uint32_t i = 0; i < rule_entry_count && suppression->selectors.count > 0; i++) {
    if (suppression_names(suppression, rule_entries[i].rule)) return true;
  }
  return false;
}

static ListedSuppression list_one(
  const SourceFile *file, const Source *source, const Suppression *suppression, Arena *keep
) {
  ListedSuppression listed = {
    .path = file->shown,
    .cell = source_cell(source, suppression->span.start),
    .start = source_position(source, suppression->span.start),
    .is_file = suppression->last_line == UINT32_MAX,
    .is_noqa = suppression->is_noqa,
    .reason = str_copy(keep, suppression->reason),
  };
  for (uint32_t i = 0; i < suppression->selectors.count; i++) {
    vec_push(keep, &listed.rules, str_copy(keep, suppression->selectors.items[i]));
  }
  return listed;
}

/* Most files hold none, and are not worth parsing. */
static bool may_hold_any(Str text) {
  return str_contains(text, STR("awry:")) || str_contains(text, STR("noqa")) ||
    str_contains(text, STR("NOQA")) || str_contains(text, STR("NoQA"));
}

static void list_file(void *state, uint32_t item, Worker *worker) {
  const Listing *listing = state;
  const SourceFile *file = &listing->survey->files.items[item];
  SourceText read;
  Problem problem;
  if (!source_text_read(worker->arena, file, listing->survey->overlays, &read, &problem)) {
    problem.message = str_copy(worker->keep, problem.message);
    listing->problems[item] = problem;
    return;
  }
  if (!may_hold_any(read.text)) return;
  Source source = source_text_build(worker->arena, file, &read);
  Tree tree = parse_source(worker->parser, &source, worker->arena);
  Suppressions all = suppressions_read(worker->arena, &tree);
  for (uint32_t i = 0; i < all.count; i++) {
    if (!names_any_rule(&all.items[i])) continue;
    ListedSuppression listed = list_one(file, &source, &all.items[i], worker->keep);
    vec_push(worker->keep, &listing->lists[item], listed);
  }
}

static ListedSuppression copy_of(Arena *arena, const ListedSuppression *listed) {
  ListedSuppression copy = *listed;
  copy.reason = str_copy(arena, listed->reason);
  copy.rules = (Strs){ 0 };
  for (uint32_t i = 0; i < listed->rules.count; i++) {
    vec_push(arena, &copy.rules, str_copy(arena, listed->rules.items[i]));
  }
  return copy;
}

ListedSuppressions list_suppressions(const RunRequest *request, Arena *arena, Problems *problems) {
  Survey survey = {
    .arena = arena,
    .overlays = &request->overlays,
    .configurations = { .arena = arena,
                        .working_folder = request->working_folder,
                        .choice = request->settings,
                        .overrides = &request->overrides },
  };
  SourceFiles found = discover(arena, &request->names, request->working_folder, problems);
  survey_take(&survey, &found);
  for (uint32_t i = 0; i < survey.configurations.problems.count; i++) {
    vec_push(arena, problems, survey.configurations.problems.items[i]);
  }
  uint32_t count = survey.files.count;
  Listing listing = { .survey = &survey };
  listing.lists = arena_array(arena, ListedSuppressions, count + 1);
  listing.problems = arena_array(arena, Problem, count + 1);
  Pool *pool = pool_new(request->threads);
  pool_run(pool, count, list_file, &listing);
  ListedSuppressions all = { 0 };
  for (uint32_t item = 0; item < count; item++) {
    const ListedSuppressions *own = &listing.lists[item];
    for (uint32_t i = 0; i < own->count; i++) {
      vec_push(arena, &all, copy_of(arena, &own->items[i]));
    }
    Problem problem = listing.problems[item];
    if (problem.message.len == 0) continue;
    problem.message = str_copy(arena, problem.message);
    vec_push(arena, problems, problem);
  }
  pool_free(pool);
  return all;
}
