#pragma once
/*
 * Diagnostics for clients that do not ask for them: published when they change, once no message
 * waits, so that several edits in a row are linted once.
 */
#include "lsp/server.h"

/* Something has changed that diagnostics of open documents may depend on. */
void publish_later(Server *server);

/* The document is closed or unknown: what was published is taken back. */
void publish_nothing(Server *server, const Buffer *buffer);
/* The same for one text: a cell that is gone. */
void publish_nothing_for(Server *server, Str uri);

/* Something has changed, other than a document by an edit: clients that ask for diagnostics have to
   ask again. */
void everything_changed(Server *server);

/* Brings one document up to date; false if all were. */
bool publish_next(Server *server);
