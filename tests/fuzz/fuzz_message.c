// Any bytes on the way into the language server: what comes out of them does not depend on how they are cut, every
// request can be answered, and the next whole message is found.
#include "base/fatal.h"
#include "lsp/inbox.h"

#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
  MOST_TWICE = 512,   // longer inputs are not read in a second way
  MOST_FILLED = 4096, // longer bodies are not waited for
};

static bool swallow(void *state, Str bytes) {
  size_t *sent = state;
  *sent += bytes.len;
  if (!str_starts_with(bytes, STR("Content-Length: "))) fatal("a message without a header");
  return true;
}

typedef struct {
  Outbox outbox;
  Inbox inbox;
  Frame frame;
  size_t sent; // bytes
} Post;

static void answer(Post *post, const Message *message) {
  if (message->kind == MESSAGE_FAULT) {
    if (message->fault.len == 0) fatal("a fault that says nothing");
    outbox_send(&post->outbox, message_error(message->id, message->code, message->fault, NULL));
  } else if (message->kind == MESSAGE_REQUEST) {
    if (!message->id) fatal("a request without an id");
    inbox_answer(&post->inbox, message->id, message_result(message->id, json_null()));
  }
}

// Feeds the bytes in pieces; adds up what came of them.
static uint64_t feed(Post *post, Frame *frame, Str bytes, uint32_t piece) {
  uint64_t sum = 0;
  while (bytes.len > 0) {
    Str part = str_slice(bytes, 0, piece);
    bytes = str_slice(bytes, part.len, bytes.len);
    while (part.len > 0) {
      Message message;
      if (!message_next(frame, &part, &message)) continue;
      sum = sum * 31 + (uint64_t)message.kind * 7 + message.bytes + str_hash(message.method) + 1;
      inbox_put(&post->inbox, message, false);
    }
  }
  Message message;
  while (inbox_take(&post->inbox, WAIT_NOT, &message) == INBOX_MESSAGE) {
    answer(post, &message);
    message_free(&message);
  }
  return sum;
}

// Whatever has come before, a whole message is read.
static void expect_message(Post *post, Frame *frame) {
  feed(post, frame, STR("\r\n"), 2);
  while (frame->is_in_body && frame->body.len < frame->length) feed(post, frame, STR(" "), 1);
  Str rest = STR("Content-Length: 2\r\n\r\n{}"), body;
  if (frame_next(frame, &rest, &body) != FRAME_BODY || !str_is(body, "{}")) fatal("it is deaf");
}

// Making a frame costs more than all it does with a short input: it is kept where it has come to the end of a message.
static uint64_t read_in_pieces(Post *post, Str bytes, uint32_t piece) {
  if (!post->frame.arena) frame_begin(&post->frame);
  Frame *frame = &post->frame;
  uint64_t sum = feed(post, frame, bytes, piece);
  if (frame->has_length && frame->length > MOST_FILLED) {
    frame_end(frame);
    *frame = (Frame){ 0 };
  } else {
    expect_message(post, frame);
  }
  return sum;
}

static Post *shared_post(void) {
  static Post post;
  if (post.inbox.arena) return &post;
  outbox_begin(&post.outbox, swallow, &post.sent);
  inbox_begin(&post.inbox, &post.outbox);
  return &post;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Str bytes = { .data = (const char *)data, .len = (uint32_t)size };
  Post *post = shared_post();
  uint64_t sum = read_in_pieces(post, bytes, UINT32_MAX);
  if (size <= MOST_TWICE && read_in_pieces(post, bytes, 1) != sum)
    fatal("it depends on the pieces");
  return 0;
}
