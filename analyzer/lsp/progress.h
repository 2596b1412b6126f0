#pragma once
/*
 * Progress of long work, shown by the client where it shows such things.
 */
#include "lsp/server.h"

/* The token is the client's, or one that it has agreed to; NULL: nobody wants to know. */
void progress_started(Server *server, const json_t *token, const char *title);
void progress_moved(Server *server, const json_t *token, uint32_t done, uint32_t total);
void progress_ended(Server *server, const json_t *token);

/* A part of a result, for a client that takes it in parts. Gives up the value. */
void progress_part(Server *server, const json_t *token, json_t *value);
