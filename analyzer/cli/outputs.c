#include "cli/outputs.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/path.h"

/* The services that say where the repository is, and where its files can be seen. */
typedef struct {
  const char *sign; /* set where it runs */
  const char *root; /* the folder of the repository */
  const char *address,
    *project;        /* of its page: the second below the first, NULL: it is the first */
  const char *files; /* below the page */
  const char *revision;
} Service;

static const Service services[] = {
  { "GITHUB_ACTIONS",
    "GITHUB_WORKSPACE",
    "GITHUB_SERVER_URL",
    "GITHUB_REPOSITORY",
    "blob",
    "GITHUB_SHA" },
  { "GITLAB_CI", "CI_PROJECT_DIR", "CI_PROJECT_URL", NULL, "-/blob", "CI_COMMIT_SHA" },
  { "TF_BUILD", "BUILD_SOURCESDIRECTORY", NULL, NULL, NULL, NULL },
};

static Str variable(const char *name) {
  const char *value = name ? getenv(name) : NULL;
  return value ? str_from(value) : STR_EMPTY;
}

static bool is_on_github(void) { return variable("GITHUB_ACTIONS").len > 0; }

static Str source_url(Arena *arena, const Service *service) {
  Str url = variable(service->address), revision = variable(service->revision);
  Str project = variable(service->project);
  if (url.len == 0 || revision.len == 0 || (service->project && project.len == 0)) return STR_EMPTY;
  if (project.len > 0) url = str_format(arena, "%.*s/%.*s", STR_ARGS(url), STR_ARGS(project));
  return str_format(arena, "%.*s/%s/%.*s", STR_ARGS(url), service->files, STR_ARGS(revision));
}

/* What the service that runs us says, if we work in its copy of the repository. */
static ReportOptions options_here(Arena *arena, Str folder) {
  ReportOptions options = { .folder = folder, .omits_suppressed = is_on_github() };
  for (size_t i = 0; i < sizeof(services) / sizeof(*services); i++) {
    Str root = variable(services[i].root);
    if (variable(services[i].sign).len == 0 || !path_is_absolute(root)) continue;
    root = path_normalise(arena, root);
    if (!path_is_inside(folder, root)) continue;
    options.root = root;
    options.source_url = source_url(arena, &services[i]);
    return options;
  }
  return options;
}

/* A file that can be written to as far as one can tell before. */
static bool is_writable(Arena *arena, Str path, Str *message) {
  FileFacts facts;
  FileFault fault = file_facts(path, &facts);
  if (fault == FILE_OK && facts.kind == FILE_KIND_DIRECTORY) fault = FILE_IS_DIRECTORY;
  if (fault == FILE_MISSING) {
    path = path_parent(path_normalise(arena, path));
    fault = file_facts(path, &facts);
    if (fault == FILE_OK && facts.kind != FILE_KIND_DIRECTORY) fault = FILE_NOT_DIRECTORY;
  }
  if (fault == FILE_OK) return true;
  *message = str_format(
    arena, "--output cannot be written: %.*s %s", STR_ARGS(path), file_fault_text(fault)
  );
  return false;
}

static bool is_known_file(const Outputs *outputs, Str path) {
  for (uint32_t i = 0; i < outputs->files.count; i++) {
    if (str_equal(outputs->files.items[i], path)) return true;
  }
  return false;
}

/* One FORMAT:FILE; FORMAT alone becomes the format of standard output. */
static bool read_output(
  Arena *arena, Str output, Str *shown, Reports *reports, Outputs *outputs, Str *message
) {
  Str file = output, name = str_next(&file, ':');
  bool is_shown = name.len == output.len || str_is(file, "-");
  Report report = { .format = command_format(arena, name, message) };
  if (!report.format) return false;
  if (is_shown) {
    *message = STR("standard output takes one report; the others need a file, as in "
                   "--output sarif:awry.sarif");
    if (shown->len > 0) return false;
    *shown = name;
    return true;
  }
  *message = str_format(
    arena, "--output names no file behind the colon, or one twice: \"%.*s\"", STR_ARGS(output)
  );
  if (file.len == 0 || is_known_file(outputs, file)) return false;
  vec_push(arena, reports, report);
  vec_push(arena, &outputs->files, file);
  return is_writable(arena, file, message);
}

bool outputs_read(
  Arena *arena,
  const OutputOptions *options,
  Str folder,
  Reports *reports,
  Outputs *outputs,
  Str *message
) {
  *outputs = (Outputs){ 0 };
  Str shown = options->format;
  vec_push(arena, reports, (Report){ 0 });
  vec_push(arena, &outputs->files, STR_EMPTY);
  for (uint32_t i = 0; i < options->outputs.count; i++) {
    Str output = options->outputs.items[i];
    if (!read_output(arena, output, &shown, reports, outputs, message)) return false;
  }
  Report *first = &reports->items[0];
  first->format = command_format(arena, shown, message);
  if (!first->format) return false;
  bool is_annotated = is_on_github() && !options->has_no_annotations;
  if (is_annotated && first->format->is_for_people) {
    vec_push(arena, reports, (Report){ .format = &report_github });
    vec_push(arena, &outputs->files, STR_EMPTY);
  }
  ReportOptions here = options_here(arena, folder);
  for (uint32_t i = 0; i < reports->count; i++) reports->items[i].options = here;
  return command_terminal(options->color, &reports->items[0].options, message);
}

bool outputs_have_files(const Outputs *outputs) {
  for (uint32_t i = 0; i < outputs->files.count; i++) {
    if (outputs->files.items[i].len > 0) return true;
  }
  return false;
}

Str outputs_shown(Arena *arena, const Outputs *outputs, const Str *reports) {
  Text shown = { .arena = arena };
  for (uint32_t i = 0; i < outputs->files.count; i++) {
    if (outputs->files.items[i].len == 0) text_add(&shown, reports[i]);
  }
  return text_str(&shown);
}

static FileFault write_into(Arena *arena, Str path, Str text, const char *mode) {
  FILE *file = fopen(str_terminated(arena, path), mode);
  if (!file) return FILE_NOT_WRITTEN;
  bool is_written = fwrite(text.data, 1, text.len, file) == text.len;
  return fclose(file) == 0 && is_written ? FILE_OK : FILE_NOT_WRITTEN;
}

/* The summary of a job on GitHub is a file that all commands of a step add to. */
static FileFault write_file(Arena *arena, Str path, Str text) {
  FileFacts facts;
  FileFault fault = file_facts(path, &facts);
  if (str_equal(path, variable("GITHUB_STEP_SUMMARY"))) return write_into(arena, path, text, "a");
  if (fault == FILE_MISSING) return file_put(arena, path, text);
  if (fault != FILE_OK) return fault;
  if (facts.kind == FILE_KIND_REGULAR) return file_replace(arena, path, text);
  return write_into(arena, path, text, "w");
}

void outputs_write(Arena *arena, const Outputs *outputs, const Str *reports, Problems *problems) {
  for (uint32_t i = 0; i < outputs->files.count; i++) {
    Str path = outputs->files.items[i];
    if (path.len == 0) continue;
    FileFault fault = write_file(arena, path, reports[i]);
    if (fault == FILE_OK) continue;
    Problem problem = { .path = path, .message = str_from(file_fault_text(fault)) };
    vec_push(arena, problems, problem);
  }
}
