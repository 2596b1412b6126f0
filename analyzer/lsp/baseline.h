#pragma once
/*
 * Baselines for the client: the run that finds what is to be in one is on a thread of its own, so that
 * everything else goes on meanwhile.
 */
#include "lsp/server.h"

/* `awry.createBaseline`: `{ uri }` of a folder, else where the server started. Answers later. */
json_t *create_baseline(Call *call, Param argument);

/* True if the run is over, and baseline_finish has something to do. */
bool baseline_is_ready(const Server *server);
/* Waits for the run, if there is one; writes the baseline and answers, unless that was cancelled. */
void baseline_finish(Server *server);
/* Ends a run that goes on; nothing is written. */
void baseline_abandon(Server *server);
