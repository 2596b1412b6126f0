#pragma once
/*
 * Line hash: what a line and the text after it look like, as one number that stays the same while
 * the line moves up and down in its file. The values are those of GitHub's code scanning
 * (`primaryLocationLineHash`), so that a finding of ours is the same alert there whoever computes
 * the hash.
 *
 * A line's hash covers the 100 UTF-16 code units from its start on that are neither space nor tab;
 * every line ending counts as one line feed, and behind the text stand 0xFFFF and zeros.
 */
#include "base/arena.h"
#include "source/source.h"

typedef struct {
  uint64_t value;
  uint32_t ordinal; /* the n-th line of the text with that value, from 1 */
} LineHash;

/* One for each line of the text, which is line_count many. Linear in the text. */
LineHash *line_hashes(Arena *arena, const Source *source);

/* As code scanning writes it: "2c1f0b7d5a4e1c3:1". */
Str line_hash_text(Arena *arena, LineHash hash);
