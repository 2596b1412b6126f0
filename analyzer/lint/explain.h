#pragma once
/*
 * Explain: why there is no finding at one line of a file: for every rule what it found there and
 * why that is not shown, and where it looked and which exemption kept it quiet.
 *
 * All rules are run, those that are off as well: what they would say is part of the answer.
 */
#include "lint/linter.h"

/* A finding of the line that a run does not show. */
typedef struct {
  Finding finding;
  Str why; /* not shown: "suppressed by the comment in line 12: retried by the caller" */
} HiddenFinding;

typedef struct {
  Quiet quiet;
  Position start, end;
  Str shown; /* the source there as far as the asked lines go, shortened */
} QuietPlace;

typedef struct {
  const Rule *rule;
  Str why_off;    /* why it does not run on this file (linter_why_off); empty: it does */
  bool has_words; /* the file holds one of its words, so that it can have something to say */
  Findings findings;
  Vec(HiddenFinding) hidden;
  Vec(QuietPlace) quiet;
} RuleExplanation;

typedef struct {
  Str path;
  uint32_t line; /* of the text, as those below */
  uint32_t first,
    last; /* the lines of the statement, or of the header of a block, that the line belongs to */
  bool has_code; /* the line is more than white space and comments */
  Vec(uint32_t
  ) around; /* lines in which something begins that a rule looked at and that goes on here; a few */
  Str why_unread;             /* why the file is not even parsed; empty: it is */
  Vec(RuleExplanation) rules; /* all, by code */
} Explanation;

/* Requires: the source has that line. The result lives in the arena. */
Explanation explain_line(
  const Linter *linter, const LintInput *input, uint32_t line, Parser *parser, Arena *arena
);

/* True if the rule found something there or looked and kept quiet. */
bool explanation_says(const RuleExplanation *rule);
