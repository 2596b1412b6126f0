#pragma once
/*
 * The contract between the engine and a rule: the header every rule author reads.
 *
 * A rule is one file, rules/<topic>/<rule_name>.c. It opens with its documentation, a Markdown
 * block comment with the headings below in this order; then the check; then one constant record
 * `const Rule rule_<rule_name>`. Only its row in docs/measured.md stands elsewhere: the build
 * collects the files.
 *
 *   # Title
 *   (one paragraph: what goes wrong)
 *   ## What happens at run time
 *   ## Use instead
 *   ## When not to worry        (which legitimate idioms stay silent, how to suppress)
 *   ## Fix                      (only if the record has one)
 *   ## Measured                 (findings in real code: bugs, debatable, wrong; "Known to miss: ")
 *   ## Source                   (documentation, PEP, issue or measurement the rule rests on)
 *
 * A rule asks the model (python/…) and reports through the Context. It never walks the tree for
 * itself, resolves names, prints, or keeps state. If two rules need the same question answered, the
 * answer belongs in the model.
 */
#include "lint/context.h"
#include "lint/finding.h"
#include "python/module.h"

typedef enum {
  EVENT_NONE, /* ends the list of subscriptions */
  EVENT_NODE,
  EVENT_FUNCTION,
} Event;

/* A tagged union filled by the macros below: the compiler refuses a handler of the wrong type. */
typedef struct {
  Event event;
  Kind kind; /* EVENT_NODE only */
  union {
    void (*node)(Context *cx, Node node);
    void (*function)(Context *cx, FunctionId function);
  } run;
} Subscription;

/* Once per node of that kind, in source order. */
#define ON_NODE(k, f) \
  { .event = EVENT_NODE, .kind = (k), .run.node = (f) }
/* Once per function, the module's top level included. */
#define ON_FUNCTION(f) \
  { .event = EVENT_FUNCTION, .run.function = (f) }

enum { RULE_MAX_SUBSCRIPTIONS = 6, RULE_MAX_WORDS = 8 };

struct Rule {
  const char *code;    /* "AWR101" */
  const char *name;    /* "swallowed-cancellation": the file's stem with dashes */
  const char *summary; /* one line for lists: what goes wrong */
  const char *since;   /* version that brought it */
  Severity severity;
  Applicability fix;  /* the boldest fix it may offer */
  bool is_default;    /* on unless ignored; else only when selected by name, code, prefix or ALL */
  bool runs_in_tests; /* on by default in test files too (T in the list of rules) */
  uint16_t min_minor; /* reported only if the target version is at least 3.min_minor; 0: no limit */
  uint16_t max_minor; /* reported only if the target version is at most 3.max_minor; 0: no limit */
  /* A file that contains none of these words is not worth parsing for this rule. Ends at the first
     NULL. */
  const char *words[RULE_MAX_WORDS];
  Subscription on[RULE_MAX_SUBSCRIPTIONS];
};

/* The generated registry (rules/collect.c): every rule and its documentation, in no particular
   order. */
typedef struct {
  const Rule *rule;
  const char *path;         /* rules/topic/name.c */
  const char *topic;        /* "cancellation" */
  const char *const *lines; /* the documentation, line by line */
  uint32_t line_count;
} RuleEntry;

extern const RuleEntry rule_entries[];
extern const uint32_t rule_entry_count;
