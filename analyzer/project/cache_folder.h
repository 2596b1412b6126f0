#pragma once
/*
 * CacheFolder: where the cache of a project lies.
 */
#include "project/configured.h"

/* What settings or options say of it, or the folder of the project; empty if there is none to use: a
   folder that is no project is not to be littered. `settings` are those of a file in the project with
   that root. Owns: the result lives in the arena of `known`. */
Str cache_folder(const Configurations *known, const Settings *settings, Str root);
