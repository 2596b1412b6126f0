/*
# Syntax error

The file holds something that cannot be parsed as Python. What is around it has been checked, but findings in the broken
part may be missing.

## What happens at run time

Importing the file raises `SyntaxError`. Or the file is written for a newer Python than this version of awry
knows, or for none: a template. In a notebook nothing of the cell runs; the other cells are checked as if it were not there.

## Use instead

Let Python say what is wrong: `python -m py_compile FILE` names the place and the reason.

## When not to worry

What stands in an annotation is passed over: it may be any expression. The place is where the parser gave up, which may be some lines behind the fault. A file that is not to run (a test of
broken input, a template) belongs in `exclude`, or says in its first lines:

```python
# awry: ignore-file syntax-error -- a template
```

Only files that awry has a reason to parse are looked at, which are those that hold a word of asynchronous code:
it does not replace a check of the syntax.

## Proof

There is nothing to run: a file that cannot be parsed does not start.

## Source

The [Python grammar](https://docs.python.org/3/reference/grammar.html), from 3.8 to 3.14.
*/
#include "lint/rule.h"

const Rule rule_syntax_error = {
  .code = "AWR003",
  .name = "syntax-error",
  .summary = "Something that cannot be parsed as Python",
  .since = "0.1",
  .severity = SEVERITY_ERROR,
  .is_default = true,
  .runs_in_tests = true,
};
