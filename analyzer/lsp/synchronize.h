#pragma once
/*
 * Buffers as the client opens, edits, saves and closes them.
 */
#include "lsp/buffer.h"
#include "lsp/call.h"

json_t *handle_did_open(Call *call);
json_t *handle_did_change(Call *call);
json_t *handle_did_save(Call *call);
json_t *handle_did_close(Call *call);

/* The work at hand is about the document with that URI: an edit of it makes the work useless (see
   inbox_work_until). The arena is that of the message. */
void work_until_changed(Server *server, Arena *arena, Str uri);

/* What the client has is not known any more: a change could not be applied. The file as it is on
   disk is the best guess that is left for what other files are told of it. Returns NULL. */
json_t *lose_buffer(Call *call, Buffer *buffer);
/* The client has closed it. Returns NULL. */
json_t *leave_buffer(Call *call, Buffer *buffer);
