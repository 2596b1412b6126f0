#pragma once
/*
 * Plain text of what is written in Markdown, for editors that show no Markdown: of the documentation
 * of rules, which uses headings, code in fences, links and lists.
 */
#include "base/str.h"

Str plain_from_markdown(Arena *arena, Str markdown);
