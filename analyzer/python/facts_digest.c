#include "python/facts_digest.h"

typedef struct {
  Digest meaning, places;
} Digesting;

static void add_number(Digesting *into, uint64_t number) { digest_number(&into->meaning, number); }

static void add_str(Digesting *into, Str str) { digest_str(&into->meaning, str); }

static void add_position(Digesting *into, Position position) {
  digest_number(&into->places, (uint64_t)position.line << 32 | position.column);
}

static void add_strs(Digesting *into, const Str *items, uint32_t count) {
  add_number(into, count);
  for (uint32_t i = 0; i < count; i++) add_str(into, items[i]);
}

static void add_identity(Digesting *into, const ModuleIdentity *identity) {
  add_str(into, identity->name);
  add_number(into, identity->optional_parts);
  add_number(
    into,
    (uint64_t)identity->is_package | (uint64_t)identity->is_notebook << 1 |
      (uint64_t)identity->is_test << 2
  );
}

static void add_deadline(Digesting *into, const DeadlineFacts *deadline) {
  add_str(into, deadline->callee);
  add_str(into, deadline->name);
  add_position(into, deadline->position);
}

static void add_function(Digesting *into, const FunctionFacts *function) {
  add_str(into, function->name);
  add_position(into, function->position);
  add_number(into, function->facts);
  add_str(into, function->class_name);
  add_str(into, function->returns);
  add_number(into, function->parameters.count);
  for (uint32_t i = 0; i < function->parameters.count; i++) {
    add_str(into, function->parameters.items[i].name);
    add_number(into, function->parameters.items[i].facts);
  }
  add_number(into, function->delegates.count);
  for (uint32_t i = 0; i < function->delegates.count; i++) {
    add_str(into, function->delegates.items[i].name);
    add_number(into, function->delegates.items[i].takes_timeouts);
  }
  add_str(into, function->raises);
  add_strs(into, function->raised.items, function->raised.count);
  add_strs(into, function->decorators.items, function->decorators.count);
  add_str(into, function->returns_call_of);
}

static void add_class(Digesting *into, const ClassFacts *class_) {
  add_str(into, class_->name);
  add_strs(into, class_->bases.items, class_->bases.count);
  add_number(into, class_->attributes.count);
  for (uint32_t i = 0; i < class_->attributes.count; i++) {
    add_str(into, class_->attributes.items[i].name);
    add_str(into, class_->attributes.items[i].type);
  }
  add_strs(into, class_->methods.items, class_->methods.count);
}

static void add_names(Digesting *into, const Facts *facts) {
  add_number(into, facts->aliases.count);
  for (uint32_t i = 0; i < facts->aliases.count; i++) {
    add_str(into, facts->aliases.items[i].name);
    add_str(into, facts->aliases.items[i].target);
    add_str(into, facts->aliases.items[i].through);
  }
  add_number(into, facts->instances.count);
  for (uint32_t i = 0; i < facts->instances.count; i++) {
    add_str(into, facts->instances.items[i].name);
    add_str(into, facts->instances.items[i].type);
  }
  add_strs(into, facts->imports.items, facts->imports.count);
}

static void add_call(Digesting *into, const CallFacts *call) {
  add_str(into, call->caller);
  add_str(into, call->callee);
  add_str(into, call->handed_to);
  add_number(
    into, (uint64_t)call->use | (uint64_t)call->is_fanned_out << 8 | (uint64_t)call->is_exact << 9
  );
}

static void add_habit(Digesting *into, const HabitFacts *habit) {
  add_str(into, habit->name);
  add_number(into, (uint64_t)habit->awaited << 32 | habit->unawaited);
}

static void add_subprocess(Digesting *into, const SubprocessFacts *subprocess) {
  add_str(into, subprocess->name);
  digest_number(&into->places, subprocess->offset);
  add_position(into, subprocess->position);
}

FactsDigest facts_digest(const Facts *facts) {
  Digesting into = { digest_begin(), digest_begin() };
  add_identity(&into, &facts->identity);
  add_str(&into, facts->path);
  add_number(&into, facts->functions.count);
  for (uint32_t i = 0; i < facts->functions.count; i++)
    add_function(&into, &facts->functions.items[i]);
  add_number(&into, facts->classes.count);
  for (uint32_t i = 0; i < facts->classes.count; i++) add_class(&into, &facts->classes.items[i]);
  add_names(&into, facts);
  add_number(&into, facts->calls.count);
  for (uint32_t i = 0; i < facts->calls.count; i++) add_call(&into, &facts->calls.items[i]);
  add_number(&into, facts->habits.count);
  for (uint32_t i = 0; i < facts->habits.count; i++) add_habit(&into, &facts->habits.items[i]);
  add_number(&into, facts->deadlines.count);
  for (uint32_t i = 0; i < facts->deadlines.count; i++)
    add_deadline(&into, &facts->deadlines.items[i]);
  add_subprocess(&into, &facts->subprocess);
  add_number(&into, (uint64_t)facts->sets_task_factory << 16 | facts->needs_minor);
  return (FactsDigest){ digest_end(&into.meaning), digest_end(&into.places) };
}
