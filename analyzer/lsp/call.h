#pragma once
/*
 * Call: a message of the client as the function that handles it sees it, and the table of these
 * functions.
 */
#include "lsp/message.h"
#include "lsp/param.h"

typedef struct Server Server;
typedef struct Buffer Buffer;

typedef struct {
  Server *server;
  Arena *arena;     /* of this message */
  Param params;     /* a fault in what is read of them becomes the answer */
  const json_t *id; /* NULL: a notification */
  Buffer *buffer;   /* for methods that need one */
  bool is_deferred; /* set by a handler that answers later, by server_answer */
  ErrorCode code;   /* with `error` */
  Str error;        /* set by call_fail; empty: none */
  json_t *error_data;
} Call;

typedef enum {
  NEEDS_NOTHING,
  NEEDS_DOCUMENT, /* the one of params.textDocument: open, and as the client has it */
} MethodNeeds;

typedef struct {
  const char *name;
  bool is_request;
  MethodNeeds needs;
  /* Of a request, the result; NULL is null. Of a notification, NULL. */
  json_t *(*handle)(Call *call);
} Method;

/* NULL: we do not know it. */
const Method *method_find(Str name);

/* The request ends with an error instead of a result. Returns NULL, for the handler to return. */
json_t *call_fail(Call *call, ErrorCode code, const char *format, ...)
  __attribute__((format(printf, 3, 4)));
