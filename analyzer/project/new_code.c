#include "project/new_code.h"

#include "base/path.h"
#include "project/known_findings.h"
#include "source/line_diff.h"

/* A file that differs from what it was. */
typedef struct {
  bool has_old; /* it was there, and a file */
  Str old;
} Changed;

struct NewCode {
  const GitQuestion *question;
  Map changed; /* absolute path -> index into items */
  Vec(Changed) items;
  Map tracked; /* absolute path -> 0 */
  bool is_staged;
  Strs staged_paths; /* absolute: the files on disk differ from what is staged */
  Strs staged_texts;
};

typedef enum {
  CODE_OLD,     /* it is what it was */
  CODE_NEW,     /* all of it */
  CODE_CHANGED, /* compare */
} CodeState;

/* --- what there is to compare with ----------------------------------------------------------- */

static void take_changes(Arena *arena, NewCode *code, const GitHistory *history, const Strs *old) {
  Str folder = code->question->folder;
  uint32_t next = 0;
  for (uint32_t i = 0; i < history->changes.count; i++) {
    const GitChange *change = &history->changes.items[i];
    Changed changed = { .has_old = change->old_id.len > 0, .old = STR_EMPTY };
    if (changed.has_old) changed.old = old->items[next++];
    map_put(arena, &code->changed, path_join(arena, folder, change->path), code->items.count);
    vec_push(arena, &code->items, changed);
  }
}

static void take_tracked(Arena *arena, NewCode *code, const Map *tracked) {
  for (uint32_t i = 0; i < tracked->capacity; i++) {
    if (tracked->slots[i].hash == 0) continue;
    Str path = path_join(arena, code->question->folder, tracked->slots[i].key);
    map_put(arena, &code->tracked, path, 0);
  }
}

const NewCode *new_code_open(Arena *arena, const GitQuestion *question, Str *why) {
  GitHistory history = { 0 };
  if (!git_changes(arena, question, &history, why)) return NULL;
  NewCode *code = arena_make(arena, NewCode);
  code->question = question;
  code->is_staged = question->since->is_staged;
  Strs ids = { 0 }, old = { 0 };
  for (uint32_t i = 0; i < history.changes.count; i++) {
    Str id = history.changes.items[i].old_id;
    if (id.len > 0) vec_push(arena, &ids, id);
  }
  if (!git_contents(arena, question->folder, &ids, &old, why)) return NULL;
  take_changes(arena, code, &history, &old);
  take_tracked(arena, code, &history.tracked);
  for (uint32_t i = 0; i < history.unstaged.count; i++) {
    Str path = path_join(arena, question->folder, history.unstaged.items[i]);
    vec_push(arena, &code->staged_paths, path);
  }
  if (!git_contents(arena, question->folder, &history.unstaged_ids, &code->staged_texts, why))
    return NULL;
  return code;
}

void new_code_stage(const NewCode *code, Arena *arena, Overlays *overlays) {
  for (uint32_t i = 0; i < code->staged_paths.count; i++) {
    Str path = code->staged_paths.items[i];
    if (overlays_find(overlays, path)) continue;
    overlays_put(arena, overlays, path, (Overlay){ .text = code->staged_texts.items[i] });
  }
}

bool new_code_rewind(const NewCode *code, Arena *arena, Overlays *overlays) {
  for (uint32_t i = 0; i < code->changed.capacity; i++) {
    const MapSlot *slot = &code->changed.slots[i];
    if (slot->hash == 0) continue;
    overlays_put(
      arena, overlays, slot->key, (Overlay){ .text = code->items.items[slot->value].old }
    );
  }
  return code->items.count > 0;
}

static CodeState state_of(const NewCode *code, Str path, Str *old) {
  uint32_t index;
  if (map_get(&code->changed, path, &index)) {
    *old = code->items.items[index].old;
    return code->items.items[index].has_old ? CODE_CHANGED : CODE_NEW;
  }
  if (map_has(&code->tracked, path)) return CODE_OLD;
  /* What git does not have is not staged either. */
  return code->is_staged ? CODE_OLD : CODE_NEW;
}

/* --- lines ------------------------------------------------------------------------------------- */

static Strs lines_of(Arena *arena, const Source *source) {
  Strs lines = { 0 };
  for (uint32_t line = 1; line <= source->line_count; line++) {
    vec_push(arena, &lines, source_line(source, line));
  }
  return lines;
}

/* For each line of `after`, from 1: the line of `before` that it is, or 0. */
static uint32_t *old_lines(Arena *arena, const Strs *before, const Strs *after) {
  uint32_t *old = arena_array(arena, uint32_t, after->count + 2);
  LineChanges changes = line_diff(arena, before, after);
  uint32_t line = 0, old_line = 0;
  for (uint32_t i = 0; i <= changes.count; i++) {
    bool is_end = i == changes.count;
    uint32_t until = is_end ? after->count : changes.items[i].new_start;
    while (line < until) old[++line] = ++old_line;
    if (is_end) break;
    line = changes.items[i].new_end;
    old_line = changes.items[i].old_end;
  }
  return old;
}

/* Reads a text as that of the file, as which it may be a notebook. */
static bool read_as(const SourceFile *file, Str text, Arena *arena, Source *source) {
  Overlays only = { 0 };
  SourceText read;
  Problem problem;
  overlays_put(arena, &only, file->path, (Overlay){ .text = text });
  if (!source_text_read(arena, file, &only, &read, &problem)) return false;
  *source = source_text_build(arena, file, &read);
  return true;
}

/* --- causes in other files ------------------------------------------------------------------- */

/* Which lines of a file have changed: more than where they stand. */
typedef struct {
  Str path;       /* absolute; empty: none yet */
  bool all, none; /* or else: */
  bool *changed;  /* per line, from 1 */
  uint32_t count;
} ChangedLines;

static void compare_lines(Arena *arena, ChangedLines *lines, const Source *old, const Source *now) {
  Strs before = lines_of(arena, old), after = lines_of(arena, now);
  const uint32_t *old_line = old_lines(arena, &before, &after);
  bool *is_kept = arena_array(arena, bool, before.count + 2);
  for (uint32_t i = 1; i <= after.count; i++) is_kept[old_line[i]] = true;
  Map removed = { 0 };
  for (uint32_t i = 1; i <= before.count; i++) {
    if (!is_kept[i]) map_put(arena, &removed, str_trim(before.items[i - 1]), 0);
  }
  lines->count = after.count;
  lines->changed = arena_array(arena, bool, after.count + 2);
  for (uint32_t i = 1; i <= after.count; i++) {
    lines->changed[i] = old_line[i] == 0 && !map_has(&removed, str_trim(after.items[i - 1]));
  }
}

static ChangedLines changed_lines(const NewCode *code, const NewCodeFile *file, Str path) {
  Arena *arena = file->worker->arena;
  ChangedLines lines = { .path = path };
  Str old_text;
  CodeState state = state_of(code, path, &old_text);
  lines.all = state == CODE_NEW;
  lines.none = state == CODE_OLD || !path_is_inside(path, code->question->folder);
  if (lines.all || lines.none) return lines;
  SourceFile other = { .path = path, .shown = path };
  SourceText read;
  Problem problem;
  Source old;
  lines.none = !source_text_read(arena, &other, file->survey->overlays, &read, &problem);
  if (lines.none) return lines;
  lines.all = !read_as(&other, old_text, arena, &old);
  if (lines.all) return lines;
  Source now = source_text_build(arena, &other, &read);
  compare_lines(arena, &lines, &old, &now);
  return lines;
}

/* True if the finding's story leads to a changed line of another file. `lines`: those that were asked about
   last. */
static bool has_new_cause(
  const NewCode *code, const NewCodeFile *file, const Finding *finding, ChangedLines *lines
) {
  Arena *arena = file->worker->arena;
  Str working_folder = file->survey->configurations.working_folder;
  for (uint32_t i = 0; i < finding->notes.count; i++) {
    const Note *note = &finding->notes.items[i];
    if (note->path.len == 0) continue;
    Str path = path_normalise(arena, path_join(arena, working_folder, note->path));
    if (!str_equal(path, lines->path)) *lines = changed_lines(code, file, path);
    if (lines->none) continue;
    if (lines->all) return true;
    if (note->start.line <= lines->count && lines->changed[note->start.line]) return true;
  }
  return false;
}

/* --- findings ---------------------------------------------------------------------------------- */

/* The findings of the old version, each at the line where it would be now. */
static KnownFindings old_findings(const NewCodeFile *file, const Source *old, const Source *now) {
  Arena *arena = file->worker->arena;
  LintInput input = *file->input;
  input.source = old;
  if (old != now) input.tree = NULL;
  input.suppressed = NULL;
  input.project = survey_project(file->before, file->item, arena);
  input.uses_coroutines = survey_indexed(file->before, file->item)->uses_coroutines;
  const Linter *linter = file->survey->configured[file->item]->linter;
  Findings findings = lint_source(linter, &input, file->worker->parser, arena);
  Strs before = lines_of(arena, old), after = lines_of(arena, now);
  /* Where the lines of the old version are now: the same question the other way round. */
  const uint32_t *now_line = old_lines(arena, &after, &before);
  KnownFindings known = { 0 };
  for (uint32_t i = 0; i < findings.count; i++) {
    KnownFinding one = known_finding(arena, old, &findings.items[i]);
    one.line = now_line[source_line_of(old, findings.items[i].span.start)];
    vec_push(arena, &known, one);
  }
  return known;
}

void new_code_filter(const NewCode *code, const NewCodeFile *file, Findings *findings) {
  const SourceFile *named = &file->survey->files.items[file->item];
  Arena *arena = file->worker->arena;
  Str old_text = STR_EMPTY;
  CodeState state = state_of(code, named->path, &old_text);
  if (state == CODE_NEW || findings->count == 0) return;
  const Source *now = file->input->source, *old = now;
  Source rewound;
  if (state == CODE_CHANGED) {
    if (!read_as(named, old_text, arena, &rewound)) return;
    old = &rewound;
  }
  bool *is_old = arena_array(arena, bool, findings->count + 1);
  if (file->before) {
    KnownFindings known = old_findings(file, old, now);
    known_findings_match(arena, &known, now, findings, is_old);
  }
  ChangedLines lines = { .path = STR_EMPTY };
  uint32_t kept = 0;
  for (uint32_t i = 0; i < findings->count; i++) {
    const Finding *finding = &findings->items[i];
    bool is_known = !file->before || is_old[i];
    if (is_known && !has_new_cause(code, file, finding, &lines)) continue;
    findings->items[kept++] = *finding;
  }
  findings->count = kept;
}
