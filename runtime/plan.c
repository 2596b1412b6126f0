#include "runtime/plan.h"

#include <string.h>
#include <sys/mman.h>

#include "runtime/orders.h"

/* Room that is not used costs nothing: the pages of the mapping are there when they are written. */
enum {
  MAX_TEXT = 8 << 20, /* bytes of all texts */
  MAX_TEXTS = 1 << 15,
  MAX_ENTRIES = 1 << 15,
  MAX_PLANS = MAX_ENTRIES * MAX_POINTS,
  SLOTS = 1 << 16, /* of each hash table; more than there are entries, a power of two */
};

struct Ledger {
  uint32_t text_length, entry_count, plan_count, text_count;
  uint32_t text_slots[SLOTS];  /* TextId, or 0 */
  uint32_t entry_slots[SLOTS]; /* index of an entry + 1, or 0 */
  Entry entries[MAX_ENTRIES];
  Plan plans[MAX_PLANS];
  char text[MAX_TEXT];
};

const char *const plan_names[PLAN_KIND_COUNT] = {
  [PLAN_NONE] = "none",
  [PLAN_CANCEL] = "cancel",
  [PLAN_RAISE_END] = "raise-end",
  [PLAN_RAISE_FIRST] = "raise-first",
  [PLAN_CHILD_RAISES] = "child-raises",
  [PLAN_CHILD_CANCELLED] = "child-cancelled",
};

Ledger *ledger_new(void) {
  int protection = PROT_READ | PROT_WRITE, flags = MAP_SHARED | MAP_ANONYMOUS;
  Ledger *ledger = mmap(NULL, sizeof(Ledger), protection, flags, -1, 0);
  if (ledger == MAP_FAILED) return NULL;
  ledger->text_length = 1; /* the empty text */
  return ledger;
}

void ledger_free(Ledger *ledger) { munmap(ledger, sizeof(Ledger)); }

/* FNV-1a, of bytes or of numbers. */
static const uint32_t HASH_START = 2166136261u;

static uint32_t hash_add(uint32_t hash, uint32_t part) { return (hash ^ part) * 16777619u; }

static uint32_t hash_text(const char *text) {
  uint32_t hash = HASH_START;
  for (; *text; text++) hash = hash_add(hash, (unsigned char)*text);
  return hash;
}

static uint32_t hash_place(EntryKind kind, const Place *at, TextId task) {
  uint32_t hash = hash_add(hash_add(HASH_START, (uint32_t)kind), task);
  hash = hash_add(hash_add(hash, at->file), at->function);
  return hash_add(hash_add(hash, at->line), at->callers);
}

/* --- texts ----------------------------------------------------------------------------------------- */

TextId ledger_text(Ledger *ledger, const char *text) {
  size_t size = strlen(text) + 1;
  uint32_t slot = hash_text(text) % SLOTS;
  while (ledger->text_slots[slot]) {
    TextId known = ledger->text_slots[slot];
    if (strcmp(ledger->text + known, text) == 0) return known;
    slot = (slot + 1) % SLOTS;
  }
  bool is_full = size > MAX_TEXT - ledger->text_length || ledger->text_count == MAX_TEXTS;
  if (is_full || size == 1) return 0;
  TextId id = ledger->text_length;
  memcpy(ledger->text + id, text, size);
  ledger->text_length += (uint32_t)size;
  ledger->text_count++;
  ledger->text_slots[slot] = id;
  return id;
}

const char *ledger_text_of(const Ledger *ledger, TextId text) { return ledger->text + text; }

/* --- entries --------------------------------------------------------------------------------------- */

static bool is_of(const Entry *entry, EntryKind kind, const Place *at, TextId task) {
  return entry->kind == kind && entry->task == task && entry->at.file == at->file &&
    entry->at.function == at->function && entry->at.line == at->line &&
    entry->at.callers == at->callers;
}

/* The slot of the entry, or the free one in which it belongs. */
static uint32_t *slot_of(Ledger *ledger, EntryKind kind, const Place *at, TextId task) {
  uint32_t slot = hash_place(kind, at, task) % SLOTS;
  while (ledger->entry_slots[slot]) {
    if (is_of(&ledger->entries[ledger->entry_slots[slot] - 1], kind, at, task)) break;
    slot = (slot + 1) % SLOTS;
  }
  return &ledger->entry_slots[slot];
}

Entry *ledger_find(Ledger *ledger, EntryKind kind, const Place *at, TextId task) {
  uint32_t slot = *slot_of(ledger, kind, at, task);
  return slot ? &ledger->entries[slot - 1] : NULL;
}

void ledger_add(Ledger *ledger, EntryKind kind, const Place *at, TextId task, Point point) {
  uint32_t *slot = slot_of(ledger, kind, at, task);
  if (*slot == 0) {
    if (ledger->entry_count == MAX_ENTRIES) return;
    ledger->entries[ledger->entry_count++] = (Entry){ .kind = kind, .at = *at, .task = task };
    *slot = ledger->entry_count;
  }
  Entry *entry = &ledger->entries[*slot - 1];
  uint32_t last = MAX_POINTS - 1;
  entry->points[entry->count < last ? entry->count : last] = point;
  entry->count++;
}

void ledger_begin_run(Ledger *ledger) {
  for (uint32_t i = 0; i < ledger->entry_count; i++) ledger->entries[i].seen = 0;
}

uint32_t ledger_points(const Ledger *ledger, EntryKind kind) {
  uint32_t points = 0;
  for (uint32_t i = 0; i < ledger->entry_count; i++) {
    if (ledger->entries[i].kind == kind) points += ledger->entries[i].count;
  }
  return points;
}

/* --- plans ----------------------------------------------------------------------------------------- */

static const struct {
  unsigned order;
  EntryKind entry;
  PlanKind plan;
} sources[] = {
  { PLANS_CANCEL, ENTRY_WAIT, PLAN_CANCEL },
  { PLANS_RAISE, ENTRY_TASK, PLAN_RAISE_END },
  { PLANS_RAISE, ENTRY_TASK, PLAN_RAISE_FIRST },
  { PLANS_CHILD, ENTRY_GATHER, PLAN_CHILD_RAISES },
  { PLANS_CHILD, ENTRY_GATHER, PLAN_CHILD_CANCELLED },
};

static void plan_entry(Ledger *ledger, const Entry *entry, PlanKind kind) {
  uint32_t points = entry->count < MAX_POINTS ? entry->count : MAX_POINTS;
  for (uint32_t i = 0; i < points && ledger->plan_count < MAX_PLANS; i++) {
    ledger->plans[ledger->plan_count++] =
      (Plan){ .kind = kind, .point = entry->points[i], .at = entry->at, .task = entry->task };
  }
}

void ledger_make_plans(Ledger *ledger, unsigned kinds) {
  ledger->plan_count = 0;
  for (size_t source = 0; source < sizeof(sources) / sizeof(*sources); source++) {
    if ((kinds & sources[source].order) == 0) continue;
    for (uint32_t i = 0; i < ledger->entry_count; i++) {
      const Entry *entry = &ledger->entries[i];
      if (entry->kind == sources[source].entry) plan_entry(ledger, entry, sources[source].plan);
    }
  }
}

uint32_t ledger_plan_count(const Ledger *ledger) { return ledger->plan_count; }

Plan ledger_plan(const Ledger *ledger, uint32_t index) { return ledger->plans[index]; }
