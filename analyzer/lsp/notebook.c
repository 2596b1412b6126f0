#include "lsp/notebook.h"

#include "lsp/place.h"
#include "lsp/publish.h"
#include "lsp/server.h"
#include "lsp/synchronize.h"
#include "lsp/uri.h"

// In the protocol's numbers.
enum { CELL_OF_CODE = 2 };

static bool is_faulty(const Call *call) { return call->params.reader->fault.len > 0; }

typedef struct {
  BufferCells cells;
  Map by_uri; // index into cells
} CellTexts;

static void add_text(Arena *arena, CellTexts *texts, const BufferCell *cell) {
  map_put(arena, &texts->by_uri, cell->text.uri, texts->cells.count);
  vec_push(arena, &texts->cells, *cell);
}

static BufferCell *find_text(const CellTexts *texts, Str uri) {
  uint32_t index;
  return map_get(&texts->by_uri, uri, &index) ? &texts->cells.items[index] : NULL;
}

// The texts of the cells as they are.
static CellTexts known_texts(Arena *arena, const Buffer *notebook) {
  CellTexts texts = { 0 };
  for (uint32_t i = 0; i < notebook->cells.count; i++)
    add_text(arena, &texts, &notebook->cells.items[i]);
  return texts;
}

static void add_opened(Call *call, CellTexts *texts, Param list) {
  for (uint32_t i = 0; i < param_count(list); i++) {
    Param item = param_item(list, i);
    BufferCell cell = {
      .text = { param_text(param(item, "uri")), param_integer(param(item, "version")) },
      .content = {
        .text = param_text(param(item, "text")),
        .is_python = str_is(param_text(param(item, "languageId")), "python"),
      },
    };
    cell.path = uri_path(call->arena, cell.text.uri, call->server->folder);
    add_text(call->arena, texts, &cell);
  }
}

// Adds the cells of a list; what is in them is in the texts.
static void add_cells(Call *call, BufferCells *cells, Param list, const CellTexts *texts) {
  for (uint32_t i = 0; i < param_count(list); i++) {
    Param item = param_item(list, i), document = param(item, "document");
    int64_t kind = param_integer(param(item, "kind"));
    const BufferCell *cell = find_text(texts, param_text(document));
    if (!cell) {
      param_blame(document, "this text is not open");
      return;
    }
    vec_push(call->arena, cells, *cell);
    if (kind != CELL_OF_CODE) vec_last(cells).content.is_python = false;
  }
}

// The cells may be made of what the notebook had: from here on only its own are there.
static void show(Server *server, Buffer *notebook, const BufferCells *cells) {
  buffer_set_cells(&server->buffers, notebook, cells);
  const BufferCells *own = &notebook->cells;
  WorkspaceCell *contents = arena_array(server->message, WorkspaceCell, own->count + 1);
  for (uint32_t i = 0; i < own->count; i++) contents[i] = own->items[i].content;
  workspace_open_notebook(server->workspace, notebook->path, contents, own->count);
  publish_later(server);
}

json_t *handle_notebook_did_open(Call *call) {
  Server *server = call->server;
  Param document = param(call->params, "notebookDocument");
  Str uri = param_text(param(document, "uri"));
  int64_t version = param_integer(param(document, "version"));
  CellTexts texts = { 0 };
  BufferCells cells = { 0 };
  add_opened(call, &texts, param(call->params, "cellTextDocuments"));
  add_cells(call, &cells, param(document, "cells"), &texts);
  if (is_faulty(call)) return NULL;
  Str path = uri_path(call->arena, uri, server->folder);
  show(server, buffer_open(&server->buffers, uri, path, version), &cells);
  return NULL;
}

// --- changes -------------------------------------------------------------------------------------

// Cells that are added, removed or moved.
static void change_structure(Call *call, BufferCells *cells, CellTexts *texts, Param structure) {
  add_opened(call, texts, param_optional(structure, "didOpen"));
  Param splice = param(structure, "array");
  uint32_t start = param_number(param(splice, "start"));
  uint32_t removed = param_number(param(splice, "deleteCount"));
  if (is_faulty(call)) return;
  if (start > cells->count || removed > cells->count - start) {
    param_blame(splice, "lies outside of the notebook");
    return;
  }
  BufferCells changed = { 0 };
  for (uint32_t i = 0; i < start; i++) vec_push(call->arena, &changed, cells->items[i]);
  add_cells(call, &changed, param_optional(splice, "cells"), texts);
  for (uint32_t i = start + removed; i < cells->count; i++)
    vec_push(call->arena, &changed, cells->items[i]);
  *cells = changed;
}

static void publish_closed(Call *call, Param list) {
  for (uint32_t i = 0; i < param_count(list); i++)
    publish_nothing_for(call->server, param_text(param(param_item(list, i), "uri")));
}

static Str changed_text(Call *call, Str text, Param change) {
  Str added = param_text(param(change, "text"));
  Param range = param_optional(change, "range");
  if (is_faulty(call) || !param_is_there(range)) return added;
  Source source = source_build(call->arena, STR_EMPTY, text);
  Ruler ruler = { &source, call->server->client.encoding, true };
  Edits edits = { 0 };
  Edit edit = { .text = added };
  Str changed = STR_EMPTY;
  bool is_there = read_span(&ruler, range, &edit.span);
  vec_push(call->arena, &edits, edit);
  if (!is_there || !edits_apply(call->arena, text, &edits, &changed))
    param_blame(range, "lies outside of the cell");
  return changed;
}

static void change_texts(Call *call, BufferCells *cells, Param list) {
  Map by_uri = { 0 };
  for (uint32_t i = 0; i < cells->count; i++)
    map_put(call->arena, &by_uri, cells->items[i].text.uri, i);
  for (uint32_t i = 0; i < param_count(list); i++) {
    Param item = param_item(list, i), document = param(item, "document");
    uint32_t index;
    if (!map_get(&by_uri, param_text(param(document, "uri")), &index)) {
      param_blame(document, "is no cell of the notebook");
      return;
    }
    BufferCell *cell = &cells->items[index];
    cell->text.version = param_integer(param(document, "version"));
    Param changes = param(item, "changes");
    for (uint32_t k = 0; k < param_count(changes) && !is_faulty(call); k++)
      cell->content.text = changed_text(call, cell->content.text, param_item(changes, k));
  }
}

static Buffer *open_notebook(Call *call, Param identifier) {
  Str uri = param_text(param(identifier, "uri"));
  if (is_faulty(call)) return NULL;
  Buffer *notebook = server_buffer(call->server, uri, call->arena);
  if (!notebook) call_fail(call, CODE_INVALID_PARAMS, "the notebook is not open");
  return notebook;
}

json_t *handle_notebook_did_change(Call *call) {
  Server *server = call->server;
  Param identifier = param(call->params, "notebookDocument");
  Buffer *notebook = open_notebook(call, identifier);
  if (!notebook) return NULL;
  notebook->version = param_integer(param(identifier, "version"));
  Param change = param_optional(param(call->params, "change"), "cells");
  Param structure = param_optional(change, "structure");
  notebook->is_told = false;
  CellTexts texts = known_texts(call->arena, notebook);
  BufferCells cells = texts.cells;
  if (param_is_there(structure)) change_structure(call, &cells, &texts, structure);
  change_texts(call, &cells, param_optional(change, "textContent"));
  if (is_faulty(call)) return lose_buffer(call, notebook);
  publish_closed(call, param_optional(structure, "didClose"));
  if (!notebook->is_out_of_sync) show(server, notebook, &cells);
  return NULL;
}

json_t *handle_notebook_did_save(Call *call) {
  Buffer *notebook = open_notebook(call, param(call->params, "notebookDocument"));
  if (notebook && workspace_touched(call->server->workspace, notebook->path))
    publish_later(call->server);
  return NULL;
}

json_t *handle_notebook_did_close(Call *call) {
  Buffer *notebook = open_notebook(call, param(call->params, "notebookDocument"));
  return notebook ? leave_buffer(call, notebook) : NULL;
}
