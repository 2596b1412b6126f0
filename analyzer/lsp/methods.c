// The table of all that the client may send; `$/cancelRequest` does not come this far (inbox.h).
#include "lsp/call.h"
#include "lsp/code_action.h"
#include "lsp/command.h"
#include "lsp/editor_settings.h"
#include "lsp/hover.h"
#include "lsp/lifecycle.h"
#include "lsp/notebook.h"
#include "lsp/pull.h"
#include "lsp/sweep.h"
#include "lsp/synchronize.h"
#include "lsp/watch.h"

enum { NOTIFICATION = 0, REQUEST = 1 };

static const Method methods[] = {
  { "initialize", REQUEST, NEEDS_NOTHING, handle_initialize },
  { "initialized", NOTIFICATION, NEEDS_NOTHING, handle_initialized },
  { "shutdown", REQUEST, NEEDS_NOTHING, handle_shutdown },
  { "workspace/didChangeConfiguration",
    NOTIFICATION,
    NEEDS_NOTHING,
    handle_did_change_configuration },
  { "workspace/didChangeWatchedFiles",
    NOTIFICATION,
    NEEDS_NOTHING,
    handle_did_change_watched_files },
  { "workspace/didChangeWorkspaceFolders", NOTIFICATION, NEEDS_NOTHING, handle_did_change_folders },
  { "textDocument/didOpen", NOTIFICATION, NEEDS_NOTHING, handle_did_open },
  { "textDocument/didChange", NOTIFICATION, NEEDS_NOTHING, handle_did_change },
  { "textDocument/didSave", NOTIFICATION, NEEDS_NOTHING, handle_did_save },
  { "textDocument/didClose", NOTIFICATION, NEEDS_NOTHING, handle_did_close },
  { "notebookDocument/didOpen", NOTIFICATION, NEEDS_NOTHING, handle_notebook_did_open },
  { "notebookDocument/didChange", NOTIFICATION, NEEDS_NOTHING, handle_notebook_did_change },
  { "notebookDocument/didSave", NOTIFICATION, NEEDS_NOTHING, handle_notebook_did_save },
  { "notebookDocument/didClose", NOTIFICATION, NEEDS_NOTHING, handle_notebook_did_close },
  { "textDocument/codeAction", REQUEST, NEEDS_DOCUMENT, handle_code_action },
  { "codeAction/resolve", REQUEST, NEEDS_NOTHING, handle_code_action_resolve },
  { "textDocument/hover", REQUEST, NEEDS_DOCUMENT, handle_hover },
  { "workspace/executeCommand", REQUEST, NEEDS_NOTHING, handle_execute_command },
  { "textDocument/diagnostic", REQUEST, NEEDS_NOTHING, handle_document_diagnostic },
  { "workspace/diagnostic", REQUEST, NEEDS_NOTHING, handle_workspace_diagnostic },
  { "window/workDoneProgress/cancel", NOTIFICATION, NEEDS_NOTHING, handle_progress_cancel },
  { "exit", NOTIFICATION, NEEDS_NOTHING, handle_exit },
};

const Method *method_find(Str name) {
  for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
    if (str_is(name, methods[i].name)) return &methods[i];
  }
  return NULL;
}
