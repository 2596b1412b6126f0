#include "project/git_changes.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/path.h"
#include "base/text.h"
#include "project/git_process.h"

bool since_is_given(const Since *since) {
  return since->revision.len > 0 || since->branch.len > 0 || since->is_staged;
}

typedef struct {
  Arena *arena;
  const GitQuestion *question;
  const char *option; /* for messages */
  Str index_file;
  bool is_shallow;
  Str *why;
} Asking;

typedef Vec(const char *) Words;

/* Runs git in the folder, with a pathspec of what is asked about behind `words` if has_paths. */
static GitAnswer ask(const Asking *asking, const char *const *words, bool has_paths) {
  Arena *arena = asking->arena;
  Words all = { 0 };
  for (; *words; words++) vec_push(arena, &all, *words);
  if (has_paths) {
    vec_push(arena, &all, "--");
    vec_push(arena, &all, "*.py");
    vec_push(arena, &all, "*.ipynb");
    const Strs *named = &asking->question->named;
    for (uint32_t i = 0; i < named->count; i++) {
      Str literal = str_format(arena, ":(literal)%.*s", STR_ARGS(named->items[i]));
      vec_push(arena, &all, str_terminated(arena, literal));
    }
  }
  vec_push(arena, &all, NULL);
  GitCall call = {
    .folder = asking->question->folder,
    .arguments = all.items,
    .index_file = asking->index_file,
  };
  return git_ask(arena, &call);
}

/* --- the repository ---------------------------------------------------------------------------- */

static bool refuse(const Asking *asking, const GitAnswer *answer, const char *what) {
  Str folder = asking->question->folder, complaint = answer->complaint;
  if (answer->outcome == GIT_ABSENT) {
    *asking->why =
      str_format(asking->arena, "%s needs git, which cannot be started", asking->option);
    return false;
  }
  *asking->why = str_format(
    asking->arena,
    "%s: %s in %.*s%s%.*s",
    asking->option,
    what,
    STR_ARGS(folder),
    complaint.len > 0 ? "; git says: " : "",
    STR_ARGS(complaint)
  );
  return false;
}

/* True if there is a work tree around the folder. */
static bool look_at_repository(Asking *asking) {
  static const char *const words[] = {
    "rev-parse", "--is-inside-work-tree", "--is-shallow-repository", NULL
  };
  GitAnswer answer = ask(asking, words, false);
  if (answer.outcome != GIT_DONE) return refuse(asking, &answer, "there is no git repository");
  Str output = answer.output;
  if (!str_is(str_next(&output, '\n'), "true"))
    return refuse(asking, &answer, "there is no work tree of git");
  asking->is_shallow = str_is(str_next(&output, '\n'), "true");
  return true;
}

/* The index that the environment names is that of this repository if it lies among its files: so git tells a
   hook which of several is to be committed. */
static Str ambient_index(const Asking *asking) {
  const char *named = getenv("GIT_INDEX_FILE");
  if (named == NULL || *named == '\0') return STR_EMPTY;
  static const char *const words[] = { "rev-parse", "--absolute-git-dir", NULL };
  GitAnswer answer = ask(asking, words, false);
  if (answer.outcome != GIT_DONE) return STR_EMPTY;
  Str path = path_normalise(
    asking->arena, path_join(asking->arena, asking->question->working_folder, str_from(named))
  );
  FileFacts own, other;
  bool is_own = file_facts(str_next(&answer.output, '\n'), &own) == FILE_OK &&
    file_facts(path_parent(path), &other) == FILE_OK && own.device == other.device &&
    own.number == other.number;
  return is_own ? path : STR_EMPTY;
}

/* --- the commit that is compared with -------------------------------------------------------- */

static bool refuse_revision(const Asking *asking, Str revision, const char *what) {
  const char *advice = asking->is_shallow
    ? "; the clone is shallow: fetch more of its history (`git fetch --unshallow`, or "
      "`fetch-depth: 0` where a CI checks out)"
    : "";
  *asking->why = str_format(
    asking->arena,
    "%s: %s \"%.*s\" in the repository %.*s%s",
    asking->option,
    what,
    STR_ARGS(revision),
    STR_ARGS(asking->question->folder),
    advice
  );
  return false;
}

/* The id of a commit by any name that git knows. */
static bool find_commit(const Asking *asking, Str name, Str *commit) {
  bool is_option = str_starts_with(name, STR("-"));
  const char *wanted =
    str_terminated(asking->arena, str_format(asking->arena, "%.*s^{commit}", STR_ARGS(name)));
  const char *words[] = { "rev-parse", "--verify", "--quiet", wanted, NULL };
  GitAnswer answer = { .outcome = GIT_REFUSED };
  if (!is_option) answer = ask(asking, words, false);
  if (answer.outcome != GIT_DONE) return refuse_revision(asking, name, "there is no revision");
  *commit = str_next(&answer.output, '\n');
  return true;
}

static bool find_base(const Asking *asking, Str *base) {
  const Since *since = asking->question->since;
  *base = STR_EMPTY;
  if (since->is_staged) return true;
  if (since->revision.len > 0) return find_commit(asking, since->revision, base);
  Str branch;
  if (!find_commit(asking, since->branch, &branch)) return false;
  const char *words[] = { "merge-base", str_terminated(asking->arena, branch), "HEAD", NULL };
  GitAnswer answer = ask(asking, words, false);
  if (answer.outcome != GIT_DONE)
    return refuse_revision(asking, since->branch, "HEAD has no commit in common with");
  *base = str_next(&answer.output, '\n');
  return true;
}

/* --- what differs ------------------------------------------------------------------------------ */

/* One record of `git diff --raw -z`. */
typedef struct {
  Str old_mode, old_id;
  char status;
  Str old_path, path; /* the same but for a renamed file */
} RawChange;

static bool next_raw(Str *output, RawChange *change) {
  Str record = str_next(output, '\0');
  if (record.len == 0 || record.data[0] != ':') return false;
  record = str_slice(record, 1, record.len);
  *change = (RawChange){ .old_mode = str_next(&record, ' ') };
  str_next(&record, ' '); /* the mode it has now */
  change->old_id = str_next(&record, ' ');
  str_next(&record, ' '); /* the id it has now */
  if (record.len == 0) return false;
  change->status = record.data[0];
  change->old_path = change->path = str_next(output, '\0');
  if (change->status == 'R' || change->status == 'C') change->path = str_next(output, '\0');
  return change->path.len > 0;
}

static bool is_regular(Str mode) { return str_starts_with(mode, STR("100")); }

static GitAnswer diff(const Asking *asking, const char *how, Str base) {
  const char *words[] = {
    "diff",
    "--raw",
    "-z",
    "--no-abbrev",
    "--find-renames",
    "--relative",
    "--no-ext-diff",
    "--ignore-submodules=all",
    how,
    base.len > 0 ? str_terminated(asking->arena, base) : NULL,
    NULL,
  };
  return ask(asking, words, true);
}

static bool read_changes(const Asking *asking, Str base, GitChanges *changes) {
  bool is_staged = asking->question->since->is_staged;
  GitAnswer answer = diff(asking, is_staged ? "--cached" : "--no-color", base);
  if (answer.outcome != GIT_DONE) return refuse(asking, &answer, "what has changed cannot be told");
  for (RawChange raw; next_raw(&answer.output, &raw);) {
    GitChange change = { .path = raw.path, .old_id = STR_EMPTY };
    if (is_regular(raw.old_mode)) change.old_id = raw.old_id;
    vec_push(asking->arena, changes, change);
  }
  return true;
}

static bool read_tracked(const Asking *asking, Map *tracked) {
  static const char *const words[] = { "ls-files", "-z", "--cached", NULL };
  GitAnswer answer = ask(asking, words, true);
  if (answer.outcome != GIT_DONE) return refuse(asking, &answer, "the files cannot be listed");
  while (answer.output.len > 0) {
    map_add(asking->arena, tracked, str_next(&answer.output, '\0'), 0);
  }
  return true;
}

static bool read_unstaged(const Asking *asking, GitHistory *history) {
  GitAnswer answer = diff(asking, "--no-color", STR_EMPTY);
  if (answer.outcome != GIT_DONE) return refuse(asking, &answer, "what is staged cannot be told");
  for (RawChange raw; next_raw(&answer.output, &raw);) {
    if (!is_regular(raw.old_mode) || raw.status == 'U') continue;
    vec_push(asking->arena, &history->unstaged, raw.old_path);
    vec_push(asking->arena, &history->unstaged_ids, raw.old_id);
  }
  return true;
}

bool git_changes(Arena *arena, const GitQuestion *question, GitHistory *history, Str *why) {
  const Since *since = question->since;
  Asking asking = { .arena = arena, .question = question, .why = why };
  asking.option = since->is_staged ? "--staged"
    : since->revision.len > 0      ? "--since"
                                   : "--since-merge-base";
  Str base;
  if (!look_at_repository(&asking) || !find_base(&asking, &base)) return false;
  if (since->is_staged) asking.index_file = ambient_index(&asking);
  return read_changes(&asking, base, &history->changes) &&
    read_tracked(&asking, &history->tracked) &&
    (!since->is_staged || read_unstaged(&asking, history));
}

/* --- contents ---------------------------------------------------------------------------------- */

/* Splits off what `git cat-file --batch` prints of one object: "ID blob SIZE", the bytes, an end of line. */
static bool next_content(Str *output, Str *content) {
  Str head = str_next(output, '\n');
  uint32_t size = 0;
  if (!str_ends_with(str_before_last(head, ' '), STR(" blob"))) return false;
  if (!str_count(str_after_last(head, ' '), &size) || size >= output->len) return false;
  *content = str_slice(*output, 0, size);
  *output = str_slice(*output, size + 1, output->len);
  return true;
}

bool git_contents(Arena *arena, Str folder, const Strs *ids, Strs *contents, Str *why) {
  static const char *const words[] = { "cat-file", "--batch", NULL };
  if (ids->count == 0) return true;
  Text input = { .arena = arena };
  for (uint32_t i = 0; i < ids->count; i++) {
    text_add(&input, ids->items[i]);
    text_add_char(&input, '\n');
  }
  GitCall call = { .folder = folder, .arguments = words, .input = text_str(&input) };
  GitAnswer answer = git_ask(arena, &call);
  for (uint32_t i = 0; i < ids->count; i++) {
    Str content;
    if (answer.outcome != GIT_DONE || !next_content(&answer.output, &content)) {
      const char *format = "git has lost a content of the repository %.*s: %.*s %.*s";
      *why = str_format(
        arena, format, STR_ARGS(folder), STR_ARGS(ids->items[i]), STR_ARGS(answer.complaint)
      );
      return false;
    }
    vec_push(arena, contents, content);
  }
  return true;
}
