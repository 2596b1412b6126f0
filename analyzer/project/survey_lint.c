/* The rules on one file, unless what they find there is known. */
#include "project/findings_store.h"
#include "project/survey.h"

/* Takes what is kept of the file; false if there is nothing, or the file is not the one any more that
   was read before. */
static bool take_kept(const Survey *survey, uint32_t item, Worker *worker, Linted *linted) {
  Verdict verdict;
  Problem problem;
  const Hash *key = &survey->found[item].key;
  const FactsStore *store = survey->around[item]->store;
  if (!verdict_find(store, worker->arena, key, &linted->input, &verdict)) return false;
  linted->findings = verdict.findings;
  linted->suppressed = verdict.suppressed;
  if (linted->findings.count + linted->suppressed.count == 0) return true;
  if (survey_open(survey, item, true, worker, &linted->file, &problem) != SURVEY_OPENED)
    return false;
  linted->input.source = &linted->file.source;
  Hash content = hash_of(linted->file.source.text);
  return hash_equal(&content, &survey_indexed(survey, item)->content) &&
    verdict_fits(&verdict, &linted->file.source);
}

/* Lints a file and keeps what is found; unless that may be due to the speed of this machine, or the
   file has been written to since the facts were collected. */
static void lint_and_keep(Survey *survey, uint32_t item, Worker *worker, Linted *linted) {
  Arena *arena = worker->arena;
  LintInput input = linted->input;
  Tree tree = input.tree ? *input.tree : parse_source(worker->parser, input.source, arena);
  Trace *trace = trace_new(arena);
  input.tree = &tree;
  input.project = project_traced(linted->input.project, trace);
  input.suppressed = &linted->suppressed;
  linted->findings = lint_source(survey->configured[item]->linter, &input, worker->parser, arena);
  Verdict verdict = {
    .uses_coroutines = input.uses_coroutines,
    .questions = *trace_questions(trace),
    .findings = linted->findings,
    .suppressed = linted->suppressed,
  };
  Hash content = hash_of(input.source->text);
  if (tree.was_cut || !hash_equal(&content, &survey_indexed(survey, item)->content)) return;
  project_answers(arena, linted->input.project, &verdict.questions, &verdict.answers);
  survey->found[item].packed = str_copy(worker->keep, verdict_pack(arena, &verdict));
}

bool survey_recall(
  const Survey *survey, uint32_t item, Worker *worker, const LintInput *input, Findings *findings
) {
  const IndexedFile *indexed = survey_indexed(survey, item);
  const FactsStore *store = survey->around[item]->store;
  const Settings *settings = &survey->configured[item]->settings;
  if (!indexed->is_hashed || input->tree) return false;
  Hash content = hash_of(input->source->text);
  if (!hash_equal(&content, &indexed->content)) return false;
  Verdict verdict;
  Str shown = survey->files.items[item].shown;
  Hash key = verdict_key(store, worker->arena, &content, input, settings, shown);
  if (!verdict_find(store, worker->arena, &key, input, &verdict)) return false;
  *findings = verdict.findings;
  return verdict_fits(&verdict, input->source);
}

SurveyOpened
survey_lint(Survey *survey, uint32_t item, Worker *worker, Linted *linted, Problem *problem) {
  const IndexedFile *indexed = survey_indexed(survey, item);
  *linted = (Linted){ .input = survey_input(survey, item, NULL, worker->arena) };
  if (indexed->is_hashed) {
    survey->found[item].key = verdict_key(
      survey->around[item]->store,
      worker->arena,
      &indexed->content,
      &linted->input,
      &survey->configured[item]->settings,
      survey->files.items[item].shown
    );
    if (take_kept(survey, item, worker, linted)) return SURVEY_OPENED;
    linted->findings = linted->suppressed = (Findings){ 0 };
  }
  SurveyOpened opened = survey_open(survey, item, false, worker, &linted->file, problem);
  if (opened != SURVEY_OPENED) return opened;
  linted->input = survey_input(survey, item, &linted->file, worker->arena);
  if (indexed->is_hashed) {
    lint_and_keep(survey, item, worker, linted);
    return SURVEY_OPENED;
  }
  LintInput input = linted->input;
  input.suppressed = &linted->suppressed;
  linted->findings =
    lint_source(survey->configured[item]->linter, &input, worker->parser, worker->arena);
  return SURVEY_OPENED;
}
