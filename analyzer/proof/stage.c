#include "proof/stage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "proof/duplicate.h"

enum { MAX_WORDS = 64 << 10, MAX_LINE = 200, MAX_FILE_BYTES = 256 << 20 };

static Str folder_in(Arena *arena, Str folder, const char *name) {
  return path_join(arena, folder, str_from(name));
}

static bool make_folder(Arena *arena, Str path) {
  return mkdir(str_terminated(arena, path), 0700) == 0;
}

/* --- scratch ----------------------------------------------------------------------------------- */

bool scratch_open(Arena *arena, Scratch *scratch, Str *message) {
  const char *const places[] = { getenv("TMPDIR"), "/tmp", "/var/tmp" };
  for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
    if (!places[i] || places[i][0] != '/') continue;
    Str wanted = path_join(arena, str_from(places[i]), STR("awry-verify-XXXXXX"));
    char *template = (char *)str_terminated(arena, wanted);
    char *made = mkdtemp(template), *whole = made ? realpath(made, NULL) : NULL;
    if (!whole) continue;
    scratch->folder = str_copy(arena, str_from(whole));
    Str trial = folder_in(arena, scratch->folder, "trial");
    if (make_folder(arena, trial)) scratch->walls = walls_find(str_terminated(arena, trial));
    return true;
  }
  *message = str_format(arena, "there is no place for a scratch folder: %s", strerror(errno));
  return false;
}

void scratch_close(Arena *arena, const Scratch *scratch) { folder_remove(arena, scratch->folder); }

/* --- stages ------------------------------------------------------------------------------------ */

/* Options of mounts are separated by these. */
static bool can_be_option(Str path) {
  return !str_contains(path, STR(",")) && !str_contains(path, STR(":")) &&
    !str_contains(path, STR("\\"));
}

static bool copy_project(Arena *arena, Stage *stage, Str *message) {
  stage->seen = folder_in(arena, stage->folder, "project");
  stage->upper = stage->work = STR_EMPTY;
  return make_folder(arena, stage->seen) && folder_copy(arena, stage->root, stage->seen, message);
}

static bool open_output(Arena *arena, Stage *stage) {
  Str path = folder_in(arena, stage->folder, "output");
  stage->output = open(str_terminated(arena, path), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  return stage->output >= 0;
}

bool stage_open(Arena *arena, const Scratch *scratch, Str root, Stage *stage, Str *message) {
  Str folder = folder_in(arena, scratch->folder, "stage");
  *stage = (Stage){ .walls = scratch->walls,
                    .folder = folder,
                    .root = root,
                    .seen = root,
                    .upper = folder_in(arena, folder, "upper"),
                    .work = folder_in(arena, folder, "work"),
                    .output = -1 };
  *message = STR("its scratch folder cannot be made");
  const char *const names[] = { "upper", "work", "home", "temp", "checker" };
  bool is_made = make_folder(arena, folder);
  for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
    is_made = is_made && make_folder(arena, folder_in(arena, folder, names[i]));
  }
  if (!is_made || !open_output(arena, stage)) return false;
  bool is_coverable = scratch->walls.has_namespaces && can_be_option(folder) &&
    !path_is_inside(scratch->folder, root);
  return is_coverable || copy_project(arena, stage, message);
}

/* The folder that holds a file of the project as the program is to find it. */
static Str layer_of(const Stage *stage) {
  return stage->upper.len > 0 ? stage->upper : stage->seen;
}

static bool make_folders(Arena *arena, Str top, Str folder) {
  Str relative = path_relative(arena, folder, top), path = top;
  while (relative.len > 0 && !str_is(relative, ".")) {
    path = path_join(arena, path, str_next(&relative, '/'));
    if (!make_folder(arena, path) && errno != EEXIST) return false;
  }
  return true;
}

bool stage_put(Arena *arena, const Stage *stage, Str path, Str text) {
  Str layer = layer_of(stage);
  Str place = path_join(arena, layer, path_relative(arena, path, stage->root));
  struct stat facts = { .st_mode = 0600 };
  stat(str_terminated(arena, path), &facts);
  if (!make_folders(arena, layer, path_parent(place))) return false;
  const char *name = str_terminated(arena, place);
  unlink(name);
  int file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, facts.st_mode & 0777);
  if (file < 0) return false;
  bool is_written = write(file, text.data, text.len) == (ssize_t)text.len;
  return close(file) == 0 && is_written;
}

static Str moved(Arena *arena, Str path, Str from, Str to) {
  if (str_equal(from, to) || !path_is_inside(path, from)) return path;
  return path_normalise(arena, path_join(arena, to, path_relative(arena, path, from)));
}

Str stage_path(Arena *arena, const Stage *stage, Str path) {
  return moved(arena, path, stage->root, stage->seen);
}

Str stage_origin(Arena *arena, const Stage *stage, Str path) {
  return moved(arena, path, stage->seen, stage->root);
}

static void set(Arena *arena, Strs *environment, const char *name, Str value) {
  vec_push(arena, environment, str_format(arena, "%s=%.*s", name, STR_ARGS(value)));
}

/* What is looked for in the user's home stays where it is. */
static void keep_home(Arena *arena, Strs *environment, const char *name, const char *relative) {
  const char *home = getenv("HOME");
  if (!home || getenv(name)) return;
  set(arena, environment, name, path_join(arena, str_from(home), str_from(relative)));
}

Strs stage_environment(Arena *arena, const Stage *stage) {
  Strs environment = { 0 };
  Str home = folder_in(arena, stage->folder, "home");
  set(arena, &environment, "HOME", home);
  set(arena, &environment, "TMPDIR", folder_in(arena, stage->folder, "temp"));
  set(arena, &environment, "XDG_CACHE_HOME", folder_in(arena, home, ".cache"));
  set(arena, &environment, "PYTHONDONTWRITEBYTECODE", STR("1"));
  set(arena, &environment, "PYTHONHASHSEED", STR("0"));
  keep_home(arena, &environment, "PYTHONUSERBASE", ".local");
  keep_home(arena, &environment, "PYENV_ROOT", ".pyenv");
  return environment;
}

/* Half of what the machine has, within reason. */
static uint64_t memory_bytes(void) {
  const uint64_t gigabyte = (uint64_t)1 << 30;
  uint64_t half = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE) / 2;
  if (half < 2 * gigabyte) return 2 * gigabyte;
  return half > 8 * gigabyte ? 8 * gigabyte : half;
}

static const char *option(Arena *arena, Str path) {
  return path.len > 0 ? str_terminated(arena, path) : NULL;
}

Containment stage_containment(
  Arena *arena, const Stage *stage, Str folder, uint32_t seconds, bool allows_network
) {
  Str inside = path_is_inside(folder, stage->root) ? folder : stage->root;
  return (Containment){
    .walls = stage->walls,
    .allows_network = allows_network,
    .cpu_seconds = seconds,
    .memory_bytes = memory_bytes(),
    .file_bytes = MAX_FILE_BYTES,
    .folder = str_terminated(arena, stage_path(arena, stage, inside)),
    .scratch = str_terminated(arena, stage->folder),
    .covered = stage->upper.len > 0 ? str_terminated(arena, stage->root) : NULL,
    .upper = option(arena, stage->upper),
    .work = option(arena, stage->work),
    .output = stage->output,
  };
}

Str stage_last_words(Arena *arena, const Stage *stage) {
  off_t end = lseek(stage->output, 0, SEEK_END);
  off_t start = end > MAX_WORDS ? end - MAX_WORDS : 0;
  char *bytes = arena_array(arena, char, MAX_WORDS);
  ssize_t len = end > 0 ? pread(stage->output, bytes, MAX_WORDS, start) : 0;
  Str text = str_trim((Str){ bytes, len > 0 ? (uint32_t)len : 0 });
  Str line = str_trim(str_after_last(text, '\n'));
  return line.len > MAX_LINE ? str_slice(line, 0, MAX_LINE) : line;
}

void stage_close(Arena *arena, Stage *stage) {
  if (stage->output >= 0) close(stage->output);
  stage->output = -1;
  folder_remove(arena, stage->folder);
}
