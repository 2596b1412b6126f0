#include "python/facts_layout.h"

#define IDENTITY_ROWS(F, T) \
  F(T, STR, name, 0) \
  F(T, NUMBER, optional_parts, 0) \
  F(T, FLAG, is_package, 0) \
  F(T, FLAG, is_notebook, 0) \
  F(T, FLAG, is_test, 0)
LAYOUT(ModuleIdentity, module_identity_layout, IDENTITY_ROWS);

#define VOCABULARY_ROWS(F, T) \
  F(T, ARRAY, gather_like, &str_layout) \
  F(T, ARRAY, task_makers, &str_layout) \
  F(T, ARRAY, log_like, &str_layout) \
  F(T, ARRAY, never_return, &str_layout) \
  F(T, ARRAY, cleanup, &str_layout)
LAYOUT(Vocabulary, vocabulary_layout, VOCABULARY_ROWS);

#define POSITION_ROWS(F, T) \
  F(T, NUMBER, line, 0) \
  F(T, NUMBER, column, 0)
LAYOUT(Position, position_layout, POSITION_ROWS);

#define PARAMETER_ROWS(F, T) \
  F(T, STR, name, 0) \
  F(T, NUMBER, facts, 0)
LAYOUT(ParameterFacts, parameter_facts_layout, PARAMETER_ROWS);

#define DELEGATE_ROWS(F, T) \
  F(T, STR, name, 0) \
  F(T, FLAG, takes_timeouts, 0)
LAYOUT(Delegate, delegate_layout, DELEGATE_ROWS);

#define DEADLINE_ROWS(F, T) \
  F(T, STR, callee, 0) \
  F(T, STR, name, 0) \
  F(T, OWNER, path, 0) \
  F(T, PART, position, &position_layout)
LAYOUT(DeadlineFacts, deadline_facts_layout, DEADLINE_ROWS);

#define FUNCTION_ROWS(F, T) \
  F(T, STR, name, 0) \
  F(T, PART, position, &position_layout) \
  F(T, NUMBER, facts, 0) \
  F(T, LIST, decorators, &str_layout) \
  F(T, STR, returns_call_of, 0) \
  F(T, OWNER, path, 0) \
  F(T, STR, class_name, 0) \
  F(T, STR, returns, 0) \
  F(T, LIST, parameters, &parameter_facts_layout) \
  F(T, LIST, delegates, &delegate_layout) \
  F(T, STR, raises, 0) \
  F(T, LIST, raised, &str_layout)
LAYOUT(FunctionFacts, function_facts_layout, FUNCTION_ROWS);

#define ATTRIBUTE_ROWS(F, T) \
  F(T, STR, name, 0) \
  F(T, STR, type, 0)
LAYOUT(AttributeFacts, attribute_facts_layout, ATTRIBUTE_ROWS);

#define CLASS_ROWS(F, T) \
  F(T, STR, name, 0) \
  F(T, OWNER, path, 0) \
  F(T, LIST, bases, &str_layout) \
  F(T, LIST, attributes, &attribute_facts_layout) \
  F(T, LIST, methods, &str_layout)
LAYOUT(ClassFacts, class_facts_layout, CLASS_ROWS);

#define ALIAS_ROWS(F, T) \
  F(T, STR, name, 0) \
  F(T, STR, target, 0) \
  F(T, STR, through, 0)
LAYOUT(AliasFacts, alias_facts_layout, ALIAS_ROWS);

#define INSTANCE_ROWS(F, T) \
  F(T, STR, name, 0) \
  F(T, STR, type, 0)
LAYOUT(InstanceFacts, instance_facts_layout, INSTANCE_ROWS);

#define CALL_ROWS(F, T) \
  F(T, STR, caller, 0) \
  F(T, STR, callee, 0) \
  F(T, STR, handed_to, 0) \
  F(T, CHOICE, use, CALL_REFERENCED) \
  F(T, FLAG, is_fanned_out, 0) \
  F(T, FLAG, is_exact, 0)
LAYOUT(CallFacts, call_facts_layout, CALL_ROWS);

#define HABIT_ROWS(F, T) \
  F(T, STR, name, 0) \
  F(T, NUMBER, awaited, 0) \
  F(T, NUMBER, unawaited, 0)
LAYOUT(HabitFacts, habit_facts_layout, HABIT_ROWS);

#define SUBPROCESS_ROWS(F, T) \
  F(T, STR, name, 0) \
  F(T, NUMBER, offset, 0) \
  F(T, PART, position, &position_layout)
LAYOUT(SubprocessFacts, subprocess_facts_layout, SUBPROCESS_ROWS);

#define FACTS_ROWS(F, T) \
  F(T, PART, identity, &module_identity_layout) \
  F(T, OWNER, path, 0) \
  F(T, LIST, functions, &function_facts_layout) \
  F(T, LIST, classes, &class_facts_layout) \
  F(T, LIST, aliases, &alias_facts_layout) \
  F(T, LIST, instances, &instance_facts_layout) \
  F(T, LIST, calls, &call_facts_layout) \
  F(T, LIST, habits, &habit_facts_layout) \
  F(T, LIST, deadlines, &deadline_facts_layout) \
  F(T, LIST, imports, &str_layout) \
  F(T, FLAG, sets_task_factory, 0) \
  F(T, PART, subprocess, &subprocess_facts_layout) \
  F(T, SHORT, needs_minor, 0)
LAYOUT(Facts, facts_layout, FACTS_ROWS);
