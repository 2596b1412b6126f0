#include "base/digest.h"

#include "support.h"

enum { STRS_MAX = 3 };

static uint64_t digest_of(const char *const *strs) {
  Digest digest = digest_begin();
  for (int i = 0; i < STRS_MAX && strs[i] != NULL; i++) digest_str(&digest, str_from(strs[i]));
  return digest_end(&digest);
}

static void sequences_of_strings_are_told_apart(void **state) {
  (void)state;
  static const char *const SEQUENCES[][STRS_MAX] = {
    { NULL },
    { "" },
    { "", "" },
    { "", "", "" },
    { "abc" },
    { "ab", "c" },
    { "a", "bc" },
    { "a", "b", "c" },
    { "abc", "" },
    { "", "abc" },
    { "abcabcabcabcab", "cabcabcabc" },
    { "abcabcabcabcabcabcabcabc" },
    { "cab" },
  };
  size_t count = sizeof SEQUENCES / sizeof *SEQUENCES;
  for (size_t i = 0; i < count; i++) {
    assert_true(digest_of(SEQUENCES[i]) == digest_of(SEQUENCES[i]));
    for (size_t k = 0; k < i; k++) {
      if (digest_of(SEQUENCES[i]) == digest_of(SEQUENCES[k])) fail_msg("%zu is %zu", i, k);
    }
  }
}

static void numbers_count(void **state) {
  (void)state;
  Digest one = digest_begin(), two = digest_begin();
  digest_number(&one, 1);
  digest_number(&two, 2);
  assert_true(digest_end(&one) != digest_end(&two));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(sequences_of_strings_are_told_apart),
    cmocka_unit_test(numbers_count),
  };
  return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
