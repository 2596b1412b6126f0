#pragma once
/*
 * How the server's life begins and ends.
 */
#include "lsp/call.h"

json_t *handle_initialize(Call *call);
json_t *handle_initialized(Call *call);
json_t *handle_shutdown(Call *call);
json_t *handle_exit(Call *call);
