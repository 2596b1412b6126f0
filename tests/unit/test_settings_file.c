#include "project/settings_file.h"

#include "base/file.h"
#include "base/path.h"
#include "base/text.h"
#include "fresh.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static Str shown_problems(const Problems *problems) {
  Text text = { .arena = arena };
  for (uint32_t i = 0; i < problems->count; i++) {
    const Problem *problem = &problems->items[i];
    Position position = problem->position;
    text_format(&text, "%s%u:%u ", i > 0 ? "\n" : "", position.line, position.column);
    text_add(&text, problem->message);
  }
  return text_str(&text);
}

static Settings read_file(const char *path, const char *text, const char *expected_problems) {
  Settings settings = { 0 };
  Problems problems = { 0 };
  settings_parse(arena, str_from(path), str_from(text), &settings, &problems);
  assert_str(shown_problems(&problems), expected_problems);
  return settings;
}

static Settings read_own(const char *text, const char *expected_problems) {
  return read_file("/p/awry.toml", text, expected_problems);
}

static Settings read_pyproject(const char *text, const char *expected_problems) {
  return read_file("/p/pyproject.toml", text, expected_problems);
}

static void assert_list(Strs list, const char *expected) {
  Text text = { .arena = arena };
  for (uint32_t i = 0; i < list.count; i++) {
    if (i > 0) text_add_char(&text, ' ');
    text_add(&text, list.items[i]);
  }
  assert_str(text_str(&text), expected);
}

static void assert_patterns(Patterns patterns, const char *expected) {
  Strs list = { 0 };
  for (uint32_t i = 0; i < patterns.count; i++) vec_push(arena, &list, patterns.items[i]);
  assert_list(list, expected);
}

static void every_key_is_read(void **state) {
  (void)state;
  Settings settings = read_pyproject(
    "[project]\n"
    "requires-python = \">=3.9\"\n"
    "[tool.awry]\n"
    "select = [\"AWR0\", 'unused-suppression']\n"
    "extend-select = [\n  \"ALL\", # everything\n]\n"
    "ignore = [\"\"\"syntax-error\"\"\"]\n"
    "exclude = [\"vendor/**\", \"gen_?.py\"]\n"
    "target-version = \"py311\"\n"
    "[tool.awry.per-file-ignores]\n"
    "\"tests/*\" = [\"AWR001\"]\n"
    "'a\\b.py' = [\"ALL\"]\n"
    "[tool.awry.vocabulary]\n"
    "gather-like = [\"pkg.util.gather_all\", \"*.run_all\"]\n"
    "task-makers = [\"pkg.spawn\"]\n"
    "log-like = []\n"
    "never-return = [\"die\"]\n"
    "cleanup = [\"*_wind_down\"]\n",
    ""
  );
  assert_list(settings.select, "AWR0 unused-suppression");
  assert_list(settings.extend_select, "ALL");
  assert_list(settings.ignore, "syntax-error");
  assert_list(settings.exclude, "vendor/** gen_?.py");
  assert_int_equal(settings.target_minor, 11);
  assert_int_equal(settings.per_file_ignores.count, 2);
  assert_str(settings.per_file_ignores.items[0].pattern, "tests/*");
  assert_list(settings.per_file_ignores.items[0].selectors, "AWR001");
  assert_str(settings.per_file_ignores.items[1].pattern, "a\\b.py");
  assert_patterns(settings.vocabulary.gather_like, "pkg.util.gather_all *.run_all");
  assert_patterns(settings.vocabulary.task_makers, "pkg.spawn");
  assert_patterns(settings.vocabulary.log_like, "");
  assert_patterns(settings.vocabulary.never_return, "die");
  assert_patterns(settings.vocabulary.cleanup, "*_wind_down");
  assert_str(settings.root, "/p");
}

static void all_ways_of_writing_a_table_are_read(void **state) {
  (void)state;
  assert_list(read_pyproject("tool.awry.ignore = [\"ALL\"]\n", "").ignore, "ALL");
  assert_list(read_pyproject("[tool]\nawry = { ignore = [\"ALL\"] }\n", "").ignore, "ALL");
  assert_list(read_pyproject("[\"tool\".'awry']\n\"ignore\" = [\"ALL\"]\n", "").ignore, "ALL");
  assert_list(read_own("ignore = [\"ALL\"]\n", "").ignore, "ALL");
  Settings settings = read_own("vocabulary.cleanup = [\"x\"]\nvocabulary.log-like = [\"y\"]", "");
  assert_patterns(settings.vocabulary.cleanup, "x");
  assert_patterns(settings.vocabulary.log_like, "y");
}

static void strings_mean_what_toml_says(void **state) {
  (void)state;
  Settings settings = read_own(
    "exclude = [\n"
    "  \"tab\\there\", 'no\\escape', \"\\u00e9\\U0001F600\", \"quote\\\"\",\n"
    "  \"\"\"\nfirst \\\n     second\"\"\", '''\nit's''',\n"
    "]\n",
    ""
  );
  assert_int_equal(settings.exclude.count, 6);
  assert_str(settings.exclude.items[0], "tab\there");
  assert_str(settings.exclude.items[1], "no\\escape");
  assert_str(settings.exclude.items[2], "\xc3\xa9\xf0\x9f\x98\x80");
  assert_str(settings.exclude.items[3], "quote\"");
  assert_str(settings.exclude.items[4], "first second");
  assert_str(settings.exclude.items[5], "it's");
}

static void a_mark_and_carriage_returns_do_no_harm(void **state) {
  (void)state;
  Settings settings =
    read_own("\xef\xbb\xbfignore = [\"ALL\"]\r\nexclude = [\r\n'a',\r\n]\r\n", "");
  assert_list(settings.ignore, "ALL");
  assert_list(settings.exclude, "a");
  read_own(
    "\xef\xbb\xbfnope = 1\n",
    "1:1 unknown key \"nope\"; there are extend, select, extend-select, ignore, exclude, "
    "force-exclude, "
    "target-version, venv, fail-on, baseline, cache-dir, per-file-ignores, severity, vocabulary"
  );
}

static void an_unknown_key_is_named(void **state) {
  (void)state;
  Settings settings = read_own(
    "selct = [\"ALL\"]\nignore = [\"ALL\"]\n[vocabulary]\n  task_makers = []\n",
    "1:1 unknown key \"selct\"; did you mean \"select\"?\n"
    "4:3 unknown key \"task_makers\"; did you mean \"task-makers\"?"
  );
  assert_list(settings.ignore, "ALL");
  read_own(
    "[vocabulary]\nfoo = 1\n",
    "2:1 unknown key \"foo\"; there are gather-like, task-makers, log-like, never-return, cleanup"
  );
}

static void a_wrong_type_is_named(void **state) {
  (void)state;
  read_own("select = \"ALL\"\n", "1:10 \"select\" must be a list of strings, not a string");
  read_own("select = 1\n", "1:10 \"select\" must be a list of strings, not an integer");
  read_own("select = 1.5\n", "1:10 \"select\" must be a list of strings, not a number");
  read_own("select = true\n", "1:10 \"select\" must be a list of strings, not a boolean");
  read_own("select = 1979-05-27\n", "1:10 \"select\" must be a list of strings, not a date");
  read_own("select = 07:32:00\n", "1:10 \"select\" must be a list of strings, not a date");
  read_own("select = { a = 1 }\n", "1:10 \"select\" must be a list of strings, not a table");
  read_own("select.x = []\n", "1:1 \"select\" must be a list of strings, not a table");
  Settings settings = read_own(
    "exclude = [\n  \"a\",\n  [\"b\"],\n  3,\n  \"c\",\n]\n",
    "3:3 \"exclude\" must be a list of strings, but this is a list\n"
    "4:3 \"exclude\" must be a list of strings, but this is an integer"
  );
  assert_list(settings.exclude, "a c");
  read_own(
    "target-version = 3.11\n",
    "1:18 \"target-version\" must be a string such as \"py311\" or \"3.11\", not a number"
  );
  read_own(
    "per-file-ignores = []\n",
    "1:20 \"per-file-ignores\" must be a table of path patterns, not a list"
  );
  read_own(
    "[per-file-ignores]\n\"tests/*\" = \"ALL\"\n",
    "2:13 \"tests/*\" must be a list of strings, not a string"
  );
  read_own("vocabulary = \"x\"\n", "1:14 \"vocabulary\" must be a table, not a string");
  read_pyproject("[tool]\nawry = 1\n", "2:8 \"awry\" must be a table, not an integer");
  read_pyproject("[[tool.awry]]\n", "1:8 \"awry\" must be a table, not a list");
}

static void a_bad_value_is_named(void **state) {
  (void)state;
  read_own(
    "target-version = \"py27\"\n",
    "1:18 \"target-version\" must be a version such as \"py311\" or \"3.11\", not \"py27\""
  );
  read_own("exclude = ['']\n", "1:12 an empty pattern fits no path");
  read_own("[per-file-ignores]\n'' = []\n", "2:1 an empty pattern fits no path");
  read_own(
    "[vocabulary]\ncleanup = [\"a b\"]\n",
    "2:12 \"a b\" is not a dotted name such as \"package.module.function\" or \"*.gather_all\""
  );
}

static void an_unknown_rule_is_named_and_left_out(void **state) {
  (void)state;
  Settings settings = read_own(
    "select = [\n  \"sintax-error\",\n  \"ALL\",\n  \"E501\"\n]\n"
    "[per-file-ignores]\n\"a\" = [\"é\", \"AWR8\"]\n",
    "2:3 unknown rule \"sintax-error\"; did you mean \"syntax-error\"?\n"
    "4:3 unknown rule \"E501\"\n"
    "7:8 unknown rule \"é\"\n"
    "7:13 unknown rule \"AWR8\""
  );
  assert_list(settings.select, "ALL");
}

static void what_is_not_toml_is_pointed_at(void **state) {
  (void)state;
  read_own("select = [\"ALL\"\nignore = []\n", "2:1 this is not valid TOML");
  read_own("ignore = []\nselect = ]\n", "2:1 this is not valid TOML");
  read_own("select = \n", "1:1 this is not valid TOML");
  read_own("select = \"ALL\n", "1:1 this is not valid TOML");
  read_own("select: []\n", "1:1 this is not valid TOML");
  read_own("[a\nx = 1\n", "1:1 this is not valid TOML");
  read_own("exclude = [\"\\q\"]\n", "1:12 this is not valid TOML");
  read_own("just words\n", "1:1 this is not valid TOML");
}

static void what_is_given_twice_is_pointed_at(void **state) {
  (void)state;
  Settings settings =
    read_own("exclude = ['a']\nexclude = ['b']\n", "2:1 \"exclude\" is given twice");
  assert_list(settings.exclude, "a");
  read_own(
    "[vocabulary]\ncleanup = ['x']\n[vocabulary]\nlog-like = []\n",
    "3:2 the table \"vocabulary\" is given twice"
  );
  read_own("exclude = []\n[exclude]\n", "2:2 \"exclude\" is not a table");
  read_own(
    "exclude = 1\nexclude.x = 1\n",
    "2:1 \"exclude\" is not a table\n1:11 \"exclude\" must be a list of strings, not an integer"
  );
}

static void a_file_of_another_encoding_is_refused(void **state) {
  (void)state;
  read_own("ignore = []\n# caf\xe9\n", "2:6 not UTF-8 from here on");
  read_own("\xff\xfei\0g\0", "1:1 UTF-16, where UTF-8 is wanted");
  Settings settings = { 0 };
  Problems problems = { 0 };
  Str text = { .data = "a = 1\n\0", .len = 7 };
  settings_parse(arena, STR("awry.toml"), text, &settings, &problems);
  assert_str(shown_problems(&problems), "2:1 a NUL byte");
}

static void deep_nesting_ends_in_a_problem(void **state) {
  (void)state;
  Text text = { .arena = arena };
  text_add(&text, STR("exclude = "));
  text_add_repeated(&text, '[', 50000);
  text_add_repeated(&text, ']', 50000);
  read_own(
    str_terminated(arena, text_str(&text)),
    "1:75 values are nested too deeply here\n"
    "1:12 \"exclude\" must be a list of strings, but this is a list"
  );
  Text dotted = { .arena = arena };
  for (uint32_t i = 0; i < 20000; i++) text_add(&dotted, STR("a."));
  text_add(&dotted, STR("b = 1\n"));
  Problems problems = { 0 };
  Settings settings = { 0 };
  settings_parse(arena, STR("awry.toml"), text_str(&dotted), &settings, &problems);
  assert_int_equal(problems.count, 1);
}

static void a_pyproject_without_awry_is_not_judged(void **state) {
  (void)state;
  read_pyproject("[tool.other]\nx = [1,\n", "");
  read_pyproject("caf\xe9", "");
  assert_list(read_pyproject("[tool.other]\nselect = 1\n", "").select, "");
}

static void the_target_follows_what_the_project_declares(void **state) {
  (void)state;
  const char *own = "[tool.awry]\ntarget-version = '3.12'\n[project]\nrequires-python = '>=3.9'\n";
  assert_int_equal(read_pyproject(own, "").target_minor, 12);
  assert_int_equal(read_pyproject("[project]\nrequires-python = '>=3.9'\n", "").target_minor, 9);
  assert_int_equal(
    read_pyproject("[tool.poetry.dependencies]\npython = \"^3.8\"\n", "").target_minor, 8
  );
  assert_int_equal(
    read_pyproject("[tool.poetry.dependencies.python]\nversion = \"^3.8\"\n", "").target_minor, 8
  );
  assert_int_equal(read_pyproject("[project]\nrequires-python = '>=3.6'\n", "").target_minor, 8);
  assert_int_equal(
    read_pyproject(
      "[tool.awry]\ntarget-version = '3.7'\n[project]\nrequires-python = '>=3.6'\n", ""
    )
      .target_minor,
    7
  );
  assert_int_equal(read_pyproject("[project]\nrequires-python = 3\n", "").target_minor, 0);
  assert_int_equal(
    read_pyproject("[tool.black]\ntarget-version = ['py312', 'py311']\n", "").target_minor, 11
  );
  assert_int_equal(read_pyproject("[tool.pyright]\npythonVersion = '3.13'\n", "").target_minor, 13);
  assert_int_equal(
    read_pyproject(
      "[tool.ruff]\ntarget-version = 'py313'\n[project]\nrequires-python = '>=3.10'\n", ""
    )
      .target_minor,
    10
  );
  assert_int_equal(read_pyproject("", "").target_minor, 0);
}

static void write_text(Str folder, const char *path, const char *text) {
  Str full = path_join(arena, folder, str_from(path));
  mkdir(str_terminated(arena, path_parent(full)), 0700);
  FILE *file = fopen(str_terminated(arena, full), "w");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
}

static void assert_found(Str top, const char *folder, const char *path, const char *declares_path) {
  SettingsFile found;
  Str start = path_normalise(arena, path_join(arena, top, str_from(folder)));
  settings_find(arena, start, &found);
  assert_true(found.path.len > 0 || found.declares_path.len > 0);
  assert_str(path_relative(arena, found.path, top), path);
  bool is_declared = found.declares_path.len > 0;
  assert_str(
    is_declared ? path_relative(arena, found.declares_path, top) : STR_EMPTY, declares_path
  );
}

static void the_nearest_settings_are_found(void **state) {
  (void)state;
  char name[] = "/tmp/awry-settings-XXXXXX";
  Str top = str_from(mkdtemp(name));
  write_text(
    top, "pyproject.toml", "[project]\nrequires-python='>=3.9'\n[tool.awry]\nignore=['ALL']\n"
  );
  write_text(top, "a/pyproject.toml", "[project]\nrequires-python='>=3.11'\n");
  write_text(top, "a/b/x.py", "");
  write_text(top, "c/awry.toml", "select=['ALL']\n");
  write_text(top, "c/pyproject.toml", "[tool.awry]\n");
  write_text(top, "l/awry.toml", "");
  write_text(top, "l/.awry.toml", "");
  write_text(top, "d/pyproject.toml", "dependencies=['awry']\n");
  write_text(top, "e/pyproject.toml", "[tool.awry\n");
  mkdir(str_terminated(arena, path_join(arena, top, STR("f"))), 0700);
  mkdir(str_terminated(arena, path_join(arena, top, STR("f/awry.toml"))), 0700);
  write_text(top, "g/pyproject.toml", "[tool.other]\n");
  write_text(top, "g/setup.py", "setup(python_requires='>=3.12')\n");
  write_text(top, "h/setup.cfg", "[options]\npython_requires = >=3.9\n");
  write_text(top, "h/setup.py", "setup()\n");
  write_text(top, "i/pyproject.toml", "[tool.ruff]\ntarget-version = 'py312'\n");
  write_text(top, "i/setup.py", "setup()\n");
  write_text(top, "i/.python-version", "3.13.2\n");
  write_text(top, "j/pyproject.toml", "[tool.ruff]\n");
  write_text(top, "j/.python-version", "3.13.2\n");
  write_text(top, "k/pyproject.toml", "[tool.mypy]\npython_version = '3.12'\n");
  write_text(top, "k/setup.py", "setup(python_requires='>=3.10')\n");
  assert_found(top, "i", "pyproject.toml", "i/pyproject.toml");
  assert_found(top, "j", "pyproject.toml", "j/.python-version");
  assert_found(top, "k", "pyproject.toml", "k/setup.py");
  assert_found(top, "g", "pyproject.toml", "g/setup.py");
  assert_found(top, "h", "pyproject.toml", "h/setup.cfg");
  assert_found(top, ".", "pyproject.toml", "pyproject.toml");
  assert_found(top, "a", "pyproject.toml", "a/pyproject.toml");
  assert_found(top, "a/b", "pyproject.toml", "a/pyproject.toml");
  assert_found(top, "c", "c/awry.toml", "");
  assert_found(top, "l", "l/.awry.toml", "");
  assert_found(top, "d", "pyproject.toml", "pyproject.toml");
  assert_found(top, "e", "e/pyproject.toml", "");
  assert_found(top, "f", "pyproject.toml", "pyproject.toml");

  SettingsFile found;
  Settings settings = { 0 };
  Problems problems = { 0 };
  settings_find(arena, path_join(arena, top, STR("a")), &found);
  settings_read(arena, &found, &settings, &problems);
  assert_int_equal(problems.count, 0);
  assert_list(settings.ignore, "ALL");
  assert_str(settings.root, name);
  assert_int_equal(settings.target_minor, 11);
}

static void a_named_file_that_is_not_there_is_a_problem(void **state) {
  (void)state;
  SettingsFile file = { .path = STR("/nowhere/awry.toml") };
  Settings settings = { 0 };
  Problems problems = { 0 };
  settings_read(arena, &file, &settings, &problems);
  assert_int_equal(problems.count, 1);
  assert_str(problems.items[0].path, "/nowhere/awry.toml");
  assert_str(problems.items[0].message, "does not exist");
  assert_int_equal(problems.items[0].position.line, 0);
}

static Str new_folder(void) {
  char *name = arena_alloc(arena, 64);
  snprintf(name, 64, "/tmp/awry-extend-XXXXXX");
  assert_non_null(mkdtemp(name));
  return str_from(name);
}

static Settings read_extended(Str top, const char *path, const char *expected_problems) {
  SettingsFile file = { .path = path_join(arena, top, str_from(path)) };
  Settings settings = { 0 };
  Problems problems = { 0 };
  settings_read(arena, &file, &settings, &problems);
  assert_str(shown_problems(&problems), expected_problems);
  return settings;
}

static void the_nearer_file_has_the_last_word(void **state) {
  (void)state;
  Str top = new_folder();
  write_text(
    top,
    "pyproject.toml",
    "[tool.awry]\nextend = 'shared/strict.toml'\nignore = ['AWR1']\n"
    "[tool.awry.per-file-ignores]\n'b.py' = ['ALL']\n"
  );
  write_text(
    top,
    "shared/strict.toml",
    "extend = '../base/pyproject.toml'\nignore = ['AWR2', 'AWR3']\nselect = ['ALL']\nvenv = 'env'\n"
    "target-version = 'py312'\n[vocabulary]\ncleanup = ['x']\n"
  );
  write_text(
    top,
    "base/pyproject.toml",
    "[project]\nrequires-python = '>=3.9'\n[tool.awry]\nselect = ['AWR1']\nbaseline = "
    "'/known.txt'\n"
    "exclude = ['a']\nvenv = 'other'\n[tool.awry.per-file-ignores]\n'a.py' = ['ALL']\n"
    "[tool.awry.vocabulary]\nlog-like = ['y']\ncleanup = ['z']\n"
  );
  Settings settings = read_extended(top, "pyproject.toml", "");
  assert_list(settings.ignore, "AWR1");
  assert_list(settings.select, "ALL");
  assert_list(settings.exclude, "a");
  assert_str(path_relative(arena, settings.venv, top), "shared/env");
  assert_str(settings.baseline, "/known.txt");
  assert_int_equal(settings.target_minor, 12);
  assert_int_equal(settings.per_file_ignores.count, 1);
  assert_str(settings.per_file_ignores.items[0].pattern, "b.py");
  assert_patterns(settings.vocabulary.log_like, "y");
  assert_patterns(settings.vocabulary.cleanup, "x");
  assert_str(settings.root, str_terminated(arena, top));
  assert_int_equal(settings.files.count, 3);
  assert_str(path_relative(arena, settings.files.items[2], top), "base/pyproject.toml");
}

static void what_cannot_be_extended_is_pointed_at(void **state) {
  (void)state;
  Str top = new_folder();
  write_text(top, "a.toml", "select = ['ALL']\nextend = 'b.toml'\n");
  write_text(top, "b.toml", "ignore = ['AWR1']\nextend = './c.toml'\n");
  write_text(top, "c.toml", "extend = 'b.toml'\n");
  Settings settings =
    read_extended(top, "a.toml", "1:10 \"extend\": b.toml leads back to where it is extended");
  assert_list(settings.select, "ALL");
  assert_list(settings.ignore, "AWR1");

  write_text(top, "self.toml", "extend = 'self.toml'\n");
  read_extended(top, "self.toml", "1:10 \"extend\": self.toml leads back to where it is extended");
  write_text(top, "lost.toml", "\nextend = \"nowhere.toml\"\n");
  settings = read_extended(top, "lost.toml", "2:10 \"extend\": nowhere.toml does not exist");
  assert_int_equal(settings.files.count, 2);
  write_text(top, "folder.toml", "extend = '.'\n");
  read_extended(top, "folder.toml", "1:10 \"extend\": . is a directory");
  write_text(top, "p/pyproject.toml", "[tool.other]\n");
  write_text(top, "without.toml", "extend = 'p/pyproject.toml'\n");
  read_extended(top, "without.toml", "1:10 \"extend\": p/pyproject.toml has no [tool.awry]");
  write_text(top, "broken.toml", "x = \n");
  write_text(top, "on_broken.toml", "extend = 'broken.toml'\n");
  read_extended(top, "on_broken.toml", "1:1 this is not valid TOML");
  write_text(top, "wrong.toml", "extend = ['b.toml']\n");
  read_extended(top, "wrong.toml", "1:10 \"extend\" must be a string: a path, not a list");
}

static void a_chain_has_an_end(void **state) {
  (void)state;
  Str top = new_folder();
  for (uint32_t i = 0; i < 40; i++) {
    Str name = str_format(arena, "%u.toml", i),
        text = str_format(arena, "extend = '%u.toml'", i + 1);
    write_text(top, str_terminated(arena, name), str_terminated(arena, text));
  }
  read_extended(top, "0.toml", "1:10 \"extend\": 32.toml ends a chain of too many files");
}

static void a_text_in_no_file_extends_nothing(void **state) {
  (void)state;
  read_own("ignore = []\nextend = 'a.toml'\n", "2:1 \"extend\" is for settings files only");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_fresh, free_fresh)

int main(void) {
  const struct CMUnitTest tests[] = {
    TEST(every_key_is_read),
    TEST(all_ways_of_writing_a_table_are_read),
    TEST(strings_mean_what_toml_says),
    TEST(a_mark_and_carriage_returns_do_no_harm),
    TEST(an_unknown_key_is_named),
    TEST(a_wrong_type_is_named),
    TEST(a_bad_value_is_named),
    TEST(an_unknown_rule_is_named_and_left_out),
    TEST(what_is_not_toml_is_pointed_at),
    TEST(what_is_given_twice_is_pointed_at),
    TEST(a_file_of_another_encoding_is_refused),
    TEST(deep_nesting_ends_in_a_problem),
    TEST(a_pyproject_without_awry_is_not_judged),
    TEST(the_target_follows_what_the_project_declares),
    TEST(the_nearest_settings_are_found),
    TEST(the_nearer_file_has_the_last_word),
    TEST(what_cannot_be_extended_is_pointed_at),
    TEST(a_chain_has_an_end),
    TEST(a_text_in_no_file_extends_nothing),
    TEST(a_named_file_that_is_not_there_is_a_problem),
  };
  return cmocka_run_group_tests_name("settings_file", tests, NULL, NULL);
}
