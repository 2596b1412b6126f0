#pragma once
/*
 * Sweeps: passes over all files of the workspace, for `workspace/diagnostic`. One at a time, in
 * portions between other messages: a portion ends early when a message comes.
 */
#include "lsp/call.h"

typedef struct Sweep Sweep;

json_t *handle_workspace_diagnostic(Call *call);
/* The client's user has had enough of what the progress shows. */
json_t *handle_progress_cancel(Call *call);

/* Does a portion of the oldest one; false if there is none. */
bool sweep_next(Server *server);
void sweeps_end(Server *server);
