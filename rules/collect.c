/*
 * Host tool of the build: writes the registry of rules (see lint/rule.h) from the rule files.
 *
 *   collect REGISTRY.C rules/topic/rule_name.c …      run from the top of the project
 *
 * A misnamed or missing record is a link error, a missing documentation stops the build here.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The parts of "rules/topic/rule_name.c"; false if it is something else.
typedef struct {
  const char *path;
  char topic[64], stem[64];
} RuleFile;

static bool rule_file_read(const char *path, RuleFile *file) {
  file->path = path;
  int end = 0;
  if (sscanf(path, "rules/%63[a-z0-9_]/%63[a-z0-9_].c%n", file->topic, file->stem, &end) != 2)
    return false;
  return end > 0 && path[end] == '\0';
}

static void write_line(FILE *registry, const char *line) {
  fputs("  \"", registry);
  for (; *line != '\0' && *line != '\n'; line++) {
    // "??" could be half of a trigraph.
    if (*line == '"' || *line == '\\' || *line == '?') fputc('\\', registry);
    fputc(*line, registry);
  }
  fputs("\",\n", registry);
}

// Writes the lines between the opening and the closing of the comment that the file begins with.
static bool write_documentation(FILE *registry, FILE *rule) {
  char *line = NULL;
  size_t capacity = 0;
  bool is_open = getline(&line, &capacity, rule) > 0 && strcmp(line, "/*\n") == 0,
       is_closed = false;
  int count = 0;
  while (is_open && !is_closed && getline(&line, &capacity, rule) > 0) {
    is_closed = strcmp(line, "*/\n") == 0;
    if (is_closed) break;
    write_line(registry, line);
    count++;
  }
  free(line);
  return is_closed && count > 0;
}

static bool write_rule(FILE *registry, const RuleFile *file) {
  FILE *rule = fopen(file->path, "r");
  if (rule == NULL) return false;
  fprintf(registry, "extern const Rule rule_%s;\n", file->stem);
  fprintf(registry, "static const char *const lines_%s[] = {\n", file->stem);
  bool is_documented = write_documentation(registry, rule);
  fputs("};\n\n", registry);
  fclose(rule);
  return is_documented;
}

static bool write_registry(FILE *registry, int count, char **paths) {
  RuleFile file;
  fputs(
    "/* Made by rules/collect.c from the rule files. */\n#include \"lint/rule.h\"\n\n#include "
    "<stddef.h>\n\n",
    registry
  );
  for (int i = 0; i < count; i++) {
    if (rule_file_read(paths[i], &file) && write_rule(registry, &file)) continue;
    fprintf(
      stderr, "%s: a rule is rules/topic/rule_name.c and opens with its documentation:\n", paths[i]
    );
    fputs("a line with only /*, Markdown, and a line with only */\n", stderr);
    return false;
  }
  fputs("const RuleEntry rule_entries[] = {\n", registry);
  for (int i = 0; i < count && rule_file_read(paths[i], &file); i++)
    fprintf(
      registry,
      "  { &rule_%s, \"%s\", \"%s\", lines_%s, sizeof lines_%s / sizeof *lines_%s },\n",
      file.stem,
      file.path,
      file.topic,
      file.stem,
      file.stem,
      file.stem
    );
  fputs("  { NULL, NULL, NULL, NULL, 0 }, // not counted: C has no empty arrays\n", registry);
  fprintf(registry, "};\n\nconst uint32_t rule_entry_count = %d;\n", count);
  return ferror(registry) == 0;
}

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  FILE *registry = fopen(argv[1], "w");
  if (registry == NULL) {
    perror(argv[1]);
    return 1;
  }
  bool is_written = write_registry(registry, argc - 2, argv + 2);
  if (fclose(registry) == 0 && is_written) return 0;
  remove(argv[1]);
  return 1;
}
