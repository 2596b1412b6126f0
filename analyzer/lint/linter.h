#pragma once
/*
 * Linter: the rules that settings ask for, and the byte screen for their words; constant once made,
 * shared by all threads. lint_source is the heart of the program: a pure function, no I/O, no
 * globals, no threads, used unchanged by the command line, the language server, the fixture runner
 * and the fuzzers.
 */
#include "lint/context.h"
#include "lint/rule.h"
#include "lint/settings.h"
#include "python/facts.h"
#include "python/parse.h"

typedef struct Linter Linter;

/* What is wrong with a selector, for the caller to show. */
typedef struct {
  Str selector;
  Str message; /* 'unknown rule "swalowed-cancellation"; did you mean "swallowed-cancellation"?' */
} SelectorProblem;

typedef Vec(SelectorProblem) SelectorProblems;

/* Owns: the result lives in the arena. Unknown selectors are reported in problems and left out. */
Linter *linter_build(Arena *arena, const Settings *settings, SelectorProblems *problems);

/* Looks a rule up by name or code (any case); NULL if there is none. */
const RuleEntry *linter_find_rule(Str name_or_code);

/* True if some enabled rule may find something in that text: the byte screen. */
bool linter_wants(const Linter *linter, Str text);

typedef struct {
  const Source *source;
  const Tree *tree; /* of the source, as parse_source left it; NULL: it is parsed first */
  ModuleIdentity identity;
  Str relative_path;      /* below settings.root, for per-file ignores */
  uint16_t target_minor;  /* 0: the oldest supported one */
  const Project *project; /* merged facts; NULL: those of the file alone are collected first */
  bool uses_coroutines;   /* of the project, so that the screen does not count */
  Findings *suppressed;   /* findings that comments cover are added; NULL: nobody asks for them */
  bool omits_line_hashes; /* nobody asks for them, and they take a pass over the whole file */
} LintInput;

/* Findings in source order, suppressions applied, unused suppressions and a syntax error among
   them. Lives in the arena. */
Findings lint_source(const Linter *linter, const LintInput *input, Parser *parser, Arena *arena);

/* The same in steps that threads can share: what the rules find in each part of the file, of which a
   long one has several (module_is_long), and what comes of it. Requires: tree, outline and project
   of the input. Owns: what is found lives in the arena. */
enum { LINT_MOST_PARTS = 2 };
uint32_t lint_part_count(const Tree *tree);
Findings lint_part(const Linter *linter, const LintInput *input, uint32_t part, Arena *arena);
Findings
lint_join(const Linter *linter, const LintInput *input, const Findings *parts, Arena *arena);

/* For explanations (explain.h): what every rule of the registry that looks at nodes has to say,
   whatever the settings are, nothing suppressed; and in quiets why there is no more. */
Findings lint_all_rules(
  const Linter *linter, const LintInput *input, Parser *parser, Arena *arena, Quiets *quiets
);

/* Why the file is not even parsed (linter_wants); empty if it is. */
Str linter_why_unwanted(const Linter *linter, Str text);

/* Why the rule does not run on the file, as in "dangling-task (off unless it is selected)"; empty
   if it does. */
Str linter_why_off(const Linter *linter, const Rule *rule, const LintInput *input, Arena *arena);
