#pragma once
/*
 * What every unit test needs: cmocka, the system headers it wants before it, and Str in assertions.
 */
#include "base/str.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define assert_str(str, expected) assert_str_at((str), (expected), __FILE__, __LINE__)

static inline void assert_str_at(Str str, const char *expected, const char *file, int line) {
  if (str_is(str, expected)) return;
  print_error("\"%.*s\" is not \"%s\"\n", STR_ARGS(str), expected);
  _fail(file, line);
}
