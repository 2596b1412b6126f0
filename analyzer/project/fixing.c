#include "project/fixing.h"

#include "base/file.h"
#include "lint/apply.h"

// The files that are fixed so far, and where each stands in them.
typedef struct {
  FixedFiles files;
  Map places; // path -> index into files
} Progress;

// Later fixes of a file start from what earlier ones made of it.
static void take_round(Arena *arena, Progress *progress, const FixedFiles *round) {
  for (uint32_t i = 0; i < round->count; i++) {
    const FixedFile *fixed = &round->items[i];
    uint32_t place;
    if (map_get(&progress->places, fixed->path, &place)) {
      progress->files.items[place].after = fixed->after;
      progress->files.items[place].count += fixed->count;
      continue;
    }
    map_put(arena, &progress->places, fixed->path, progress->files.count);
    vec_push(arena, &progress->files, *fixed);
  }
}

RunResult run_fixing(const RunRequest *request, Arena *arena) {
  RunRequest round = *request;
  Progress progress = { 0 };
  RunResult result = run_check(&round, arena);
  for (int i = 0; i < MOST_FIX_ROUNDS && result.fixed.count > 0; i++) {
    take_round(arena, &progress, &result.fixed);
    for (uint32_t k = 0; k < result.fixed.count; k++) {
      const FixedFile *fixed = &result.fixed.items[k];
      overlays_put(arena, &round.overlays, fixed->path, (Overlay){ .text = fixed->after });
    }
    result = run_check(&round, arena);
  }
  for (uint32_t i = 0; i < result.fixed.count; i++) {
    Str why = STR("still has fixes after as many rounds as awry makes, which is a fault of awry");
    Problem problem = { .path = result.fixed.items[i].shown, .message = why };
    vec_push(arena, &result.problems, problem);
  }
  result.fixed = progress.files;
  return result;
}

static bool write_one(Arena *arena, const FixedFile *file, Problems *problems) {
  Str now = STR_EMPTY;
  FileFault fault = file_read(arena, file->path, MAX_SOURCE_BYTES, &now);
  if (fault == FILE_OK && !str_equal(now, file->before)) fault = FILE_CHANGED;
  if (fault == FILE_OK) fault = file_replace(arena, file->path, file->after);
  if (fault == FILE_OK) return true;
  Str why = str_format(arena, "is not fixed: it %s", file_fault_text(fault));
  Problem problem = { .path = file->shown, .message = why };
  vec_push(arena, problems, problem);
  return false;
}

FixedFiles write_fixed(Arena *arena, const FixedFiles *files, Problems *problems) {
  FixedFiles written = { 0 };
  for (uint32_t i = 0; i < files->count; i++) {
    if (write_one(arena, &files->items[i], problems)) vec_push(arena, &written, files->items[i]);
  }
  return written;
}
