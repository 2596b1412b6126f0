#include "project/shared_work.h"

static bool is_shared(const Pool *pool, const Tree *tree) {
  return pool_has_threads(pool) && tree && tree->outline && module_is_long(tree);
}

/* --- facts ------------------------------------------------------------------------------------ */

typedef struct {
  const Tree *tree;
  const ModuleOptions *options;
  Arena *memories[FACTS_PARTS];
  Facts parts[FACTS_PARTS];
} Collecting;

static void collect_part(void *state, uint32_t part, Worker *worker) {
  Collecting *collecting = state;
  Module *module = module_build(worker->arena, *collecting->tree, collecting->options);
  Arena *memory = collecting->memories[part];
  collecting->parts[part] = facts_collect_part(module, (FactsPart)part, memory);
}

const Facts *
shared_collect(Pool *pool, const Tree *tree, const ModuleOptions *options, Arena *arena) {
  if (!is_shared(pool, tree)) return NULL;
  Collecting collecting = { .tree = tree, .options = options, .memories = { arena, arena_new() } };
  pool_run(pool, FACTS_PARTS, collect_part, &collecting);
  arena_adopt(arena, collecting.memories[1]);
  Facts *facts = arena_make(arena, Facts);
  *facts = facts_join(collecting.parts);
  return facts;
}

/* --- findings --------------------------------------------------------------------------------- */

typedef struct {
  const Linter *linter;
  const LintInput *input;
  Arena *memories[LINT_MOST_PARTS];
  Findings parts[LINT_MOST_PARTS];
} Linting;

static void find_in_part(void *state, uint32_t part, Worker *worker) {
  (void)worker;
  Linting *linting = state;
  Arena *memory = linting->memories[part];
  linting->parts[part] = lint_part(linting->linter, linting->input, part, memory);
}

bool shared_lint(
  Pool *pool, const Linter *linter, const LintInput *input, Arena *arena, Findings *findings
) {
  if (!is_shared(pool, input->tree)) return false;
  Linting linting = { .linter = linter, .input = input, .memories = { arena, arena_new() } };
  pool_run(pool, lint_part_count(input->tree), find_in_part, &linting);
  arena_adopt(arena, linting.memories[1]);
  *findings = lint_join(linter, input, linting.parts, arena);
  return true;
}
