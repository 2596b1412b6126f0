#include "base/digest.h"

#include <xxhash.h>

void digest_number(Digest *digest, uint64_t number) {
  digest->value = XXH3_64bits_withSeed(&number, sizeof number, digest->value);
}

void digest_str(Digest *digest, Str str) {
  digest->value = XXH3_64bits_withSeed(str.data, str.len, digest->value);
}
