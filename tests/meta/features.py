"""Each test that docs/features.md names exists.

    features.py TOP

Prints each row that names another one and exits with 1 if there is one.
"""

import re
import sys
from pathlib import Path


def is_there(top, file, name):
    path = top / file
    if not path.is_file():
        return False
    if file == "tests/golden/test_golden.py":
        return (path.parent / name).is_file()
    return re.search(rf"^ *(?:def|static void) {re.escape(name)}\(", path.read_text(encoding="utf-8"), re.MULTILINE)


def main():
    top = Path(sys.argv[1])
    shown = failed = 0
    for number, line in enumerate((top / "docs/features.md").read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("|"):
            continue
        for file, name in re.findall(r"`([^`:]+)::([^`]+)`", line):
            shown += 1
            if not is_there(top, file, name):
                failed += 1
                print(f"docs/features.md:{number}: there is no test {name} in {file}")
    if shown == 0:
        print("docs/features.md names no test")
    return failed > 0 or shown == 0


if __name__ == "__main__":
    sys.exit(main())
