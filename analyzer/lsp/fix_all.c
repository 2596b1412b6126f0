#include "lsp/fix_all.h"

#include "lint/apply.h"
#include "project/workspace.h"

static bool is_line_end(Str text, uint32_t offset) {
  return offset == 0 || text.data[offset - 1] == '\n';
}

// One edit of whole lines that makes the new text of the old one.
static Edit difference(Str before, Str after) {
  uint32_t shorter = before.len < after.len ? before.len : after.len;
  uint32_t start = 0, end = 0; // how much is the same, at both ends
  while (start < shorter && before.data[start] == after.data[start]) start++;
  while (!is_line_end(before, start)) start--;
  while (end < shorter - start &&
         before.data[before.len - end - 1] == after.data[after.len - end - 1])
    end++;
  while (end > 0 && !is_line_end(before, before.len - end)) end--;
  return (Edit){
    .span = { start, before.len - end },
    .text = str_slice(after, start, after.len - end),
  };
}

// What a document holds: its cells, or one text.
typedef struct {
  WorkspaceCell *cells;
  uint32_t count;
} Content;

static Content content_of(Arena *arena, const Buffer *buffer, const Source *source) {
  Content content = { .count = buffer->cells.count };
  content.cells = arena_array(arena, WorkspaceCell, content.count + 1);
  content.cells[0].text = str_copy(arena, source->text);
  for (uint32_t i = 0; i < content.count; i++) content.cells[i] = buffer->cells.items[i].content;
  return content;
}

static void show(Workspace *workspace, Str path, const Content *content) {
  if (content->count == 0) workspace_open(workspace, path, content->cells[0].text);
  else workspace_open_notebook(workspace, path, content->cells, content->count);
}

// The texts that the source is made of, one after the other: which of the content, and where it stands.
typedef struct {
  uint32_t index, start, end;
} Part;

static uint32_t part_count(const Source *source) {
  return source->cell_count > 0 ? source->cell_count : 1;
}

static Part part_at(const Source *source, uint32_t i) {
  bool is_last = i + 1 == part_count(source);
  Part part = { .end = source->text.len };
  if (source->cell_count == 0) return part;
  part.index = source->cells[i].number - 1;
  part.start = source->line_starts[source->cells[i].first_line - 1];
  if (!is_last) part.end = source->line_starts[source->cells[i + 1].first_line - 1];
  return part;
}

static uint32_t at_most(uint32_t offset, uint32_t most) { return offset < most ? offset : most; }

// The content with the edits made, each in the text that it begins in. Requires: sorted.
static Content
edit_content(Arena *arena, const Content *content, const Source *source, const Edits *edits) {
  Content edited = { .count = content->count };
  edited.cells = arena_array(arena, WorkspaceCell, content->count + 1);
  for (uint32_t i = 0; i < content->count || i == 0; i++) edited.cells[i] = content->cells[i];
  uint32_t next = 0;
  for (uint32_t i = 0; i < part_count(source); i++) {
    Part part = part_at(source, i);
    bool is_last = i + 1 == part_count(source);
    WorkspaceCell *cell = &edited.cells[part.index];
    Edits own = { 0 };
    for (; next < edits->count && (is_last || edits->items[next].span.start < part.end); next++) {
      Edit edit = edits->items[next];
      edit.span.start = at_most(edit.span.start - part.start, cell->text.len);
      edit.span.end = at_most(edit.span.end - part.start, cell->text.len);
      vec_push(arena, &own, edit);
    }
    if (own.count > 0) edits_apply(arena, cell->text, &own, &cell->text);
  }
  return edited;
}

static Edits
differences(Arena *arena, const Source *source, const Content *before, const Content *after) {
  Edits edits = { 0 };
  for (uint32_t i = 0; i < part_count(source); i++) {
    Part part = part_at(source, i);
    Str old = before->cells[part.index].text, new = after->cells[part.index].text;
    if (str_equal(old, new)) continue;
    Edit edit = difference(old, new);
    edit.span.start += part.start;
    edit.span.end += part.start;
    vec_push(arena, &edits, edit);
  }
  return edits;
}

static Edits copy_edits(Arena *arena, const Edits *edits) {
  Edits copy = { 0 };
  for (uint32_t i = 0; i < edits->count; i++) {
    const Edit *edit = &edits->items[i];
    vec_push(arena, &copy, (Edit){ .span = edit->span, .text = str_copy(arena, edit->text) });
  }
  return copy;
}

Edits fix_all(Server *server, Arena *arena, const Buffer *buffer, const Findings *findings) {
  Workspace *workspace = server->workspace;
  Str path = buffer->path;
  Source source = source_copy(arena, workspace_document(workspace, path));
  Content before = content_of(arena, buffer, &source), after = before;
  Fixed fixed = fixes_apply(arena, findings, FIX_SAFE, source.text);
  Edits edits = copy_edits(arena, &fixed.edits);
  if (fixed.count == 0) return edits;
  uint32_t rounds = 0;
  for (const Source *shown = &source; fixed.count > 0 && ++rounds < MOST_FIX_ROUNDS;) {
    after = edit_content(arena, &after, shown, &fixed.edits);
    show(workspace, path, &after);
    WorkspaceResult result;
    workspace_lint(workspace, path, arena, &result);
    shown = workspace_document(workspace, path);
    fixed = fixes_apply(arena, &result.findings, FIX_SAFE, shown->text);
  }
  show(workspace, path, &before);
  return rounds < 2 ? edits : differences(arena, &source, &before, &after);
}
