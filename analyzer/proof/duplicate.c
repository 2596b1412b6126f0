#include "proof/duplicate.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "base/strs.h"

/* What is more is no project, but somebody's home. */
enum { MAX_FILES = 20000, MAX_BYTES = 256 << 20 };

typedef struct {
  Arena *arena;
  Strs from, to; /* folders still to be copied, and where to */
  uint32_t files;
  uint64_t bytes;
} Copying;

static bool is_left_out(Str name) {
  static const char *const names[] = { ".git",        ".hg",         "__pycache__", ".tox",
                                       ".nox",        ".mypy_cache", ".ruff_cache", ".pytest_cache",
                                       ".hypothesis", ".eggs" };
  return STR_IN(name, names);
}

static bool is_environment(Arena *arena, Str folder) {
  FileFacts facts;
  if (str_is(path_name(folder), "node_modules")) return true;
  return file_facts(path_join(arena, folder, STR("pyvenv.cfg")), &facts) == FILE_OK;
}

static bool copy_bytes(int from, int to, uint64_t *copied) {
  char bytes[1 << 16];
  for (;;) {
    ssize_t len = read(from, bytes, sizeof(bytes));
    if (len == 0) return true;
    if (len < 0 || write(to, bytes, (size_t)len) != len) return false;
    *copied += (uint64_t)len;
    if (*copied > MAX_BYTES) return false;
  }
}

static bool copy_file(Copying *copying, Str from, Str to) {
  struct stat facts;
  int source = open(str_terminated(copying->arena, from), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (source < 0) return errno == EACCES; /* what the user cannot read, his program cannot either */
  bool is_good = fstat(source, &facts) == 0;
  int copy = is_good ? open(
                         str_terminated(copying->arena, to),
                         O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                         (facts.st_mode & 0777) | 0600
                       )
                     : -1;
  is_good = copy >= 0 && copy_bytes(source, copy, &copying->bytes);
  if (copy >= 0) is_good = close(copy) == 0 && is_good;
  close(source);
  return is_good && ++copying->files <= MAX_FILES;
}

static bool copy_link(Arena *arena, Str from, Str to) {
  char target[4096];
  ssize_t len = readlink(str_terminated(arena, from), target, sizeof(target) - 1);
  if (len < 0) return false;
  target[len] = '\0';
  return symlink(target, str_terminated(arena, to)) == 0;
}

static bool copy_entry(Copying *copying, const FileEntry *entry, Str from, Str to) {
  Arena *arena = copying->arena;
  if (is_left_out(entry->name)) return true;
  if (entry->is_link) return copy_link(arena, from, to);
  if (entry->kind == FILE_KIND_REGULAR) return copy_file(copying, from, to);
  if (entry->kind != FILE_KIND_DIRECTORY) return true;
  if (is_environment(arena, from)) {
    return symlink(str_terminated(arena, from), str_terminated(arena, to)) == 0;
  }
  vec_push(arena, &copying->from, from);
  vec_push(arena, &copying->to, to);
  return mkdir(str_terminated(arena, to), 0700) == 0;
}

bool folder_copy(Arena *arena, Str from, Str to, Str *message) {
  Copying copying = { .arena = arena };
  vec_push(arena, &copying.from, from);
  vec_push(arena, &copying.to, to);
  bool is_good = true;
  for (uint32_t i = 0; is_good && i < copying.from.count; i++) {
    FileEntries entries = { 0 };
    Str folder = copying.from.items[i], copy = copying.to.items[i];
    if (path_is_inside(to, folder) && i > 0) continue; /* the copy itself */
    if (file_list(arena, folder, &entries) != FILE_OK) continue;
    for (uint32_t k = 0; is_good && k < entries.count; k++) {
      Str name = entries.items[k].name, source = path_join(arena, folder, name);
      if (path_is_inside(to, source)) continue;
      is_good = copy_entry(&copying, &entries.items[k], source, path_join(arena, copy, name));
    }
  }
  bool is_much = copying.files > MAX_FILES || copying.bytes > MAX_BYTES;
  *message = str_format(
    arena,
    is_much ? "the folder %.*s holds too much to be copied" : "the folder %.*s cannot be copied",
    STR_ARGS(from)
  );
  return is_good;
}

void folder_remove(Arena *arena, Str folder) {
  Strs folders = { 0 };
  vec_push(arena, &folders, folder);
  for (uint32_t i = 0; i < folders.count; i++) {
    FileEntries entries = { 0 };
    chmod(str_terminated(arena, folders.items[i]), 0700);
    if (file_list(arena, folders.items[i], &entries) != FILE_OK) continue;
    for (uint32_t k = 0; k < entries.count; k++) {
      Str path = path_join(arena, folders.items[i], entries.items[k].name);
      bool is_folder = entries.items[k].kind == FILE_KIND_DIRECTORY && !entries.items[k].is_link;
      if (is_folder) vec_push(arena, &folders, path);
      else unlink(str_terminated(arena, path));
    }
  }
  while (folders.count > 0) rmdir(str_terminated(arena, folders.items[--folders.count]));
}
