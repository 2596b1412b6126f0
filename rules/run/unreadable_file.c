/*
# Unreadable file

A file that was to be checked and could not be read: it is not UTF-8, holds NUL bytes, is too large,
cannot be opened, or changed while it was read. A notebook: it is not JSON, or holds no cells of format 4.

## What happens at run time

Python decodes its sources as UTF-8 unless a file says otherwise, and refuses those that do not decode:
`SyntaxError: (unicode error) 'utf-8' codec can't decode byte 0xff`. Where Python can read the file all the same,
nothing in it has been checked.

## Use instead

Save the file as UTF-8, give it its permissions back, or leave it out:

```toml
[tool.awry]
exclude = ["vendor/generated.py"]
```

## When not to worry

A file that Python is not to run (a test of broken input, a template) belongs in `exclude`. The rest of the run
goes on without it.

## Source

[PEP 3120](https://peps.python.org/pep-3120/): UTF-8 is the default source encoding.
*/
#include "lint/rule.h"

const Rule rule_unreadable_file = {
  .code = "AWR002",
  .name = "unreadable-file",
  .summary = "A file that could not be read, so that nothing in it has been checked",
  .since = "0.1",
  .severity = SEVERITY_ERROR,
  .is_default = true,
  .runs_in_tests = true,
};
