#include "python/catalogue.h"

enum {
  ALIAS_LIMIT = 8,
  STAR_ROUNDS = 8, /* star imports of star imports */
};

Record *catalogue_resolve(Catalogue *catalogue, Str name) {
  Record *record = catalogue_find(catalogue, name);
  for (uint32_t i = 0; i < ALIAS_LIMIT && record && record->kind == LIBRARY_ALIAS; i++) {
    record = catalogue_find(catalogue, record->target);
  }
  return record && record->kind != LIBRARY_ALIAS ? record : NULL;
}

static bool is_bare(Str name) { return !str_contains(name, STR(".")); }

/* -- Star imports and builtins ---------------------------------------------------------------- */

const Stub *catalogue_stub(const Catalogue *catalogue, Str module) {
  uint32_t index;
  return map_get(&catalogue->stub_of, module, &index) ? &catalogue->stubs.items[index] : NULL;
}

static void expand_star(Catalogue *catalogue, Stub *into, const Stub *from) {
  for (uint32_t i = 0; i < from->exports.count; i++) {
    Str name = from->exports.items[i];
    Record alias = {
      .name = str_join(catalogue->arena, into->module, '.', name),
      .kind = LIBRARY_ALIAS,
      .target = str_join(catalogue->arena, from->module, '.', name),
      .owner = STR_EMPTY,
      .is_external = catalogue->is_external,
    };
    bool is_new = !catalogue_find(catalogue, alias.name);
    if (!is_new || !catalogue_find(catalogue, alias.target)) continue;
    catalogue_add(catalogue, alias);
    if (!into->has_all) vec_push(catalogue->arena, &into->exports, name);
  }
}

static void expand_stars(Catalogue *catalogue) {
  for (uint32_t round = 0; round < STAR_ROUNDS; round++) {
    for (uint32_t i = 0; i < catalogue->stubs.count; i++) {
      Stub *into = &catalogue->stubs.items[i];
      for (uint32_t star = 0; star < into->star_modules.count; star++) {
        const Stub *from = catalogue_stub(catalogue, into->star_modules.items[star]);
        if (from && from != into) expand_star(catalogue, into, from);
      }
    }
  }
}

/* asyncio.TimeoutError is the builtin only from 3.11 on, and code means it by its own name:
   where a stub knows no more than that, it becomes a class of its own under the builtin. */
static void separate_builtins(Catalogue *catalogue) {
  for (uint32_t i = 0; i < catalogue->records.count; i++) {
    Record *record = &catalogue->records.items[i];
    if (record->kind != LIBRARY_ALIAS || is_bare(record->name) || !is_bare(record->target)) {
      continue;
    }
    if (record->is_external) continue;
    const Record *builtin = catalogue_resolve(catalogue, record->target);
    if (!builtin || builtin->kind != LIBRARY_CLASS) continue;
    record->kind = LIBRARY_CLASS;
    vec_push(catalogue->arena, &record->bases, builtin->name);
    record->target = STR_EMPTY;
  }
}

/* -- Generic classes --------------------------------------------------------------------------- */

/* Entering an X(Base[A]), where Base says no more than that it gives a T, gives an A. */
static void add_entered(Catalogue *catalogue, const Record *class_record) {
  Str enter = STR("__aenter__"), argument = class_record->argument, owner = class_record->name;
  for (uint32_t i = 0; i < class_record->bases.count; i++) {
    const Record *base = catalogue_resolve(catalogue, class_record->bases.items[i]);
    if (!base) continue;
    Arena *arena = catalogue->arena;
    const Record *method = catalogue_find(catalogue, str_join(arena, base->name, '.', enter));
    if (!method || !method->returns_variable) continue;
    Record record = *method;
    record.name = str_join(arena, owner, '.', enter);
    record.owner = owner;
    record.target = argument;
    record.returns_variable = false;
    catalogue_add(catalogue, record);
    return;
  }
}

static void enter_generics(Catalogue *catalogue) {
  uint32_t count = catalogue->records.count;
  for (uint32_t i = 0; i < count; i++) {
    Record record = catalogue->records.items[i];
    if (record.kind == LIBRARY_CLASS && record.argument.len > 0) add_entered(catalogue, &record);
  }
}

/* -- What is kept ----------------------------------------------------------------------------- */

/* The top package, _asyncio and asyncio being the same. Builtins have none. */
static Str package_of(Str name) {
  Str rest = name;
  if (is_bare(name)) return STR_EMPTY;
  Str top = str_next(&rest, '.');
  while (str_starts_with(top, STR("_"))) top = str_slice(top, 1, top.len);
  return top;
}

static bool is_private_name(Str name) {
  static const char *const MEANINGFUL[] = { "__aenter__", "__enter__", "__call__", "__await__" };
  Str bare = str_after_last(name, '.');
  return str_starts_with(bare, STR("_")) && !STR_IN(bare, MEANINGFUL);
}

/* The names of methods that are coroutine functions somewhere. */
static Map coroutine_names(Catalogue *catalogue) {
  Map names = { 0 };
  for (uint32_t i = 0; i < catalogue->records.count; i++) {
    const Record *record = &catalogue->records.items[i];
    if (record->kind != LIBRARY_COROUTINE || record->owner.len == 0) continue;
    map_add(catalogue->arena, &names, str_after_last(record->name, '.'), 0);
  }
  return names;
}

/* A plain function is worth knowing for what it returns, a plain method also because it may hide a
   coroutine function of a base. */
static bool is_kept_external(const Record *record, const Map *coroutines) {
  if (is_private_name(record->name)) return false;
  if (record->kind != LIBRARY_FUNCTION || !is_bare(record->target)) return true;
  return record->owner.len > 0 && map_has(coroutines, str_after_last(record->name, '.'));
}

static bool is_kept_function(const Record *record, const Map *coroutines) {
  static const char *const PACKAGES[] = { "asyncio", "concurrent", "contextlib" };
  if (record->is_external) return is_kept_external(record, coroutines);
  Str bare = str_after_last(record->name, '.');
  if (record->kind != LIBRARY_FUNCTION) return true;
  if (str_starts_with(bare, STR("_")) && !str_is(bare, "__enter__")) return false;
  return is_bare(record->name) || STR_IN(package_of(record->name), PACKAGES);
}

static bool is_kept(Catalogue *catalogue, const Record *record, const Map *coroutines) {
  if (record->kind == LIBRARY_CLASS) return true;
  if (record->kind != LIBRARY_ALIAS) return is_kept_function(record, coroutines);
  const Record *target = catalogue_resolve(catalogue, record->target);
  if (!target) return false;
  bool is_builtin = is_bare(target->name) && !is_bare(record->name);
  bool is_foreign = record->is_external != target->is_external;
  if (is_builtin || is_foreign || record->is_own_use) return false;
  return target->kind == LIBRARY_CLASS || is_kept_function(target, coroutines);
}

/* -- Public names ----------------------------------------------------------------------------- */

static bool has_private_part(Str name) {
  return str_starts_with(name, STR("_")) || str_contains(name, STR("._"));
}

static uint32_t count_parts(Str name) {
  uint32_t parts = 1;
  for (uint32_t i = 0; i < name.len; i++) parts += name.data[i] == '.';
  return parts;
}

static bool is_more_public(Str name, Str than) {
  if (has_private_part(name) != has_private_part(than)) return has_private_part(than);
  if (count_parts(name) != count_parts(than)) return count_parts(name) < count_parts(than);
  if (name.len != than.len) return name.len < than.len;
  return str_compare(name, than) < 0;
}

/* True if the alias is another home of the same thing rather than another name for it. */
static bool is_same_thing(const Record *alias, const Record *target) {
  Str bare = str_after_last(alias->name, '.');
  return target && target->owner.len == 0 && str_equal(bare, str_after_last(target->name, '.')) &&
    str_equal(package_of(alias->name), package_of(target->name));
}

static void find_public_names(Catalogue *catalogue) {
  for (uint32_t i = 0; i < catalogue->records.count; i++) {
    Record *record = &catalogue->records.items[i];
    record->public_name = record->name;
  }
  for (uint32_t i = 0; i < catalogue->records.count; i++) {
    const Record *alias = &catalogue->records.items[i];
    if (alias->kind != LIBRARY_ALIAS || !alias->is_kept) continue;
    Record *target = catalogue_resolve(catalogue, alias->target);
    bool is_better =
      is_same_thing(alias, target) && is_more_public(alias->name, target->public_name);
    if (is_better) target->public_name = alias->name;
  }
}

/* Other homes of a thing, and methods, follow the public name of the thing and of the class. */
static void spread_public_names(Catalogue *catalogue) {
  for (uint32_t i = 0; i < catalogue->records.count; i++) {
    Record *record = &catalogue->records.items[i];
    const Record *owner = catalogue_find(catalogue, record->owner);
    if (owner) {
      Str bare = str_after_last(record->name, '.');
      record->public_name = str_join(catalogue->arena, owner->public_name, '.', bare);
    }
    if (record->kind != LIBRARY_ALIAS || !record->is_kept) continue;
    const Record *target = catalogue_resolve(catalogue, record->target);
    if (is_same_thing(record, target)) record->public_name = target->public_name;
  }
}

void catalogue_link(Catalogue *catalogue) {
  expand_stars(catalogue);
  separate_builtins(catalogue);
  enter_generics(catalogue);
  Map coroutines = coroutine_names(catalogue);
  for (uint32_t i = 0; i < catalogue->records.count; i++) {
    Record *record = &catalogue->records.items[i];
    record->is_kept = is_kept(catalogue, record, &coroutines);
  }
  find_public_names(catalogue);
  spread_public_names(catalogue);
}
