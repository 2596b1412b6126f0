#include "lsp/message.h"

#include <stdlib.h>
#include <string.h>

// The code unit of the \u escape that `text` begins with, or -1.
static int escaped_unit(const char *text, size_t len) {
  if (len < 6 || text[0] != '\\' || text[1] != 'u') return -1;
  int unit = 0;
  for (int i = 2; i < 6; i++) {
    const char *digits = "00112233445566778899aAbBcCdDeEfF";
    const char *digit = text[i] != '\0' ? strchr(digits, text[i]) : NULL;
    if (!digit) return -1;
    unit = unit * 16 + (int)(digit - digits) / 2;
  }
  return unit;
}

static bool is_high(int unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
static bool is_low(int unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

// Passes over the escape at `text`; returns its bytes.
static size_t mend_escape(char *text, size_t len) {
  int unit = escaped_unit(text, len);
  if (unit < 0) return 2;
  if (is_high(unit) && is_low(escaped_unit(text + 6, len - 6))) return 12;
  if (is_high(unit) || is_low(unit)) memcpy(text + 2, "fffd", 4);
  return 6;
}

// How deep the value goes at most. What is no JSON gets some number: it is not read for long.
static uint32_t scan(char *body, size_t len) {
  uint32_t depth = 0, most = 0;
  bool is_in_string = false;
  for (size_t i = 0; i < len; i++) {
    char c = body[i];
    if (c == '"') is_in_string = !is_in_string;
    else if (is_in_string && c == '\\') i += mend_escape(body + i, len - i) - 1;
    else if (!is_in_string && (c == '[' || c == '{')) depth++;
    else if (!is_in_string && (c == ']' || c == '}') && depth > 0) depth--;
    if (depth > most) most = depth;
  }
  return most;
}

static Message fault(Message message, ErrorCode code, const char *text) {
  message.kind = MESSAGE_FAULT;
  message.code = code;
  message.fault = str_from(text);
  return message;
}

static bool is_id(const json_t *id) { return json_is_string(id) || json_is_number(id); }

static Message classify(Message message) {
  if (json_is_array(message.root)) {
    return fault(message, CODE_INVALID_REQUEST, "batches are not part of the protocol");
  }
  if (!json_is_object(message.root)) {
    return fault(message, CODE_INVALID_REQUEST, "a message must be an object");
  }
  const json_t *method = json_object_get(message.root, "method");
  const json_t *id = json_object_get(message.root, "id");
  const json_t *params = json_object_get(message.root, "params");
  if (is_id(id)) message.id = id;
  if (json_is_null(params)) params = NULL;
  message.params = params;
  if (!method) {
    bool is_response =
      json_object_get(message.root, "result") || json_object_get(message.root, "error");
    message.kind = MESSAGE_RESPONSE;
    if (is_response) return message;
    return fault(message, CODE_INVALID_REQUEST, "a message must have a method or a result");
  }
  if (!json_is_string(method))
    return fault(message, CODE_INVALID_REQUEST, "method: must be a string");
  message.method = (Str){ json_string_value(method), (uint32_t)json_string_length(method) };
  message.kind = id ? MESSAGE_REQUEST : MESSAGE_NOTIFICATION;
  if (id && !message.id) {
    return fault(message, CODE_INVALID_REQUEST, "id: must be a number or a string");
  }
  if (params && !json_is_object(params) && !json_is_array(params) && id) {
    return fault(message, CODE_INVALID_PARAMS, "params: must be an object");
  }
  return message;
}

Message message_parse(char *body, uint32_t len) {
  Message message = { .bytes = len };
  if (scan(body, len) > MOST_JSON_DEPTH) {
    return fault(message, CODE_PARSE_ERROR, "the message is nested too deeply");
  }
  json_error_t error;
  message.root = json_loadb(body, len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
  if (!message.root) return fault(message, CODE_PARSE_ERROR, "the message is not JSON in UTF-8");
  return classify(message);
}

bool message_next(Frame *frame, Str *bytes, Message *message) {
  Str body;
  switch (frame_next(frame, bytes, &body)) {
  case FRAME_BODY:
    *message = message_parse(frame->body.data, body.len);
    return true;
  case FRAME_JUNK:
    *message = fault((Message){ 0 }, CODE_PARSE_ERROR, "there is no Content-Length here");
    return true;
  case FRAME_UNFINISHED:
    break;
  }
  return false;
}

void message_free(Message *message) {
  json_decref(message->root);
  *message = (Message){ 0 };
}

static json_t *id_or_null(const json_t *id) { return id ? json_copy((json_t *)id) : json_null(); }

json_t *message_result(const json_t *id, json_t *result) {
  return json_pack("{s:s, s:o, s:o}", "jsonrpc", "2.0", "id", id_or_null(id), "result", result);
}

json_t *message_error(const json_t *id, ErrorCode code, Str text, json_t *data) {
  json_t *error =
    json_pack("{s:i, s:o}", "code", (int)code, "message", json_stringn(text.data, text.len));
  if (data) json_object_set_new(error, "data", data);
  return json_pack("{s:s, s:o, s:o}", "jsonrpc", "2.0", "id", id_or_null(id), "error", error);
}

static json_t *with_params(json_t *message, json_t *params) {
  if (params) json_object_set_new(message, "params", params);
  return message;
}

json_t *message_notification(const char *method, json_t *params) {
  return with_params(json_pack("{s:s, s:s}", "jsonrpc", "2.0", "method", method), params);
}

json_t *message_request(json_t *id, const char *method, json_t *params) {
  return with_params(
    json_pack("{s:s, s:o, s:s}", "jsonrpc", "2.0", "id", id, "method", method), params
  );
}
