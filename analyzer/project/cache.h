#pragma once
/*
 * Cache: what earlier runs found out, by a hash of everything that it follows from. An entry is
 * never out of date: whatever changes what it says changes its key. So it may be copied to another
 * machine or another folder, be used by several runs at once, and be deleted at any time.
 *
 * One file for each project and each build of awry:
 *
 *   "awrycach"  the build  the hash of all that follows
 *   the number of entries, and for each: key, day of its last use, place and length
 *   the entries
 *
 * It is read as a whole, and written as a whole into a file beside it that then takes its place.
 * What is cut, damaged, of another build or not there at all is an empty cache. A run that ends
 * before the other one loses only time: what it has found is not kept.
 *
 * Two different texts with one hash would be one wrong answer; see base/hash.h for how likely that
 * is. Somebody who can write the file can make awry say anything, as somebody who can write the
 * sources can.
 *
 * Thread: cache_find on any; the rest on one, while no other uses it.
 */
#include "base/hash.h"
#include "source/problem.h"

typedef struct Cache Cache;

/* Where it lies unless somebody says otherwise: in the folder of the project. */
#define CACHE_FOLDER STR(".awry_cache")

typedef struct {
  Str folder;     /* of the cache, absolute; made when there is something to keep */
  Str name;       /* of the project: a part of the file's name */
  Hash build;     /* of awry: what decides about its findings */
  uint32_t today; /* days since 1970 */
} CachePlace;

/* Owns: the result, and what is found in it, lives in the arena. */
Cache *cache_open(Arena *arena, const CachePlace *place);

/* The entry of that key; false if there is none. */
bool cache_find(Cache *cache, const Hash *key, Str *entry);

/* Keeps the entry, in the place of one of the same key. It must live as long as the cache. */
void cache_put(Cache *cache, const Hash *key, Str entry);

/* Writes the file if there is something new to keep, without what has not been used for long. Says
   nothing if that cannot be done: then the next run finds less. */
void cache_save(Cache *cache);

/* Days since 1970. */
uint32_t cache_today(void);

/* --- all caches in a folder -------------------------------------------------------------------- */

typedef struct {
  uint32_t files;
  uint64_t bytes;
} CacheSize;

CacheSize cache_size(Arena *arena, Str folder);

/* Removes the caches in the folder that have not been written for that many days (0: all), what
   broken runs have left there, and the folder if nothing else is in it. Nothing but caches is
   touched. What cannot be removed is a problem. */
CacheSize cache_clean(Arena *arena, Str folder, uint32_t days, Problems *problems);
