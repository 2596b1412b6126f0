#pragma once
/*
 * A rule's documentation page, from the comment that opens its file and its record: what `awry
 * rule` shows, what docs/rules holds, what an editor shows on hover.
 */
#include "base/text.h"
#include "lint/rule.h"

/* The page in Markdown: title, code and name, defaults, versions, then the documentation. */
void rule_page(Text *out, const RuleEntry *entry);
/* The same for who meets the rule while writing code: without how it was measured and what it rests
   on, and with headings small enough for a window beside the code. */
void rule_page_brief(Text *out, const RuleEntry *entry);
/* Where the page can be read in a browser. */
Str rule_page_url(Arena *arena, const Rule *rule);
/* One line for lists: code, name, summary, default. */
void rule_row(Text *out, const RuleEntry *entry);
/* The entries sorted by code, in the arena. */
const RuleEntry **rules_sorted(Arena *arena);
