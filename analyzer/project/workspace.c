#include "project/workspace.h"

#include "base/file.h"
#include "base/path.h"
#include "project/document.h"
#include "project/look.h"
#include "project/notebook.h"
#include "project/project_folder.h"
#include "python/magic.h"

typedef Vec(Look *) Looks;

struct Workspace {
  Arena *memory;
  uint32_t threads;
  const Settings *overrides;
  Settings no_overrides;
  SettingsChoice settings;
  const atomic_bool *is_unwanted, *is_ending; /* NULL: they never are */
  const Hash *build;                          /* whose caches are used; NULL: none */
  Str cache_folder;
  Arena *folder_memory;
  Strs folders;
  Vec(Document *) documents; /* those behind `open` are free */
  uint32_t open;
  Arena *overlay_memory; /* of what the overlays hold */
  Overlays overlays;     /* of the documents that are open */
  Looks looks;
  Worker worker; /* for what one file takes */
};

Workspace *workspace_new(uint32_t threads, Str user_settings) {
  Arena *memory = arena_new();
  Workspace *workspace = arena_make(memory, Workspace);
  workspace->memory = memory;
  workspace->threads = threads;
  workspace->settings.user_file = str_copy(memory, user_settings);
  workspace->overrides = &workspace->no_overrides;
  workspace->folder_memory = arena_new();
  workspace->overlay_memory = arena_new();
  workspace->worker = (Worker){ .arena = arena_new(), .parser = parser_new() };
  return workspace;
}

static void forget_looks(Workspace *workspace) {
  for (uint32_t i = 0; i < workspace->looks.count; i++) look_free(workspace->looks.items[i]);
  workspace->looks.count = 0;
}

void workspace_free(Workspace *workspace) {
  if (workspace == NULL) return;
  forget_looks(workspace);
  for (uint32_t i = 0; i < workspace->open; i++) document_close(workspace->documents.items[i]);
  arena_free(workspace->worker.arena);
  parser_free(workspace->worker.parser);
  arena_free(workspace->overlay_memory);
  arena_free(workspace->folder_memory);
  arena_free(workspace->memory);
}

size_t workspace_bytes(const Workspace *workspace) {
  size_t bytes = arena_bytes(workspace->memory) + arena_bytes(workspace->folder_memory) +
    arena_bytes(workspace->overlay_memory) + arena_bytes(workspace->worker.arena);
  for (uint32_t i = 0; i < workspace->open; i++)
    bytes += document_bytes(workspace->documents.items[i]);
  for (uint32_t i = 0; i < workspace->looks.count; i++)
    bytes += look_bytes(workspace->looks.items[i]);
  return bytes;
}

void workspace_configure(Workspace *workspace, const Settings *overrides, bool is_isolated) {
  workspace->overrides = overrides;
  workspace->settings.is_isolated = is_isolated;
  forget_looks(workspace);
}

void workspace_use_caches(Workspace *workspace, const Hash *build, Str folder) {
  workspace->build = build;
  workspace->cache_folder = folder;
}

void workspace_watch(
  Workspace *workspace, const atomic_bool *is_unwanted, const atomic_bool *is_ending
) {
  workspace->is_unwanted = is_unwanted;
  workspace->is_ending = is_ending;
}

static bool is_set(const atomic_bool *flag) { return flag && atomic_load(flag); }

/* The folders but the one, and another one if it is not empty; in memory of their own. */
static void set_folders(Workspace *workspace, Str without, Str more) {
  Arena *memory = arena_new();
  Strs folders = { 0 };
  for (uint32_t i = 0; i < workspace->folders.count; i++) {
    Str folder = workspace->folders.items[i];
    if (!str_equal(folder, without)) vec_push(memory, &folders, str_copy(memory, folder));
  }
  if (more.len > 0) vec_push(memory, &folders, str_copy(memory, more));
  arena_free(workspace->folder_memory);
  workspace->folder_memory = memory;
  workspace->folders = folders;
  forget_looks(workspace);
}

void workspace_add_folder(Workspace *workspace, Str path) { set_folders(workspace, path, path); }

void workspace_remove_folder(Workspace *workspace, Str path) {
  set_folders(workspace, path, STR_EMPTY);
}

/* --- looks ------------------------------------------------------------------------------------ */

/* The folder of the workspace that the path lies in, the innermost one; empty if there is none. */
static Str folder_around(const Workspace *workspace, Str path) {
  Str found = STR_EMPTY;
  for (uint32_t i = 0; i < workspace->folders.count; i++) {
    Str folder = workspace->folders.items[i];
    if (folder.len >= found.len && path_is_inside(path, folder)) found = folder;
  }
  return found;
}

static Str working_folder(const Workspace *workspace, Arena *arena, Str path) {
  Str folder = folder_around(workspace, path);
  return folder.len > 0 ? folder : project_folder(arena, path_parent(path));
}

static void forget_look(Workspace *workspace, uint32_t i) {
  look_free(workspace->looks.items[i]);
  workspace->looks.items[i] = vec_last(&workspace->looks);
  workspace->looks.count--;
}

static uint32_t look_in(const Workspace *workspace, Str folder) {
  uint32_t i = 0;
  while (i < workspace->looks.count && !str_equal(look_folder(workspace->looks.items[i]), folder))
    i++;
  return i;
}

/* A look at the folder that knows the named files, the documents open in it, and those that had to
   be named for the look that it replaces. */
static Look *look_again(Workspace *workspace, Arena *arena, Str folder, Strs named) {
  uint32_t old = look_in(workspace, folder);
  for (uint32_t i = 0; i < workspace->open; i++) {
    Str path = workspace->documents.items[i]->source.path;
    if (str_equal(working_folder(workspace, arena, path), folder)) vec_push(arena, &named, path);
  }
  if (old < workspace->looks.count) {
    const Strs *before = look_named(workspace->looks.items[old]);
    for (uint32_t i = 0; i < before->count; i++) {
      FileFacts facts;
      Str path = before->items[i];
      if (file_facts(path, &facts) == FILE_OK) vec_push(arena, &named, str_copy(arena, path));
    }
  }
  LookOptions options = {
    .folder = folder,
    .settings = workspace->settings,
    .overrides = workspace->overrides,
    .overlays = &workspace->overlays,
    .build = workspace->build,
    .cache_folder = workspace->cache_folder,
    .is_ending = workspace->is_ending,
    .threads = workspace->threads,
  };
  for (uint32_t i = 0; i < workspace->folders.count; i++)
    options.is_whole = options.is_whole || str_equal(workspace->folders.items[i], folder);
  Look *look = look_at(&options, &named);
  if (old < workspace->looks.count) forget_look(workspace, old);
  if (look) vec_push(workspace->memory, &workspace->looks, look);
  return look;
}

/* False if it was stopped. */
static bool parse_documents(Workspace *workspace) {
  Parser *parser = workspace->worker.parser;
  bool are_parsed = true;
  parser_watch(parser, workspace->is_unwanted);
  for (uint32_t i = 0; i < workspace->open && are_parsed; i++)
    are_parsed = document_parse(workspace->documents.items[i], parser);
  parser_watch(parser, NULL);
  return are_parsed;
}

static bool is_ready(Workspace *workspace) {
  return parse_documents(workspace) && !is_set(workspace->is_ending);
}

/* The look at the folder if it knows the file, which may have changed since; else NULL. */
static Look *known_look(Workspace *workspace, Str folder, Str path) {
  uint32_t i = look_in(workspace, folder);
  if (i == workspace->looks.count) return NULL;
  Look *look = workspace->looks.items[i];
  return path.len == 0 || look_knows(look, path) ? look : NULL;
}

/* NULL if it was stopped. */
static Look *another_look(Workspace *workspace, Str folder, Str path) {
  Arena *scratch = arena_new();
  Strs named = { 0 };
  if (path.len > 0) vec_push(scratch, &named, path);
  Look *look = look_again(workspace, scratch, folder, named);
  arena_free(scratch);
  return look;
}

/* An up-to-date look at the folder that knows the file; NULL if it was stopped. */
static Look *current_look(Workspace *workspace, Str folder, Str path) {
  if (!is_ready(workspace)) return NULL;
  Look *look = known_look(workspace, folder, path);
  if (look != NULL && look_renew(look, &workspace->worker)) return look;
  return another_look(workspace, folder, path);
}

/* Tells all looks that the file has changed. One that should know the file and does not is
   forgotten: it is a new one. True unless nobody can see it. */
static bool note(Workspace *workspace, Str path) {
  Arena *scratch = arena_new();
  Str folder = working_folder(workspace, scratch, path);
  bool matters = look_in(workspace, folder) == workspace->looks.count;
  for (uint32_t i = workspace->looks.count; i > 0; i--) {
    Look *look = workspace->looks.items[i - 1];
    bool is_known = !look_missed(look, path) && look_note(look, path);
    if (!is_known && str_equal(look_folder(look), folder)) {
      forget_look(workspace, i - 1);
      is_known = true;
    }
    matters = matters || is_known;
  }
  arena_free(scratch);
  return matters;
}

static bool is_missed(const Workspace *workspace, Str path) {
  bool is_missed = false;
  for (uint32_t i = 0; i < workspace->looks.count && !is_missed; i++)
    is_missed = look_missed(workspace->looks.items[i], path);
  return is_missed;
}

/* Forgets the looks at folders that the path lies in, or that lie in it. */
static bool forget_around(Workspace *workspace, Str path) {
  uint32_t count = workspace->looks.count;
  for (uint32_t i = count; i > 0; i--) {
    Str folder = look_folder(workspace->looks.items[i - 1]);
    if (path_is_inside(path, folder) || path_is_inside(folder, path_parent(path)))
      forget_look(workspace, i - 1);
  }
  return count == 0 || workspace->looks.count < count;
}

void workspace_settings_outside(const Workspace *workspace, Arena *arena, Strs *paths) {
  Strs all = { 0 };
  for (uint32_t i = 0; i < workspace->looks.count; i++)
    look_settings(workspace->looks.items[i], arena, &all);
  for (uint32_t i = 0; i < all.count; i++) {
    bool is_outside = folder_around(workspace, all.items[i]).len == 0;
    if (is_outside) vec_push(arena, paths, str_copy(arena, all.items[i]));
  }
}

/* Forgets the looks whose settings were read from the file, wherever it lies. */
static bool forget_configured(Workspace *workspace, Str path) {
  uint32_t count = workspace->looks.count;
  for (uint32_t i = count; i > 0; i--) {
    if (look_is_configured_by(workspace->looks.items[i - 1], path)) forget_look(workspace, i - 1);
  }
  return workspace->looks.count < count;
}

/* --- documents -------------------------------------------------------------------------------- */

static uint32_t find_document(const Workspace *workspace, Str path) {
  uint32_t i = 0;
  while (i < workspace->open && !str_equal(workspace->documents.items[i]->source.path, path)) i++;
  return i;
}

static void set_overlays(Workspace *workspace) {
  Arena *arena = workspace->overlay_memory;
  arena_reset(arena);
  workspace->overlays = (Overlays){ 0 };
  for (uint32_t i = 0; i < workspace->open; i++) {
    const Document *document = workspace->documents.items[i];
    Str path = str_copy(arena, document->source.path);
    bool is_json = is_notebook(path) && !document->is_notebook;
    Overlay overlay = { .text = document->source.text };
    if (!is_json) overlay = (Overlay){ .source = &document->source, .tree = &document->tree };
    overlays_put(arena, &workspace->overlays, path, overlay);
  }
}

static Document *make_document(Workspace *workspace, Str path) {
  uint32_t i = find_document(workspace, path);
  if (i == workspace->documents.count)
    vec_push(workspace->memory, &workspace->documents, arena_make(workspace->memory, Document));
  if (i == workspace->open) workspace->open++;
  return workspace->documents.items[i];
}

void workspace_open(Workspace *workspace, Str path, Str text) {
  document_set(make_document(workspace, path), path, text);
  set_overlays(workspace);
  note(workspace, path);
}

void workspace_open_notebook(
  Workspace *workspace, Str path, const WorkspaceCell *cells, uint32_t count
) {
  Arena *scratch = arena_new();
  Cells read = { 0 };
  for (uint32_t i = 0; i < count; i++) {
    if (!cells[i].is_python || cells[i].text.len == 0) continue;
    Str code = magic_mask(scratch, cells[i].text);
    vec_push(scratch, &read, (Cell){ .number = i + 1, .text = cells[i].text, .code = code });
  }
  document_set_cells(make_document(workspace, path), path, &read);
  arena_free(scratch);
  set_overlays(workspace);
  note(workspace, path);
}

bool workspace_edit(Workspace *workspace, Str path, Span span, Str text) {
  uint32_t i = find_document(workspace, path);
  if (i == workspace->open || !document_edit(workspace->documents.items[i], span, text))
    return false;
  if (is_notebook(path)) set_overlays(workspace);
  note(workspace, path);
  return true;
}

void workspace_close(Workspace *workspace, Str path) {
  uint32_t i = find_document(workspace, path);
  if (i == workspace->open) return;
  Document *document = workspace->documents.items[i];
  Arena *scratch = arena_new();
  path = str_copy(scratch, path);
  document_close(document);
  workspace->open--;
  workspace->documents.items[i] = workspace->documents.items[workspace->open];
  workspace->documents.items[workspace->open] = document;
  set_overlays(workspace);
  FileFacts facts;
  if (file_facts(path, &facts) == FILE_OK) note(workspace, path);
  else forget_around(workspace, path);
  arena_free(scratch);
}

const Source *workspace_document(const Workspace *workspace, Str path) {
  uint32_t i = find_document(workspace, path);
  return i < workspace->open ? &workspace->documents.items[i]->source : NULL;
}

bool workspace_touched(Workspace *workspace, Str path) {
  if (find_document(workspace, path) < workspace->open)
    return is_missed(workspace, path) && note(workspace, path);
  FileFacts facts;
  bool is_there = file_facts(path, &facts) == FILE_OK;
  bool is_source = str_is(path_extension(path), "py") || is_notebook(path);
  if (is_source && is_there && facts.kind == FILE_KIND_REGULAR) return note(workspace, path);
  static const char *const SETTINGS[] = {
    "pyproject.toml", ".awry.toml", "awry.toml",       "setup.py",
    "setup.cfg",      ".gitignore", ".python-version",
  };
  if (forget_configured(workspace, path)) return true;
  bool is_baseline = str_starts_with(path_name(path), STR("awry-baseline"));
  bool is_settings = is_baseline || STR_IN(path_name(path), SETTINGS);
  bool may_be_folder = !is_there || facts.kind == FILE_KIND_DIRECTORY;
  return (is_settings || is_source || may_be_folder) && forget_around(workspace, path);
}

/* --- findings --------------------------------------------------------------------------------- */

void workspace_lint(Workspace *workspace, Str path, Arena *arena, WorkspaceResult *result) {
  *result = (WorkspaceResult){ .was_stopped = true };
  Look *look = current_look(workspace, working_folder(workspace, arena, path), path);
  Worker worker = { .arena = arena, .keep = arena, .parser = workspace->worker.parser };
  if (look != NULL) look_lint(look, path, &worker, result);
  if (is_set(workspace->is_ending)) *result = (WorkspaceResult){ .was_stopped = true };
}

bool workspace_is_current(Workspace *workspace, Str path, uint64_t identity) {
  Arena *scratch = arena_new();
  Str folder = working_folder(workspace, scratch, path);
  uint32_t i = look_in(workspace, folder);
  bool is_current = false;
  bool is_known = i < workspace->looks.count && look_knows(workspace->looks.items[i], path);
  if (is_known && parse_documents(workspace)) {
    Look *look = workspace->looks.items[i];
    is_current = look_is_current(look, path, identity) && look_renew(look, &workspace->worker) &&
      look_is_current(look, path, identity);
  }
  arena_free(scratch);
  return is_current;
}

bool workspace_files(Workspace *workspace, Arena *arena, Strs *paths) {
  Map known = { 0 };
  for (uint32_t i = 0; i < workspace->folders.count; i++) {
    Strs found = { 0 };
    const Look *look = current_look(workspace, workspace->folders.items[i], STR_EMPTY);
    if (!look) return false;
    look_found(look, arena, &found);
    for (uint32_t k = 0; k < found.count; k++) {
      if (map_add(arena, &known, found.items[k], 0)) vec_push(arena, paths, found.items[k]);
    }
  }
  return true;
}

typedef struct {
  Look *look;
  const Strs *paths; /* those that the look is asked for */
  const atomic_bool *is_cancelled;
  WorkspaceTell tell;
  void *state;
  Mutex turn; /* to tell */
} Linting;

static void lint_and_tell(void *state, uint32_t item, Worker *worker) {
  Linting *linting = state;
  if (is_set(linting->is_cancelled)) return;
  WorkspaceResult result;
  Str path = linting->paths->items[item];
  look_lint_beside(linting->look, path, worker, &result);
  mutex_lock(&linting->turn);
  linting->tell(linting->state, path, &result);
  mutex_unlock(&linting->turn);
}

/* Those of the paths from `first` on whose working folder it is. */
static Strs paths_in(const Workspace *workspace, Arena *arena, const Strs *paths, Str folder) {
  Strs inside = { 0 };
  for (uint32_t i = 0; i < paths->count; i++) {
    if (str_equal(working_folder(workspace, arena, paths->items[i]), folder))
      vec_push(arena, &inside, paths->items[i]);
  }
  return inside;
}

bool workspace_lint_all(
  Workspace *workspace,
  const Strs *paths,
  const atomic_bool *is_cancelled,
  WorkspaceTell tell,
  void *state
) {
  Arena *scratch = arena_new();
  Map done = { 0 };
  for (uint32_t i = 0; i < paths->count && !is_set(is_cancelled); i++) {
    Str folder = working_folder(workspace, scratch, paths->items[i]);
    if (!map_add(scratch, &done, folder, 0)) continue;
    Strs inside = paths_in(workspace, scratch, paths, folder);
    Look *look = current_look(workspace, folder, inside.items[0]);
    for (uint32_t k = 0; look && k < inside.count; k++) {
      if (!look_knows(look, inside.items[k])) look = look_again(workspace, scratch, folder, inside);
    }
    if (!look) {
      arena_free(scratch);
      return false;
    }
    Linting linting = { look, &inside, is_cancelled, tell, state, MUTEX_FREE };
    look_share(look, inside.count, lint_and_tell, &linting);
  }
  arena_free(scratch);
  return !is_set(is_cancelled);
}
