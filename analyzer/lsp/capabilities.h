#pragma once
/*
 * Capabilities: what the server tells the client that it can do.
 */
#include "lsp/server.h"

json_t *capabilities_json(const Server *server);
