#include "python/project_trace.h"

#include "python/facts_layout.h"
#include "python/project_index.h"

#define QUESTION_ROWS(F, T) \
  F(T, CHOICE, kind, ASK_SUBPROCESS) \
  F(T, LIST, names, &str_layout)
LAYOUT(Question, question_layout, QUESTION_ROWS);

struct Trace {
  Arena *arena;
  Project view; /* what is asked, in the place of the project */
  Map known;    /* a question as bytes */
  Text key;
  Questions questions;
};

/* --- asking ------------------------------------------------------------------------------------ */

Trace *trace_new(Arena *arena) {
  Trace *trace = arena_make(arena, Trace);
  trace->arena = arena;
  trace->key.arena = arena;
  return trace;
}

const Project *project_traced(const Project *project, Trace *trace) {
  trace->view = (Project){ .library = project->library, .whole = project, .trace = trace };
  return &trace->view;
}

const Questions *trace_questions(const Trace *trace) { return &trace->questions; }

static void add(Trace *trace, QuestionKind kind, const Str *names, size_t count) {
  Text *key = &trace->key;
  key->len = 0;
  text_add_char(key, (char)('A' + kind));
  for (size_t i = 0; i < count; i++) {
    /* No name holds one: sources do not. */
    text_add_char(key, '\0');
    text_add(key, names[i]);
  }
  if (map_has(&trace->known, text_str(key))) return;
  map_add(trace->arena, &trace->known, str_copy(trace->arena, text_str(key)), 0);
  Question question = { .kind = kind };
  for (size_t i = 0; i < count; i++)
    vec_push(trace->arena, &question.names, str_copy(trace->arena, names[i]));
  vec_push(trace->arena, &trace->questions, question);
}

const Project *
project_asked(const Project *project, QuestionKind kind, const Str *names, size_t count) {
  if (project == NULL || project->trace == NULL) return project;
  add(project->trace, kind, names, count);
  return project->whole;
}

const Project *
project_asked_of_any(const Project *project, Str method, const Str *others, uint32_t count) {
  if (project == NULL || project->trace == NULL) return project;
  Str *names = arena_array(project->trace->arena, Str, count + 1);
  names[0] = method;
  for (uint32_t i = 0; i < count; i++) names[i + 1] = others[i];
  return project_asked(project, ASK_METHOD_OF_ANY, names, count + 1);
}

/* --- answering --------------------------------------------------------------------------------- */

static void write_text(Text *out, Str str) { layout_write(out, &str_layout, &str); }

static void write_count(Text *out, uint32_t number) {
  text_add(out, (Str){ (const char *)&number, sizeof number });
}

static void answer_canonical(const Project *project, const Strs *names, Text *out) {
  write_text(out, project_canonical(project, names->items[0]));
}

static void answer_function(const Project *project, const Strs *names, Text *out) {
  const FunctionFacts *found = project_function_in(project, names->items[0], names->items[1]);
  layout_write(out, &function_facts_layout, found);
}

static void answer_uses(const Project *project, const Strs *names, Text *out) {
  const FunctionUses *found = project_uses_in(project, names->items[0], names->items[1]);
  layout_write(out, &function_facts_layout, found ? found->function : NULL);
  if (found == NULL) return;
  for (int use = CALL_AWAITED; use <= CALL_REFERENCED; use++) write_count(out, found->uses[use]);
  write_count(out, found->fanned_out);
  write_count(out, found->caller_count);
  for (const Caller *caller = found->callers; caller != NULL; caller = caller->next) {
    write_text(out, caller->name);
    write_count(out, caller->use);
  }
  layout_write(out, &deadline_facts_layout, found->deadline);
}

static void answer_class(const Project *project, const Strs *names, Text *out) {
  layout_write(out, &class_facts_layout, project_class(project, names->items[0]));
}

static void answer_method(const Project *project, const Strs *names, Text *out) {
  bool is_overridden;
  const FunctionFacts *found =
    project_method(project, names->items[0], names->items[1], &is_overridden);
  layout_write(out, &function_facts_layout, found);
  write_count(out, is_overridden);
}

static void answer_unknown_base(const Project *project, const Strs *names, Text *out) {
  write_count(out, project_has_unknown_base(project, names->items[0]));
}

static void write_bases(const ProjectClass *class_, Text *out) {
  write_text(out, class_->facts->name);
  write_count(out, class_->library_bases.count);
  for (uint32_t i = 0; i < class_->library_bases.count; i++)
    write_text(out, class_->library_bases.items[i]);
}

/* All that the class derives from, since there are many bases that it is compared with. */
static void answer_ancestry(const Project *project, const Strs *names, Text *out) {
  Str name = project_canonical(project, names->items[0]);
  uint32_t number = project_find_class(project, name);
  write_text(out, name);
  if (number == INDEX_NONE) return;
  const ProjectClass *class_ = &project->classes.items[number];
  write_count(out, class_->ancestors.count);
  write_bases(class_, out);
  for (uint32_t i = 0; i < class_->ancestors.count; i++)
    write_bases(&project->classes.items[class_->ancestors.items[i]], out);
}

static void answer_attribute(const Project *project, const Strs *names, Text *out) {
  write_text(out, project_attribute_type(project, names->items[0], names->items[1]));
}

static void answer_instance(const Project *project, const Strs *names, Text *out) {
  write_text(out, project_instance_type(project, names->items[0]));
}

static void answer_habit(const Project *project, const Strs *names, Text *out) {
  Habit habit = project_habit(project, names->items[0]);
  write_count(out, habit.awaited);
  write_count(out, habit.unawaited);
}

static void answer_method_uses(const Project *project, const Strs *names, Text *out) {
  for (int use = CALL_AWAITED; use <= CALL_REFERENCED; use++)
    write_count(out, project_method_uses(project, names->items[0], (CallUse)use));
}

static void answer_same_named(const Project *project, const Strs *names, Text *out) {
  write_count(out, project_same_named(project, names->items[0]));
}

static void answer_method_of_any(const Project *project, const Strs *names, Text *out) {
  const FunctionFacts *found =
    project_method_of_any(project, names->items[0], names->items + 1, names->count - 1);
  layout_write(out, &function_facts_layout, found);
}

static void answer_task_factory(const Project *project, const Strs *names, Text *out) {
  write_count(out, project_factory_in(project, names->items[0]));
}

static void answer_needed_minor(const Project *project, const Strs *names, Text *out) {
  write_count(out, project_minor_in(project, names->items[0]));
}

static void answer_module(const Project *project, const Strs *names, Text *out) {
  write_count(out, project_has_module(project, names->items[0]));
}

static void answer_subprocess(const Project *project, const Strs *names, Text *out) {
  layout_write(out, &facts_layout, project_subprocess_in(project, names->items[0]));
}

typedef struct {
  void (*answer)(const Project *project, const Strs *names, Text *out);
  uint32_t names; /* at least */
} AnswerRow;

static const AnswerRow ANSWERS[] = {
  [ASK_CANONICAL] = { answer_canonical, 1 },
  [ASK_FUNCTION] = { answer_function, 2 },
  [ASK_USES] = { answer_uses, 2 },
  [ASK_CLASS] = { answer_class, 1 },
  [ASK_METHOD] = { answer_method, 2 },
  [ASK_UNKNOWN_BASE] = { answer_unknown_base, 1 },
  [ASK_ANCESTRY] = { answer_ancestry, 1 },
  [ASK_ATTRIBUTE] = { answer_attribute, 2 },
  [ASK_INSTANCE] = { answer_instance, 1 },
  [ASK_HABIT] = { answer_habit, 1 },
  [ASK_METHOD_USES] = { answer_method_uses, 1 },
  [ASK_SAME_NAMED] = { answer_same_named, 1 },
  [ASK_METHOD_OF_ANY] = { answer_method_of_any, 1 },
  [ASK_TASK_FACTORY] = { answer_task_factory, 1 },
  [ASK_NEEDED_MINOR] = { answer_needed_minor, 1 },
  [ASK_MODULE] = { answer_module, 1 },
  [ASK_SUBPROCESS] = { answer_subprocess, 1 },
};

bool project_answers(
  Arena *scratch, const Project *project, const Questions *questions, Hash *answers
) {
  Text text = { .arena = scratch };
  bool is_asked = true;
  for (uint32_t i = 0; i < questions->count && is_asked; i++) {
    const Question *question = &questions->items[i];
    const AnswerRow *row = &ANSWERS[question->kind];
    is_asked = question->names.count >= row->names;
    if (is_asked) row->answer(project, &question->names, &text);
  }
  *answers = hash_of(text_str(&text));
  return is_asked;
}
