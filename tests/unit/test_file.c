#include "base/file.h"

#include "base/path.h"
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

// Each test has an empty folder of its own.
typedef struct {
  Arena *arena;
  char folder[32];
} Sandbox;

static int make_sandbox(void **state) {
  Arena *arena = arena_new();
  Sandbox *sandbox = arena_make(arena, Sandbox);
  sandbox->arena = arena;
  memcpy(sandbox->folder, "/tmp/awry-file-XXXXXX", sizeof "/tmp/awry-file-XXXXXX");
  *state = sandbox;
  return mkdtemp(sandbox->folder) == NULL;
}

static Str path_of(Sandbox *sandbox, const char *name) {
  return str_format(sandbox->arena, "%s/%s", sandbox->folder, name);
}

static int remove_sandbox(void **state) {
  Sandbox *sandbox = *state;
  FileEntries entries = { 0 };
  file_list(sandbox->arena, str_from(sandbox->folder), &entries);
  for (uint32_t i = 0; i < entries.count; i++)
    remove(path_of(sandbox, entries.items[i].name.data).data);
  int result = rmdir(sandbox->folder);
  arena_free(sandbox->arena);
  return result;
}

static Str write_file(Sandbox *sandbox, const char *name, Str text) {
  Str path = path_of(sandbox, name);
  int descriptor = open(path.data, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  assert_true(descriptor >= 0);
  assert_int_equal(write(descriptor, text.data, text.len), text.len);
  close(descriptor);
  return path;
}

static FileFault fault_of_reading(Sandbox *sandbox, Str path) {
  Str text = STR_EMPTY;
  return file_read(sandbox->arena, path, 100, &text);
}

static void reading_a_file(void **state) {
  Sandbox *sandbox = *state;
  Str text = STR_EMPTY;
  Str path = write_file(sandbox, "a.py", STR("a = 1\n"));
  assert_int_equal(file_read(sandbox->arena, path, 6, &text), FILE_OK);
  assert_str(text, "a = 1\n");
  assert_int_equal(file_read(sandbox->arena, path, 5, &text), FILE_TOO_LARGE);
  path = write_file(sandbox, "empty.py", STR_EMPTY);
  assert_int_equal(file_read(sandbox->arena, path, 0, &text), FILE_OK);
  assert_int_equal(text.len, 0);
}

static void what_is_no_file_is_named(void **state) {
  Sandbox *sandbox = *state;
  Str path = write_file(sandbox, "a.py", STR("a = 1\n"));
  assert_int_equal(fault_of_reading(sandbox, path_of(sandbox, "missing.py")), FILE_MISSING);
  assert_int_equal(fault_of_reading(sandbox, path_of(sandbox, "a.py/b.py")), FILE_MISSING);
  assert_int_equal(fault_of_reading(sandbox, STR_EMPTY), FILE_MISSING);
  assert_int_equal(fault_of_reading(sandbox, path_of(sandbox, "")), FILE_IS_DIRECTORY);
  assert_int_equal(fault_of_reading(sandbox, STR("/dev/zero")), FILE_NOT_REGULAR);
  Str longest = str_format(sandbox->arena, "/%05000d", 0);
  assert_int_equal(fault_of_reading(sandbox, longest), FILE_MISSING);
  // The system would see only the part before the NUL.
  Str with_nul = str_format(sandbox->arena, "%s%c.py", path.data, 0);
  assert_int_equal(fault_of_reading(sandbox, with_nul), FILE_MISSING);
}

static void a_fifo_does_not_block(void **state) {
  Sandbox *sandbox = *state;
  Str path = path_of(sandbox, "fifo.py");
  assert_int_equal(mkfifo(path.data, 0600), 0);
  assert_int_equal(fault_of_reading(sandbox, path), FILE_NOT_REGULAR);
  assert_int_equal(file_replace(sandbox->arena, path, STR("x")), FILE_NOT_REGULAR);
}

static void links_that_lead_nowhere(void **state) {
  Sandbox *sandbox = *state;
  Str loop = path_of(sandbox, "loop.py"), dangling = path_of(sandbox, "dangling.py");
  assert_int_equal(symlink("loop.py", loop.data), 0);
  assert_int_equal(symlink("missing.py", dangling.data), 0);
  assert_int_equal(fault_of_reading(sandbox, loop), FILE_LINK_LOOP);
  assert_int_equal(fault_of_reading(sandbox, dangling), FILE_MISSING);
}

static void a_file_without_permission_is_denied(void **state) {
  Sandbox *sandbox = *state;
  Str path = write_file(sandbox, "secret.py", STR("a"));
  assert_int_equal(chmod(path.data, 0), 0);
  uid_t user = geteuid();
  if (user == 0 && seteuid(65534) != 0) skip(); // root may read everything
  FileFault fault = fault_of_reading(sandbox, path);
  assert_int_equal(seteuid(user), 0);
  assert_int_equal(fault, FILE_DENIED);
}

static void a_size_that_lies_is_a_change(void **state) {
  Sandbox *sandbox = *state;
  // A regular file of 0 bytes that has some when it is read.
  assert_int_equal(fault_of_reading(sandbox, STR("/proc/self/status")), FILE_CHANGED);
}

static void reading_a_pipe_to_its_end(void **state) {
  Sandbox *sandbox = *state;
  int ends[2];
  Str text = STR_EMPTY;
  assert_int_equal(pipe(ends), 0);
  assert_int_equal(write(ends[1], "abc", 3), 3);
  close(ends[1]);
  assert_int_equal(file_read_descriptor(sandbox->arena, ends[0], 3, &text), FILE_OK);
  assert_str(text, "abc");
  close(ends[0]);
  int zero = open("/dev/zero", O_RDONLY);
  assert_int_equal(file_read_descriptor(sandbox->arena, zero, 1 << 20, &text), FILE_TOO_LARGE);
  close(zero);
}

static void replacing_keeps_mode_and_link(void **state) {
  Sandbox *sandbox = *state;
  Str path = write_file(sandbox, "a.py", STR("old")), link = path_of(sandbox, "link.py"), text;
  struct stat status;
  assert_int_equal(chmod(path.data, 0751), 0);
  assert_int_equal(symlink("a.py", link.data), 0);
  assert_int_equal(file_replace(sandbox->arena, link, STR("new text")), FILE_OK);
  assert_int_equal(file_read(sandbox->arena, path, 100, &text), FILE_OK);
  assert_str(text, "new text");
  assert_int_equal(stat(path.data, &status), 0);
  assert_int_equal(status.st_mode & 07777, 0751);
  assert_int_equal(lstat(link.data, &status), 0);
  assert_true(S_ISLNK(status.st_mode));
  FileEntries entries = { 0 };
  assert_int_equal(file_list(sandbox->arena, str_from(sandbox->folder), &entries), FILE_OK);
  assert_int_equal(entries.count, 2); // nothing temporary is left
}

static void replacing_what_cannot_be_replaced(void **state) {
  Sandbox *sandbox = *state;
  Str missing = path_of(sandbox, "missing.py");
  assert_int_equal(file_replace(sandbox->arena, missing, STR("x")), FILE_MISSING);
  assert_int_equal(file_replace(sandbox->arena, path_of(sandbox, ""), STR("x")), FILE_IS_DIRECTORY);
}

static void listing_a_folder_in_order(void **state) {
  Sandbox *sandbox = *state;
  FileEntries entries = { 0 };
  write_file(sandbox, "b.py", STR("b"));
  write_file(sandbox, "B.py", STR("B"));
  assert_int_equal(mkdir(path_of(sandbox, "a").data, 0755), 0);
  assert_int_equal(symlink("a", path_of(sandbox, "c").data), 0);
  assert_int_equal(symlink("missing", path_of(sandbox, "d").data), 0);
  assert_int_equal(file_list(sandbox->arena, str_from(sandbox->folder), &entries), FILE_OK);
  const FileEntry expected[] = {
    { STR("B.py"), FILE_KIND_REGULAR, false }, { STR("a"), FILE_KIND_DIRECTORY, false },
    { STR("b.py"), FILE_KIND_REGULAR, false }, { STR("c"), FILE_KIND_DIRECTORY, true },
    { STR("d"), FILE_KIND_OTHER, true },
  };
  assert_int_equal(entries.count, 5);
  for (uint32_t i = 0; i < 5; i++) {
    assert_str(entries.items[i].name, expected[i].name.data);
    assert_int_equal(entries.items[i].kind, expected[i].kind);
    assert_int_equal(entries.items[i].is_link, expected[i].is_link);
  }
}

static void listing_what_is_no_folder(void **state) {
  Sandbox *sandbox = *state;
  FileEntries entries = { 0 };
  Str file = write_file(sandbox, "a.py", STR("a"));
  assert_int_equal(file_list(sandbox->arena, file, &entries), FILE_NOT_DIRECTORY);
  Str missing = path_of(sandbox, "missing");
  assert_int_equal(file_list(sandbox->arena, missing, &entries), FILE_MISSING);
}

static void one_file_by_two_names(void **state) {
  Sandbox *sandbox = *state;
  FileFacts file, link, other;
  Str path = write_file(sandbox, "a.py", STR("abc"));
  assert_int_equal(symlink("a.py", path_of(sandbox, "link.py").data), 0);
  write_file(sandbox, "other.py", STR("abc"));
  assert_int_equal(file_facts(path, &file), FILE_OK);
  assert_int_equal(file_facts(path_of(sandbox, "link.py"), &link), FILE_OK);
  assert_int_equal(file_facts(path_of(sandbox, "other.py"), &other), FILE_OK);
  assert_int_equal(file.kind, FILE_KIND_REGULAR);
  assert_int_equal(file.size, 3);
  assert_true(file.device == link.device && file.number == link.number);
  assert_true(file.number != other.number);
}

static void every_fault_has_a_text(void **state) {
  (void)state;
  for (int fault = FILE_OK; fault <= FILE_NOT_WRITTEN; fault++)
    assert_true(strlen(file_fault_text((FileFault)fault)) > 5);
}

static void the_current_directory_is_absolute(void **state) {
  Sandbox *sandbox = *state;
  Str folder = STR_EMPTY;
  assert_int_equal(file_current_directory(sandbox->arena, &folder), FILE_OK);
  assert_true(path_is_absolute(folder));
}

#define in_sandbox(test) cmocka_unit_test_setup_teardown(test, make_sandbox, remove_sandbox)

int main(void) {
  const struct CMUnitTest tests[] = {
    in_sandbox(reading_a_file),
    in_sandbox(what_is_no_file_is_named),
    in_sandbox(a_fifo_does_not_block),
    in_sandbox(links_that_lead_nowhere),
    in_sandbox(a_file_without_permission_is_denied),
    in_sandbox(a_size_that_lies_is_a_change),
    in_sandbox(reading_a_pipe_to_its_end),
    in_sandbox(replacing_keeps_mode_and_link),
    in_sandbox(replacing_what_cannot_be_replaced),
    in_sandbox(listing_a_folder_in_order),
    in_sandbox(listing_what_is_no_folder),
    in_sandbox(one_file_by_two_names),
    in_sandbox(the_current_directory_is_absolute),
    cmocka_unit_test(every_fault_has_a_text),
  };
  return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
