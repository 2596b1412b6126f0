#include "lint/screen.h"

#include <string.h>

enum { GRAM = 3 };

void screen_add(Arena *arena, Screen *screen, Str word) {
  for (uint32_t i = 0; i < screen->words.count; i++) {
    if (str_contains(word, screen->words.items[i])) return;
  }
  uint32_t kept = 0;
  for (uint32_t i = 0; i < screen->words.count; i++) {
    Str other = screen->words.items[i];
    if (!str_contains(other, word)) screen->words.items[kept++] = other;
  }
  screen->words.count = kept;
  vec_push(arena, &screen->words, word);
}

static uint32_t gram_at(const char *text) {
  const unsigned char *bytes = (const unsigned char *)text;
  return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16;
}

static uint32_t gram_hash(uint32_t gram) { return (gram * 0x9e3779b1u) >> 16; }

void screen_build(Arena *arena, Screen *screen) {
  uint32_t shortest = UINT32_MAX;
  for (uint32_t i = 0; i < screen->words.count; i++) {
    uint32_t len = screen->words.items[i].len;
    if (len < shortest) shortest = len;
  }
  if (shortest < GRAM) screen->passes_all = true;
  if (screen->passes_all) return;
  screen->stride = shortest - GRAM + 1;
  for (uint32_t i = 0; i < screen->words.count; i++) {
    for (uint32_t at = 0; at < screen->stride; at++) {
      Str word = screen->words.items[i];
      uint32_t gram = gram_at(word.data + at), hash = gram_hash(gram);
      screen->bits[hash / 64] |= UINT64_C(1) << hash % 64;
      vec_push(arena, &screen->grams, (ScreenGram){ .word = word, .at = at, .gram = gram });
    }
  }
}

static bool has_word_around(const Screen *screen, Str text, uint32_t i, uint32_t gram) {
  for (uint32_t j = 0; j < screen->grams.count; j++) {
    const ScreenGram *entry = &screen->grams.items[j];
    if (entry->gram != gram || entry->at > i) continue;
    uint32_t start = i - entry->at;
    bool fits = text.len - start >= entry->word.len;
    if (fits && memcmp(text.data + start, entry->word.data, entry->word.len) == 0) return true;
  }
  return false;
}

bool screen_passes(const Screen *screen, Str text) {
  if (screen->passes_all) return true;
  if (screen->words.count == 0) return false;
  for (uint32_t i = 0; i + GRAM <= text.len; i += screen->stride) {
    uint32_t gram = gram_at(text.data + i), hash = gram_hash(gram);
    bool is_hit = screen->bits[hash / 64] >> hash % 64 & 1;
    if (is_hit && has_word_around(screen, text, i, gram)) return true;
  }
  return false;
}

bool mentions_async(Str text) {
  return str_contains(text, STR("async")) || str_contains(text, STR("await"));
}
