#pragma once
/*
 * Terminal: the colours and links of reports for people. What the code that is looked at says may
 * hold anything, and must not steer the terminal.
 */
#include "report/report.h"

/* Escape sequences, all empty when there is no color. */
typedef struct {
  const char *severity[SEVERITY_INFO + 1];
  const char *frame;           /* line numbers, bars, arrows */
  const char *note;            /* secondary labels */
  const char *removed, *added; /* lines of a diff */
  const char *bold;
  const char *dim;
  const char *plain;
} Palette;

const Palette *palette_for(bool has_color);

/* Adds text with a dot in the place of what would steer the terminal. */
void add_harmless(Text *out, Str text);

/* Adds "[name code]"; it leads to the rule's page where the terminal knows links. */
void add_rule_tag(Text *out, const Rule *rule, const ReportOptions *options);
