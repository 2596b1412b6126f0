#pragma once
/*
 * Message: one JSON-RPC message, as it came in, or made to be sent.
 *
 * Owns: the JSON value; message_free gives it back. What is read from it lives as long.
 */
#include <jansson.h>

#include "base/str.h"
#include "lsp/frame.h"

/* As JSON-RPC and the protocol number them. */
typedef enum {
  CODE_PARSE_ERROR = -32700,
  CODE_INVALID_REQUEST = -32600,
  CODE_UNKNOWN_METHOD = -32601,
  CODE_INVALID_PARAMS = -32602,
  CODE_INTERNAL_ERROR = -32603,
  CODE_NOT_INITIALIZED = -32002,
  CODE_REQUEST_FAILED = -32803,
  CODE_SERVER_CANCELLED = -32802,
  CODE_CONTENT_MODIFIED = -32801,
  CODE_CANCELLED = -32800,
} ErrorCode;

typedef enum {
  MESSAGE_REQUEST,
  MESSAGE_NOTIFICATION,
  MESSAGE_RESPONSE,
  MESSAGE_FAULT, /* it is to be answered with `code` and `fault` */
} MessageKind;

typedef struct {
  MessageKind kind;
  json_t *root;
  const json_t *id;     /* of requests and responses; a fault may have one; else NULL */
  Str method;           /* of requests and notifications */
  const json_t *params; /* NULL: none */
  ErrorCode code;
  Str fault;
  uint32_t bytes; /* of its body */
} Message;

/* Deeper JSON is not read. */
enum { MOST_JSON_DEPTH = 200 };

/* Surrogates that stand alone, which UTF-8 cannot hold, become replacement characters, in the body
   itself. They come from editors whose strings are UTF-16. */
Message message_parse(char *body, uint32_t len);
/* The next message of a stream: takes bytes off the front; false if they are all taken and it goes
   on. What is no message comes as a fault. */
bool message_next(Frame *frame, Str *bytes, Message *message);
void message_free(Message *message);

/* Each gives up its values. A NULL id is null. */
json_t *message_result(const json_t *id, json_t *result);
json_t *message_error(const json_t *id, ErrorCode code, Str text, json_t *data);
json_t *message_notification(const char *method, json_t *params);
json_t *message_request(json_t *id, const char *method, json_t *params);
