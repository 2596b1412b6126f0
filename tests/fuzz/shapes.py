"""Shapes in which authors write the same code: what each makes of a text, and what damage does to it."""
import ast
import collections
import io
import re
import tokenize

NAMES = (tokenize.NAME, tokenize.NUMBER, tokenize.STRING)


def tokens_of(text):
    try:
        return list(tokenize.generate_tokens(io.StringIO(text, newline="").readline))
    except (tokenize.TokenError, IndentationError, SyntaxError):
        return []


def start_of_rows(rows):
    starts = [0]
    for row in rows:
        starts.append(starts[-1] + len(row))
    return starts


class Lines:
    """A text by lines, with its tree: for changes to whole statements."""

    def __init__(self, text):
        self.lines = text.split("\n")
        self.tree = ast.parse(text)

    def simple_statements(self):
        """Statements that have one line for themselves."""
        used = collections.Counter()
        found = []
        for node in ast.walk(self.tree):
            if not isinstance(node, ast.stmt):
                continue
            used[node.lineno] += 1
            if not hasattr(node, "body") and node.lineno == node.end_lineno and not isinstance(node, ast.Match):
                found.append(node)
        return [node for node in found if used[node.lineno] == 1]

    def text(self):
        return "\n".join(self.lines)


def each_statement(change):
    """A shape that changes all statements, each with one line for itself."""

    def shape(text):
        lines = Lines(text)
        for node in lines.simple_statements():
            line = lines.lines[node.lineno - 1]
            start = len(line) - len(line.lstrip())
            code = line.encode()[: node.end_col_offset].decode()
            lines.lines[node.lineno - 1] = change(line[:start], code[start:], line[len(code) :])
        return lines.text()

    return shape


def code_between_tokens(text, between):
    """Writes the tokens anew, with what `between` says in place of what stands between two of a line."""
    starts = start_of_rows(text.splitlines(keepends=True))
    parts, done, depth, last = [], 0, 0, None
    for token in tokens_of(text):
        if token.type in (tokenize.ENDMARKER, tokenize.INDENT, tokenize.DEDENT):
            continue
        start = starts[token.start[0] - 1] + token.start[1]
        end = starts[token.end[0] - 1] + token.end[1]
        gap = text[done:start]
        is_inner = last is not None and last.type not in (tokenize.NEWLINE, tokenize.NL, tokenize.COMMENT)
        if is_inner and token.type not in (tokenize.NEWLINE, tokenize.NL, tokenize.COMMENT):
            gap = between(gap, depth, last, token)
        parts += [gap, text[start:end]]
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
        last = token
        done = end
    return "".join(parts) + text[done:]


def continued(gap, depth, last, token):
    return " \\\n " if gap == " " and depth == 0 else gap


def broken_in_brackets(gap, depth, last, token):
    return "\n  # inside\n  " if depth > 0 and token.string not in ":=" and gap in ("", " ") and "." not in (
        last.string, token.string) else gap


def tight(gap, depth, last, token):
    return "" if gap == " " and not (last.type in NAMES and token.type in NAMES) else gap


def parenthesised(kinds):
    def shape(text):
        places = []
        data = text.encode()
        line_starts = start_of_rows(data.splitlines(keepends=True))
        tree = ast.parse(text)
        skipped = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                skipped.update(map(id, ast.walk(node)))
            for decorator in getattr(node, "decorator_list", []):
                skipped.update(map(id, ast.walk(decorator)))
            if isinstance(node, (ast.MatchValue, ast.MatchClass)):
                skipped.update(map(id, ast.walk(node)))
        for node in ast.walk(tree):
            is_target = isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del))
            if isinstance(node, kinds) and id(node) not in skipped and not is_target:
                start = line_starts[node.lineno - 1] + node.col_offset
                end = line_starts[node.end_lineno - 1] + node.end_col_offset
                places += [(start, 1, -end, b"("), (end, 0, -start, b")")]
        for place, _, _, sign in sorted(places, reverse=True):
            data = data[:place] + sign + data[place:]
        return data.decode()

    return shape


def one_line_suites(text):
    lines = Lines(text)
    for node in ast.walk(lines.tree):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if not isinstance(body, list) or not body or isinstance(node, ast.Module):
                continue
            first = body[0].lineno - 1
            span = range(first, body[-1].end_lineno)
            simple = all(not hasattr(item, "body") and item.lineno == item.end_lineno for item in body)
            head = (lines.lines[first - 1] or "").rstrip()
            if not simple or len(span) != len(body) or not head.endswith(":"):
                continue
            parts = [lines.lines[i].split("  #")[0].strip() for i in span]
            lines.lines[first - 1] = head + " " + "; ".join(parts)
            for i in span:
                lines.lines[i] = None
    lines.lines = [line for line in lines.lines if line is not None]
    return lines.text()


def indented_by(unit):
    def shape(text):
        return re.sub(r"(?m)^(?: {4})+", lambda match: unit * (len(match.group()) // 4), text)

    return shape


def nested_in(head):
    def shape(text):
        return head + "\n" + re.sub(r"(?m)^(?=.)", "    ", text)

    return shape


def in_class(text):
    """Behind the imports, because methods do not see what a class imports."""
    parts = re.split(r"(?m)^(?=@|async def |def |class )", text, maxsplit=1)
    return parts[0] + nested_in("class Outer:")(parts[1]) if len(parts) == 2 else text


def from_imports(text):
    names = sorted(set(re.findall(r"\basyncio\.([A-Za-z_]\w*)(?!\.)\b", text)))
    if not names or "import asyncio\n" not in text:
        return text
    changed = re.sub(r"\basyncio\.([A-Za-z_]\w*)(?![\w.]*\.)", r"\1", text)
    return changed.replace("import asyncio\n", "from asyncio import " + ", ".join(names) + "\n", 1)


def star_args(text):
    return re.sub(r"\bgather\(([^()*=]+)\)", r"gather(f(x) for x in [\1])", text)


SHAPES = {
    "as_it_is": lambda text: text,
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "cr": lambda text: text.replace("\n", "\r"),
    "byte_order_mark": lambda text: "\ufeff" + text,
    "encoding_line": lambda text: "# -*- coding: utf-8 -*-\n" + text,
    "shebang_and_docstring": lambda text: '#!/usr/bin/env python3\n"""What it is\nfor."""\n' + text,
    "docstring_and_statement": lambda text: '"""For."""; x = 1\n' + text,
    "future_import": lambda text: "from __future__ import annotations\n" + text,
    "no_last_newline": lambda text: text.rstrip("\n"),
    "tabs": indented_by("\t"),
    "two_spaces": indented_by("  "),
    "eight_spaces": indented_by("        "),
    "form_feeds": lambda text: re.sub(r"(?m)^(?=(async )?def |class |    [a-z])", "\f", text),
    "trailing_spaces": lambda text: re.sub(r"(?m)(?<=[\w)])$", "   ", text),
    "comment_at_end": each_statement(lambda lead, code, rest: lead + code + "  # kept" + rest),
    "comment_line_after": each_statement(lambda lead, code, rest: lead + code + rest + "\n" + lead + "# below"),
    "comment_line_before": each_statement(lambda lead, code, rest: lead + "# above\n" + lead + code + rest),
    "semicolon_after": each_statement(lambda lead, code, rest: lead + code + ";" + rest),
    "statement_after": each_statement(lambda lead, code, rest: lead + code + "; x = 1" + rest),
    "statement_before": each_statement(
        lambda lead, code, rest: lead + ("" if code.startswith(("from __", '"')) else "x = 1; ") + code + rest
    ),
    "empty_continued_line_after": each_statement(lambda lead, code, rest: lead + code + (rest or " \\\n")),
    "if_before": each_statement(lambda lead, code, rest: lead + "if 1: " + code + rest),
    "if_on_continued_line": each_statement(lambda lead, code, rest: lead + "if 1: \\\n  " + lead + code + rest),
    "one_line_suites": one_line_suites,
    "continued": lambda text: code_between_tokens(text, continued),
    "broken_in_brackets": lambda text: code_between_tokens(text, broken_in_brackets),
    "tight": lambda text: code_between_tokens(text, tight),
    "parenthesised_calls": parenthesised((ast.Call,)),
    "parenthesised_awaits": parenthesised((ast.Await,)),
    "parenthesised_names": parenthesised((ast.Name, ast.Attribute, ast.Tuple, ast.List)),
    "parenthesised_all": parenthesised(
        (ast.Call, ast.Await, ast.Name, ast.Attribute, ast.Tuple, ast.List, ast.GeneratorExp)
    ),
    "in_if": nested_in("if True:"),
    "in_function": nested_in("def outer():"),
    "in_class": in_class,
    "in_try": lambda text: nested_in("try:")(text) + "\nexcept ImportError:\n    pass\n",
    "alias": lambda text: re.sub(r"\basyncio\.", "aio.", text).replace("import asyncio\n", "import asyncio as aio\n"),
    "from_imports": from_imports,
    "star_import": lambda text: re.sub(r"\basyncio\.", "", text).replace("import asyncio\n", "from asyncio import *\n"),
    "generator_arguments": star_args,
    "trailing_commas": lambda text: re.sub(r"(\w)\)(?=\n)", r"\1,)", text),
    "names_taken": lambda text: text + "\n\ntask = results = result = done = _background_tasks = None\n",
    "annotated": lambda text: text.replace("    try:", "    x: int = 3\n    try:"),
}

LAST = ("crlf", "cr", "byte_order_mark")  # which the others do not expect


def damaged(text, chance):
    """One of the changes that happen while somebody types."""
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    i = chance.randrange(len(lines))
    kind = chance.randrange(7)
    if kind == 0:
        lines[i:i] = [lines[i]]
    elif kind == 1:
        del lines[i]
    elif kind == 2:
        j = chance.randrange(len(lines))
        lines[i], lines[j] = lines[j], lines[i]
    elif kind == 3:
        places = [k for k, char in enumerate(lines[i]) if char in "()[]{}:,\"'"]
        if places:
            k = chance.choice(places)
            lines[i] = lines[i][:k] + chance.choice(["", *"()[]{}:,\"'"]) + lines[i][k + 1 :]
    elif kind == 4:
        lines[i] = chance.choice(["    " + lines[i], lines[i].replace("    ", "", 1)])
    elif kind == 5:
        lines[i] = lines[i].rstrip("\r\n") + chance.choice(["; ", " \\\n", "  # c\n", "\r\n", ","])
    else:
        return text[: chance.randrange(len(text) + 1)]
    return "".join(lines)


def shaped(text, names):
    """The text in those shapes, one after the other; None if that is no other text, or no Python."""
    for name in names:
        try:
            text = SHAPES[name](text)
        except (SyntaxError, ValueError, IndexError, RecursionError):
            return None
    return text
