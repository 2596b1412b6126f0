#include "project/notebook.h"

#include "base/path.h"
#include "base/text.h"
#include "project/json_reader.h"
#include "python/magic.h"

enum { CURRENT_FORMAT = 4 };

/* What has been read of the whole. */
typedef struct {
  bool has_cells;
  bool is_old; /* before format 4 the cells were elsewhere */
  Str language;
  Cells *cells;
  uint32_t line, line_at; /* of the file, and the offset up to which its lines are counted */
} Notebook;

/* One cell as it stands there. */
typedef struct {
  Str type;
  Str text;
  Str language; /* its own, where the notebook's is another one */
  uint32_t place;
  CellParts parts;
} RawCell;

bool is_notebook(Str path) { return str_is(path_extension(path), "ipynb"); }

static bool is_python(Str language) {
  static const char *const names[] = { "", "python", "ipython", "python3" };
  return STR_IN(language, names);
}

/* The text of a member of the object that comes next, or the empty text; in lower case. */
static Str read_member(JsonReader *reader, const char *name) {
  Str found = STR_EMPTY;
  if (json_kind(reader) != JSON_OBJECT) {
    json_skip(reader);
    return found;
  }
  JsonList members = json_enter(reader);
  while (json_next(reader, &members)) {
    bool is_wanted = str_is(json_key(reader), name);
    if (is_wanted && json_kind(reader) == JSON_STRING) {
      found = str_lower(reader->arena, json_text(reader));
    } else {
      json_skip(reader);
    }
  }
  return found;
}

/* The language that metadata name: of a notebook as language_info.name, else as
   kernelspec.language; of a cell of Visual Studio Code as vscode.languageId. */
static Str read_language(JsonReader *reader) {
  Str kernel = STR_EMPTY, language = STR_EMPTY;
  if (json_kind(reader) != JSON_OBJECT) {
    json_skip(reader);
    return language;
  }
  JsonList members = json_enter(reader);
  while (json_next(reader, &members)) {
    Str key = json_key(reader);
    if (str_is(key, "language_info")) language = read_member(reader, "name");
    else if (str_is(key, "kernelspec")) kernel = read_member(reader, "language");
    else if (str_is(key, "vscode")) language = read_member(reader, "languageId");
    else json_skip(reader);
  }
  return language.len > 0 ? language : kernel;
}

/* The line of the file that is read now. */
static uint32_t current_line(const JsonReader *reader, Notebook *notebook) {
  for (; notebook->line_at < reader->at; notebook->line_at++)
    notebook->line += reader->text.data[notebook->line_at] == '\n';
  return notebook->line;
}

/* A text, or a list of its lines. */
static Str read_text(JsonReader *reader, Notebook *notebook, CellParts *parts) {
  JsonKind kind = json_kind(reader);
  vec_push(reader->arena, parts, (CellPart){ 0, current_line(reader, notebook) });
  if (kind == JSON_STRING) return json_text(reader);
  if (kind != JSON_ARRAY) {
    json_blame(reader, "is no notebook: a cell's `source` is neither a text nor a list of lines");
    return STR_EMPTY;
  }
  Text text = { .arena = reader->arena };
  JsonList lines = json_enter(reader);
  while (json_next(reader, &lines)) {
    bool is_text = json_kind(reader) == JSON_STRING;
    vec_push(reader->arena, parts, (CellPart){ text.len, current_line(reader, notebook) });
    if (is_text) text_add(&text, json_text(reader));
    else json_blame(reader, "is no notebook: a line of a cell's `source` is no text");
  }
  return text_str(&text);
}

static RawCell read_cell(JsonReader *reader, Notebook *notebook) {
  RawCell cell = { .type = STR_EMPTY, .text = STR_EMPTY, .language = STR_EMPTY };
  if (json_kind(reader) != JSON_OBJECT) json_blame(reader, "is no notebook: a cell is no object");
  JsonList members = json_enter(reader);
  while (json_next(reader, &members)) {
    Str key = json_key(reader);
    if (str_is(key, "source")) {
      cell.place = reader->at;
      cell.parts.count = 0;
      cell.text = read_text(reader, notebook, &cell.parts);
    } else if (str_is(key, "metadata")) cell.language = read_language(reader);
    else if (str_is(key, "cell_type") && json_kind(reader) == JSON_STRING)
      cell.type = json_text(reader);
    else json_skip(reader);
  }
  return cell;
}

static void read_cells(JsonReader *reader, Notebook *notebook) {
  if (json_kind(reader) != JSON_ARRAY) {
    json_blame(reader, "is no notebook: `cells` is no list");
    return;
  }
  notebook->has_cells = true;
  JsonList items = json_enter(reader);
  for (uint32_t number = 1; json_next(reader, &items); number++) {
    RawCell raw = read_cell(reader, notebook);
    if (!str_is(raw.type, "code") || raw.text.len == 0 || !is_python(raw.language)) continue;
    Str code = magic_mask(reader->arena, raw.text);
    Cell cell = { number, raw.text, code, raw.place, raw.parts };
    vec_push(reader->arena, notebook->cells, cell);
  }
}

static bool is_old_format(Str number) {
  return number.len == 1 && number.data[0] >= '1' && number.data[0] < '0' + CURRENT_FORMAT;
}

static void read_notebook(JsonReader *reader, Notebook *notebook) {
  if (json_kind(reader) != JSON_OBJECT) json_blame(reader, "is no notebook: it is no object");
  JsonList members = json_enter(reader);
  while (json_next(reader, &members)) {
    Str key = json_key(reader);
    if (str_is(key, "cells")) read_cells(reader, notebook);
    else if (str_is(key, "metadata")) notebook->language = read_language(reader);
    else if (str_is(key, "nbformat") && json_kind(reader) == JSON_SCALAR)
      notebook->is_old = is_old_format(json_scalar(reader));
    else json_skip(reader);
  }
  json_end(reader);
}

static const char *missing_cells(const Notebook *notebook) {
  return notebook->is_old ? "is a notebook of an old format: `jupyter nbconvert --to notebook "
                            "--inplace` brings it up to date"
                          : "is no notebook: it has no `cells`";
}

bool notebook_read(Arena *arena, Str text, Cells *cells, NotebookFault *fault) {
  JsonReader reader = { .arena = arena, .text = text };
  if (str_starts_with(text, STR("\xef\xbb\xbf"))) reader.at = 3;
  Notebook notebook = { .language = STR_EMPTY, .cells = cells, .line = 1 };
  if (str_trim(text).len == 0) {
    *fault = (NotebookFault){ "is empty: a notebook is a JSON document", 0 };
    return false;
  }
  read_notebook(&reader, &notebook);
  if (reader.fault == NULL && !notebook.has_cells) json_blame(&reader, missing_cells(&notebook));
  *fault = (NotebookFault){ reader.fault, reader.fault_at };
  if (reader.fault != NULL) return false;
  if (!is_python(notebook.language)) cells->count = 0;
  return true;
}
