#include "cli/account.h"

#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/map.h"
#include "base/path.h"
#include "base/text.h"

/* --- progress ---------------------------------------------------------------------------------- */

/* The number behind the key in a line of the report; 0 if there is none. */
static uint32_t number_in(Str line, Str key) {
  uint32_t mark = str_find(line, key), number = 0;
  if (mark == UINT32_MAX) return 0;
  Str digits = str_slice(line, mark + key.len, line.len);
  uint32_t len = 0;
  while (len < digits.len && digits.data[len] >= '0' && digits.data[len] <= '9') len++;
  return str_count(str_slice(digits, 0, len), &number) ? number : 0;
}

static void hear(void *context, Str lines) {
  Progress *progress = context;
  uint32_t runs = progress->runs;
  Str rest = str_slice(lines, progress->read, lines.len);
  while (str_find(rest, STR("\n")) != UINT32_MAX) {
    Str line = str_next(&rest, '\n');
    progress->read += line.len + 1;
    if (str_find(line, STR("\"kind\":\"run\"")) != UINT32_MAX) progress->runs++;
    bool is_plans = str_find(line, STR("\"kind\":\"plans\"")) != UINT32_MAX;
    if (is_plans) progress->planned = number_in(line, STR("\"count\":"));
  }
  if (runs == progress->runs) return;
  if (progress->planned == 0) fprintf(stderr, "\rawry: the undisturbed run\033[K");
  else fprintf(stderr, "\rawry: run %u of %u\033[K", progress->runs, progress->planned + 2);
  fflush(stderr);
}

Listener progress_listener(Progress *progress) {
  progress->is_shown = isatty(STDERR_FILENO) != 0;
  return (Listener){ .hear = progress->is_shown ? hear : NULL, .context = progress };
}

void progress_end(const Progress *progress) {
  if (progress->is_shown) fprintf(stderr, "\r\033[K");
}

/* --- what came of a run ------------------------------------------------------------------------ */

/* The sighting of that kind in the run, of the task that the fault was put into; NULL if there is none. */
static const Sighting *
target_seen(const Sightings *sightings, const Sighting *run, const char *kind) {
  for (uint32_t i = 0; i < sightings->count; i++) {
    const Sighting *seen = &sightings->items[i];
    bool is_it = seen->run == run->run && str_equal(seen->task, run->task);
    if (is_it && str_is(seen->kind, kind)) return seen;
  }
  return NULL;
}

/* The sighting of that kind in the run; NULL if there is none. */
static const Sighting *seen_in(const Sightings *sightings, uint32_t run, const char *kind) {
  for (uint32_t i = 0; i < sightings->count; i++) {
    const Sighting *seen = &sightings->items[i];
    if (seen->run == run && str_is(seen->kind, kind)) return seen;
  }
  return NULL;
}

static Str loss_text(Arena *arena, const Sightings *sightings, const Sighting *run) {
  const Sighting *seen = target_seen(sightings, run, "cancel-converted");
  if (seen) {
    return str_format(arena, "became %.*s at line %u", STR_ARGS(seen->error), seen->at.line);
  }
  seen = target_seen(sightings, run, "cancel-swallowed");
  if (!seen) seen = target_seen(sightings, run, "cancel-lost-in-join");
  if (!seen) return STR_EMPTY;
  uint32_t line = seen->handler > 0 ? seen->handler : seen->at.line;
  const char *then = seen->then.len > 0 ? ", and ran on" : "";
  return str_format(arena, "swallowed at line %u%s", line, then);
}

static const char *word_for(Str word, const char *const pairs[][2], size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (str_is(word, pairs[i][0])) return pairs[i][1];
  }
  return "";
}

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static const char *target_text(const Sighting *run) {
  static const char *const cancelled[][2] = {
    { "cancelled", "ended cancelled" },
    { "returned", "went on to its end" },
    { "raised", "failed" },
    { "running", "had not ended" },
  };
  static const char *const failed[][2] = {
    { "returned", "dealt with it and went on" },
    { "raised", "ended with it" },
    { "cancelled", "ended cancelled" },
    { "running", "went on" },
  };
  bool is_cancel = str_is(run->plan, "cancel");
  return is_cancel ? word_for(run->target, cancelled, LENGTH(cancelled))
                   : word_for(run->target, failed, LENGTH(failed));
}

static const char *main_text(const Sighting *run) {
  static const char *const ends[][2] = {
    { "hung", "; the program waits for ever" },
    { "livelock", "; the program does not end" },
    { "killed", "; the program took too long" },
    { "crashed", "; the program crashed" },
  };
  return word_for(run->main, ends, LENGTH(ends));
}

static bool is_left(const Sightings *sightings, uint32_t run) {
  return seen_in(sightings, run, "task-leaked") || seen_in(sightings, run, "siblings-left-running");
}

static Str outcome_of(Arena *arena, const Sightings *sightings, const Sighting *run) {
  Str loss = str_is(run->plan, "cancel") ? loss_text(arena, sightings, run) : STR_EMPTY;
  if (loss.len == 0) loss = str_from(target_text(run));
  bool is_lost =
    !str_is(run->plan, "cancel") && seen_in(sightings, run->run, "exception-never-retrieved");
  const char *looked = is_lost ? "; nobody looked at it" : "";
  const char *left = is_left(sightings, run->run) ? "; tasks ran on" : "";
  return str_format(arena, "%.*s%s%s%s", STR_ARGS(loss), looked, left, main_text(run));
}

/* --- the table --------------------------------------------------------------------------------- */

/* What was done at one place, with one outcome. */
typedef struct {
  const Sighting *run;
  uint32_t runs;
  Str place, code, action, outcome;
} Row;

typedef Vec(Row) Rows;

typedef struct {
  Arena *arena;
  Str folder;
  Map files; /* index into texts */
  Strs texts;
  Rows rows;
} Account;

enum { LARGEST_SOURCE = 1 << 24, WIDEST_CODE = 44, MAX_ROWS = 200 };

/* The file's content; empty if it cannot be read. */
static Str text_of(Account *account, Str path) {
  uint32_t at;
  if (map_get(&account->files, path, &at)) return account->texts.items[at];
  Str text = STR_EMPTY;
  if (file_read(account->arena, path, LARGEST_SOURCE, &text) != FILE_OK) text = STR_EMPTY;
  map_put(account->arena, &account->files, path, account->texts.count);
  vec_push(account->arena, &account->texts, text);
  return text;
}

static Str code_on(Account *account, const Spot *at) {
  Str rest = text_of(account, at->file), line = STR_EMPTY;
  for (uint32_t number = 0; number < at->line; number++) line = str_next(&rest, '\n');
  line = str_trim(line);
  if (line.len <= WIDEST_CODE) return line;
  uint32_t len = WIDEST_CODE;
  while (len > 0 && ((unsigned char)line.data[len] & 0xC0) == 0x80) len--;
  return str_format(account->arena, "%.*s…", (int)len, line.data);
}

static Str action_of(Arena *arena, const Sighting *run) {
  static const char *const actions[][2] = {
    { "cancel", "cancel" },
    { "raise-end", "fail at the end" },
    { "raise-first", "fail at a wait" },
    { "child-raises", "fail a child" },
    { "child-cancelled", "cancel a child" },
  };
  const char *action = word_for(run->plan, actions, LENGTH(actions));
  return str_format(arena, "%s: %.*s", action, STR_ARGS(str_after_last(run->task, '.')));
}

static bool is_same_row(const Row *row, const Sighting *run, Str action, Str outcome) {
  return row->run->at.line == run->at.line && str_equal(row->run->at.file, run->at.file) &&
    str_equal(row->action, action) && str_equal(row->outcome, outcome);
}

static void add_run(Account *account, const Sightings *sightings, const Sighting *run) {
  if (str_is(run->plan, "none") || str_is(run->target, "not-reached")) return;
  Str action = action_of(account->arena, run);
  Str outcome = outcome_of(account->arena, sightings, run);
  for (uint32_t i = 0; i < account->rows.count; i++) {
    if (!is_same_row(&account->rows.items[i], run, action, outcome)) continue;
    account->rows.items[i].runs++;
    return;
  }
  bool is_inside = path_is_inside(run->at.file, account->folder);
  Str path =
    is_inside ? path_relative(account->arena, run->at.file, account->folder) : run->at.file;
  Row row = {
    .run = run,
    .runs = 1,
    .place = str_format(account->arena, "%.*s:%u", STR_ARGS(path), run->at.line),
    .code = code_on(account, &run->at),
    .action = action,
    .outcome = outcome,
  };
  vec_push(account->arena, &account->rows, row);
}

/* In columns; bytes that continue a character take no room. */
static uint32_t width_of(Str text) {
  uint32_t width = 0;
  for (uint32_t i = 0; i < text.len; i++) width += ((unsigned char)text.data[i] & 0xC0) != 0x80;
  return width;
}

static void add_cell(Text *text, Str cell, uint32_t width) {
  text_add(text, cell);
  uint32_t own = width_of(cell);
  text_add_repeated(text, ' ', width > own ? width - own + 2 : 2);
}

static uint32_t wider(uint32_t width, Str cell) {
  uint32_t own = width_of(cell);
  return own > width ? own : width;
}

Str account_of(Arena *arena, const Sightings *sightings, Str folder) {
  Account account = { .arena = arena, .folder = folder };
  for (uint32_t i = 0; i < sightings->count; i++) {
    const Sighting *seen = &sightings->items[i];
    if (str_is(seen->kind, "run")) add_run(&account, sightings, seen);
  }
  uint32_t place = 0, code = 0, action = 0;
  uint32_t count = account.rows.count < MAX_ROWS ? account.rows.count : MAX_ROWS;
  for (uint32_t i = 0; i < count; i++) {
    place = wider(place, account.rows.items[i].place);
    code = wider(code, account.rows.items[i].code);
    action = wider(action, account.rows.items[i].action);
  }
  Text text = { .arena = arena };
  for (uint32_t i = 0; i < count; i++) {
    const Row *row = &account.rows.items[i];
    text_add(&text, STR("  "));
    add_cell(&text, row->place, place);
    add_cell(&text, row->code, code);
    add_cell(&text, row->action, action);
    text_add(&text, row->outcome);
    if (row->runs > 1) text_format(&text, " (%u times)", row->runs);
    text_add_char(&text, '\n');
  }
  if (count < account.rows.count) {
    text_format(&text, "  and %u more\n", account.rows.count - count);
  }
  return text_str(&text);
}
