#pragma once
/*
 * Settings from the editor: the keys of a settings file, as JSON; they rule over what files say,
 * like options of a command line. `"isolated": true` keeps these files from being read.
 */
#include "lsp/server.h"

/* What the client says with `initialize`, and what it says later; nothing (null, {}) leaves what
   it said at first. The settings may be an object of their own in it, "awry" or "settings".
   What is wrong with them goes to the client's log, the rest holds. */
void editor_settings_start(Server *server, const json_t *value);
void editor_settings_change(Server *server, const json_t *value);
void editor_settings_end(Server *server);

/* Asks the client for its settings, if it tells any. */
void editor_settings_ask(Server *server);

json_t *handle_did_change_configuration(Call *call);
