#pragma once
/*
 * Hash: 128 bits that stand for a text of any length: XXH3, the same on every machine.
 *
 * Among a million texts any two have the same hash with a probability below 1 in 10^26. It is no
 * defence against somebody who looks for two such texts.
 */
#include <stdbool.h>

#include "base/str.h"

enum { HASH_BYTES = 16 };

typedef struct {
  char bytes[HASH_BYTES];
} Hash;

Hash hash_of(Str text);
/* By their bytes, as memcmp. */
int hash_compare(const Hash *a, const Hash *b);

static inline bool hash_equal(const Hash *a, const Hash *b) { return hash_compare(a, b) == 0; }

/* The bytes; valid as long as the hash. */
static inline Str hash_str(const Hash *hash) { return (Str){ hash->bytes, HASH_BYTES }; }
