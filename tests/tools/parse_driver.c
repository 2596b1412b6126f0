/*
 * Parses the files named on the command line and prints what stdlib_parse.py compares with CPython:
 *
 *   F <errors> <first error's offset> <path>    for each file, then for each row
 *   R <kind> <start> <end>                      and for each comment
 *   C <start> <end>
 *
 * With --errors only the F lines.
 */
#include "python/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static Str read_text(Arena *arena, const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
    perror(path);
    exit(2);
  }
  long size = ftell(file);
  rewind(file);
  char *data = arena_alloc(arena, (size_t)size + 1);
  size_t len = fread(data, 1, (size_t)size, file);
  fclose(file);
  return (Str){ .data = data, .len = (uint32_t)len };
}

static void print_tree(const Tree *tree) {
  for (Node node = 0; node < tree->count; node++) {
    Span span = tree_span(tree, node);
    printf("R %s %u %u\n", kind_name(tree_kind(tree, node)), span.start, span.end);
  }
  for (uint32_t i = 0; i < tree->comments.count; i++) {
    printf("C %u %u\n", tree->comments.items[i].start, tree->comments.items[i].end);
  }
}

int main(int argc, char **argv) {
  bool only_errors = argc > 1 && strcmp(argv[1], "--errors") == 0;
  Parser *parser = parser_new();
  Arena *arena = arena_new();
  for (int i = only_errors ? 2 : 1; i < argc; i++) {
    Source source = source_build(arena, str_from(argv[i]), read_text(arena, argv[i]));
    Tree tree = parse_source(parser, &source, arena);
    printf("F %u %u %s\n", tree.error_bytes, tree.first_error.start, argv[i]);
    if (!only_errors) print_tree(&tree);
    arena_reset(arena);
  }
  arena_free(arena);
  parser_free(parser);
  return 0;
}
