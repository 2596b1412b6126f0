#include "project/source_text.h"

#include "base/file.h"
#include "project/notebook.h"

/* Where an offset lies in a text that need not be UTF-8: columns are bytes. */
static Position place_of(Str text, uint32_t offset) {
  uint32_t line = 1, start = 0;
  for (uint32_t i = 0; i < offset; i++) {
    if (text.data[i] != '\n') continue;
    line++;
    start = i + 1;
  }
  return (Position){ line, offset - start + 1 };
}

static bool is_readable(Str text, Problem *problem) {
  static const char *const faults[] = {
    [SOURCE_NOT_UTF8] = "is not UTF-8: there is a byte here that cannot be decoded",
    [SOURCE_UTF16] = "is UTF-16; Python sources are UTF-8",
    [SOURCE_NUL] = "holds a NUL byte, which Python does not accept in a source",
  };
  uint32_t offset = 0;
  SourceFault fault = source_fault(text, &offset);
  if (fault == SOURCE_OK) return true;
  problem->message = str_from(faults[fault]);
  if (fault != SOURCE_UTF16) problem->position = place_of(text, offset);
  return false;
}

static bool
read_notebook(Arena *arena, const SourceFile *file, SourceText *read, Problem *problem) {
  Cells cells = { 0 };
  NotebookFault fault;
  if (!notebook_read(arena, read->text, &cells, &fault)) {
    problem->message = str_from(fault.message);
    problem->position = place_of(read->text, fault.offset);
    return false;
  }
  read->source = source_build_notebook(arena, file->shown, &cells);
  read->text = read->source.text;
  return true;
}

/* The text as it stands there; false with the problem's message. */
static bool read_written(
  Arena *arena, const SourceFile *file, const Overlay *overlay, SourceText *read, Problem *problem
) {
  if (overlay) {
    read->written = overlay->source ? overlay->source->text : overlay->text;
    return true;
  }
  FileFault fault = file_read(arena, file->path, MAX_SOURCE_BYTES, &read->written);
  if (fault != FILE_OK) problem->message = str_from(file_fault_text(fault));
  return fault == FILE_OK;
}

bool source_text_read(
  Arena *arena, const SourceFile *file, const Overlays *overlays, SourceText *read, Problem *problem
) {
  *problem = (Problem){ .path = file->shown };
  *read = (SourceText){ 0 };
  const Overlay *overlay = overlays_find(overlays, file->path);
  if (!read_written(arena, file, overlay, read, problem)) return false;
  read->text = read->written;
  if (!is_readable(read->text, problem)) return false;
  if (overlay && overlay->source) {
    read->source = *overlay->source;
    read->source.path = file->shown;
    read->tree = overlay->tree && overlay->tree->count > 0 ? overlay->tree : NULL;
    read->is_built = true;
    return true;
  }
  read->is_built = is_notebook(file->path);
  return !read->is_built || read_notebook(arena, file, read, problem);
}

Source source_text_build(Arena *arena, const SourceFile *file, const SourceText *read) {
  return read->is_built ? read->source : source_build(arena, file->shown, read->text);
}
