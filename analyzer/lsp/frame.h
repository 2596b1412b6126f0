#pragma once
/*
 * Frame: cuts a stream of bytes into the bodies of messages, by their Content-Length. What is no
 * header is passed over up to the next Content-Length, wherever in a line that stands, and told
 * once: whatever comes in, the next whole message is found.
 *
 * Owns: the body that is being collected, in an arena of its own.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

enum {
  MOST_BODY_BYTES = 64 << 20,
  MOST_HEADER_BYTES = 512, /* of one line */
};

typedef struct {
  Arena *arena;
  Text line;       /* of the header in small letters, as far as it has come */
  Text body;       /* as far as it has come */
  bool has_length; /* of the message that the header announces */
  uint32_t length; /* bytes of its body */
  bool is_in_body;
  bool is_lost; /* junk has been told of, and no message has come since */
} Frame;

typedef enum {
  FRAME_UNFINISHED, /* all bytes are taken, and the message goes on */
  FRAME_BODY,
  FRAME_JUNK, /* told once, until the next message */
} FrameStep;

void frame_begin(Frame *frame);
void frame_end(Frame *frame);

/* Takes bytes off the front of `bytes`, up to the end of a message at most. The body is valid until
   the next call. Takes linear time in all bytes that ever came. */
FrameStep frame_next(Frame *frame, Str *bytes, Str *body);
