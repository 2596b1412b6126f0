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

static void replace_text(Workspace *workspace, Str path, Str before, Str after) {
  workspace_edit(workspace, path, (Span){ 0, before.len }, after);
}

static Edits copy_edits(Arena *arena, const Edits *edits) {
  Edits copy = { 0 };
  for (uint32_t i = 0; i < edits->count; i++) {
    const Edit *edit = &edits->items[i];
    vec_push(arena, &copy, (Edit){ .span = edit->span, .text = str_copy(arena, edit->text) });
  }
  return copy;
}

Edits fix_all(Server *server, Arena *arena, Str path, const Findings *findings) {
  Workspace *workspace = server->workspace;
  const Source *source = workspace_document(workspace, path);
  Str before = str_copy(arena, source->text), after = before;
  Fixed fixed = fixes_apply(arena, findings, FIX_SAFE, before);
  Edits edits = copy_edits(arena, &fixed.edits);
  if (source->cell_count > 0 || fixed.count == 0) return edits;
  uint32_t rounds = 0;
  while (fixed.count > 0 && ++rounds < MOST_FIX_ROUNDS) {
    Str text = str_copy(arena, fixed.text);
    replace_text(workspace, path, after, text);
    after = text;
    WorkspaceResult result;
    workspace_lint(workspace, path, arena, &result);
    fixed = fixes_apply(arena, &result.findings, FIX_SAFE, after);
  }
  replace_text(workspace, path, after, before);
  if (rounds < 2) return edits;
  edits.count = 0;
  vec_push(arena, &edits, difference(before, after));
  return edits;
}
