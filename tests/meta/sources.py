"""What the project promises about its own C sources, read off their text and their objects.

    sources.py TOP CHECK [ARCHIVE…]

Prints each breach and exits with 1 if there is one.
"""

import re
import subprocess
import sys
from pathlib import Path

# Who may include whom: the layers of docs/architecture.md, from the lowest one up.
BELOW = {
    "base": [],
    "source": ["base"],
    "python": ["base", "source"],
    "native": ["base", "source"],
    "lint": ["base", "source", "python", "native"],
    "report": ["base", "source", "python", "native", "lint"],
    "rules": ["base", "source", "python", "native", "lint"],
    "project": ["base", "source", "python", "native", "lint", "report"],
    "lsp": ["base", "source", "python", "native", "lint", "report", "project"],
    "proof": ["base", "source", "python", "native", "lint", "report", "project"],
    # Inside the user's interpreter: it shares nothing with the analyzer.
    "runtime": [],
    "cli": ["base", "source", "python", "native", "lint", "report", "project", "lsp", "proof"],
}

# Programs of the build: they print, and no user runs them.
HOST_TOOLS = ["rules/collect.c", "analyzer/python/library_generate.c", "analyzer/project/library_condense.c"]

# Functions, where they are allowed, and why nowhere else.
BANNED_CALLS = [
    (
        "sprintf vsprintf strcpy strcat strtok atoi atol gets localtime gmtime asctime",
        [],
        "it writes past a buffer, hides an error or keeps a state of its own",
    ),
    (
        "printf fprintf vprintf vfprintf puts fputs putc fputc putchar fwrite perror stdout stderr",
        ["analyzer/cli/", "analyzer/lsp/", "analyzer/base/fatal.c", "tests/", *HOST_TOOLS],
        "only programs print",
    ),
    (
        "malloc calloc realloc reallocarray free strdup strndup asprintf",
        ["analyzer/base/", "tests/", *HOST_TOOLS],
        "memory comes from an Arena",
    ),
    (
        "abort exit _exit",
        # Children end there that cannot become another program, or only wait for one.
        [
            "analyzer/base/fatal.c",
            "analyzer/proof/launch.c",
            "analyzer/proof/contain.c",
            "runtime/trial.c",
            "tests/",
            *HOST_TOOLS,
        ],
        "the program ends in main or through fatal()",
    ),
]

# Headers of others that one file each keeps from the rest of the project.
KEPT_HEADERS = [
    (
        r"tree_sitter/",
        ["analyzer/python/parse.c", "analyzer/project/toml.c", "tests/unit/test_kind.c"],
    ),
    (r"clang-c/", ["analyzer/native/clang.c"]),
    (r"pthread\.h", ["analyzer/base/thread.h"]),
    (r"Python\.h", ["runtime/compat.h"]),
]

# Comments, string and character literals: what the compiler does not read as code.
NOT_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.MULTILINE)

# Sections of an object that a program can write to. Constants that hold addresses are in
# .data.rel.ro: written by the loader, then read-only.
WRITABLE_SECTION = re.compile(r"^(\.data(?!\.rel\.ro)|\.bss|\.tdata|\.tbss|COMMON)")


def files(top):
    for folder in ("analyzer", "rules", "runtime", "tests"):
        for path in sorted((top / folder).rglob("*.[ch]")):
            yield path.relative_to(top).as_posix(), path.read_text(encoding="utf-8")


def code_of(text):
    """The text with blanks for what is no code; lines stay where they are."""
    return NOT_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def line_at(text, offset):
    return text.count("\n", 0, offset) + 1


def check_layers(top):
    """A file includes only from its own folder and from folders below it."""
    for path, text in files(top):
        parts = path.split("/")
        layer = parts[1] if parts[0] == "analyzer" else parts[0]
        if layer == "tests":
            continue
        if layer not in BELOW:
            yield f"{path}: {layer} is not in the list of layers"
            continue
        for match in INCLUDE.finditer(text):
            kind, header = match.groups()
            place = f"{path}:{line_at(text, match.start(1))}"
            folder = header.split("/")[0]
            if kind == "<":
                if folder in BELOW and "/" in header:
                    yield f'{place}: our own headers are included as "{header}"'
            elif not any((root / header).is_file() for root in (top / "analyzer", top)):
                yield f"{place}: {header} is not a header of ours"
            elif folder not in [layer, *BELOW[layer]]:
                yield f"{place}: {layer} may not include from {folder}"


def check_kept_headers(top):
    """A third-party header is known to one file."""
    for path, text in files(top):
        for match in INCLUDE.finditer(text):
            for header, keepers in KEPT_HEADERS:
                if re.match(header, match.group(2)) and path not in keepers:
                    place = f"{path}:{line_at(text, match.start(1))}"
                    yield f"{place}: {match.group(2)} belongs to {', '.join(keepers)}"


def check_banned_calls(top):
    """Some functions are used in few places, some in none."""
    for path, text in files(top):
        code = code_of(text)
        for names, allowed, reason in BANNED_CALLS:
            if path.startswith(tuple(allowed)):
                continue
            words = "|".join(names.split())
            # A stream is a word of its own, a function is called.
            used = re.compile(rf"(?<![\w.>])(?:{words})\b(?:(?<=stdout)|(?<=stderr)|(?=\s*\())")
            for match in used.finditer(code):
                if code.endswith("format(", 0, match.start()):
                    continue  # __attribute__((format(printf, …)))
                yield f"{path}:{line_at(code, match.start())}: {match.group()}: {reason}"


def check_own_header_first(top):
    """A source file begins with its own header, so that each header stands on its own."""
    for path, text in files(top):
        own = Path(path).with_suffix(".h")
        if not path.startswith(("analyzer/", "runtime/")) or own.suffix == Path(path).suffix:
            continue
        header = own.as_posix().removeprefix("analyzer/")
        first = INCLUDE.search(text)
        if (top / own).is_file() and (not first or first.group(2) != header):
            yield f'{path}: the first include is not "{header}"'


def check_pragma_once(top):
    for path, text in files(top):
        if path.endswith(".h") and not text.startswith("#pragma once\n"):
            yield f"{path}: does not begin with #pragma once"


def check_mutable_data(_top, *archives):
    """No object has data that can change: no globals, no static state."""
    listing = subprocess.run(["size", "-A", *archives], check=True, capture_output=True, text=True)
    member = None
    for row in listing.stdout.splitlines():
        columns = row.split()
        if "(ex " in row or row.endswith(" :"):
            member = columns[0]
        elif len(columns) == 3 and WRITABLE_SECTION.match(columns[0]) and columns[1] != "0":
            yield f"{member}: {columns[1]} bytes of mutable data in {columns[0]}"
    if member is None:
        yield "there is nothing to look at"


def check_traced_queries(top):
    """What is asked of a project is noted where it is traced; else kept findings would not follow what they depend on."""
    header = top / "analyzer/python/facts.h"
    queries = re.findall(r"\b(project_\w+)\(\s*const Project \*project\b", code_of(header.read_text(encoding="utf-8")))
    if len(queries) < 15:
        yield f"analyzer/python/facts.h: only {len(queries)} queries"
    bodies = {}
    for path in sorted((top / "analyzer/python").glob("project_*.c")):
        code = code_of(path.read_text(encoding="utf-8"))
        for match in re.finditer(r"\b(project_\w+)\([^;{}]*\)\s*\{\n(.*?)^\}", code, re.DOTALL | re.MULTILINE):
            bodies[match.group(1)] = match.group(2)
    for query in queries:
        body = bodies.get(query, "")
        # It asks first of all; or all that it does is to ask another query.
        asks = re.match(r"\s*project = project_ask(ed_of_any)?\(", body)
        other = re.fullmatch(r"(?:\s*bool \w+ =[^;]*;)?\s*return (project_\w+)\(.*\);\s*", body, re.DOTALL)
        is_traced = asks or (other and re.match(r"\s*project = project_ask\(", bodies.get(other.group(1), "")))
        if not is_traced and query != "project_library":
            yield f"analyzer/python/facts.h: {query} answers without noting the question"


CHECKS = {
    "layers": check_layers,
    "kept-headers": check_kept_headers,
    "banned-calls": check_banned_calls,
    "own-header-first": check_own_header_first,
    "pragma-once": check_pragma_once,
    "mutable-data": check_mutable_data,
    "traced-queries": check_traced_queries,
}


def main(top, check, *objects):
    breaches = list(CHECKS[check](Path(top), *objects))
    print("\n".join(breaches))
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
