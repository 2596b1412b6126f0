#pragma once
/*
 * Writing suppressions: the edits that put comments where they silence findings.
 *
 * A comment goes to the end of the finding's line, or alone above it where the line would become
 * too long or cannot hold one: because a string or a backslash goes on into the next, or because
 * it is a command of a notebook. Names are added to a suppression that covers the line already; what
 * else stands in its comments stays.
 *
 * Owns: nothing; edits live in the arena.
 */
#include "lint/finding.h"
#include "python/tree.h"

/* The edits, sorted, after which comments cover the findings of the tree. A new comment ends with
   the reason, unless that is empty. Findings about suppressions are left alone, and so is a finding that no comment can cover: it lies in a line of a string that
   the file does not end. Requires: findings are complete (findings.h), the reason is one line. */
Edits suppressions_add(Arena *arena, const Tree *tree, const Findings *findings, Str reason);

/* The edit after which a comment silences the rule in the whole file. Requires: as above. */
Edits suppressions_add_to_file(Arena *arena, const Tree *tree, const Rule *rule, Str reason);
