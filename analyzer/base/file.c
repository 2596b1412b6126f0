#include "base/file.h"

#include "base/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const FAULT_TEXTS[] = {
  [FILE_OK] = "is fine",
  [FILE_MISSING] = "does not exist",
  [FILE_DENIED] = "cannot be opened: permission denied",
  [FILE_IS_DIRECTORY] = "is a directory",
  [FILE_NOT_DIRECTORY] = "is not a directory",
  [FILE_NOT_REGULAR] = "is not a regular file",
  [FILE_LINK_LOOP] = "is a symbolic link that leads to itself",
  [FILE_TOO_LARGE] = "is too large",
  [FILE_CHANGED] = "changed while it was being read",
  [FILE_NOT_READ] = "cannot be read",
  [FILE_NOT_WRITTEN] = "cannot be written",
};
_Static_assert(sizeof FAULT_TEXTS / sizeof *FAULT_TEXTS == FILE_NOT_WRITTEN + 1, "one for each");

const char *file_fault_text(FileFault fault) { return FAULT_TEXTS[fault]; }

typedef struct {
  int number;
  FileFault fault;
} ErrorRow;

static const ErrorRow ERROR_ROWS[] = {
  { ENOENT, FILE_MISSING },      { ENOTDIR, FILE_MISSING }, { ENAMETOOLONG, FILE_MISSING },
  { EACCES, FILE_DENIED },       { EPERM, FILE_DENIED },    { EROFS, FILE_DENIED },
  { EISDIR, FILE_IS_DIRECTORY }, { ELOOP, FILE_LINK_LOOP }, { ENXIO, FILE_NOT_REGULAR },
  { ENODEV, FILE_NOT_REGULAR },  { EFBIG, FILE_TOO_LARGE }, { EOVERFLOW, FILE_TOO_LARGE },
};

// What errno says, or `otherwise`.
static FileFault fault_of_errno(FileFault otherwise) {
  for (size_t i = 0; i < sizeof ERROR_ROWS / sizeof *ERROR_ROWS; i++)
    if (ERROR_ROWS[i].number == errno) return ERROR_ROWS[i].fault;
  return otherwise;
}

static FileKind kind_of_mode(mode_t mode) {
  if (S_ISREG(mode)) return FILE_KIND_REGULAR;
  return S_ISDIR(mode) ? FILE_KIND_DIRECTORY : FILE_KIND_OTHER;
}

static FileFacts facts_of_status(const struct stat *status) {
  return (FileFacts){
    .kind = kind_of_mode(status->st_mode),
    .device = (uint64_t)status->st_dev,
    .number = (uint64_t)status->st_ino,
    .size = (uint64_t)status->st_size,
    .modified = (int64_t)status->st_mtim.tv_sec * 1000000000 + status->st_mtim.tv_nsec,
  };
}

// The path for a system call; false if the system would see a shorter one.
static bool path_terminated(Str path, char terminated[static PATH_MAX]) {
  if (path.len >= PATH_MAX || path.len == 0 || memchr(path.data, '\0', path.len) != NULL)
    return false;
  memcpy(terminated, path.data, path.len);
  terminated[path.len] = '\0';
  return true;
}

FileFault file_facts(Str path, FileFacts *facts) {
  char terminated[PATH_MAX];
  struct stat status;
  if (!path_terminated(path, terminated)) return FILE_MISSING;
  if (stat(terminated, &status) != 0) return fault_of_errno(FILE_NOT_READ);
  *facts = facts_of_status(&status);
  return FILE_OK;
}

// Reads until `size` bytes are there or the file ends.
static FileFault read_bytes(int descriptor, char *data, size_t size, size_t *len) {
  *len = 0;
  while (*len < size) {
    ssize_t got = read(descriptor, data + *len, size - *len);
    if (got == 0) break;
    if (got > 0) *len += (size_t)got;
    else if (errno != EINTR) return fault_of_errno(FILE_NOT_READ);
  }
  return FILE_OK;
}

static FileFault read_regular(Arena *arena, int descriptor, uint32_t limit, Str *text) {
  struct stat before, after;
  if (fstat(descriptor, &before) != 0) return fault_of_errno(FILE_NOT_READ);
  FileFacts facts = facts_of_status(&before);
  if (facts.kind == FILE_KIND_DIRECTORY) return FILE_IS_DIRECTORY;
  if (facts.kind != FILE_KIND_REGULAR) return FILE_NOT_REGULAR;
  if (facts.size > limit) return FILE_TOO_LARGE;

  size_t size = (size_t)facts.size, len;
  char *data = arena_alloc(arena, size + 1);
  // One byte more than there should be shows a file that grows.
  FileFault fault = read_bytes(descriptor, data, size + 1, &len);
  if (fault != FILE_OK) return fault;
  if (fstat(descriptor, &after) != 0) return fault_of_errno(FILE_NOT_READ);
  FileFacts later = facts_of_status(&after);
  if (len != size || later.size != facts.size || later.modified != facts.modified)
    return FILE_CHANGED;
  *text = (Str){ .data = data, .len = (uint32_t)len };
  return FILE_OK;
}

FileFault file_read(Arena *arena, Str path, uint32_t limit, Str *text) {
  char terminated[PATH_MAX];
  if (!path_terminated(path, terminated)) return FILE_MISSING;
  // Without O_NONBLOCK, opening a FIFO waits for somebody to write into it.
  int descriptor = open(terminated, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) return fault_of_errno(FILE_NOT_READ);
  FileFault fault = read_regular(arena, descriptor, limit, text);
  close(descriptor);
  return fault;
}

FileFault file_read_descriptor(Arena *arena, int descriptor, uint32_t limit, Str *text) {
  enum { PIECE = 64 << 10 };
  size_t capacity = 0, len = 0, got;
  char *data = NULL;
  do {
    if (capacity - len < PIECE) {
      size_t larger = capacity * 2 + PIECE;
      data = arena_grow(arena, data, capacity, larger);
      capacity = larger;
    }
    FileFault fault = read_bytes(descriptor, data + len, capacity - len, &got);
    if (fault != FILE_OK) return fault;
    len += got;
    if (len > limit) return FILE_TOO_LARGE;
  } while (got > 0);
  *text = (Str){ .data = data, .len = (uint32_t)len };
  return FILE_OK;
}

static bool write_bytes(int descriptor, Str text) {
  for (uint32_t done = 0; done < text.len;) {
    ssize_t written = write(descriptor, text.data + done, text.len - done);
    if (written >= 0) done += (uint32_t)written;
    else if (errno != EINTR) return false;
  }
  return true;
}

// Writes text into a new file beside the target and renames it; removes it if anything fails.
static FileFault replace_target(Arena *arena, const char *target, mode_t mode, Str text) {
  Str folder = path_parent(str_from(target));
  Str made = path_join(arena, folder, STR(".awry-XXXXXX"));
  char *temporary = arena_array(arena, char, made.len + 1);
  memcpy(temporary, made.data, made.len);
  int descriptor = mkstemp(temporary);
  if (descriptor < 0) return fault_of_errno(FILE_NOT_WRITTEN);
  bool is_written = write_bytes(descriptor, text) && fchmod(descriptor, mode & 07777) == 0 &&
    fsync(descriptor) == 0;
  FileFault fault = is_written ? FILE_OK : fault_of_errno(FILE_NOT_WRITTEN);
  if (close(descriptor) != 0 && fault == FILE_OK) fault = fault_of_errno(FILE_NOT_WRITTEN);
  if (fault == FILE_OK && rename(temporary, target) != 0) fault = fault_of_errno(FILE_NOT_WRITTEN);
  if (fault != FILE_OK) unlink(temporary);
  return fault;
}

FileFault file_replace(Arena *arena, Str path, Str text) {
  char terminated[PATH_MAX], target[PATH_MAX];
  struct stat status;
  if (!path_terminated(path, terminated)) return FILE_MISSING;
  if (realpath(terminated, target) == NULL) return fault_of_errno(FILE_NOT_WRITTEN);
  if (stat(target, &status) != 0) return fault_of_errno(FILE_NOT_WRITTEN);
  if (S_ISDIR(status.st_mode)) return FILE_IS_DIRECTORY;
  if (!S_ISREG(status.st_mode)) return FILE_NOT_REGULAR;
  // A rename would replace a write-protected file, which its owner does not expect.
  if (access(target, W_OK) != 0) return fault_of_errno(FILE_NOT_WRITTEN);
  return replace_target(arena, target, status.st_mode, text);
}

// Opens a new file in the folder: its mode is what the user's mask leaves of a new file's.
static int open_beside(Arena *arena, Str folder, const char **name) {
  enum { TRIES = 100 }; // others of this process's number may have been killed
  int descriptor = -1;
  for (int i = 0; i < TRIES && descriptor < 0; i++) {
    Str made = str_format(arena, "%.*s%ld-%d", STR_ARGS(FILE_TEMPORARY), (long)getpid(), i);
    *name = str_terminated(arena, path_join(arena, folder, made));
    descriptor = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno != EEXIST) break;
  }
  return descriptor;
}

FileFault file_put(Arena *arena, Str path, Str text) {
  char terminated[PATH_MAX];
  const char *temporary;
  if (!path_terminated(path, terminated)) return FILE_NOT_WRITTEN;
  int descriptor = open_beside(arena, path_parent(path), &temporary);
  if (descriptor < 0) return fault_of_errno(FILE_NOT_WRITTEN);
  FileFault fault = write_bytes(descriptor, text) ? FILE_OK : fault_of_errno(FILE_NOT_WRITTEN);
  if (close(descriptor) != 0 && fault == FILE_OK) fault = fault_of_errno(FILE_NOT_WRITTEN);
  if (fault == FILE_OK && rename(temporary, terminated) != 0)
    fault = fault_of_errno(FILE_NOT_WRITTEN);
  if (fault != FILE_OK) unlink(temporary);
  return fault;
}

bool folder_make(Arena *arena, Str path) {
  FileFacts facts = { 0 };
  if (mkdir(str_terminated(arena, path), 0777) == 0) return true;
  return file_facts(path, &facts) == FILE_OK && facts.kind == FILE_KIND_DIRECTORY;
}

FileFault file_remove(Arena *arena, Str path) {
  return remove(str_terminated(arena, path)) == 0 ? FILE_OK : fault_of_errno(FILE_NOT_WRITTEN);
}

static int compare_entries(const void *a, const void *b) {
  return str_compare(((const FileEntry *)a)->name, ((const FileEntry *)b)->name);
}

// Most systems tell the kind together with the name, which saves a call for each entry.
static FileEntry entry_of(Arena *arena, int folder, const struct dirent *row) {
  FileEntry entry = { .name = str_copy(arena, str_from(row->d_name)), .kind = FILE_KIND_OTHER };
  if (row->d_type == DT_REG) entry.kind = FILE_KIND_REGULAR;
  if (row->d_type == DT_DIR) entry.kind = FILE_KIND_DIRECTORY;
  if (row->d_type != DT_UNKNOWN && row->d_type != DT_LNK) return entry;
  struct stat status;
  if (fstatat(folder, row->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) return entry;
  entry.is_link = S_ISLNK(status.st_mode);
  if (entry.is_link && fstatat(folder, row->d_name, &status, 0) != 0) return entry;
  entry.kind = kind_of_mode(status.st_mode);
  return entry;
}

FileFault file_list(Arena *arena, Str folder, FileEntries *entries) {
  char terminated[PATH_MAX];
  if (!path_terminated(folder, terminated)) return FILE_MISSING;
  DIR *directory = opendir(terminated);
  if (directory == NULL)
    return errno == ENOTDIR ? FILE_NOT_DIRECTORY : fault_of_errno(FILE_NOT_READ);
  uint32_t first = entries->count;
  struct dirent *row;
  while ((errno = 0, row = readdir(directory)) != NULL) {
    if (strcmp(row->d_name, ".") == 0 || strcmp(row->d_name, "..") == 0) continue;
    vec_push(arena, entries, entry_of(arena, dirfd(directory), row));
  }
  FileFault fault = errno == 0 ? FILE_OK : fault_of_errno(FILE_NOT_READ);
  closedir(directory);
  if (entries->count > first)
    qsort(entries->items + first, entries->count - first, sizeof *entries->items, compare_entries);
  return fault;
}

bool folder_holds(Arena *arena, Str folder, const char *name) {
  FileFacts facts;
  return file_facts(path_join(arena, folder, str_from(name)), &facts) == FILE_OK;
}

FileFault file_real_path(Arena *arena, Str path, Str *real) {
  char terminated[PATH_MAX], target[PATH_MAX];
  if (!path_terminated(path, terminated)) return FILE_MISSING;
  if (realpath(terminated, target) == NULL) return fault_of_errno(FILE_NOT_READ);
  *real = str_copy(arena, str_from(target));
  return FILE_OK;
}

FileFault file_current_directory(Arena *arena, Str *path) {
  char folder[PATH_MAX];
  if (getcwd(folder, sizeof folder) == NULL) return fault_of_errno(FILE_NOT_READ);
  *path = str_copy(arena, str_from(folder));
  return FILE_OK;
}
