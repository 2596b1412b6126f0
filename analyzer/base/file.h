#pragma once
/*
 * Files and folders as they are on disk. Nothing here prints or ends the program: whatever is wrong
 * with a file comes back as a FileFault.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

typedef enum {
  FILE_OK,
  FILE_MISSING,       /* nothing of that name, or a link to nothing */
  FILE_DENIED,        /* no permission */
  FILE_IS_DIRECTORY,  /* where a file is wanted */
  FILE_NOT_DIRECTORY, /* where a folder is wanted */
  FILE_NOT_REGULAR,   /* a FIFO, a socket, a device */
  FILE_LINK_LOOP,     /* links that lead to themselves */
  FILE_TOO_LARGE,
  FILE_CHANGED,  /* written to while it was read */
  FILE_NOT_READ, /* any other error of the system */
  FILE_NOT_WRITTEN,
} FileFault;

/* For people, to stand behind the file's name: "does not exist". */
const char *file_fault_text(FileFault fault);

typedef enum { FILE_KIND_REGULAR, FILE_KIND_DIRECTORY, FILE_KIND_OTHER } FileKind;

/* Links are followed. Two paths name the same file if device and number are equal. */
typedef struct {
  FileKind kind;
  uint64_t device, number;
  uint64_t size;    /* bytes */
  int64_t modified; /* nanoseconds since 1970 */
} FileFacts;

FileFault file_facts(Str path, FileFacts *facts);

/* Reads a regular file of at most `limit` bytes; never blocks on anything else. */
FileFault file_read(Arena *arena, Str path, uint32_t limit, Str *text);

/* Reads an open descriptor, such as standard input, to its end. */
FileFault file_read_descriptor(Arena *arena, int descriptor, uint32_t limit, Str *text);

/* Puts text in the place of an existing file in one step, keeping its permissions: others see the
   old content or the new one, never a part. A link stays a link, what it leads to is replaced. */
FileFault file_replace(Arena *arena, Str path, Str text);

/* Puts text into a file in one step, whether it exists or not: others see the old content, the new
   one, or no file. What it is put beside for a moment has a name that begins with
   FILE_TEMPORARY. It is not forced to the disk: after a power cut it may be damaged. */
FileFault file_put(Arena *arena, Str path, Str text);

#define FILE_TEMPORARY STR(".awry-")

/* Makes a folder, in one that exists. True if it is there now. */
bool folder_make(Arena *arena, Str path);

/* Removes a file, or a folder with nothing in it. */
FileFault file_remove(Arena *arena, Str path);

typedef struct {
  Str name;
  FileKind kind; /* of what a link leads to; FILE_KIND_OTHER for a link to nothing */
  bool is_link;
} FileEntry;

typedef Vec(FileEntry) FileEntries;

/* Adds what the folder holds, without "." and "..", sorted by name. */
FileFault file_list(Arena *arena, Str folder, FileEntries *entries);

/* True if there is anything of that name in the folder, or a link to something. */
bool folder_holds(Arena *arena, Str folder, const char *name);

/* Where the path leads when all links in it are followed. */
FileFault file_real_path(Arena *arena, Str path, Str *real);

FileFault file_current_directory(Arena *arena, Str *path);
