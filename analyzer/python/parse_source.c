#include "python/mask.h"
#include "python/parse_cache.h"
#include "python/parse_piece.h"
#include "python/pieces.h"

#include <string.h>

/* A tree that is put together from those of pieces. */
typedef struct {
  Parser *parser;
  ParseCache *cache; /* NULL: there is none */
  Str code;
  Arena *arena; /* of the tree */
  Tree tree;
  uint32_t capacity; /* rows */
  Node block;        /* of the class whose members come next, or 0 */
} Assembly;

/* --- pieces ----------------------------------------------------------------------------------- */

/* The cache has its own copies of the rows. */
static Tree tree_of_code(Assembly *assembly, Str code) {
  ParseCache *cache = assembly->cache;
  const Tree *known = cache ? parse_cache_find(cache, code) : NULL;
  if (known) return *known;
  Source piece = { .text = code, .code = code };
  Arena *arena = cache ? parse_cache_arena(cache) : parser_scratch(assembly->parser);
  Tree tree = parse_piece(assembly->parser, &piece, arena);
  if (cache && !parser_is_unwanted(assembly->parser)) parse_cache_keep(cache, code, &tree);
  return tree;
}

static Tree tree_of_span(Assembly *assembly, Span span) {
  return tree_of_code(assembly, str_slice(assembly->code, span.start, span.end));
}

/* The head of a class, with a body that says nothing. */
static Tree tree_of_head(Assembly *assembly, Span span) {
  Arena *scratch = parser_scratch(assembly->parser);
  Str code = str_slice(assembly->code, span.start, span.end);
  return tree_of_code(assembly, STR_CONCAT(scratch, code, STR(" pass\n")));
}

/* True if the rows are a class, decorated perhaps, whose body is the last row but for its `pass`. */
static bool is_head(const Tree *tree) {
  if (tree->error_bytes > 0 || tree->count < 4) return false;
  Node pass = tree->count - 1, block = tree_parent(tree, pass);
  if (!tree_is(tree, pass, KIND_PASS_STATEMENT) || !tree_is(tree, block, KIND_BLOCK)) return false;
  if (block + 1 != pass) return false;
  Node class_ = tree_parent(tree, block), around = tree_parent(tree, class_);
  if (!tree_is(tree, class_, KIND_CLASS_DEFINITION)) return false;
  if (tree_is(tree, around, KIND_DECORATED_DEFINITION)) around = tree_parent(tree, around);
  return around == 0 && tree_after(tree, 1) == tree->count;
}

/* --- putting them together -------------------------------------------------------------------- */

static void reserve_rows(Assembly *assembly, uint32_t more) {
  Tree *tree = &assembly->tree;
  if (tree->count + more <= assembly->capacity) return;
  uint32_t capacity = 2 * assembly->capacity + more;
  tree->rows = arena_grow(
    assembly->arena, tree->rows, sizeof(NodeRow) * assembly->capacity, sizeof(NodeRow) * capacity
  );
  assembly->capacity = capacity;
}

static void add_errors(Assembly *assembly, const Tree *piece, uint32_t offset) {
  Tree *tree = &assembly->tree;
  if (piece->error_bytes == 0) return;
  if (tree->error_bytes == 0) {
    tree->first_error =
      (Span){ offset + piece->first_error.start, offset + piece->first_error.end };
  }
  tree->error_bytes += piece->error_bytes;
}

/* Adds the first `count` rows of a piece at that offset, without that of its module. */
static void add_rows(Assembly *assembly, const Tree *piece, uint32_t count, uint32_t offset) {
  reserve_rows(assembly, count);
  Tree *tree = &assembly->tree;
  Node around = assembly->block;
  tree->rows[around].flags |= piece->rows[0].flags & NODE_HAS_ERROR;
  uint32_t moved = tree->count - 1;
  NodeRow *rows = tree->rows + moved;
  for (Node node = 1; node < count; node++) {
    NodeRow row = piece->rows[node];
    row.parent = row.parent == 0 ? around : row.parent + moved;
    row.after += moved;
    row.start += offset;
    row.end += offset;
    rows[node] = row;
  }
  tree->count += count - 1;
  add_errors(assembly, piece, offset);
}

static void add_piece(Assembly *assembly, Span span) {
  Tree piece = tree_of_span(assembly, span);
  add_rows(assembly, &piece, piece.count, span.start);
}

/* Leaves the class open for its members. */
static void add_head(Assembly *assembly, const Tree *head, uint32_t offset) {
  assembly->block = 0;
  add_rows(assembly, head, head->count - 1, offset);
  assembly->block = assembly->tree.count - 1;
}

/* What the rows of the head can say only when all members are there. */
static void end_class(Assembly *assembly) {
  Tree *tree = &assembly->tree;
  Node block = assembly->block;
  if (block == 0) return;
  NodeRow *rows = tree->rows;
  bool has_members = block + 1 < tree->count;
  Node last = tree->count - 1;
  while (has_members && tree_parent(tree, last) != block) last = tree_parent(tree, last);
  uint32_t end = has_members ? rows[last].end : rows[block].start;
  if (has_members) rows[block].start = rows[block + 1].start;
  for (Node node = block; node != 0; node = rows[node].parent) {
    rows[node].after = tree->count;
    rows[node].end = end;
    rows[rows[node].parent].flags |= rows[node].flags & NODE_HAS_ERROR;
  }
  assembly->block = 0;
}

/* The class in one piece if its head is not what it seems to be; returns the last piece of it. */
static uint32_t add_class(Assembly *assembly, const Pieces *pieces, uint32_t i) {
  const Piece *first = &pieces->items[i];
  Tree head = tree_of_head(assembly, first->span);
  bool is_cut = is_head(&head);
  if (is_cut) add_head(assembly, &head, first->span.start);
  else add_piece(assembly, (Span){ first->span.start, first->end });
  while (i + 1 < pieces->count && pieces->items[i + 1].kind == PIECE_MEMBER) {
    i++;
    if (is_cut) add_piece(assembly, pieces->items[i].span);
  }
  end_class(assembly);
  return i;
}

static Spans copy_spans(Arena *arena, const Spans *spans) {
  Spans copy = { 0 };
  vec_reserve(arena, &copy, spans->count);
  for (uint32_t i = 0; i < spans->count; i++) vec_push(arena, &copy, spans->items[i]);
  return copy;
}

/* The code, and its comments. */
static Tree parse_code(Assembly *assembly, Spans *comments) {
  Arena *scratch = parser_scratch(assembly->parser);
  ParseCache *cache = assembly->cache;
  Lexed lexed =
    cache ? parse_cache_lex(cache, assembly->code, scratch) : lexed_of(scratch, assembly->code);
  Pieces pieces = pieces_of(scratch, assembly->code, &lexed.lines);
  *comments = copy_spans(assembly->arena, &lexed.comments);
  assembly->tree = (Tree){ 0 };
  assembly->capacity = 0;
  reserve_rows(assembly, assembly->code.len / 4 + 1);
  assembly->tree.rows[0] =
    (NodeRow){ .kind = KIND_MODULE, .parent = NODE_NONE, .end = assembly->code.len };
  assembly->tree.count = 1;
  for (uint32_t i = 0; i < pieces.count; i++) {
    if (pieces.items[i].kind == PIECE_CLASS_HEAD) i = add_class(assembly, &pieces, i);
    else add_piece(assembly, pieces.items[i].span);
  }
  assembly->tree.rows[0].after = assembly->tree.count;
  return assembly->tree;
}

/* --- cells ------------------------------------------------------------------------------------ */

/* What there is of a notebook without the cells that cannot be parsed, which do not run at all. */
typedef struct {
  char *code; /* those cells are blank; NULL: there are none */
  Spans comments;
  uint32_t error_bytes;
  Span first_error;
} SoundCells;

static void
drop_cell(Parser *parser, const Source *source, SoundCells *sound, Span cell, Span error) {
  Arena *scratch = parser_scratch(parser);
  if (sound->code == NULL) {
    sound->code = arena_alloc(scratch, source->code.len);
    memcpy(sound->code, source->code.data, source->code.len);
    sound->first_error = (Span){ cell.start + error.start, cell.start + error.end };
  }
  for (uint32_t at = cell.start; at < cell.end; at++) {
    if (sound->code[at] != '\n' && sound->code[at] != '\r') sound->code[at] = ' ';
  }
}

static void check_cell(Assembly *whole, const Source *source, SoundCells *sound, Span cell) {
  Arena *scratch = parser_scratch(whole->parser);
  Assembly assembly = {
    .parser = whole->parser,
    .cache = whole->cache,
    .code = str_slice(source->code, cell.start, cell.end),
    .arena = scratch,
  };
  Spans comments = { 0 };
  Tree tree = parse_code(&assembly, &comments);
  for (uint32_t i = 0; i < comments.count; i++) {
    Span comment = comments.items[i];
    Span moved = { cell.start + comment.start, cell.start + comment.end };
    vec_push(scratch, &sound->comments, moved);
  }
  if (tree.error_bytes > 0) drop_cell(whole->parser, source, sound, cell, tree.first_error);
  sound->error_bytes += tree.error_bytes;
}

static SoundCells find_sound_cells(Assembly *whole, const Source *source) {
  SoundCells sound = { 0 };
  for (uint32_t i = 0; i < source->cell_count; i++) {
    bool is_last = i + 1 == source->cell_count;
    uint32_t start = source->line_starts[source->cells[i].first_line - 1];
    uint32_t end =
      is_last ? source->code.len : source->line_starts[source->cells[i + 1].first_line - 1];
    check_cell(whole, source, &sound, (Span){ start, end });
  }
  return sound;
}

/* A cell with an error takes nothing of the other cells with it, as an open string would. */
static Tree
parse_sound_cells(Assembly *assembly, const Source *source, Tree tree, Spans *comments) {
  SoundCells sound = find_sound_cells(assembly, source);
  if (sound.code == NULL) return tree;
  assembly->code = (Str){ sound.code, source->code.len };
  Spans unused = { 0 };
  tree = parse_code(assembly, &unused);
  if (tree.error_bytes == 0) tree.first_error = sound.first_error;
  tree.error_bytes += sound.error_bytes;
  tree.rows[0].flags |= NODE_HAS_ERROR;
  *comments = copy_spans(assembly->arena, &sound.comments);
  return tree;
}

/* --- sources ---------------------------------------------------------------------------------- */

Tree parse_source_again(Parser *parser, ParseCache *cache, const Source *source, Arena *arena) {
  Assembly assembly = { .parser = parser, .cache = cache, .code = source->code, .arena = arena };
  Spans comments;
  parser_set_clock(parser, source->code.len);
  Tree tree = parse_code(&assembly, &comments);
  if (tree.error_bytes > 0 && source->cell_count > 0)
    tree = parse_sound_cells(&assembly, source, tree, &comments);
  tree.source = source;
  tree.was_cut = parser_was_cut(parser);
  tree.comments = comments;
  if (cache) parse_cache_end(cache);
  arena_reset(parser_scratch(parser));
  return tree;
}

Tree parse_source(Parser *parser, const Source *source, Arena *arena) {
  return parse_source_again(parser, NULL, source, arena);
}
