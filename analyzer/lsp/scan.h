#pragma once
/*
 * The first scan: the files of the project are read before the first one can be linted. In a large
 * project that takes a while, and the client may show it.
 */
#include "lsp/server.h"

/* Asks the client whether it shows it. */
void scan_ask(Server *server);
/* Scans, and shows it if the client has agreed by now. */
void scan_show(Server *server);
