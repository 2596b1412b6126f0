#include "project/baseline_gate.h"

#include "base/file.h"
#include "base/path.h"
#include "lint/rule.h"

#include <string.h>

/* A baseline in a run. */
typedef struct {
  Baseline baseline;
  FileFacts read;  /* as it was then */
  uint32_t *used;  /* per entry: the findings that it has set aside */
  uint32_t *extra; /* per entry of a file that is gone: those by their text, besides */
  Map items;       /* path as the baseline has it -> item of the survey */
  Map moved;       /* rule and hash -> 1 + index of an entry whose file is gone */
  uint32_t *next;  /* per entry: the next of those, as `moved` */
} BaselineUse;

/* What a file gets of an entry of a file that is gone. */
typedef struct {
  uint32_t entry; /* its index */
  uint32_t count;
  bool is_extra; /* nobody has claimed it: the file has another one of the same file that is gone */
} Grant;

/* What a finding is to the baseline that is to be written. */
typedef struct {
  KnownFinding finding;
  bool is_known;
} Record;

/* A file's part in its baseline. */
typedef struct {
  BaselineUse *use; /* NULL: there is no baseline for it */
  Str path;         /* as the baseline has it */
  Vec(Grant) granted;
  Vec(uint32_t) claims; /* entries of files that are gone, by index */
  Vec(Record) records;
  bool is_missed;
} FileShare;

struct BaselineGate {
  Arena *arena;
  Survey *survey;
  BaselineAim aim;
  FileShare *files; /* per item */
  Map by_file;      /* absolute path of a baseline -> index into uses */
  Vec(BaselineUse *) uses;
  bool is_settled;
};

static Str move_key(Arena *arena, Str rule, Str hash) { return str_join(arena, rule, '\n', hash); }

static bool is_writing(const BaselineGate *gate) { return gate->aim >= BASELINE_CREATED; }

/* --- opening ----------------------------------------------------------------------------------- */

static const Str DEFAULT_BASELINE = { "awry-baseline.txt", sizeof("awry-baseline.txt") - 1 };

/* Absolute; empty if the settings name none. */
static Str baseline_file(const BaselineGate *gate, const Settings *settings) {
  const Configurations *known = &gate->survey->configurations;
  Str name = settings->baseline, folder = settings->root;
  if (known->overrides->baseline.len > 0) folder = known->working_folder;
  if (name.len == 0) {
    if (!is_writing(gate)) return STR_EMPTY;
    name = DEFAULT_BASELINE;
    folder = known->working_folder;
  }
  return path_normalise(gate->arena, path_join(gate->arena, folder, name));
}

static Str shown_path(const BaselineGate *gate, Str path) {
  Str folder = gate->survey->configurations.working_folder;
  return path_is_inside(path, folder) ? path_relative(gate->arena, path, folder) : path;
}

/* The baseline of that path, read once; NULL, after a problem, if it cannot be. */
static BaselineUse *use_of(BaselineGate *gate, Survey *survey, Str file) {
  uint32_t index;
  if (map_get(&gate->by_file, file, &index)) return gate->uses.items[index];
  BaselineUse *use = arena_make(gate->arena, BaselineUse);
  use->baseline.file = file;
  use->baseline.shown = shown_path(gate, file);
  bool is_absent = file_facts(file, &use->read) == FILE_MISSING;
  bool is_read = gate->aim != BASELINE_CREATED && !(is_absent && is_writing(gate));
  if (is_read && !baseline_read(gate->arena, &use->baseline, &survey->configurations.problems))
    use = NULL;
  if (use) {
    use->used = arena_array(gate->arena, uint32_t, use->baseline.entries.count + 1);
    use->extra = arena_array(gate->arena, uint32_t, use->baseline.entries.count + 1);
  }
  map_put(gate->arena, &gate->by_file, file, gate->uses.count);
  vec_push(gate->arena, &gate->uses, use);
  return use;
}

static Str entry_file(const BaselineGate *gate, const Baseline *baseline, Str path) {
  Str joined = path_join(gate->arena, path_parent(baseline->file), path);
  return path_normalise(gate->arena, joined);
}

/* Lists the entries whose files are gone, so that findings elsewhere can claim them. */
static void find_moved(const BaselineGate *gate, BaselineUse *use) {
  const BaselineEntries *entries = &use->baseline.entries;
  use->next = arena_array(gate->arena, uint32_t, entries->count + 1);
  bool is_gone = false;
  for (uint32_t i = entries->count; i > 0; i--) {
    const BaselineEntry *entry = &entries->items[i - 1];
    bool is_same = i < entries->count && str_equal(entry->path, entries->items[i].path);
    FileFacts facts;
    if (!is_same) {
      is_gone = !map_has(&use->items, entry->path) &&
        file_facts(entry_file(gate, &use->baseline, entry->path), &facts) != FILE_OK;
    }
    if (!is_gone) continue;
    Str key = move_key(gate->arena, entry->rule, entry->hash);
    map_get(&use->moved, key, &use->next[i - 1]);
    map_put(gate->arena, &use->moved, key, i);
  }
}

static void open_baselines(BaselineGate *gate, Survey *survey) {
  Str working_folder = survey->configurations.working_folder;
  /* Where no file is left, the baseline has to go out of it all the same. */
  if (is_writing(gate)) {
    const Configured *configured = configured_for(&survey->configurations, working_folder);
    use_of(gate, survey, baseline_file(gate, &configured->settings));
  }
  for (uint32_t i = 0; i < survey->files.count; i++) {
    Str file = baseline_file(gate, &survey->configured[i]->settings);
    if (file.len == 0) continue;
    FileShare *own = &gate->files[i];
    own->use = use_of(gate, survey, file);
    if (!own->use) continue;
    own->path = path_relative(gate->arena, survey->files.items[i].path, path_parent(file));
    map_put(gate->arena, &own->use->items, own->path, i);
  }
  for (uint32_t i = 0; i < gate->uses.count; i++) {
    if (gate->uses.items[i]) find_moved(gate, gate->uses.items[i]);
  }
}

BaselineGate *baseline_gate_open(Arena *arena, BaselineAim aim, Survey *survey) {
  BaselineGate *gate = arena_make(arena, BaselineGate);
  *gate = (BaselineGate){ .arena = arena, .survey = survey, .aim = aim };
  gate->files = arena_array(arena, FileShare, survey->files.count + 1);
  if (aim != BASELINE_IGNORED) open_baselines(gate, survey);
  return gate;
}

bool baseline_gate_has_any(const BaselineGate *gate) { return gate->uses.count > 0; }

bool baseline_gate_is_current(const BaselineGate *gate) {
  for (uint32_t i = 0; i < gate->uses.count; i++) {
    const BaselineUse *use = gate->uses.items[i];
    FileFacts now;
    bool is_there = file_facts(use->baseline.file, &now) == FILE_OK;
    bool is_same = is_there && now.modified == use->read.modified && now.size == use->read.size &&
      now.number == use->read.number;
    if (!is_same) return false;
  }
  return true;
}

bool baseline_gate_knows(const BaselineGate *gate, uint32_t item) {
  return gate->aim == BASELINE_APPLIED && gate->files[item].use != NULL;
}

/* --- one file ---------------------------------------------------------------------------------- */

static KnownFinding known_of_entry(const BaselineEntry *entry, uint32_t count) {
  return (KnownFinding
  ){ .rule = entry->rule, .hash = entry->hash, .excerpt = entry->excerpt, .left = count };
}

/* What the baseline has of the file, own entries before granted ones. */
static KnownFindings known_of(const FileShare *own, Arena *arena, uint32_t *first) {
  KnownFindings known = { 0 };
  const BaselineEntries *entries = &own->use->baseline.entries;
  *first = entries->count;
  map_get(&own->use->baseline.first, own->path, first);
  for (uint32_t i = *first; i < entries->count; i++) {
    const BaselineEntry *entry = &entries->items[i];
    if (!str_equal(entry->path, own->path)) break;
    vec_push(arena, &known, known_of_entry(entry, entry->count));
  }
  for (uint32_t i = 0; i < own->granted.count; i++) {
    const Grant *granted = &own->granted.items[i];
    vec_push(arena, &known, known_of_entry(&entries->items[granted->entry], granted->count));
  }
  return known;
}

static void note_used(const FileShare *own, const KnownFindings *known, uint32_t first) {
  BaselineUse *use = own->use;
  uint32_t own_count = known->count - own->granted.count;
  for (uint32_t i = 0; i < own_count; i++) {
    use->used[first + i] = use->baseline.entries.items[first + i].count - known->items[i].left;
  }
  for (uint32_t i = 0; i < own->granted.count; i++) {
    const Grant *granted = &own->granted.items[i];
    if (granted->is_extra)
      use->extra[granted->entry] = granted->count - known->items[own_count + i].left;
  }
}

static void
claim(const BaselineGate *gate, FileShare *own, const Finding *finding, Worker *worker) {
  uint32_t first = 0;
  if (gate->is_settled) return;
  Str key = move_key(worker->arena, str_from(finding->rule->name), finding_hash(finding));
  if (map_get(&own->use->moved, key, &first)) vec_push(worker->keep, &own->claims, first - 1);
}

static void record(
  const Source *source, FileShare *own, const Finding *finding, bool is_known, Worker *worker
) {
  KnownFinding made = known_finding(worker->keep, source, finding);
  made.hash = str_copy(worker->keep, made.hash);
  vec_push(worker->keep, &own->records, (Record){ made, is_known });
}

static bool has_syntax_error(const Findings *findings) {
  for (uint32_t i = 0; i < findings->count; i++) {
    if (strcmp(findings->items[i].rule->code, "AWR003") == 0) return true;
  }
  return false;
}

void baseline_gate_apply(
  BaselineGate *gate,
  uint32_t item,
  const Source *source,
  Worker *worker,
  Findings *findings,
  Findings *set_aside
) {
  FileShare *own = &gate->files[item];
  if (own->use == NULL) return;
  Arena *arena = worker->arena;
  uint32_t first, kept = 0;
  bool *is_known = arena_array(arena, bool, findings->count + 1);
  KnownFindings known = known_of(own, arena, &first);
  known_findings_match(arena, &known, source, findings, is_known);
  note_used(own, &known, first);
  own->is_missed = has_syntax_error(findings);
  own->records.count = 0;
  for (uint32_t i = 0; i < findings->count; i++) {
    Finding *finding = &findings->items[i];
    if (is_writing(gate)) record(source, own, finding, is_known[i], worker);
    if (is_known[i]) {
      vec_push(arena, set_aside, *finding);
      vec_last(set_aside).standing = STANDING_IN_BASELINE;
      continue;
    }
    claim(gate, own, finding, worker);
    findings->items[kept++] = *finding;
  }
  findings->count = kept;
}

void baseline_gate_miss(BaselineGate *gate, uint32_t item) { gate->files[item].is_missed = true; }

/* --- all files --------------------------------------------------------------------------------- */

/* Gives the claimed entry, or another that looks the same, to the file. */
static void grant(const BaselineGate *gate, FileShare *own, uint32_t claimed) {
  BaselineUse *use = own->use;
  for (uint32_t i = claimed + 1; i > 0; i = use->next[i - 1]) {
    if (use->used[i - 1] == use->baseline.entries.items[i - 1].count) continue;
    use->used[i - 1]++;
    vec_push(gate->arena, &own->granted, (Grant){ .entry = i - 1, .count = 1 });
    return;
  }
}

/* A file that has a finding of a file that is gone is that file: it gets what nobody has claimed. The entries of a file
   are given away once: `given`, by path. */
static void grant_rest(const BaselineGate *gate, FileShare *own, Map *given) {
  const BaselineUse *use = own->use;
  uint32_t claimed = own->granted.count;
  for (uint32_t i = 0; i < claimed; i++) {
    Str path = use->baseline.entries.items[own->granted.items[i].entry].path;
    uint32_t first = 0;
    Str key = str_join(gate->arena, use->baseline.file, '\n', path);
    if (!map_add(gate->arena, given, key, 0)) continue;
    map_get(&use->baseline.first, path, &first);
    for (uint32_t k = first; k < use->baseline.entries.count; k++) {
      const BaselineEntry *entry = &use->baseline.entries.items[k];
      if (!str_equal(entry->path, path)) break;
      Grant rest = { .entry = k, .count = entry->count - use->used[k], .is_extra = true };
      if (rest.count > 0) vec_push(gate->arena, &own->granted, rest);
    }
  }
}

Items baseline_gate_settle(BaselineGate *gate) {
  Items again = { 0 };
  Map given = { 0 };
  uint32_t count = gate->survey->files.count;
  for (uint32_t item = 0; item < count; item++) {
    FileShare *own = &gate->files[item];
    for (uint32_t i = 0; i < own->claims.count; i++) grant(gate, own, own->claims.items[i]);
    if (own->granted.count > 0) vec_push(gate->arena, &again, item);
  }
  for (uint32_t i = 0; i < again.count; i++) {
    grant_rest(gate, &gate->files[again.items[i]], &given);
  }
  gate->is_settled = true;
  return again;
}

/* How many findings of the entry are gone. */
static uint32_t left_of(const BaselineUse *use, uint32_t entry) {
  return use->baseline.entries.items[entry].count - use->used[entry] - use->extra[entry];
}

static bool is_covered(Str path, const Strs *folders) {
  for (uint32_t i = 0; i < folders->count; i++) {
    if (path_is_inside(path, folders->items[i])) return true;
  }
  return false;
}

/* False if options or settings have switched the rule off. `input`: of a file of those settings. */
static bool has_run(
  const BaselineGate *gate, const Configured *configured, const LintInput *input, Str rule_name
) {
  const RuleEntry *rule = linter_find_rule(rule_name);
  if (!rule) return true;
  return linter_why_off(configured->linter, rule->rule, input, gate->arena).len == 0;
}

/* True if the run would have found what the entry says, had it been there. Options switch rules off for one run only; what
   settings have switched off is to go out of a baseline that is written anew. */
static bool is_judged(
  const BaselineGate *gate, const BaselineUse *use, const BaselineEntry *entry, const Strs *folders
) {
  uint32_t item;
  Survey *survey = gate->survey;
  if (map_get(&use->items, entry->path, &item)) {
    if (gate->files[item].is_missed) return false;
    LintInput input = survey_input(survey, item, NULL, gate->arena);
    return is_writing(gate) || has_run(gate, survey->configured[item], &input, entry->rule);
  }
  Str file = entry_file(gate, &use->baseline, entry->path);
  if (!is_covered(file, folders)) return false;
  const Configured *configured = configured_for(&survey->configurations, path_parent(file));
  LintInput input = { .relative_path = entry->path, .target_minor = OLDEST_SUPPORTED_MINOR };
  return is_writing(gate) || has_run(gate, configured, &input, entry->rule);
}

static void add_gone(
  const BaselineGate *gate, const BaselineUse *use, const Strs *folders, GoneFindings *gone
) {
  for (uint32_t i = 0; i < use->baseline.entries.count; i++) {
    const BaselineEntry *entry = &use->baseline.entries.items[i];
    if (left_of(use, i) == 0 || !is_judged(gate, use, entry, folders)) continue;
    GoneFinding one = {
      .baseline = use->baseline.shown,
      .line = entry->line,
      .file = entry_file(gate, &use->baseline, entry->path),
      .path = entry->path,
      .rule = entry->rule,
      .excerpt = entry->excerpt,
      .count = left_of(use, i),
    };
    vec_push(gate->arena, gone, one);
  }
}

static BaselineEntry entry_of(const FileShare *own, const KnownFinding *finding) {
  return (BaselineEntry){
    .path = own->path,
    .rule = finding->rule,
    .hash = finding->hash,
    .excerpt = finding->excerpt,
    .count = 1,
  };
}

/* What the baseline is to become: what was not looked at as it is, of the rest what is there. */
static BaselineChange
rewrite(const BaselineGate *gate, const BaselineUse *use, const Strs *folders) {
  Arena *arena = gate->arena;
  BaselineChange change = { .file = use->baseline.file, .shown = use->baseline.shown };
  BaselineEntries entries = { 0 };
  for (uint32_t i = 0; i < use->baseline.entries.count; i++) {
    const BaselineEntry *entry = &use->baseline.entries.items[i];
    if (is_judged(gate, use, entry, folders)) {
      change.removed += left_of(use, i);
      continue;
    }
    BaselineEntry kept = *entry;
    /* What a renamed file has claimed stands there now. */
    if (!map_has(&use->items, entry->path)) kept.count = left_of(use, i);
    if (kept.count > 0) vec_push(arena, &entries, kept);
  }
  for (uint32_t item = 0; item < gate->survey->files.count; item++) {
    const FileShare *own = &gate->files[item];
    if (own->use != use) continue;
    for (uint32_t i = 0; i < own->records.count; i++) {
      const Record *row = &own->records.items[i];
      bool is_kept_above = own->is_missed && row->is_known;
      bool is_refused = gate->aim == BASELINE_PRUNED && !row->is_known;
      if (is_kept_above || is_refused) continue;
      change.added += !row->is_known;
      vec_push(arena, &entries, entry_of(own, &row->finding));
    }
  }
  baseline_sort(&entries);
  for (uint32_t i = 0; i < entries.count; i++) change.total += entries.items[i].count;
  change.text = baseline_text(arena, &entries);
  return change;
}

BaselineResult baseline_gate_close(BaselineGate *gate, const Strs *folders) {
  BaselineResult result = { 0 };
  for (uint32_t i = 0; i < gate->uses.count; i++) {
    const BaselineUse *use = gate->uses.items[i];
    if (is_writing(gate)) vec_push(gate->arena, &result.changes, rewrite(gate, use, folders));
    else add_gone(gate, use, folders, &result.gone);
  }
  return result;
}
