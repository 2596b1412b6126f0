#pragma once
/*
 * Diagnostics for clients that ask for them: of one document at once, of the whole workspace in
 * portions between other messages.
 */
#include "lsp/call.h"

json_t *handle_document_diagnostic(Call *call);
