#include "python/project_index.h"

#include "python/library.h"

Str project_top_of(const ModuleIdentity *identity) {
  Str rest = identity->name;
  for (uint32_t part = 0; part < identity->optional_parts; part++) str_next(&rest, '.');
  if (!str_contains(rest, STR("."))) {
    return identity->is_package ? identity->name : str_before_last(identity->name, '.');
  }
  Str first = str_next(&rest, '.');
  return str_slice(identity->name, 0, (uint32_t)(first.data + first.len - identity->name.data));
}

const Library *project_library(const Project *project) {
  return project == NULL ? NULL : project->library;
}

static const FunctionUses *picked_uses(const Project *project, uint32_t first, Str path) {
  uint32_t index = project_pick_function(project, first, path);
  return index == INDEX_NONE ? NULL : &project->functions[index].uses;
}

static const FunctionFacts *picked_function(const Project *project, uint32_t first, Str path) {
  const FunctionUses *picked = picked_uses(project, first, path);
  return picked == NULL ? NULL : picked->function;
}

static const ProjectClass *class_with_name(const Project *project, Str name) {
  uint32_t number = project == NULL ? INDEX_NONE : project_find_class(project, name);
  return number == INDEX_NONE ? NULL : &project->classes.items[number];
}

const FunctionFacts *project_function(const Project *project, Str name) {
  return project_function_in(project, name, STR_EMPTY);
}

const FunctionFacts *project_function_in(const Project *project, Str name, Str path) {
  project = project_ask(project, ASK_FUNCTION, name, path);
  return project == NULL ? NULL
                         : picked_function(project, project_find_function(project, name), path);
}

const FunctionUses *project_uses(const Project *project, Str name) {
  return project_uses_in(project, name, STR_EMPTY);
}

const FunctionUses *project_uses_in(const Project *project, Str name, Str path) {
  project = project_ask(project, ASK_USES, name, path);
  return project == NULL ? NULL : picked_uses(project, project_find_function(project, name), path);
}

const ClassFacts *project_class(const Project *project, Str name) {
  project = project_ask(project, ASK_CLASS, name);
  const ProjectClass *class_ = class_with_name(project, name);
  return class_ == NULL ? NULL : class_->facts;
}

const FunctionFacts *
project_method(const Project *project, Str class_name, Str method, bool *is_overridden) {
  project = project_ask(project, ASK_METHOD, class_name, method);
  *is_overridden = false;
  const ProjectClass *class_ = class_with_name(project, class_name);
  if (class_ == NULL) return NULL;
  NameBuffer buffer;
  *is_overridden = map_has(&project->overridden, name_joined(&buffer, class_->facts->name, method));
  uint32_t number = (uint32_t)(class_ - project->classes.items);
  return picked_function(
    project, project_find_method(project, number, method), class_->facts->path
  );
}

bool project_has_unknown_base(const Project *project, Str class_name) {
  project = project_ask(project, ASK_UNKNOWN_BASE, class_name);
  const ProjectClass *class_ = class_with_name(project, class_name);
  if (class_ != NULL) return class_->has_unknown_base;
  const LibraryEntry *entry =
    library_find(project_library(project), project_canonical(project, class_name));
  return entry == NULL || entry->kind != LIBRARY_CLASS || entry->is_external;
}

static bool derives_outside(const Project *project, const ProjectClass *class_, Str base) {
  for (uint32_t i = 0; i < class_->library_bases.count; i++) {
    Str name = class_->library_bases.items[i];
    if (str_equal(name, base) || library_is_subclass(project_library(project), name, base))
      return true;
  }
  return false;
}

/* `base` is canonical. It is no part of the question: there are many that a class is compared with. */
static bool project_descends(const Project *project, Str name, Str base) {
  project = project_ask(project, ASK_ANCESTRY, name);
  name = project_canonical(project, name);
  if (str_equal(name, base) || str_is(base, "object")) return true;
  const ProjectClass *class_ = class_with_name(project, name);
  if (class_ == NULL) return library_is_subclass(project_library(project), name, base);
  if (derives_outside(project, class_, base)) return true;
  for (uint32_t i = 0; i < class_->ancestors.count; i++) {
    const ProjectClass *ancestor = &project->classes.items[class_->ancestors.items[i]];
    if (str_equal(ancestor->facts->name, base) || derives_outside(project, ancestor, base))
      return true;
  }
  return false;
}

bool project_is_subclass(const Project *project, Str name, Str base) {
  return project_descends(project, name, project_canonical(project, base));
}

/* Attributes are sorted by name. */
static Str own_attribute_type(const ClassFacts *facts, Str attribute) {
  uint32_t start = 0, end = facts->attributes.count;
  while (start < end) {
    uint32_t middle = start + (end - start) / 2;
    int order = str_compare(facts->attributes.items[middle].name, attribute);
    if (order == 0) return facts->attributes.items[middle].type;
    if (order < 0) {
      start = middle + 1;
    } else {
      end = middle;
    }
  }
  return STR_EMPTY;
}

Str project_attribute_type(const Project *project, Str class_name, Str attribute) {
  project = project_ask(project, ASK_ATTRIBUTE, class_name, attribute);
  const ProjectClass *class_ = class_with_name(project, class_name);
  if (class_ == NULL) return STR_EMPTY;
  Str type = own_attribute_type(class_->facts, attribute);
  for (uint32_t i = 0; i < class_->ancestors.count && type.len == 0; i++) {
    type = own_attribute_type(project->classes.items[class_->ancestors.items[i]].facts, attribute);
  }
  if (type.len > 0) return project_canonical(project, type);
  bool is_overridden;
  const FunctionFacts *getter = project_method(project, class_name, attribute, &is_overridden);
  bool is_property =
    getter != NULL && (getter->facts & (FACT_PROPERTY | FACT_ASYNC)) == FACT_PROPERTY;
  return is_property ? project_canonical(project, getter->returns) : STR_EMPTY;
}

Str project_instance_type(const Project *project, Str name) {
  project = project_ask(project, ASK_INSTANCE, name);
  if (project == NULL) return STR_EMPTY;
  uint32_t index = project_follow(project, name)->instance;
  return index == INDEX_NONE ? STR_EMPTY
                             : project_canonical(project, project->instances.items[index].type);
}

static const BareName *bare_name(const Project *project, Str name) {
  uint32_t index;
  if (project == NULL || !map_get(&project->bare_names, name, &index)) return NULL;
  return &project->bare.items[index];
}

uint32_t project_method_uses(const Project *project, Str name, CallUse use) {
  project = project_ask(project, ASK_METHOD_USES, name);
  const BareName *bare = bare_name(project, name);
  return bare == NULL ? 0 : bare->uses[use];
}

Habit project_habit(const Project *project, Str name) {
  project = project_ask(project, ASK_HABIT, name);
  uint32_t index;
  if (project == NULL || !map_get(&project->habits, name, &index)) return (Habit){ 0 };
  return project->habit_items.items[index];
}

uint32_t project_same_named(const Project *project, Str name) {
  project = project_ask(project, ASK_SAME_NAMED, name);
  const BareName *bare = bare_name(project, name);
  return bare == NULL ? 0 : bare->same_named;
}

static bool has_methods(const Project *project, uint32_t number, const Str *names, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (project_find_method(project, number, names[i]) == INDEX_NONE) return false;
  }
  return true;
}

const FunctionFacts *
project_method_of_any(const Project *project, Str method, const Str *others, uint32_t count) {
  project = project_asked_of_any(project, method, others, count);
  const FunctionFacts *found = NULL;
  for (uint32_t i = 0; project != NULL && i < project->classes.count; i++) {
    const ProjectClass *class_ = &project->classes.items[i];
    if (class_->is_ambiguous || class_->has_unknown_base) continue;
    uint32_t first = project_find_method(project, i, method);
    if (first == INDEX_NONE || !has_methods(project, i, others, count)) continue;
    const FunctionFacts *own = picked_function(project, first, class_->facts->path);
    if (own == NULL || (found != NULL && own->facts != found->facts)) return NULL;
    found = own;
  }
  return found;
}

bool project_factory_in(const Project *project, Str top) {
  project = project_ask(project, ASK_TASK_FACTORY, top);
  return project != NULL && map_has(&project->task_factories, top);
}

bool project_sets_task_factory(const Project *project, const ModuleIdentity *identity) {
  return project_factory_in(project, project_top_of(identity));
}

uint16_t project_minor_in(const Project *project, Str top) {
  project = project_ask(project, ASK_NEEDED_MINOR, top);
  uint32_t minor = 0;
  if (project != NULL) map_get(&project->needed_minors, top, &minor);
  return (uint16_t)minor;
}

uint16_t project_needs_minor(const Project *project, const ModuleIdentity *identity) {
  return project_minor_in(project, project_top_of(identity));
}

bool project_has_module(const Project *project, Str name) {
  project = project_ask(project, ASK_MODULE, name);
  return project != NULL && project_meaning(project, name)->module != INDEX_NONE;
}

/* The top-level package as importers call it, without the folders around it. */
static Str top_package(const ModuleIdentity *identity) {
  Str rest = identity->name, part = STR_EMPTY;
  for (uint32_t i = 0; i <= identity->optional_parts && rest.len > 0; i++)
    part = str_next(&rest, '.');
  return part;
}

const Facts *project_subprocess_in(const Project *project, Str package) {
  project = project_ask(project, ASK_SUBPROCESS, package);
  for (uint32_t i = 0; project != NULL && i < project->subprocess_users.count; i++) {
    const Facts *facts = project->subprocess_users.items[i];
    if (package.len == 0 || str_equal(top_package(&facts->identity), package)) return facts;
  }
  return NULL;
}

const Facts *project_subprocess_user(const Project *project, const ModuleIdentity *program) {
  bool is_script = !str_contains(program->name, STR("."));
  return project_subprocess_in(project, is_script ? STR_EMPTY : top_package(program));
}
