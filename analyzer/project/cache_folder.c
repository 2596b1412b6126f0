#include "project/cache_folder.h"

#include "base/path.h"
#include "project/cache.h"
#include "project/project_folder.h"

Str cache_folder(const Configurations *known, const Settings *settings, Str root) {
  Str told =
    configured_folder(known, settings, settings->cache_folder, known->overrides->cache_folder);
  if (told.len > 0) return told;
  bool is_project = is_project_folder(known->arena, root);
  return is_project ? path_join(known->arena, root, CACHE_FOLDER) : STR_EMPTY;
}
