#include "base/hash.h"

#include <string.h>
#include <xxhash.h>

Hash hash_of(Str text) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(text.data, text.len));
  Hash hash;
  _Static_assert(sizeof canonical.digest == sizeof hash.bytes, "128 bits");
  memcpy(hash.bytes, canonical.digest, sizeof hash.bytes);
  return hash;
}

int hash_compare(const Hash *a, const Hash *b) { return memcmp(a->bytes, b->bytes, HASH_BYTES); }
