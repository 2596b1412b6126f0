/*
 * The fixture runner: every rule finds in its fixtures what they say, and nothing else.
 *
 *   run_fixtures FIXTURES [RULE…]        with UPDATE=1 in the environment it rewrites .out and .fixed.py
 *
 * FIXTURES/<rule-name>/ holds Python files, notebooks, and folders that are small projects. A line on which a finding
 * starts ends with `# expect: NAME[, NAME…] ["fragment of the message"]`. Only the rule of the folder runs;
 * in good*.py also all that are on by default. The first line may say otherwise:
 *
 *   # fixture: python=3.10 rules=ALL test
 *
 * python=any stands for a project that names no version.
 *
 * bad.out is the text report on bad.py, bad.fixed.py what all its fixes make of it.
 */
#include "base/file.h"
#include "base/path.h"
#include "base/text.h"
#include "lint/apply.h"
#include "lint/linter.h"
#include "project/notebook.h"
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_FIXTURE = 1 << 20 };

typedef struct {
  Arena *arena;
  Parser *parser;
  Str top;
  bool updates;
  uint32_t passed, failed;
  bool has_failed; // the file at hand
} Runner;

// One file, as it is linted.
typedef struct {
  Str path;               // from the top
  Str name;               // dotted, within its project
  Str text;               // with expectations
  const Source *notebook; // NULL: a plain file
  bool is_package;
  bool is_good; // it, or the project it belongs to, is named good…
} Fixture;

typedef Vec(Fixture) Fixtures;

typedef struct {
  Strs selectors;
  Str fragment;
} Expectation;

static void fail(Runner *runner, Str path, uint32_t line, Str message) {
  runner->has_failed = true;
  printf("%.*s/%.*s", STR_ARGS(path_name(runner->top)), STR_ARGS(path));
  if (line > 0) printf(":%u", line);
  printf(": %.*s\n", STR_ARGS(message));
}

#define FAIL(runner, path, line, ...) \
  fail((runner), (path), (line), str_format((runner)->arena, __VA_ARGS__))

// The end of a file's test.
static void count(Runner *runner) {
  if (runner->has_failed) runner->failed++;
  else runner->passed++;
  runner->has_failed = false;
}

static bool starts_as(Str path, const char *start) {
  return str_starts_with(path_name(path), str_from(start));
}

// Splits a line where its expectation begins: returns what stands before, and the expectation's words.
static Str split_line(Str line, Str *words) {
  Str mark = STR("# expect:");
  uint32_t at = str_find(line, mark);
  *words = STR_EMPTY;
  if (at == UINT32_MAX) return line;
  *words = str_trim(str_slice(line, at + mark.len, line.len));
  Str code = str_slice(line, 0, at);
  while (str_ends_with(code, STR(" "))) code.len--;
  return code;
}

static Expectation read_expectation(Runner *runner, Str words) {
  Expectation expectation = { .fragment = STR_EMPTY };
  uint32_t quote = str_find(words, STR("\""));
  if (quote != UINT32_MAX) {
    Str fragment = str_slice(words, quote + 1, words.len);
    if (str_ends_with(fragment, STR("\""))) fragment.len--;
    expectation.fragment = fragment;
    words = str_slice(words, 0, quote);
  }
  while (words.len > 0) {
    Str selector = str_trim(str_next(&words, ','));
    if (selector.len > 0) vec_push(runner->arena, &expectation.selectors, selector);
  }
  return expectation;
}

// The text as a user would have written it: without expectations.
static Str without_expectations(Runner *runner, Str text) {
  Text plain = { .arena = runner->arena };
  while (text.len > 0) {
    Str words, line = str_slice(text, 0, str_find(text, STR("\n")));
    bool is_ended = line.len < text.len;
    text = str_slice(text, line.len + is_ended, text.len);
    text_add(&plain, split_line(line, &words));
    if (is_ended) text_add_char(&plain, '\n');
  }
  return text_str(&plain);
}

// What the first line of a fixture asks for.
typedef struct {
  uint16_t minor;
  Strs rules; // empty: those of its kind
  bool is_test;
} Header;

static Header read_header(Runner *runner, const Rule *rule, const Fixture *fixture) {
  Header header = { .minor = OLDEST_SUPPORTED_MINOR };
  if (rule->min_minor > header.minor) header.minor = rule->min_minor;
  if (rule->max_minor > 0 && rule->max_minor < header.minor) header.minor = rule->max_minor;
  Str text = fixture->text, line = str_trim(str_next(&text, '\n')), mark = STR("# fixture:");
  if (!str_starts_with(line, mark)) return header;
  line = str_slice(line, mark.len, line.len);
  while (line.len > 0) {
    Str word = str_next(&line, ' '), value = word, key = str_next(&value, '=');
    if (word.len == 0) continue;
    if (str_is(key, "python") && str_starts_with(value, STR("3."))) {
      header.minor = (uint16_t)strtoul(str_terminated(runner->arena, value) + 2, NULL, 10);
    } else if (str_is(word, "python=any")) {
      header.minor = 0;
    } else if (str_is(key, "rules")) {
      while (value.len > 0) vec_push(runner->arena, &header.rules, str_next(&value, ','));
    } else if (str_is(word, "test")) {
      header.is_test = true;
    } else {
      FAIL(runner, fixture->path, 1, "\"%.*s\" means nothing here", STR_ARGS(word));
    }
  }
  return header;
}

static ModuleIdentity fixture_identity(const Fixture *fixture, const Header *header) {
  return (ModuleIdentity){ .name = fixture->name,
                           .is_package = fixture->is_package,
                           .is_notebook = fixture->notebook != NULL,
                           .is_test = header->is_test };
}

static Settings
fixture_settings(Runner *runner, const Rule *rule, const Fixture *fixture, const Header *header) {
  Settings settings = { .root = STR_EMPTY };
  if (header->rules.count > 0) settings.select = header->rules;
  else if (fixture->is_good) vec_push(runner->arena, &settings.extend_select, str_from(rule->name));
  else vec_push(runner->arena, &settings.select, str_from(rule->name));
  return settings;
}

typedef struct {
  const Source *source;
  Findings findings;
} Linted;

static const Source *fixture_source(Runner *runner, const Fixture *fixture, Str text) {
  if (fixture->notebook != NULL) return fixture->notebook;
  Source *source = arena_make(runner->arena, Source);
  *source = source_build(runner->arena, path_name(fixture->path), text);
  return source;
}

static LintInput lint_input(
  Runner *runner, const Fixture *fixture, const Header *header, Str text, const Project *project
) {
  return (LintInput){
    .source = fixture_source(runner, fixture, text),
    .identity = fixture_identity(fixture, header),
    .relative_path = fixture->path,
    .target_minor = header->minor,
    .project = project,
  };
}

static Linted
lint(Runner *runner, const Rule *rule, const Fixture *fixture, Str text, const Project *project) {
  Header header = read_header(runner, rule, fixture);
  Settings settings = fixture_settings(runner, rule, fixture, &header);
  SelectorProblems problems = { 0 };
  const Linter *linter = linter_build(runner->arena, &settings, &problems);
  for (uint32_t i = 0; i < problems.count; i++) {
    fail(runner, fixture->path, 1, problems.items[i].message);
  }
  LintInput input = lint_input(runner, fixture, &header, text, project);
  Findings findings = lint_source(linter, &input, runner->parser, runner->arena);
  return (Linted){ input.source, findings };
}

static bool is_parsed(Runner *runner, const Source *source) {
  return parse_source(runner->parser, source, runner->arena).error_bytes == 0;
}

// A screen that keeps a file from being parsed must not keep findings from being made.
static void check_words(Runner *runner, const Fixture *fixture, const Linted *linted) {
  for (uint32_t i = 0; i < linted->findings.count; i++) {
    const Rule *rule = linted->findings.items[i].rule;
    Settings settings = { 0 };
    SelectorProblems problems = { 0 };
    vec_push(runner->arena, &settings.select, str_from(rule->name));
    const Linter *linter = linter_build(runner->arena, &settings, &problems);
    bool is_engines = rule->on[0].event == EVENT_NONE;
    if (is_engines || linter_wants(linter, linted->source->text)) continue;
    FAIL(runner, fixture->path, 0, "none of the words of %s is in the file", rule->name);
    return;
  }
}

static void check_fixes(Runner *runner, const Fixture *fixture, const Linted *linted) {
  for (uint32_t i = 0; i < linted->findings.count; i++) {
    const Finding *finding = &linted->findings.items[i];
    if (finding->fix.applicability > finding->rule->fix)
      FAIL(
        runner, fixture->path, finding->start.line, "the fix is bolder than the rule's record says"
      );
  }
}

// Compares what is expected of one line with the findings that start on it, and names both if they differ.
static void check_line(
  Runner *runner,
  const Fixture *fixture,
  uint32_t line,
  const Expectation *expected,
  const Linted *linted
) {
  const Findings *findings = &linted->findings;
  Arena *arena = runner->arena;
  bool *is_met = arena_array(arena, bool, expected->selectors.count + 1);
  Text wanted = { .arena = arena }, got = { .arena = arena };
  bool fits = true;
  for (uint32_t i = 0; i < findings->count; i++) {
    const Finding *finding = &findings->items[i];
    if (source_line_of(linted->source, finding->span.start) != line) continue;
    text_format(
      &got,
      "%s%s \"%.*s\"",
      got.len > 0 ? ", " : "",
      finding->rule->name,
      STR_ARGS(finding->message)
    );
    bool is_expected = false;
    for (uint32_t j = 0; j < expected->selectors.count && !is_expected; j++) {
      const RuleEntry *entry = linter_find_rule(expected->selectors.items[j]);
      if (is_met[j] || entry == NULL || entry->rule != finding->rule) continue;
      is_met[j] = is_expected = str_contains(finding->message, expected->fragment);
    }
    if (!is_expected) fits = false;
  }
  for (uint32_t j = 0; j < expected->selectors.count; j++) {
    text_format(&wanted, "%s%.*s", j > 0 ? ", " : "", STR_ARGS(expected->selectors.items[j]));
    if (!is_met[j]) fits = false;
  }
  if (fits) return;
  if (expected->fragment.len > 0) text_format(&wanted, " \"%.*s\"", STR_ARGS(expected->fragment));
  Str nothing = STR("nothing");
  Str left = wanted.len > 0 ? text_str(&wanted) : nothing,
      right = got.len > 0 ? text_str(&got) : nothing;
  FAIL(runner, fixture->path, line, "expected %.*s, got %.*s", STR_ARGS(left), STR_ARGS(right));
}

static void check_expectations(Runner *runner, const Fixture *fixture, const Linted *linted) {
  Source source = source_build(runner->arena, fixture->path, fixture->text);
  uint32_t expected = 0;
  for (uint32_t line = 1; line <= source.line_count; line++) {
    Str words;
    split_line(source_line(&source, line), &words);
    Expectation expectation = read_expectation(runner, words);
    check_line(runner, fixture, line, &expectation, linted);
    expected += expectation.selectors.count;
  }
  if (fixture->is_good && expected > 0)
    FAIL(runner, fixture->path, 0, "a good file expects nothing");
  if (starts_as(fixture->path, "bad") && expected == 0)
    FAIL(runner, fixture->path, 0, "a bad file expects something");
}

// What all fixes make of bad.py, round after round; the empty text if it has none.
static Str
fix_all(Runner *runner, const Rule *rule, const Fixture *fixture, const Project *project) {
  Str text = without_expectations(runner, fixture->text);
  for (uint32_t round = 0; round <= MOST_FIX_ROUNDS; round++) {
    Linted linted = lint(runner, rule, fixture, text, project);
    if (round > 0 && !is_parsed(runner, linted.source)) {
      FAIL(runner, fixture->path, 0, "does not parse once it is fixed");
      return text;
    }
    Fixed fixed = fixes_apply(runner->arena, &linted.findings, FIX_UNSAFE, text);
    if (fixed.count == 0) return round > 0 ? text : STR_EMPTY;
    text = fixed.text;
  }
  FAIL(runner, fixture->path, 0, "fixes go on after %d rounds", MOST_FIX_ROUNDS);
  return text;
}

static void write_file(Runner *runner, Str path, Str text) {
  FILE *file = fopen(str_terminated(runner->arena, path), "wb");
  bool is_written = file != NULL && fwrite(text.data, 1, text.len, file) == text.len;
  if (file != NULL && fclose(file) != 0) is_written = false;
  if (!is_written) FAIL(runner, path, 0, "cannot be written");
}

// Compares a file that is made with what it should be; where there should be none, the text is empty.
static void check_made(Runner *runner, Str path, Str text) {
  Str found, full = path_join(runner->arena, runner->top, path);
  FileFault fault = file_read(runner->arena, full, LARGEST_FIXTURE, &found);
  if (fault == FILE_OK ? str_equal(found, text) : text.len == 0) return;
  if (runner->updates && text.len > 0) {
    write_file(runner, full, text);
  } else if (runner->updates) {
    remove(str_terminated(runner->arena, full));
  } else {
    const char *what = fault != FILE_OK ? "is missing"
      : text.len == 0                   ? "is superfluous"
                                        : "differs";
    FAIL(runner, path, 0, "%s; UPDATE=1 rewrites it", what);
  }
}

static void
check_outcomes(Runner *runner, const Rule *rule, const Fixture *fixture, const Project *project) {
  Arena *arena = runner->arena;
  Str plain = without_expectations(runner, fixture->text), folder = path_parent(fixture->path);
  Linted linted = lint(runner, rule, fixture, plain, project);
  Text report = { .arena = arena };
  ReportOptions options = { .has_color = false };
  FileReport file = { .source = linted.source, .findings = &linted.findings };
  report_full.file(&report, &file, &options);
  check_made(runner, path_join(arena, folder, STR("bad.out")), text_str(&report));
  Str fixed = fix_all(runner, rule, fixture, project);
  check_made(runner, path_join(arena, folder, STR("bad.fixed.py")), fixed);
}

// Whoever doubts a silence is told its reason: a rule says why it lets its own good.py pass.
static void
check_reasons(Runner *runner, const Rule *rule, const Fixture *fixture, const Project *project) {
  Header header = read_header(runner, rule, fixture);
  Settings settings = fixture_settings(runner, rule, fixture, &header);
  SelectorProblems problems = { 0 };
  const Linter *linter = linter_build(runner->arena, &settings, &problems);
  LintInput input = lint_input(runner, fixture, &header, fixture->text, project);
  Quiets quiets = { 0 };
  lint_all_rules(linter, &input, runner->parser, runner->arena, &quiets);
  for (uint32_t i = 0; i < quiets.count; i++) {
    if (quiets.items[i].rule == rule) return;
  }
  FAIL(runner, fixture->path, 0, "%s does not say why it keeps quiet here", rule->name);
}

static void
check_fixture(Runner *runner, const Rule *rule, const Fixture *fixture, const Project *project) {
  Linted linted = lint(runner, rule, fixture, fixture->text, project);
  bool is_broken_by_intent = strcmp(rule->name, "syntax-error") == 0;
  if (!is_broken_by_intent && !is_parsed(runner, linted.source))
    FAIL(runner, fixture->path, 0, "does not parse");
  check_expectations(runner, fixture, &linted);
  check_words(runner, fixture, &linted);
  check_fixes(runner, fixture, &linted);
  if (str_is(path_name(fixture->path), "bad.py")) check_outcomes(runner, rule, fixture, project);
  bool has_checks = rule->on[0].event != EVENT_NONE;
  if (has_checks && str_is(path_name(fixture->path), "good.py"))
    check_reasons(runner, rule, fixture, project);
  count(runner);
}

// The text of a notebook is that of its cells of Python.
static void read_notebook(Runner *runner, Fixture *fixture) {
  Cells cells = { 0 };
  NotebookFault fault;
  if (!notebook_read(runner->arena, fixture->text, &cells, &fault)) {
    fail(runner, fixture->path, 0, str_from(fault.message));
    return;
  }
  Source *source = arena_make(runner->arena, Source);
  *source = source_build_notebook(runner->arena, path_name(fixture->path), &cells);
  fixture->notebook = source;
  fixture->text = source->text;
}

static bool is_source(Str path) { return str_is(path_extension(path), "py") || is_notebook(path); }

static bool read_fixture(Runner *runner, Str path, Str name, Fixture *fixture) {
  Str full = path_join(runner->arena, runner->top, path);
  bool is_good = str_starts_with(path, STR("good")) || str_contains(path, STR("/good"));
  *fixture = (Fixture){ .path = path, .name = name, .is_good = is_good };
  FileFault fault = file_read(runner->arena, full, LARGEST_FIXTURE, &fixture->text);
  if (fault != FILE_OK) fail(runner, path, 0, str_from(file_fault_text(fault)));
  else if (is_notebook(path)) read_notebook(runner, fixture);
  return fault == FILE_OK;
}

// Adds the Python files below a folder. `package` is its dotted name within the project.
static void read_project(Runner *runner, Str folder, Str package, Fixtures *fixtures) {
  Arena *arena = runner->arena;
  FileEntries entries = { 0 };
  file_list(arena, path_join(arena, runner->top, folder), &entries);
  for (uint32_t i = 0; i < entries.count; i++) {
    const FileEntry *entry = &entries.items[i];
    Str path = path_join(arena, folder, entry->name);
    Str name = str_join(arena, package, '.', path_stem(entry->name));
    Fixture fixture;
    if (entry->kind == FILE_KIND_DIRECTORY) {
      read_project(runner, path, name, fixtures);
    } else if (is_source(path) && read_fixture(runner, path, name, &fixture)) {
      fixture.is_package = str_is(entry->name, "__init__.py");
      if (fixture.is_package) fixture.name = package;
      vec_push(arena, fixtures, fixture);
    }
  }
}

static const Project *merge_project(Runner *runner, const Rule *rule, const Fixtures *fixtures) {
  Arena *arena = runner->arena;
  const Facts **facts = arena_array(arena, const Facts *, fixtures->count + 1);
  for (uint32_t i = 0; i < fixtures->count; i++) {
    const Fixture *fixture = &fixtures->items[i];
    Header header = read_header(runner, rule, fixture);
    ModuleOptions options = {
      .identity = fixture_identity(fixture, &header),
      .target = { header.minor },
    };
    const Source *source = fixture_source(runner, fixture, fixture->text);
    Tree tree = parse_source(runner->parser, source, arena);
    Facts *collected = arena_make(arena, Facts);
    *collected = facts_collect(module_build(arena, tree, &options), arena);
    facts[i] = collected;
  }
  return project_merge(arena, facts, fixtures->count, NULL);
}

static void check_project(Runner *runner, const Rule *rule, Str folder) {
  Fixtures fixtures = { 0 };
  read_project(runner, folder, STR_EMPTY, &fixtures);
  const Project *project = merge_project(runner, rule, &fixtures);
  for (uint32_t i = 0; i < fixtures.count; i++) {
    check_fixture(runner, rule, &fixtures.items[i], project);
  }
}

static void check_rule(Runner *runner, Str name) {
  Arena *arena = runner->arena;
  const RuleEntry *rule = linter_find_rule(name);
  FileEntries entries = { 0 };
  FileFault fault = file_list(arena, path_join(arena, runner->top, name), &entries);
  if (rule == NULL) fail(runner, name, 0, STR("no rule has that name"));
  else if (fault != FILE_OK) fail(runner, name, 0, str_from(file_fault_text(fault)));
  if (runner->has_failed) {
    count(runner);
    return;
  }
  for (uint32_t i = 0; i < entries.count; i++) {
    Str path = path_join(arena, name, entries.items[i].name);
    bool is_made = str_ends_with(path, STR(".fixed.py"));
    bool is_hidden = starts_as(path, ".") || starts_as(path, "__pycache__");
    if (is_made || is_hidden) continue;
    Fixture fixture;
    if (entries.items[i].kind == FILE_KIND_DIRECTORY) {
      check_project(runner, rule->rule, path);
    } else if (is_source(path) && read_fixture(runner, path, path_stem(path), &fixture)) {
      check_fixture(runner, rule->rule, &fixture, NULL);
    }
  }
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fputs("usage: run_fixtures FIXTURES [RULE…]\n", stderr);
    return 2;
  }
  const char *update = getenv("UPDATE");
  Runner runner = {
    .arena = arena_new(),
    .parser = parser_new(),
    .top = str_from(argv[1]),
    .updates = update != NULL && strcmp(update, "1") == 0,
  };
  FileEntries folders = { 0 };
  if (argc == 2) file_list(runner.arena, runner.top, &folders);
  for (uint32_t i = 0; i < folders.count; i++) {
    if (folders.items[i].kind == FILE_KIND_DIRECTORY) check_rule(&runner, folders.items[i].name);
  }
  for (int i = 2; i < argc; i++) check_rule(&runner, str_from(argv[i]));
  printf("%u passed, %u failed\n", runner.passed, runner.failed);
  bool is_clean = runner.failed == 0 && runner.passed > 0;
  parser_free(runner.parser);
  arena_free(runner.arena);
  return is_clean ? 0 : 1;
}
