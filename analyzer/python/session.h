#pragma once
/*
 * Sessions: how long the async clients that a function makes live.
 */
#include "python/asyncio_call.h"
#include "python/module.h"
#include "python/reason.h"

typedef enum {
  SESSION_KEPT, /* handed to somebody else: returned, stored, given to a constructor, closed over; or well closed */
  SESSION_NEVER_CLOSED,
  SESSION_CLOSED_ON_SOME_PATHS, /* closed, but not where an await raises or is cancelled */
  SESSION_SHARES_CONNECTOR, /* made in a loop with a connector from outside, which the first session closes */
} SessionLife;

/* The life of the session that the call makes. `place` is where it ends badly: the close that can
   be missed, the await that can fail before it, the connector; NODE_NONE if there is none. `why` is
   set for one that is kept. */
SessionLife session_life(Module *module, Node call, Node *place, Reason *why);

/* True if the session is used up where it is made: an `async with`, or a local that is closed in
   the function. */
bool session_is_local(Module *module, Node call);

/* True if the session is there for one connection that lives as long as it does: a websocket. */
bool session_holds_connection(Module *module, Node call);

/* The loop over items that makes one session per turn although the session's arguments do not
   depend on the item; retries, polls and `while` loops do not count. NODE_NONE if there is none. */
Node session_item_loop(Module *module, Node call);

/* True if the call's arguments read a parameter of the function or what is derived from one. */
bool session_depends_on_call(Module *module, Node call);

/* True if the session is made only where a cache has no answer yet: inside of an `if` that asked
   one, or behind one that returns. */
bool session_is_behind_cache(Module *module, Node call);

/* True if the session's transport opens no connections: it answers by itself, or calls an
   application. */
bool session_opens_nothing(Module *module, Node call);

/* True if the session gets its connector or transport from elsewhere, and the connections with
   it. */
bool session_borrows_connector(Module *module, Node call);

/* True if the function is a factory: the session goes to its caller, and nothing keeps it. */
bool session_is_returned(Module *module, Node call);
