#include "python/kind.h"

#include "unit.h"

#include <tree_sitter/api.h>

const TSLanguage *tree_sitter_python(void);

static const char *const GRAMMAR_KINDS[] = {
#define KIND(NAME, name) (name),
#define MERGED(NAME, name) (name),
#define DROPPED(name) (name),
#define PARENTHESES(name) (name),
#include "python/kind.def"
};

static const char *const FIELDS[] = {
#define FIELD(NAME, name) (name),
#include "python/kind.def"
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool is_listed(const char *name, const char *const *names, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (strcmp(names[i], name) == 0) return true;
  }
  return false;
}

static bool is_in_grammar(const TSLanguage *language, const char *name) {
  for (uint32_t i = 0; i < ts_language_symbol_count(language); i++) {
    if (ts_language_symbol_type(language, (TSSymbol)i) != TSSymbolTypeRegular) continue;
    if (strcmp(ts_language_symbol_name(language, (TSSymbol)i), name) == 0) return true;
  }
  return false;
}

static void each_row_is_in_the_grammar(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(GRAMMAR_KINDS); i++) {
    if (!is_in_grammar(tree_sitter_python(), GRAMMAR_KINDS[i])) {
      fail_msg("the grammar has no node \"%s\"", GRAMMAR_KINDS[i]);
    }
  }
}

static void each_named_symbol_has_a_row(void **state) {
  (void)state;
  const TSLanguage *language = tree_sitter_python();
  for (uint32_t i = 0; i < ts_language_symbol_count(language); i++) {
    if (ts_language_symbol_type(language, (TSSymbol)i) != TSSymbolTypeRegular) continue;
    const char *name = ts_language_symbol_name(language, (TSSymbol)i);
    if (!is_listed(name, GRAMMAR_KINDS, COUNT(GRAMMAR_KINDS))) fail_msg("\"%s\" has no row", name);
  }
}

static void fields_are_those_of_the_grammar(void **state) {
  (void)state;
  const TSLanguage *language = tree_sitter_python();
  assert_int_equal(ts_language_field_count(language), COUNT(FIELDS));
  for (uint32_t i = 1; i <= ts_language_field_count(language); i++) {
    const char *name = ts_language_field_name_for_id(language, (TSFieldId)i);
    if (!is_listed(name, FIELDS, COUNT(FIELDS))) fail_msg("the field \"%s\" has no row", name);
  }
}

static void kinds_have_the_names_of_the_grammar(void **state) {
  (void)state;
  assert_string_equal(kind_name(KIND_NONE), "");
  assert_string_equal(kind_name(KIND_CALL), "call");
  assert_string_equal(kind_name(KIND_NONE_LITERAL), "none");
  assert_string_equal(kind_name(KIND_TOKEN), "token");
  assert_string_equal(field_name(FIELD_NONE), "");
  assert_string_equal(field_name(FIELD_BODY), "body");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(each_row_is_in_the_grammar),
    cmocka_unit_test(each_named_symbol_has_a_row),
    cmocka_unit_test(fields_are_those_of_the_grammar),
    cmocka_unit_test(kinds_have_the_names_of_the_grammar),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
