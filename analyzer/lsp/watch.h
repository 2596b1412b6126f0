#pragma once
/*
 * What the client watches for us: files of the project, settings files, the editor's settings, the
 * folders that are open.
 */
#include "lsp/server.h"

/* Asks the client to watch, where it does not do so by itself. */
void watch_register(Server *server);

/* Asks it to watch the settings files, too, that count in the folders and lie outside of them. */
void watch_settings(Server *server);

/* Takes the folders of `initialize`. */
void watch_folders(Server *server, Param params);

json_t *handle_did_change_watched_files(Call *call);
json_t *handle_did_change_folders(Call *call);
