#pragma once
/*
 * What is done with the findings of a file before they are shown.
 */
#include "base/digest.h"
#include "lint/finding.h"

/* By place, then by code. */
void findings_sort(Findings *findings);

/* Of findings that say the same of the same place one is kept. Requires: sorted. */
void findings_drop_repeated(Findings *findings);

/* Fills in positions and fingerprints; a fix without edits becomes none. Requires: sorted. `path`
   is how the fingerprint names the file, wherever the program was started. */
void findings_complete(Arena *arena, Findings *findings, const Source *source, Str path);

/* Fills in the hashes of the lines that findings start in. */
void findings_hash_lines(Arena *arena, Findings *findings, const Source *source);

/* Adds all that is shown of the findings. */
void findings_digest(Digest *digest, const Findings *findings);
