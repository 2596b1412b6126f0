// The table of all that the client may send; `$/cancelRequest` does not come this far (inbox.h).
#include "lsp/call.h"
#include "lsp/lifecycle.h"

enum { NOTIFICATION = 0, REQUEST = 1 };

static const Method methods[] = {
  { "initialize", REQUEST, NEEDS_NOTHING, handle_initialize },
  { "initialized", NOTIFICATION, NEEDS_NOTHING, handle_initialized },
  { "shutdown", REQUEST, NEEDS_NOTHING, handle_shutdown },
  { "exit", NOTIFICATION, NEEDS_NOTHING, handle_exit },
};

const Method *method_find(Str name) {
  for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
    if (str_is(name, methods[i].name)) return &methods[i];
  }
  return NULL;
}
