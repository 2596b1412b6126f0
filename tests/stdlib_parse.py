#!/usr/bin/env python3
"""Compare the parser with CPython's own on a whole standard library, test suite included.

    stdlib_parse.py PARSE_DRIVER [--every N] [FOLDER]

Run it with the interpreter whose library it is to read; FOLDER is another place with files for that
Python. For each file that the interpreter accepts, the parser must report no error, and must find
the same statements, calls, awaits and so on, and the same comments, at the same places. Files that
the interpreter refuses are only counted: the grammar accepts more than Python.
"""

import argparse
import ast
import io
import os
import subprocess
import sys
import sysconfig
import tokenize
import warnings

BATCH = 50

# Our kind: what it is called here. A statement is compared by its start alone: an `elif` ends
# elsewhere in CPython's tree.
KINDS = {
    "await": "await",
    "call": "call",
    "comparison_operator": "comparison",
    "conditional_expression": "conditional",
    "lambda": "lambda",
    "list_comprehension": "list comprehension",
    "generator_expression": "generator",
    "named_expression": "named expression",
    "yield": "yield",
    "attribute": "attribute",
    "binary_operator": "binary",
    "function_definition": "definition",
    "class_definition": "definition",
    "elif_clause": "statement",
}
CPYTHON_KINDS = {
    "Await": "await",
    "Call": "call",
    "Compare": "comparison",
    "IfExp": "conditional",
    "Lambda": "lambda",
    "ListComp": "list comprehension",
    "GeneratorExp": "generator",
    "NamedExpr": "named expression",
    "Yield": "yield",
    "YieldFrom": "yield",
    "Attribute": "attribute",
    "BinOp": "binary",
    "FunctionDef": "definition",
    "AsyncFunctionDef": "definition",
    "ClassDef": "definition",
}

# Our kinds whose inside is not compared.
HIDING = ("type", "type_parameter", "case_pattern")

# Before 3.12 CPython did not know where in an f-string a node is.
HAS_FSTRING_POSITIONS = sys.version_info >= (3, 12)


def line_starts(data):
    """Offsets of the first byte of each line, as CPython counts lines."""
    starts = [3 if data.startswith(b"\xef\xbb\xbf") else 0]
    for line in io.BytesIO(data.replace(b"\r\n", b" \n").replace(b"\r", b"\n")):
        starts.append((starts[-1] if len(starts) > 1 else 0) + len(line))
    return starts


def parts(node):
    """Its children, without those that our tree has another shape for: patterns and annotations."""
    for field, value in ast.iter_fields(node):
        if field in ("pattern", "annotation", "returns", "type_params"):
            continue
        if type(node).__name__ == "TypeAlias":
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child


def cpython_nodes(tree, data, starts):
    nodes = set()
    todo = [tree]
    while todo:
        node = todo.pop()
        name = type(node).__name__
        if name == "JoinedStr" and not HAS_FSTRING_POSITIONS:
            continue
        todo.extend(parts(node))
        if not hasattr(node, "lineno"):
            continue
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        if data[end - 1 : end] == b";":
            end -= 1  # CPython 3.9 and later count it to a definition that ends with it
        if name in CPYTHON_KINDS:
            nodes.add((CPYTHON_KINDS[name], start, end))
        if isinstance(node, ast.stmt):
            nodes.add(("statement", start, 0))
    return nodes


def cpython_comments(data, starts):
    comments = set()
    for token in tokenize.tokenize(io.BytesIO(data).readline):
        if token.type == tokenize.COMMENT:
            start = starts[token.start[0] - 1] + len(token.line[: token.start[1]].encode())
            comments.add(("comment", start, start + len(token.string.encode())))
    return comments


def our_nodes(lines):
    nodes = set()
    hidden_to = 0
    for line in lines:
        what, *numbers = line.split()
        if what == "C":
            nodes.add(("comment", int(numbers[0]), int(numbers[1])))
            continue
        kind, start, end = numbers[0], int(numbers[1]), int(numbers[2])
        if kind in HIDING or (kind == "string" and not HAS_FSTRING_POSITIONS):
            hidden_to = max(hidden_to, end)
        if start < hidden_to and end <= hidden_to:
            continue
        if kind in KINDS and KINDS[kind] != "statement":
            nodes.add((KINDS[kind], start, end))
        if kind.endswith("_statement") or KINDS.get(kind) in ("statement", "definition"):
            nodes.add(("statement", start, 0))
    return nodes


def parse_files(driver, paths):
    """For each path: the bytes of errors, the offset of the first, and the lines about the file."""
    output = subprocess.run([driver, *paths], check=True, stdout=subprocess.PIPE).stdout.decode()
    lines = []
    head = None
    for line in output.splitlines():
        if line.startswith("F "):
            if head is not None:
                yield (*head, lines)
            _, errors, first, path = line.split(" ", 3)
            head, lines = (path, int(errors), int(first)), []
        else:
            lines.append(line)
    if head is not None:
        yield (*head, lines)


class Comparison:
    def __init__(self):
        self.files = self.refused = self.faults = 0

    def fault(self, path, data, offset, text):
        line = data.count(b"\n", 0, offset) + 1
        print(f"{path}:{line}: {text}")
        self.faults += 1

    def compare(self, path, errors, first, lines):
        with open(path, "rb") as file:
            data = file.read()
        self.files += 1
        try:
            compile(data, path, "exec", dont_inherit=True)
            tree = ast.parse(data)
        except (SyntaxError, ValueError):
            self.refused += 1
            return
        if errors:
            self.fault(path, data, first, f"valid, but {errors} bytes of errors")
            return
        starts = line_starts(data)
        theirs = cpython_nodes(tree, data, starts)
        try:
            theirs |= cpython_comments(data, starts)
            ours = our_nodes(lines)
        except (tokenize.TokenError, SyntaxError):
            ours = {node for node in our_nodes(lines) if node[0] != "comment"}
        for kind, start, end in sorted(theirs - ours, key=lambda node: node[1])[:5]:
            self.fault(path, data, start, f"{kind} [{start}, {end}) is not found")
        for kind, start, end in sorted(ours - theirs, key=lambda node: node[1])[:5]:
            self.fault(path, data, start, f"{kind} [{start}, {end}) is none")


def is_utf8(path):
    try:
        with open(path, "rb") as file:
            encoding, _ = tokenize.detect_encoding(file.readline)
            return encoding in ("utf-8", "utf-8-sig") and b"\0" not in file.read()
    except SyntaxError:
        return False


def find_files(folder):
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(place, name)
            if name.endswith(".py") and os.path.isfile(path) and is_utf8(path):
                yield path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("driver")
    parser.add_argument("folder", nargs="?", default=sysconfig.get_path("stdlib"))
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each N-th file")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    comparison = Comparison()
    paths = list(find_files(arguments.folder))[:: arguments.every]
    for i in range(0, len(paths), BATCH):
        for result in parse_files(arguments.driver, paths[i : i + BATCH]):
            comparison.compare(*result)
    print(f"{comparison.files} files, {comparison.refused} refused by CPython, {comparison.faults} faults")
    return 1 if comparison.faults else 0


if __name__ == "__main__":
    sys.exit(main())
