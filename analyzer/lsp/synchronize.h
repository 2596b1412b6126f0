#pragma once
/*
 * Buffers as the client opens, edits, saves and closes them.
 */
#include "lsp/call.h"

json_t *handle_did_open(Call *call);
json_t *handle_did_change(Call *call);
json_t *handle_did_save(Call *call);
json_t *handle_did_close(Call *call);
