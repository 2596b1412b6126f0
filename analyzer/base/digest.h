#pragma once
/*
 * Digest: a number for a sequence of strings and numbers, by which two such sequences are told
 * apart. Not for use against somebody who wants two to have the same.
 */
#include <stdint.h>

#include "base/str.h"

typedef struct {
  uint64_t value;
} Digest;

static inline Digest digest_begin(void) { return (Digest){ 0 }; }
void digest_number(Digest *digest, uint64_t number);
/* Where it ends counts: "ab" and "c" are not "a" and "bc". */
void digest_str(Digest *digest, Str str);
static inline uint64_t digest_end(const Digest *digest) { return digest->value; }
