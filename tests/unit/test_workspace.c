#include "project/workspace.h"

#include "base/path.h"
#include "base/text.h"
#include "lint/rule.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

// Has one finding, AWR302.
#define FORGOTTEN \
  "import asyncio\n" \
  "async def f():\n" \
  "    asyncio.create_task(asyncio.sleep(1))\n"

static Str folder; // of one test

static int make_folder(void **state) {
  (void)state;
  char path[] = "/tmp/awry-workspace-XXXXXX";
  assert_non_null(mkdtemp(path));
  char *real = realpath(path, NULL);
  folder = str_copy(support_arena(), str_from(real));
  free(real);
  return 0;
}

static int remove_folder(void **state) {
  (void)state;
  Str command = str_format(support_arena(), "rm -rf '%.*s'", STR_ARGS(folder));
  // NOLINTNEXTLINE(cert-env33-c): the command is ours
  return system(str_terminated(support_arena(), command));
}

static Str path_of(const char *name) { return path_join(support_arena(), folder, str_from(name)); }

static void write_text(const char *name, const char *text) {
  Str path = path_of(name);
  mkdir(str_terminated(support_arena(), path_parent(path)), 0700);
  FILE *file = fopen(str_terminated(support_arena(), path), "w");
  assert_non_null(file);
  assert_true(fputs(text, file) >= 0);
  assert_int_equal(fclose(file), 0);
}

static Workspace *open_folder(void) {
  Workspace *workspace = workspace_new(2, STR_EMPTY);
  workspace_add_folder(workspace, folder);
  return workspace;
}

// "line:column code message", one line for each finding.
static Str findings_text(const WorkspaceResult *result) {
  Text text = { .arena = support_arena() };
  for (uint32_t i = 0; i < result->findings.count; i++) {
    const Finding *finding = &result->findings.items[i];
    text_format(
      &text,
      "%u:%u %s %.*s\n",
      finding->start.line,
      finding->start.column,
      finding->rule->code,
      STR_ARGS(finding->message)
    );
  }
  return text_str(&text);
}

static Str linted(Workspace *workspace, const char *name) {
  WorkspaceResult result;
  workspace_lint(workspace, path_of(name), support_arena(), &result);
  return findings_text(&result);
}

static void a_baseline_that_settings_name_is_left_out(void **state) {
  (void)state;
  const char *head = "# awry baseline 1\n";
  const char *entry =
    "# awry baseline 1\na.py dangling-task 1 1 asyncio.create_task(asyncio.sleep(1))\n";
  write_text("a.py", FORGOTTEN);
  write_text("awry.toml", "baseline = \"known.txt\"\n");
  write_text("known.txt", entry);
  Workspace *workspace = open_folder();
  assert_int_equal(linted(workspace, "a.py").len, 0);
  workspace_open(workspace, path_of("a.py"), STR("# a line\n" FORGOTTEN));
  assert_int_equal(linted(workspace, "a.py").len, 0);
  write_text("known.txt", head);
  assert_true(linted(workspace, "a.py").len > 0);
  write_text("known.txt", "what else\n");
  WorkspaceResult result;
  workspace_lint(workspace, path_of("a.py"), support_arena(), &result);
  assert_int_equal(result.problems.count, 1);
  assert_str(result.problems.items[0].path, "known.txt");
  workspace_free(workspace);
}

static void what_is_open_stands_for_the_file(void **state) {
  (void)state;
  write_text("a.py", "x = 1\n");
  Workspace *workspace = open_folder();
  assert_int_equal(linted(workspace, "a.py").len, 0);
  workspace_open(workspace, path_of("a.py"), STR(FORGOTTEN));
  assert_true(linted(workspace, "a.py").len > 0);
  workspace_close(workspace, path_of("a.py"));
  assert_int_equal(linted(workspace, "a.py").len, 0);
  workspace_free(workspace);
}

static void an_edit_replaces_bytes(void **state) {
  (void)state;
  Workspace *workspace = open_folder();
  workspace_open(workspace, path_of("a.py"), STR("x = 1\n"));
  assert_true(workspace_edit(workspace, path_of("a.py"), (Span){ 4, 5 }, STR("20")));
  assert_true(str_is(workspace_document(workspace, path_of("a.py"))->text, "x = 20\n"));
  assert_false(workspace_edit(workspace, path_of("a.py"), (Span){ 4, 8 }, STR("")));
  assert_false(workspace_edit(workspace, path_of("b.py"), (Span){ 0, 0 }, STR("")));
  assert_null(workspace_document(workspace, path_of("b.py")));
  workspace_free(workspace);
}

static void findings_depend_on_other_open_documents(void **state) {
  (void)state;
  write_text("a.py", "import asyncio\nfrom b import work\nasync def main():\n    work()\n");
  write_text("b.py", "def work():\n    return 1\n");
  Workspace *workspace = open_folder();
  assert_int_equal(linted(workspace, "a.py").len, 0);
  workspace_open(
    workspace,
    path_of("b.py"),
    STR("import asyncio\nasync def work():\n    await asyncio.sleep(1)\n")
  );
  assert_true(str_contains(linted(workspace, "a.py"), STR("4:5 AWR301")));
  workspace_close(workspace, path_of("b.py"));
  assert_int_equal(linted(workspace, "a.py").len, 0);
  workspace_free(workspace);
}

static void cells_of_an_open_notebook_are_linted(void **state) {
  (void)state;
  Workspace *workspace = open_folder();
  WorkspaceCell cells[] = {
    { STR("# Title"), false },
    { STR("import asyncio\n%time 1"), true },
    { STR("async def f():\n    asyncio.create_task(asyncio.sleep(1))"), true },
  };
  workspace_open_notebook(workspace, path_of("a.ipynb"), cells, 3);
  WorkspaceResult result;
  workspace_lint(workspace, path_of("a.ipynb"), support_arena(), &result);
  assert_int_equal(result.findings.count, 1);
  assert_int_equal(result.findings.items[0].cell, 3);
  assert_int_equal(result.findings.items[0].start.line, 2);
  workspace_free(workspace);
}

static void settings_of_the_editor_count(void **state) {
  (void)state;
  Workspace *workspace = open_folder();
  workspace_open(workspace, path_of("a.py"), STR(FORGOTTEN));
  Settings settings = { 0 };
  vec_push(support_arena(), &settings.ignore, STR("AWR302"));
  workspace_configure(workspace, &settings, false);
  assert_int_equal(linted(workspace, "a.py").len, 0);
  workspace_free(workspace);
}

static void excluded_files_have_no_findings(void **state) {
  (void)state;
  write_text("awry.toml", "exclude = [\"a.py\"]\n");
  write_text("b.py", "");
  Workspace *workspace = open_folder();
  workspace_open(workspace, path_of("a.py"), STR(FORGOTTEN));
  WorkspaceResult result;
  workspace_lint(workspace, path_of("a.py"), support_arena(), &result);
  assert_true(result.is_excluded);
  assert_int_equal(result.findings.count, 0);
  Strs paths = { 0 };
  workspace_files(workspace, support_arena(), &paths);
  assert_int_equal(paths.count, 1);
  assert_true(str_ends_with(paths.items[0], STR("/b.py")));
  workspace_free(workspace);
}

static void what_is_wrong_with_settings_is_told(void **state) {
  (void)state;
  write_text("awry.toml", "select = [\"no-such-rule\"]\n");
  Workspace *workspace = open_folder();
  workspace_open(workspace, path_of("a.py"), STR("x = 1\n"));
  WorkspaceResult result;
  workspace_lint(workspace, path_of("a.py"), support_arena(), &result);
  assert_int_equal(result.problems.count, 1);
  assert_true(str_is(result.problems.items[0].path, "awry.toml"));
  assert_true(str_equal(result.folder, folder));
  workspace_free(workspace);
}

static void count_findings(void *state, Str path, const WorkspaceResult *result) {
  uint32_t *counts = state;
  (void)path;
  counts[0]++;
  counts[1] += result->findings.count;
}

static void all_files_are_linted_unless_it_is_cancelled(void **state) {
  (void)state;
  write_text("a.py", FORGOTTEN);
  write_text("sub/b.py", FORGOTTEN);
  Workspace *workspace = open_folder();
  Strs paths = { 0 };
  workspace_files(workspace, support_arena(), &paths);
  uint32_t counts[2] = { 0 };
  atomic_bool is_cancelled = false;
  assert_true(workspace_lint_all(workspace, &paths, &is_cancelled, count_findings, counts));
  assert_int_equal(counts[0], 2);
  assert_int_equal(counts[1], 2);
  is_cancelled = true;
  assert_false(workspace_lint_all(workspace, &paths, &is_cancelled, count_findings, counts));
  assert_int_equal(counts[0], 2);
  workspace_free(workspace);
}

// --- findings of what is edited are those of what is new -----------------------------------------

enum { MODULES = 4 };

static const char *const MODULE_NAMES[MODULES] = { "a.py", "b.py", "c.py", "sub/d.py" };

// Lines by which files bear on each other.
static const char *const LINES[] = {
  "import asyncio\n",
  "from b import work, Base\n",
  "from c import helper\n",
  "from a import *\n",
  "from sub.d import work as other\n",
  "async def work():\n    await asyncio.sleep(1)\n",
  "def work():\n    return 1\n",
  "def helper():\n    return work()\n",
  "async def main():\n    work()\n    helper()\n",
  "async def more(task):\n    other()\n    await work()\n    task.cancel()\n",
  "class Base:\n    async def run(self):\n        pass\n",
  "class Derived(Base):\n    async def go(self):\n        self.run()\n",
  "def sync():\n    work()\n",
  "async def start():\n    asyncio.create_task(work())\n",
  "x = (\n",
  ")\n",
  "'''\n",
  "# awry: ignore[AWR302]\n",
};

static uint32_t random_state;

static uint32_t random_below(uint32_t limit) {
  random_state = random_state * 1664525 + 1013904223;
  return (random_state >> 8) % limit;
}

// One edit of an open document: a line comes, or some bytes go.
static void edit_somewhere(Workspace *workspace) {
  Str path = path_of(MODULE_NAMES[random_below(MODULES)]);
  const Source *source = workspace_document(workspace, path);
  if (source == NULL) return;
  uint32_t line = random_below(source->line_count);
  uint32_t start = source->line_starts[line], len = source->text.len;
  if (random_below(3) > 0) {
    Str text = str_from(LINES[random_below(sizeof LINES / sizeof *LINES)]);
    assert_true(workspace_edit(workspace, path, (Span){ start, start }, text));
  } else {
    start += random_below(len - start + 1);
    uint32_t end = start + random_below(30);
    Span span = { start, end < len ? end : len };
    assert_true(workspace_edit(workspace, path, span, STR("")));
  }
}

static void open_or_close(Workspace *workspace) {
  Str path = path_of(MODULE_NAMES[random_below(MODULES)]);
  if (workspace_document(workspace, path)) workspace_close(workspace, path);
  else workspace_open(workspace, path, STR("import asyncio\nfrom b import work\nwork()\n"));
}

static void touch(Workspace *workspace) {
  const char *name = MODULE_NAMES[random_below(MODULES)];
  if (random_below(4) == 0) unlink(str_terminated(support_arena(), path_of(name)));
  else write_text(name, LINES[random_below(sizeof LINES / sizeof *LINES)]);
  workspace_touched(workspace, path_of(name));
}

// A workspace that has only ever seen what is open in that one.
static Workspace *fresh_copy(const Workspace *workspace) {
  Workspace *copy = open_folder();
  for (size_t i = 0; i < MODULES; i++) {
    const Source *source = workspace_document(workspace, path_of(MODULE_NAMES[i]));
    if (source) workspace_open(copy, path_of(MODULE_NAMES[i]), source->text);
  }
  return copy;
}

static void assert_same_findings(Workspace *workspace, Workspace *other) {
  Arena *arena = arena_new();
  for (size_t i = 0; i < MODULES; i++) {
    WorkspaceResult result, fresh;
    Str path = path_of(MODULE_NAMES[i]);
    workspace_lint(workspace, path, arena, &result);
    workspace_lint(other, path, arena, &fresh);
    assert_int_equal(result.findings.count, fresh.findings.count);
    assert_true(result.identity == fresh.identity);
    assert_true(workspace_is_current(workspace, path, result.identity));
  }
  arena_free(arena);
}

static void an_edited_workspace_says_what_a_new_one_says(void **state) {
  (void)state;
  write_text("pyproject.toml", "[project]\nname = 'x'\n");
  for (size_t i = 0; i < MODULES; i++) write_text(MODULE_NAMES[i], LINES[i + 4]);
  Workspace *workspace = open_folder();
  random_state = 1;
  for (int step = 0; step < 150; step++) {
    uint32_t what = random_below(12);
    if (what == 0) open_or_close(workspace);
    else if (what == 1) touch(workspace);
    else edit_somewhere(workspace);
    Workspace *fresh = fresh_copy(workspace);
    assert_same_findings(workspace, fresh);
    workspace_free(fresh);
  }
  workspace_free(workspace);
}

static void a_result_is_current_until_something_changes_for_the_file(void **state) {
  (void)state;
  Str work = STR("import asyncio\nasync def work():\n    await asyncio.sleep(1)\n");
  write_text("a.py", "import asyncio\nfrom b import work\nasync def main():\n    work()\n");
  write_text("b.py", work.data);
  Workspace *workspace = open_folder();
  WorkspaceResult result;
  workspace_lint(workspace, path_of("a.py"), support_arena(), &result);
  assert_int_equal(result.findings.count, 1);
  uint64_t identity = result.identity;
  assert_true(workspace_is_current(workspace, path_of("a.py"), identity));
  assert_false(workspace_is_current(workspace, path_of("a.py"), identity + 1));
  workspace_open(workspace, path_of("b.py"), work);
  workspace_edit(workspace, path_of("b.py"), (Span){ work.len, work.len }, STR("# the end\n"));
  assert_true(workspace_is_current(workspace, path_of("a.py"), identity));
  workspace_edit(workspace, path_of("b.py"), (Span){ 15, 21 }, STR(""));
  assert_false(workspace_is_current(workspace, path_of("a.py"), identity));
  workspace_lint(workspace, path_of("a.py"), support_arena(), &result);
  assert_int_equal(result.findings.count, 0);
  workspace_free(workspace);
}

static void what_nobody_wants_is_stopped_and_leaves_no_trace(void **state) {
  (void)state;
  Workspace *workspace = open_folder();
  atomic_bool is_unwanted = true, is_ending = false;
  workspace_watch(workspace, &is_unwanted, &is_ending);
  workspace_open(workspace, path_of("stopped.py"), STR(FORGOTTEN));
  WorkspaceResult result;
  workspace_lint(workspace, path_of("stopped.py"), support_arena(), &result);
  assert_true(result.was_stopped);
  assert_false(workspace_is_current(workspace, path_of("stopped.py"), 1));
  is_unwanted = false;
  assert_true(linted(workspace, "stopped.py").len > 0);
  is_ending = true;
  Strs paths = { 0 };
  assert_false(workspace_files(workspace, support_arena(), &paths));
  workspace_lint(workspace, path_of("stopped.py"), support_arena(), &result);
  assert_true(result.was_stopped);
  workspace_free(workspace);
}

static void files_that_come_and_go_on_disk_are_noticed(void **state) {
  (void)state;
  write_text("a.py", "import asyncio\nfrom b import work\nasync def main():\n    work()\n");
  Workspace *workspace = open_folder();
  assert_int_equal(linted(workspace, "a.py").len, 0);
  write_text("b.py", "import asyncio\nasync def work():\n    await asyncio.sleep(1)\n");
  assert_true(workspace_touched(workspace, path_of("b.py")));
  assert_true(linted(workspace, "a.py").len > 0);
  write_text("awry.toml", "ignore = [\"ALL\"]\n");
  assert_true(workspace_touched(workspace, path_of("awry.toml")));
  assert_int_equal(linted(workspace, "a.py").len, 0);
  write_text("notes.txt", "");
  assert_false(workspace_touched(workspace, path_of("notes.txt")));
  workspace_free(workspace);
}

// Arenas that are used again keep up to a few megabytes, so they grow at first.
static void edits_leave_no_memory_behind(void **state) {
  (void)state;
  write_text("b.py", LINES[5]);
  write_text("c.py", LINES[12]);
  Workspace *workspace = open_folder();
  workspace_open(workspace, path_of("a.py"), STR("import asyncio\nfrom b import work\n"));
  Arena *arena = arena_new();
  size_t most_at_first = 0, most = 0;
  random_state = 7;
  for (int step = 0; step < 10000; step++) {
    uint32_t len = workspace_document(workspace, path_of("a.py"))->text.len;
    Str line = str_from(LINES[random_below(sizeof LINES / sizeof *LINES)]);
    bool is_full = len > 2000;
    Span span = { is_full ? 30 : len, len };
    assert_true(workspace_edit(workspace, path_of("a.py"), span, is_full ? STR("") : line));
    WorkspaceResult result;
    workspace_lint(workspace, path_of("a.py"), arena, &result);
    arena_reset(arena);
    size_t bytes = workspace_bytes(workspace);
    if (step < 2000 && bytes > most_at_first) most_at_first = bytes;
    if (bytes > most) most = bytes;
  }
  assert_true(most <= most_at_first + most_at_first / 4);
  arena_free(arena);
  workspace_free(workspace);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(
      a_baseline_that_settings_name_is_left_out, make_folder, remove_folder
    ),
    cmocka_unit_test_setup_teardown(what_is_open_stands_for_the_file, make_folder, remove_folder),
    cmocka_unit_test_setup_teardown(an_edit_replaces_bytes, make_folder, remove_folder),
    cmocka_unit_test_setup_teardown(
      findings_depend_on_other_open_documents, make_folder, remove_folder
    ),
    cmocka_unit_test_setup_teardown(
      cells_of_an_open_notebook_are_linted, make_folder, remove_folder
    ),
    cmocka_unit_test_setup_teardown(settings_of_the_editor_count, make_folder, remove_folder),
    cmocka_unit_test_setup_teardown(excluded_files_have_no_findings, make_folder, remove_folder),
    cmocka_unit_test_setup_teardown(
      what_is_wrong_with_settings_is_told, make_folder, remove_folder
    ),
    cmocka_unit_test_setup_teardown(
      all_files_are_linted_unless_it_is_cancelled, make_folder, remove_folder
    ),
    cmocka_unit_test_setup_teardown(
      an_edited_workspace_says_what_a_new_one_says, make_folder, remove_folder
    ),
    cmocka_unit_test_setup_teardown(
      a_result_is_current_until_something_changes_for_the_file, make_folder, remove_folder
    ),
    cmocka_unit_test_setup_teardown(
      files_that_come_and_go_on_disk_are_noticed, make_folder, remove_folder
    ),
    cmocka_unit_test_setup_teardown(
      what_nobody_wants_is_stopped_and_leaves_no_trace, make_folder, remove_folder
    ),
    cmocka_unit_test_setup_teardown(edits_leave_no_memory_behind, make_folder, remove_folder),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
