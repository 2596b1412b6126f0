#include "project/workspace.h"

#include "base/digest.h"
#include "base/path.h"
#include "lint/findings.h"
#include "project/document.h"
#include "project/notebook.h"
#include "project/survey.h"
#include "python/magic.h"

/* What is known of some files until something changes. */
typedef struct {
  Arena *memory; /* NULL: there is none */
  Pool *pool;
  Survey survey;
  Str folder;
} Look;

struct Workspace {
  Arena *memory;
  uint32_t threads;
  const Settings *overrides;
  Settings no_overrides;
  bool is_isolated;
  Arena *folder_memory;
  Strs folders;
  Vec(Document) documents;
  Look look; /* the last one: results point into it */
};

Workspace *workspace_new(uint32_t threads) {
  Arena *memory = arena_new();
  Workspace *workspace = arena_make(memory, Workspace);
  workspace->memory = memory;
  workspace->threads = threads;
  workspace->overrides = &workspace->no_overrides;
  workspace->folder_memory = arena_new();
  return workspace;
}

static void forget_look(Look *look) {
  if (look->memory == NULL) return;
  pool_free(look->pool);
  arena_free(look->memory);
  *look = (Look){ 0 };
}

void workspace_free(Workspace *workspace) {
  if (workspace == NULL) return;
  forget_look(&workspace->look);
  for (uint32_t i = 0; i < workspace->documents.count; i++)
    document_close(&workspace->documents.items[i]);
  arena_free(workspace->folder_memory);
  arena_free(workspace->memory);
}

void workspace_configure(Workspace *workspace, const Settings *overrides, bool is_isolated) {
  workspace->overrides = overrides;
  workspace->is_isolated = is_isolated;
}

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
}

void workspace_add_folder(Workspace *workspace, Str path) { set_folders(workspace, path, path); }

void workspace_remove_folder(Workspace *workspace, Str path) {
  set_folders(workspace, path, STR_EMPTY);
}

/* --- documents -------------------------------------------------------------------------------- */

static Document *find_document(const Workspace *workspace, Str path) {
  for (uint32_t i = 0; i < workspace->documents.count; i++) {
    Document *document = &workspace->documents.items[i];
    if (str_equal(document->source.path, path)) return document;
  }
  return NULL;
}

static Document *make_document(Workspace *workspace, Str path) {
  Document *document = find_document(workspace, path);
  if (document) return document;
  vec_push(workspace->memory, &workspace->documents, (Document){ 0 });
  return &vec_last(&workspace->documents);
}

void workspace_open(Workspace *workspace, Str path, Str text) {
  document_set(make_document(workspace, path), path, text);
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
}

bool workspace_edit(Workspace *workspace, Str path, Span span, Str text) {
  Document *document = find_document(workspace, path);
  return document && document_edit(document, span, text);
}

void workspace_close(Workspace *workspace, Str path) {
  Document *document = find_document(workspace, path);
  if (document == NULL) return;
  document_close(document);
  *document = vec_last(&workspace->documents);
  workspace->documents.count--;
}

const Source *workspace_document(const Workspace *workspace, Str path) {
  const Document *document = find_document(workspace, path);
  return document ? &document->source : NULL;
}

bool workspace_touched(Workspace *workspace, Str path) {
  (void)workspace;
  (void)path;
  return true;
}

/* --- findings --------------------------------------------------------------------------------- */

static Str working_folder(const Workspace *workspace, Arena *arena, Str path) {
  Str found = STR_EMPTY;
  for (uint32_t i = 0; i < workspace->folders.count; i++) {
    Str folder = workspace->folders.items[i];
    if (folder.len > found.len && path_is_inside(path, folder)) found = folder;
  }
  return found.len > 0 ? found : project_folder(arena, path_parent(path));
}

static const Overlays *overlays_of(const Workspace *workspace, Arena *arena) {
  Overlays *overlays = arena_make(arena, Overlays);
  for (uint32_t i = 0; i < workspace->documents.count; i++) {
    const Document *document = &workspace->documents.items[i];
    Str path = document->source.path;
    bool is_json = is_notebook(path) && !document->is_notebook;
    Overlay overlay = { document->source.text, is_json ? NULL : &document->source };
    overlays_put(arena, overlays, path, overlay);
  }
  return overlays;
}

static Look look_around(const Workspace *workspace, Str folder) {
  Arena *memory = arena_new();
  Look look = {
    .memory = memory,
    .pool = pool_new(workspace->threads),
    .folder = str_copy(memory, folder),
  };
  look.survey.arena = memory;
  look.survey.overlays = overlays_of(workspace, memory);
  look.survey.configurations = (Configurations){
    .arena = memory,
    .working_folder = look.folder,
    .is_isolated = workspace->is_isolated,
    .overrides = workspace->overrides,
  };
  return look;
}

/* Adds the file as somebody would name it who works in the folder. */
static void name_file(const Look *look, Str path, SourceFiles *files) {
  bool is_inside = path_is_inside(path, look->folder);
  SourceFile file = { .path = str_copy(look->memory, path) };
  file.shown = is_inside ? path_relative(look->memory, file.path, look->folder) : file.path;
  file.root = str_copy(look->memory, project_folder(look->memory, path_parent(file.path)));
  vec_push(look->memory, files, file);
}

static void survey_files(Look *look, const SourceFiles *files) {
  check_overrides(&look->survey.configurations);
  survey_take(&look->survey, files);
  survey_index(&look->survey, look->pool);
}

/* Never 0. */
static uint64_t result_identity(const WorkspaceResult *result) {
  Digest digest = digest_begin();
  findings_digest(&digest, &result->findings);
  for (uint32_t i = 0; i < result->problems.count; i++) {
    const Problem *problem = &result->problems.items[i];
    digest_str(&digest, problem->path);
    digest_number(&digest, problem->position.line);
    digest_number(&digest, problem->position.column);
    digest_str(&digest, problem->message);
  }
  digest_number(&digest, result->is_excluded);
  uint64_t identity = digest_end(&digest);
  return identity ? identity : 1;
}

static void lint_item(const Look *look, uint32_t item, Worker *worker, WorkspaceResult *result) {
  const Survey *survey = &look->survey;
  const Configured *configured = survey->configured[item];
  *result = (WorkspaceResult){
    .problems = survey->configurations.problems,
    .folder = look->folder,
    .target_minor = configured->settings.target_minor,
  };
  Problem problem;
  Source *source = arena_make(worker->arena, Source);
  SurveyOpened opened = survey_open(survey, item, false, worker, source, &problem);
  if (opened == SURVEY_UNREADABLE) {
    Problems problems = { 0 };
    for (uint32_t i = 0; i < result->problems.count; i++)
      vec_push(worker->arena, &problems, result->problems.items[i]);
    vec_push(worker->arena, &problems, problem);
    result->problems = problems;
  }
  if (opened == SURVEY_OPENED) {
    result->source = source;
    LintInput input = survey_input(survey, item, source, worker->arena);
    result->findings = lint_source(configured->linter, &input, worker->parser, worker->arena);
  }
  result->identity = result_identity(result);
}

void workspace_lint(Workspace *workspace, Str path, Arena *arena, WorkspaceResult *result) {
  Look look = look_around(workspace, working_folder(workspace, arena, path));
  SourceFiles files = { 0 };
  name_file(&look, path, &files);
  survey_files(&look, &files);
  if (look.survey.files.count > 0) {
    Worker worker = { .arena = arena, .keep = arena, .parser = parser_new() };
    lint_item(&look, 0, &worker, result);
    parser_free(worker.parser);
  } else {
    *result = (WorkspaceResult){ .folder = look.folder, .is_excluded = true };
    result->identity = result_identity(result);
  }
  forget_look(&workspace->look);
  workspace->look = look;
}

bool workspace_is_current(Workspace *workspace, Str path, uint64_t identity) {
  (void)workspace;
  (void)path;
  (void)identity;
  return false;
}

void workspace_files(Workspace *workspace, Arena *arena, Strs *paths) {
  Map known = { 0 };
  for (uint32_t i = 0; i < workspace->folders.count; i++) {
    Look look = look_around(workspace, workspace->folders.items[i]);
    Strs names = { 0 };
    vec_push(look.memory, &names, look.folder);
    SourceFiles found = discover(look.memory, &names, look.folder, &(Problems){ 0 });
    survey_take(&look.survey, &found);
    for (uint32_t k = 0; k < look.survey.files.count; k++) {
      Str path = str_copy(arena, look.survey.files.items[k].path);
      if (map_add(arena, &known, path, 0)) vec_push(arena, paths, path);
    }
    forget_look(&look);
  }
}

typedef struct {
  const Look *look;
  const atomic_bool *is_cancelled;
  WorkspaceTell tell;
  void *state;
  Mutex turn; /* to tell */
} Linting;

static bool is_over(const atomic_bool *is_cancelled) {
  return is_cancelled && atomic_load(is_cancelled);
}

static void lint_and_tell(void *state, uint32_t item, Worker *worker) {
  Linting *linting = state;
  if (is_over(linting->is_cancelled)) return;
  WorkspaceResult result;
  lint_item(linting->look, item, worker, &result);
  mutex_lock(&linting->turn);
  linting->tell(linting->state, linting->look->survey.files.items[item].path, &result);
  mutex_unlock(&linting->turn);
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
  for (uint32_t i = 0; i < paths->count && !is_over(is_cancelled); i++) {
    Str folder = working_folder(workspace, scratch, paths->items[i]);
    if (!map_add(scratch, &done, folder, 0)) continue;
    Look look = look_around(workspace, folder);
    SourceFiles files = { 0 };
    for (uint32_t k = i; k < paths->count; k++) {
      Str path = paths->items[k];
      if (str_equal(working_folder(workspace, scratch, path), folder))
        name_file(&look, path, &files);
    }
    survey_files(&look, &files);
    Linting linting = { &look, is_cancelled, tell, state, MUTEX_FREE };
    pool_run(look.pool, look.survey.files.count, lint_and_tell, &linting);
    forget_look(&look);
  }
  arena_free(scratch);
  return !is_over(is_cancelled);
}
