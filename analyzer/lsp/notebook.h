#pragma once
/*
 * Notebooks: documents of cells, each of which the client knows by a URI of its own.
 */
#include "lsp/call.h"

json_t *handle_notebook_did_open(Call *call);
json_t *handle_notebook_did_change(Call *call);
json_t *handle_notebook_did_save(Call *call);
json_t *handle_notebook_did_close(Call *call);
