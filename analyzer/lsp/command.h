#pragma once
/*
 * Commands: what an editor can ask for by name.
 */
#include "lsp/call.h"

/* The names of all commands. */
json_t *command_names(void);

json_t *handle_execute_command(Call *call);
