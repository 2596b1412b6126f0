#pragma once
/*
 * Suppressions in comments:
 *
 *   x()  # awry: ignore swallowed-cancellation, AWR2 -- reason      this line
 *   # awry: ignore dangling-task -- reason                          alone: the next line of code
 *   # awry: ignore-file narrow-exception-check -- reason            the whole file
 *   x()  # noqa: AWR101                                             this line; bare noqa: every rule
 *   x()  # noqa: RUF006                                             this line: another linter's name for a rule of ours
 *
 * Names, codes and prefixes; `ignore` without any stands for all rules; the bracket form `# awry:
 * ignore[name, code] reason` is accepted too. A suppression covers a finding that starts on a line
 * of its logical line. One that covers nothing while its rules ran is an unused-suppression finding
 * (never for noqa comments that name foreign codes or none).
 */
#include "lint/finding.h"
#include "lint/settings.h"
#include "python/tree.h"

typedef struct {
  Span span;           /* of the comment's directive */
  uint32_t first_line; /* lines it covers; 0 and UINT32_MAX for the whole file */
  uint32_t last_line;
  Strs selectors; /* empty: every rule */
  Vec(Span) selector_spans;
  bool *selector_is_used; /* one for each selector */
  Str reason;
  bool is_noqa;
  bool is_used;
} Suppression;

typedef Vec(Suppression) Suppressions;

Suppressions suppressions_read(Arena *arena, const Tree *tree);

/* A comment for awry that means nothing: `# awry: disable dangling-task`. */
typedef struct {
  Span span;
  Str word; /* behind `awry:` */
} UnknownDirective;

typedef Vec(UnknownDirective) UnknownDirectives;

UnknownDirectives suppressions_unknown(Arena *arena, const Tree *tree);

/* True if it names the rule (by name, code, prefix or by naming none). */
bool suppression_names(const Suppression *suppression, const Rule *rule);

/* To suppress the findings of such a rule where they are would mean nothing: what they are about is to be put right. */
bool rule_is_about_suppressions(const Rule *rule);

/* False for a noqa comment that names other linters' rules, or none: it is not ours to judge. */
bool suppression_is_ours(const Suppression *suppression);

/* The suppression that covers a complete finding (findings.h); NULL if there is none. */
const Suppression *suppression_of(
  Arena *arena, const Source *source, Suppressions *suppressions, const Finding *finding
);

/* Removes the findings that a suppression covers, and marks what was used. Those removed are added
   to `covered`, with the reasons; NULL: nobody asks for them. Requires: findings are sorted
   (findings.h). */
void suppressions_apply(
  Arena *arena,
  const Source *source,
  Suppressions *suppressions,
  Findings *findings,
  Findings *covered
);
