#pragma once
/*
 * Clients: the table of async clients that own connections (clients.def). Private to the files of
 * analyzer/python; session_class in asyncio_call.h is the question about a call.
 */
#include "python/asyncio_call.h"

/* The client that a class, or a function which makes one, of that dotted name stands for; also
   of a project class that derives from one. NULL if there is none. */
const SessionClass *client_class(Module *module, Str name);
