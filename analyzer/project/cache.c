#include "project/cache.h"

#include "base/file.h"
#include "base/path.h"
#include "base/text.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
  LARGEST_CACHE =
    256 << 20,    /* bytes of a file; what was not used for the longest time goes first */
  DAYS_KEPT = 30, /* an entry without being used, a file without being written */
  SECONDS_OF_A_DAY = 24 * 60 * 60,
  HEADER_BYTES = 8 + 2 * HASH_BYTES,
  ROW_BYTES = HASH_BYTES + 3 * 4,
};

#define MAGIC STR("awrycach")
#define SUFFIX STR(".cache")
#define TAG_NAME STR("CACHEDIR.TAG")
#define IGNORE_NAME STR(".gitignore")

/* The text by which backup programs know a folder that need not be kept (bford.info/cachedir). */
#define TAG_TEXT \
  STR("Signature: 8a477f597d28d172789f06886806bc55\n# Made by awry. It can be deleted at any " \
      "time.\n")
#define IGNORE_TEXT STR("# Made by awry.\n*\n")

typedef struct {
  Hash key;
  uint32_t day; /* of its last use */
  Str data;
} Entry;

typedef Vec(Entry) Entries;

/* A file of entries, by key. */
typedef struct {
  const char *rows;
  uint32_t count;
  Str bytes; /* of the whole file */
} Pack;

struct Cache {
  Arena *arena;
  CachePlace place;
  Str path;
  FileFacts read; /* the file that was read; all zero: none */
  Pack pack;
  atomic_bool *is_used; /* per entry of the pack */
  Entries added;
};

/* --- the file ---------------------------------------------------------------------------------- */

static uint32_t number_at(const char *bytes) {
  uint32_t number = 0;
  for (int i = 3; i >= 0; i--) number = number << 8 | (unsigned char)bytes[i];
  return number;
}

static void add_number(Text *text, uint32_t number) {
  for (int i = 0; i < 4; i++, number >>= 8) text_add_char(text, (char)number);
}

/* Entry i; false if it does not lie in the file. */
static bool pack_entry(const Pack *pack, uint32_t i, Entry *entry) {
  const char *row = pack->rows + (size_t)i * ROW_BYTES;
  memcpy(entry->key.bytes, row, HASH_BYTES);
  entry->day = number_at(row + HASH_BYTES);
  uint32_t place = number_at(row + HASH_BYTES + 4), len = number_at(row + HASH_BYTES + 8);
  if (place > pack->bytes.len || len > pack->bytes.len - place) return false;
  entry->data = str_slice(pack->bytes, place, place + len);
  return true;
}

/* The entry of the key; UINT32_MAX if there is none. */
static uint32_t pack_find(const Pack *pack, const Hash *key, Entry *entry) {
  uint32_t low = 0, high = pack->count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (!pack_entry(pack, middle, entry)) return UINT32_MAX;
    int order = hash_compare(&entry->key, key);
    if (order == 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return UINT32_MAX;
}

/* The entries of a file; none if it is not whole, or not of this build. */
static Pack pack_open(Str bytes, const Hash *build) {
  Pack none = { 0 };
  if (bytes.len < HEADER_BYTES + 4 || !str_starts_with(bytes, MAGIC)) return none;
  if (memcmp(bytes.data + MAGIC.len, build->bytes, HASH_BYTES) != 0) return none;
  Hash content = hash_of(str_slice(bytes, HEADER_BYTES, bytes.len));
  if (memcmp(bytes.data + MAGIC.len + HASH_BYTES, content.bytes, HASH_BYTES) != 0) return none;
  Pack pack = { .rows = bytes.data + HEADER_BYTES + 4,
                .count = number_at(bytes.data + HEADER_BYTES),
                .bytes = bytes };
  bool has_rows = pack.count <= (bytes.len - HEADER_BYTES - 4) / ROW_BYTES;
  return has_rows ? pack : none;
}

/* Requires: the entries are in the order of their keys, each key once. */
static Str pack_write(Arena *arena, const Hash *build, const Entries *entries) {
  Text body = { .arena = arena }, file = { .arena = arena };
  uint32_t place = HEADER_BYTES + 4 + entries->count * ROW_BYTES;
  add_number(&body, entries->count);
  for (uint32_t i = 0; i < entries->count; i++) {
    const Entry *entry = &entries->items[i];
    text_add(&body, hash_str(&entry->key));
    add_number(&body, entry->day);
    add_number(&body, place);
    add_number(&body, entry->data.len);
    place += entry->data.len;
  }
  for (uint32_t i = 0; i < entries->count; i++) text_add(&body, entries->items[i].data);
  Hash content = hash_of(text_str(&body));
  text_add(&file, MAGIC);
  text_add(&file, hash_str(build));
  text_add(&file, hash_str(&content));
  text_add(&file, text_str(&body));
  return text_str(&file);
}

/* --- a cache ----------------------------------------------------------------------------------- */

uint32_t cache_today(void) { return (uint32_t)(time(NULL) / SECONDS_OF_A_DAY); }

/* "project-0123456789abcdef.cache": readable as far as the name is one for a file. */
static Str file_name(Arena *arena, const CachePlace *place) {
  enum { LONGEST = 64 };
  Text name = { .arena = arena };
  for (uint32_t i = 0; i < place->name.len && i < LONGEST; i++) {
    char c = place->name.data[i];
    bool is_plain = is_name_byte(c) || (i > 0 && (c == '.' || c == '-' || c == '+'));
    text_add_char(&name, is_plain ? c : '_');
  }
  text_add_char(&name, '-');
  for (int i = 0; i < HASH_BYTES / 2; i++)
    text_format(&name, "%02x", (unsigned)(unsigned char)place->build.bytes[i]);
  text_add(&name, SUFFIX);
  return text_str(&name);
}

static bool read_pack(Arena *arena, Str path, const Hash *build, FileFacts *read, Pack *pack) {
  Str bytes;
  *pack = (Pack){ 0 };
  /* Of two versions in quick succession the facts may be of the older one: then it is read again. */
  if (file_facts(path, read) != FILE_OK) return false;
  if (file_read(arena, path, LARGEST_CACHE, &bytes) != FILE_OK) return false;
  *pack = pack_open(bytes, build);
  return true;
}

Cache *cache_open(Arena *arena, const CachePlace *place) {
  Cache *cache = arena_make(arena, Cache);
  cache->arena = arena;
  cache->place = *place;
  cache->path = path_join(arena, place->folder, file_name(arena, place));
  read_pack(arena, cache->path, &place->build, &cache->read, &cache->pack);
  cache->is_used = arena_array(arena, atomic_bool, cache->pack.count + 1);
  return cache;
}

bool cache_find(Cache *cache, const Hash *key, Str *data) {
  Entry entry;
  uint32_t index = pack_find(&cache->pack, key, &entry);
  if (index == UINT32_MAX) return false;
  atomic_store_explicit(&cache->is_used[index], true, memory_order_relaxed);
  *data = entry.data;
  return true;
}

void cache_put(Cache *cache, const Hash *key, Str data) {
  Entry entry = { .key = *key, .day = cache->place.today, .data = data };
  vec_push(cache->arena, &cache->added, entry);
}

/* --- saving ------------------------------------------------------------------------------------ */

/* Those added last come first; a file's entries behind them. */
static int compare_keys(const void *a, const void *b) {
  const Entry *left = a, *right = b;
  int order = hash_compare(&left->key, &right->key);
  return order != 0 ? order : (left->day < right->day) - (left->day > right->day);
}

/* Days that are still to come are those of a machine whose clock is off. */
static bool is_worth_keeping(const Cache *cache, const Entry *entry) {
  return entry->day + DAYS_KEPT >= cache->place.today && entry->day <= cache->place.today + 1;
}

static void
add_kept(const Cache *cache, Arena *arena, const Pack *pack, bool is_own, Entries *entries) {
  Entry entry;
  for (uint32_t i = 0; i < pack->count; i++) {
    if (!pack_entry(pack, i, &entry)) continue;
    if (is_own && cache->is_used[i]) entry.day = cache->place.today;
    if (is_worth_keeping(cache, &entry)) vec_push(arena, entries, entry);
  }
}

static void drop_repeated(Entries *entries) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < entries->count; i++) {
    bool is_same = kept > 0 && hash_equal(&entries->items[kept - 1].key, &entries->items[i].key);
    if (!is_same) entries->items[kept++] = entries->items[i];
  }
  entries->count = kept;
}

static uint64_t bytes_of(const Entries *entries) {
  uint64_t bytes = HEADER_BYTES + 4;
  for (uint32_t i = 0; i < entries->count; i++) bytes += ROW_BYTES + entries->items[i].data.len;
  return bytes;
}

/* The day of the entries that are dropped grows until the rest is small enough. */
static void drop_oldest(const Cache *cache, Entries *entries) {
  uint32_t today = cache->place.today, first = today < DAYS_KEPT ? 0 : today - DAYS_KEPT;
  for (uint32_t day = first; bytes_of(entries) > LARGEST_CACHE && day <= today + 1; day++) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < entries->count; i++) {
      if (entries->items[i].day > day) entries->items[kept++] = entries->items[i];
    }
    entries->count = kept;
  }
}

/* What other runs have written since is kept, too. */
static Entries entries_to_keep(Cache *cache, Arena *arena) {
  FileFacts now = { 0 };
  Entries entries = { 0 };
  for (uint32_t i = cache->added.count; i > 0; i--)
    vec_push(arena, &entries, cache->added.items[i - 1]);
  add_kept(cache, arena, &cache->pack, true, &entries);
  bool is_there = file_facts(cache->path, &now) == FILE_OK;
  bool is_same = now.number == cache->read.number && now.size == cache->read.size &&
    now.modified == cache->read.modified;
  Pack newer;
  if (is_there && !is_same && read_pack(arena, cache->path, &cache->place.build, &now, &newer))
    add_kept(cache, arena, &newer, false, &entries);
  if (entries.count > 1) qsort(entries.items, entries.count, sizeof *entries.items, compare_keys);
  drop_repeated(&entries);
  drop_oldest(cache, &entries);
  return entries;
}

/* True if the file would say something new: entries, or that they are still in use. */
static bool has_news(const Cache *cache) {
  Entry entry;
  bool has_news = cache->added.count > 0;
  for (uint32_t i = 0; i < cache->pack.count && !has_news; i++) {
    has_news =
      cache->is_used[i] && pack_entry(&cache->pack, i, &entry) && entry.day != cache->place.today;
  }
  return has_news;
}

/* A folder of ours says so. One that was there before is left as it is. */
static bool make_folder(Arena *arena, Str folder) {
  FileFacts facts;
  if (file_facts(folder, &facts) == FILE_OK) return facts.kind == FILE_KIND_DIRECTORY;
  Str parent = path_parent(folder);
  if (!str_equal(parent, folder) && file_facts(parent, &facts) != FILE_OK && !folder_make(arena, parent))
    return false;
  if (!folder_make(arena, folder)) return false;
  file_put(arena, path_join(arena, folder, IGNORE_NAME), IGNORE_TEXT);
  file_put(arena, path_join(arena, folder, TAG_NAME), TAG_TEXT);
  return true;
}

/* --- a folder of caches ------------------------------------------------------------------------ */

typedef enum { NOT_OURS, OUR_CACHE, OUR_REMAINS, OUR_TAG } Ours;

/* As file_put makes them: ".awry-123-0". */
static bool is_temporary(Str name) {
  if (!str_starts_with(name, FILE_TEMPORARY)) return false;
  for (uint32_t i = FILE_TEMPORARY.len; i < name.len; i++) {
    if (name.data[i] != '-' && (name.data[i] < '0' || name.data[i] > '9')) return false;
  }
  return true;
}

static Ours ours(Str name) {
  if (str_ends_with(name, SUFFIX)) return OUR_CACHE;
  if (is_temporary(name)) return OUR_REMAINS;
  bool is_tag = str_equal(name, TAG_NAME) || str_equal(name, IGNORE_NAME);
  return is_tag ? OUR_TAG : NOT_OURS;
}

/* A file of another program may have the name of one of ours. */
static bool is_ours(Arena *arena, Str path, Ours kind) {
  Str text;
  if (kind == OUR_REMAINS) return true;
  if (file_read(arena, path, LARGEST_CACHE, &text) != FILE_OK) return false;
  if (kind == OUR_CACHE) return str_starts_with(text, MAGIC);
  return str_equal(text, TAG_TEXT) || str_equal(text, IGNORE_TEXT);
}

static bool is_older(const FileFacts *facts, int64_t seconds) {
  return facts->modified / 1000000000 + seconds < (int64_t)time(NULL);
}

/* What nobody will read again: caches of other builds, what killed runs have left. */
static void remove_stale(Arena *arena, Str folder) {
  FileEntries entries = { 0 };
  FileFacts facts;
  if (file_list(arena, folder, &entries) != FILE_OK) return;
  for (uint32_t i = 0; i < entries.count; i++) {
    Ours kind = ours(entries.items[i].name);
    if (kind != OUR_CACHE && kind != OUR_REMAINS) continue;
    Str path = path_join(arena, folder, entries.items[i].name);
    int64_t days = kind == OUR_CACHE ? DAYS_KEPT : 1;
    if (file_facts(path, &facts) == FILE_OK && is_older(&facts, days * SECONDS_OF_A_DAY) && is_ours(arena, path, kind))
      file_remove(arena, path);
  }
}

void cache_save(Cache *cache) {
  if (!has_news(cache)) return;
  Arena *scratch = arena_new();
  if (make_folder(scratch, cache->place.folder)) {
    Entries entries = entries_to_keep(cache, scratch);
    file_put(scratch, cache->path, pack_write(scratch, &cache->place.build, &entries));
    remove_stale(scratch, cache->place.folder);
  }
  arena_free(scratch);
}

CacheSize cache_size(Arena *arena, Str folder) {
  CacheSize size = { 0 };
  FileEntries entries = { 0 };
  FileFacts facts;
  file_list(arena, folder, &entries);
  for (uint32_t i = 0; i < entries.count; i++) {
    if (ours(entries.items[i].name) != OUR_CACHE) continue;
    if (file_facts(path_join(arena, folder, entries.items[i].name), &facts) != FILE_OK) continue;
    size.files++;
    size.bytes += facts.size;
  }
  return size;
}

static void
remove_one(Arena *arena, Str path, const FileFacts *facts, CacheSize *removed, Problems *problems) {
  FileFault fault = file_remove(arena, path);
  if (fault == FILE_OK) {
    removed->files++;
    removed->bytes += facts->size;
    return;
  }
  Problem problem = { .path = path, .message = STR("cannot be removed") };
  vec_push(arena, problems, problem);
}

CacheSize cache_clean(Arena *arena, Str folder, uint32_t days, Problems *problems) {
  CacheSize removed = { 0 };
  FileEntries entries = { 0 };
  FileFacts facts;
  uint32_t left = 0;
  if (file_list(arena, folder, &entries) != FILE_OK) return removed;
  for (uint32_t i = 0; i < entries.count; i++) {
    Ours kind = ours(entries.items[i].name);
    Str path = path_join(arena, folder, entries.items[i].name);
    bool is_taken = (kind == OUR_CACHE || kind == OUR_REMAINS) &&
      file_facts(path, &facts) == FILE_OK && is_ours(arena, path, kind) &&
      (days == 0 || is_older(&facts, (int64_t)days * SECONDS_OF_A_DAY));
    if (is_taken) remove_one(arena, path, &facts, &removed, problems);
    left += !is_taken && kind != OUR_TAG;
  }
  if (left > 0 || problems->count > 0) return removed;
  for (uint32_t i = 0; i < entries.count; i++) {
    Str path = path_join(arena, folder, entries.items[i].name);
    if (ours(entries.items[i].name) == OUR_TAG && is_ours(arena, path, OUR_TAG))
      file_remove(arena, path);
  }
  file_remove(arena, folder);
  return removed;
}
