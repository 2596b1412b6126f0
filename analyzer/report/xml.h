#pragma once
/*
 * Text in XML 1.0 documents.
 */
#include "base/text.h"

/* Adds text as it may stand in an element or in an attribute: with line endings and tabs kept. What
   XML cannot hold, as most control characters and bytes that are not UTF-8, becomes U+FFFD. */
void text_add_xml(Text *out, Str added);
