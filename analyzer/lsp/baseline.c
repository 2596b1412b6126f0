#include "lsp/baseline.h"

#include "base/file.h"
#include "base/path.h"
#include "base/thread.h"
#include "lsp/publish.h"
#include "lsp/uri.h"
#include "project/run.h"
#include "report/json_value.h"

struct BaselineRun {
  Arena *arena;
  Inbox *inbox;
  json_t *id; /* of the request */
  Thread thread;
  RunRequest request;
  RunResult result;
  atomic_bool is_over, is_unwanted;
};

// Of what is saved: a baseline is about files.
static Str folder_of(const Call *call, Param argument) {
  Param uri = param_optional(argument, "uri");
  Str folder = call->server->folder;
  return param_is_there(uri) ? uri_path(call->arena, param_text(uri), folder) : folder;
}

static void run(void *state) {
  BaselineRun *baseline = state;
  baseline->result = run_check(&baseline->request, baseline->arena);
  atomic_store(&baseline->is_over, true);
  inbox_wake(baseline->inbox);
}

static void run_free(Server *server) {
  BaselineRun *baseline = server->baseline;
  server->baseline = NULL;
  json_decref(baseline->id);
  arena_free(baseline->arena);
}

json_t *create_baseline(Call *call, Param argument) {
  Server *server = call->server;
  Str folder = folder_of(call, argument);
  if (call->params.reader->fault.len > 0) return NULL;
  if (server->baseline)
    return call_fail(call, CODE_REQUEST_FAILED, "another baseline is being created");
  Arena *arena = arena_new();
  BaselineRun *baseline = server->baseline = arena_make(arena, BaselineRun);
  baseline->arena = arena;
  baseline->inbox = server->inbox;
  baseline->id = json_deep_copy(call->id);
  baseline->request = (RunRequest){
    .working_folder = str_copy(arena, folder),
    .settings = { .user_file = server->setup->user_settings },
    .threads = server->setup->threads,
    .build = server->setup->build,
    .overrides = { .cache_folder = server->setup->cache_folder },
    .gate = { .aim = BASELINE_CREATED },
    .is_unwanted = &baseline->is_unwanted,
  };
  vec_push(arena, &baseline->request.names, STR("."));
  call->is_deferred = true;
  if (thread_start(&baseline->thread, run, baseline)) return NULL;
  call->is_deferred = false;
  run_free(server);
  return call_fail(call, CODE_REQUEST_FAILED, "the system has no thread for it");
}

bool baseline_is_ready(const Server *server) {
  return server->baseline && atomic_load(&server->baseline->is_over);
}

// Why the file cannot be written; empty if it is.
static Str write_one(Arena *arena, const BaselineChange *change) {
  FileFacts facts;
  if (file_facts(change->file, &facts) != FILE_MISSING) {
    const char *format = "%.*s exists; `awry baseline update` brings it up to date";
    return str_format(arena, format, STR_ARGS(change->shown));
  }
  FileFault fault = file_put(arena, change->file, change->text);
  if (fault == FILE_OK) return STR_EMPTY;
  return str_format(arena, "%.*s %s", STR_ARGS(change->shown), file_fault_text(fault));
}

// Writes what the run has found, and lists the URIs in `written`. Why it cannot be; empty if it is.
static Str write_all(Server *server, const RunResult *result, json_t *written) {
  Arena *arena = server->message;
  if (result->problems.count > 0) {
    Str why = result->problems.items[0].message;
    return str_format(arena, "nothing is written: %.*s", STR_ARGS(why));
  }
  for (uint32_t i = 0; i < result->gate.changes.count; i++) {
    const BaselineChange *change = &result->gate.changes.items[i];
    Str why = write_one(arena, change);
    if (why.len > 0) return why;
    // Whatever its name is, the folder is another one now.
    workspace_touched(server->workspace, path_parent(change->file));
    json_array_append_new(written, json_from(arena, uri_of(arena, change->file)));
  }
  return STR_EMPTY;
}

void baseline_finish(Server *server) {
  BaselineRun *baseline = server->baseline;
  if (!baseline) return;
  thread_join(&baseline->thread);
  json_t *written = json_array();
  bool is_cancelled = inbox_is_cancelled(server->inbox, baseline->id);
  Str why = is_cancelled ? STR_EMPTY : write_all(server, &baseline->result, written);
  if (why.len == 0) {
    server_answer(server, baseline->id, written);
  } else {
    json_decref(written);
    server_answer_error(server, baseline->id, CODE_REQUEST_FAILED, why);
  }
  if (!is_cancelled) everything_changed(server);
  run_free(server);
}

void baseline_abandon(Server *server) {
  if (!server->baseline) return;
  atomic_store(&server->baseline->is_unwanted, true);
  thread_join(&server->baseline->thread);
  run_free(server);
}
