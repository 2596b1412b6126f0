#include "python/catalogue_line.h"

static const char *const WORDS[] = {
  [LIBRARY_FUNCTION] = "def",
  [LIBRARY_COROUTINE] = "async",
  [LIBRARY_ASYNC_GENERATOR] = "generator",
  [LIBRARY_NEVER_RETURNS] = "never",
  [LIBRARY_CLASS] = "class",
  [LIBRARY_ALIAS] = "alias",
};

void text_add_entry(Text *text, const LibraryEntry *entry, Str class_name) {
  Str owner = str_before_last(entry->name, '.');
  bool is_member = class_name.len > 0 && str_equal(owner, class_name);
  Str name = is_member ? str_after_last(entry->name, '.') : entry->name;
  text_format(text, "%s%s %.*s", is_member ? " " : "", WORDS[entry->kind], STR_ARGS(name));
  if (entry->target.len > 0) text_format(text, " %.*s", STR_ARGS(entry->target));
  for (uint32_t i = 0; i < entry->base_count; i++)
    text_format(text, " %.*s", STR_ARGS(entry->bases[i]));
  text_add_char(text, '\n');
}

bool catalogue_read_line(Catalogue *catalogue, Str line, Str *owner) {
  bool is_member = str_starts_with(line, STR(" "));
  if (is_member) line = str_slice(line, 1, line.len);
  Str word = str_next(&line, ' '), name = str_next(&line, ' ');
  uint32_t kind = 0, kinds = sizeof WORDS / sizeof *WORDS;
  while (kind < kinds && !str_is(word, WORDS[kind])) kind++;
  if (kind == kinds || name.len == 0 || (is_member && owner->len == 0)) return false;
  Record record = {
    .name = is_member ? str_join(catalogue->arena, *owner, '.', name) : name,
    .kind = (LibraryKind)kind,
    .target = STR_EMPTY,
    .owner = is_member ? *owner : STR_EMPTY,
    .is_external = true,
  };
  if (kind == LIBRARY_CLASS) *owner = record.name;
  else record.target = str_next(&line, ' ');
  while (line.len > 0) vec_push(catalogue->arena, &record.bases, str_next(&line, ' '));
  catalogue_add(catalogue, record);
  return true;
}
