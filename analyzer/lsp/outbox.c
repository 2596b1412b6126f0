#include "lsp/outbox.h"

#include "report/json_value.h"

void outbox_begin(Outbox *outbox, SendBytes send, void *state) {
  *outbox = (Outbox){ .arena = arena_new(), .send = send, .state = state };
  monitor_begin(&outbox->monitor);
}

void outbox_end(Outbox *outbox) {
  monitor_end(&outbox->monitor);
  arena_free(outbox->arena);
}

void outbox_send(Outbox *outbox, json_t *message) {
  monitor_enter(&outbox->monitor);
  arena_reset(outbox->arena);
  Text body = { .arena = outbox->arena }, framed = { .arena = outbox->arena };
  text_add_json(&body, message);
  text_format(&framed, "Content-Length: %u\r\n\r\n", body.len);
  text_add(&framed, text_str(&body));
  if (!outbox->is_broken && !outbox->send(outbox->state, text_str(&framed))) {
    outbox->is_broken = true;
  }
  monitor_leave(&outbox->monitor);
}
