#include "lsp/frame.h"

#include <string.h>

static const Str LENGTH_HEADER = { .data = "content-length:", .len = 15 };

void frame_begin(Frame *frame) { *frame = (Frame){ .arena = arena_new() }; }

void frame_end(Frame *frame) { arena_free(frame->arena); }

static void start_message(Frame *frame) {
  arena_reset(frame->arena);
  frame->line = (Text){ .arena = frame->arena };
  frame->body = (Text){ .arena = frame->arena };
  frame->has_length = frame->is_in_body = false;
}

static bool is_header_name(Str name) {
  for (uint32_t i = 0; i < name.len; i++) {
    if (!is_name_byte(name.data[i]) && name.data[i] != '-') return false;
  }
  return name.len > 0;
}

// "Content-Type: …", and whatever else clients may send.
static bool is_other_header(Str line) {
  Str value = line;
  Str name = str_next(&value, ':');
  return name.len < line.len && is_header_name(name);
}

// Where the last length in the line is announced, or UINT32_MAX: what is before it is junk.
static uint32_t find_length(Str line) {
  uint32_t last = UINT32_MAX, at;
  for (uint32_t from = 0; (at = str_find(line, LENGTH_HEADER)) != UINT32_MAX;) {
    last = from + at;
    from = last + LENGTH_HEADER.len;
    line = str_slice(line, at + LENGTH_HEADER.len, line.len);
  }
  return last;
}

// Takes a whole line of the header, without its ending; false if it is none.
static bool take_line(Frame *frame, Str line) {
  uint32_t at = find_length(line);
  if (at == UINT32_MAX) return line.len == 0 || is_other_header(line);
  Str digits = str_trim(str_slice(line, at + LENGTH_HEADER.len, line.len));
  frame->has_length = str_count(digits, &frame->length) && frame->length <= MOST_BODY_BYTES;
  return frame->has_length && at == 0;
}

// Nothing in a line of that length is a header, unless one begins in its second half.
static void shorten_line(Frame *frame) {
  uint32_t kept = MOST_HEADER_BYTES / 2;
  memmove(frame->line.data, frame->line.data + frame->line.len - kept, kept);
  frame->line.len = kept;
}

// One byte of the header, whose case does not count; false if it shows that the line is none.
static bool take_header_byte(Frame *frame, char c) {
  if (c != '\n') {
    bool is_capital = c >= 'A' && c <= 'Z';
    text_add_char(&frame->line, (char)(is_capital ? c - 'A' + 'a' : c));
    if (frame->line.len < MOST_HEADER_BYTES) return true;
    shorten_line(frame);
    return false;
  }
  Str line = str_trim(text_str(&frame->line));
  bool is_header = take_line(frame, line);
  frame->line.len = 0;
  frame->is_in_body = line.len == 0 && frame->has_length;
  return is_header;
}

static FrameStep read_header(Frame *frame, Str *bytes) {
  while (bytes->len > 0 && !frame->is_in_body) {
    bool is_header = take_header_byte(frame, bytes->data[0]);
    *bytes = str_slice(*bytes, 1, bytes->len);
    if (is_header || frame->is_lost) continue;
    frame->is_lost = true;
    return FRAME_JUNK;
  }
  return FRAME_UNFINISHED;
}

FrameStep frame_next(Frame *frame, Str *bytes, Str *body) {
  bool is_over = frame->is_in_body && frame->body.len == frame->length;
  if (is_over || !frame->line.arena) start_message(frame);
  if (read_header(frame, bytes) == FRAME_JUNK) return FRAME_JUNK;
  if (!frame->is_in_body) return FRAME_UNFINISHED;
  uint32_t missing = frame->length - frame->body.len;
  uint32_t taken = missing < bytes->len ? missing : bytes->len;
  text_add(&frame->body, str_slice(*bytes, 0, taken));
  *bytes = str_slice(*bytes, taken, bytes->len);
  if (taken < missing) return FRAME_UNFINISHED;
  frame->is_lost = false;
  *body = text_str(&frame->body);
  return FRAME_BODY;
}
