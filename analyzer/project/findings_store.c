#include "project/findings_store.h"

#include "python/facts_layout.h"

#include <string.h>

/* --- settings ---------------------------------------------------------------------------------- */

#define PATH_SELECTORS_ROWS(F, T) \
  F(T, STR, pattern, 0) \
  F(T, LIST, selectors, &str_layout)
LAYOUT(PathSelectors, path_selectors_layout, PATH_SELECTORS_ROWS);

#define RULE_SEVERITY_ROWS(F, T) \
  F(T, STR, selector, 0) \
  F(T, CHOICE, severity, SEVERITY_INFO)
LAYOUT(RuleSeverity, rule_severity_layout, RULE_SEVERITY_ROWS);

/* Skipped is what does not decide about the findings of a file: whether it is looked at at all; what
   the findings come to; what the library has been read by; where settings come from. */
#define SETTINGS_ROWS(F, T) \
  F(T, LIST, select, &str_layout) \
  F(T, LIST, extend_select, &str_layout) \
  F(T, LIST, ignore, &str_layout) \
  F(T, LIST, per_file_ignores, &path_selectors_layout) \
  F(T, SKIPPED, exclude, { 0 }) \
  F(T, SKIPPED, excludes_named, false) \
  F(T, LIST, severities, &rule_severity_layout) \
  F(T, SKIPPED, fail_on, FAIL_ON_UNSET) \
  F(T, SHORT, target_minor, 0) \
  F(T, PART, vocabulary, &vocabulary_layout) \
  F(T, SKIPPED, baseline, { 0 }) \
  F(T, SKIPPED, venv, { 0 }) \
  F(T, SKIPPED, cache_folder, { 0 }) \
  F(T, SKIPPED, root, { 0 }) \
  F(T, SKIPPED, extend, { 0 }) \
  F(T, SKIPPED, files, { 0 }) \
  F(T, SKIPPED, told, { 0 })
LAYOUT(Settings, settings_layout, SETTINGS_ROWS);

/* --- findings ---------------------------------------------------------------------------------- */

#define SPAN_ROWS(F, T) \
  F(T, NUMBER, start, 0) \
  F(T, NUMBER, end, 0)
LAYOUT(Span, span_layout, SPAN_ROWS);

#define NOTE_ROWS(F, T) \
  F(T, STR, path, 0) \
  F(T, PART, span, &span_layout) \
  F(T, NUMBER, cell, 0) \
  F(T, PART, start, &position_layout) \
  F(T, PART, end, &position_layout) \
  F(T, STR, message, 0)
LAYOUT(Note, note_layout, NOTE_ROWS);

#define EDIT_ROWS(F, T) \
  F(T, PART, span, &span_layout) \
  F(T, STR, text, 0)
LAYOUT(Edit, edit_layout, EDIT_ROWS);

#define FIX_ROWS(F, T) \
  F(T, STR, title, 0) \
  F(T, CHOICE, applicability, FIX_UNSAFE) \
  F(T, LIST, edits, &edit_layout)
LAYOUT(Fix, fix_layout, FIX_ROWS);

/* The rule is kept by its code: see Kept. */
#define FINDING_ROWS(F, T) \
  F(T, SKIPPED, rule, NULL) \
  F(T, CHOICE, severity, SEVERITY_INFO) \
  F(T, PART, span, &span_layout) \
  F(T, NUMBER, cell, 0) \
  F(T, PART, start, &position_layout) \
  F(T, PART, end, &position_layout) \
  F(T, STR, path, 0) \
  F(T, STR, message, 0) \
  F(T, LIST, notes, &note_layout) \
  F(T, STR, help, 0) \
  F(T, PART, fix, &fix_layout) \
  F(T, STR, fingerprint, 0) \
  F(T, STR, line_hash, 0) \
  F(T, CHOICE, standing, STANDING_SUPPRESSED) \
  F(T, STR, reason, 0)
LAYOUT(Finding, finding_layout, FINDING_ROWS);

typedef struct {
  bool uses_coroutines;
  Questions questions;
  Str answers;
  Strs codes; /* of the rules of the findings, then of the suppressed ones */
  Findings findings;
  Findings suppressed;
} Kept;

#define KEPT_ROWS(F, T) \
  F(T, FLAG, uses_coroutines, 0) \
  F(T, LIST, questions, &question_layout) \
  F(T, STR, answers, 0) \
  F(T, LIST, codes, &str_layout) \
  F(T, LIST, findings, &finding_layout) \
  F(T, LIST, suppressed, &finding_layout)
LAYOUT(Kept, kept_layout, KEPT_ROWS);

/* --- verdicts ---------------------------------------------------------------------------------- */

Hash verdict_key(
  const FactsStore *store,
  Arena *arena,
  const Hash *content,
  const LintInput *input,
  const Settings *settings,
  Str shown
) {
  Text text = { .arena = arena };
  text_add(&text, STR("findings"));
  text_add(&text, hash_str(content));
  text_add(&text, hash_str(&store->library));
  layout_write(&text, &module_identity_layout, &input->identity);
  layout_write(&text, &settings_layout, settings);
  layout_write(&text, &str_layout, &shown);
  layout_write(&text, &str_layout, &input->relative_path);
  return hash_of(text_str(&text));
}

static void add_codes(Arena *arena, const Findings *findings, Strs *codes) {
  for (uint32_t i = 0; i < findings->count; i++)
    vec_push(arena, codes, str_from(findings->items[i].rule->code));
}

Str verdict_pack(Arena *arena, const Verdict *verdict) {
  Kept kept = {
    .uses_coroutines = verdict->uses_coroutines,
    .questions = verdict->questions,
    .answers = hash_str(&verdict->answers),
    .findings = verdict->findings,
    .suppressed = verdict->suppressed,
  };
  add_codes(arena, &verdict->findings, &kept.codes);
  add_codes(arena, &verdict->suppressed, &kept.codes);
  return layout_pack(arena, &kept_layout, &kept);
}

/* Gives the findings their rules, by the codes from `first` on. */
static bool take_rules(const Strs *codes, uint32_t first, Findings *findings) {
  for (uint32_t i = 0; i < findings->count; i++) {
    const RuleEntry *entry = linter_find_rule(codes->items[first + i]);
    if (entry == NULL) return false;
    findings->items[i].rule = entry->rule;
  }
  return true;
}

bool verdict_unpack(Arena *arena, Str packed, Verdict *verdict) {
  Kept kept;
  if (!layout_unpack(arena, &kept_layout, packed, STR_EMPTY, &kept)) return false;
  uint32_t count = kept.findings.count;
  if (kept.codes.count != count + kept.suppressed.count || kept.answers.len != HASH_BYTES)
    return false;
  *verdict = (Verdict){ .uses_coroutines = kept.uses_coroutines,
                        .questions = kept.questions,
                        .findings = kept.findings,
                        .suppressed = kept.suppressed };
  memcpy(verdict->answers.bytes, kept.answers.data, HASH_BYTES);
  return take_rules(&kept.codes, 0, &verdict->findings) &&
    take_rules(&kept.codes, count, &verdict->suppressed);
}

bool verdict_find(
  const FactsStore *store, Arena *arena, const Hash *key, const LintInput *input, Verdict *verdict
) {
  Str packed;
  Hash answers;
  if (!cache_find(store->cache, key, &packed) || !verdict_unpack(arena, packed, verdict))
    return false;
  if (verdict->uses_coroutines != input->uses_coroutines) return false;
  return project_answers(arena, input->project, &verdict->questions, &answers) &&
    hash_equal(&answers, &verdict->answers);
}

static bool is_inside(Span span, const Source *source) {
  return span.start <= span.end && span.end <= source->text.len;
}

static bool finding_fits(const Finding *finding, const Source *source) {
  bool fits = is_inside(finding->span, source) && finding->start.line <= source->line_count &&
    finding->end.line <= source->line_count;
  for (uint32_t i = 0; i < finding->notes.count; i++) {
    const Note *note = &finding->notes.items[i];
    if (note->path.len > 0) continue;
    fits &= is_inside(note->span, source) && note->start.line <= source->line_count &&
      note->end.line <= source->line_count;
  }
  for (uint32_t i = 0; i < finding->fix.edits.count; i++)
    fits &= is_inside(finding->fix.edits.items[i].span, source);
  return fits;
}

static bool findings_fit(const Findings *findings, const Source *source) {
  for (uint32_t i = 0; i < findings->count; i++) {
    if (!finding_fits(&findings->items[i], source)) return false;
  }
  return true;
}

bool verdict_fits(const Verdict *verdict, const Source *source) {
  return findings_fit(&verdict->findings, source) && findings_fit(&verdict->suppressed, source);
}
