"""A thousand random sequences of valid, wrong and broken messages: after each one the server answers as if nothing
had happened. `RANDOM_SEED` and `RANDOM_SEQUENCES` try others, or more."""
import json
import os
import pathlib
import random
import tempfile
import unittest

from client import Server, framed, uri_of

SEED = int(os.environ.get("RANDOM_SEED", "20261121"))
SEQUENCES = int(os.environ.get("RANDOM_SEQUENCES", "1000"))
PER_SERVER = 25  # sequences that one server goes through

SAVE = """async def save(db):
    await db.write()


async def main(db):
    save(db)  # é😀
"""

CAPABILITIES = [
    {},
    {"textDocument": {"diagnostic": {}}, "general": {"positionEncodings": ["utf-8"]}},
    {
        "general": {"positionEncodings": ["utf-32", "utf-16"]},
        "textDocument": {
            "publishDiagnostics": {"relatedInformation": True, "dataSupport": True},
            "codeAction": {"codeActionLiteralSupport": {}, "resolveSupport": {"properties": ["edit"]}},
        },
        "workspace": {"configuration": True, "workspaceEdit": {"documentChanges": True}},
        "window": {"workDoneProgress": True},
    },
]

ODD = [None, True, -1, 0, 2**31, 2**53, 1.5, "", "x", "é😀\0", "file:///", "x:y", [], [None], {}, {"uri": 5}, [[[]]] * 3]


class Chooser:
    """Makes messages out of a seed."""

    def __init__(self, seed, folder):
        self.random = random.Random(seed)
        self.uris = [uri_of(folder / f"{name}.py") for name in ("a", "b", "c")] + ["untitled:one"]

    def place(self):
        character = self.random.choice([self.random.randrange(20), 0, 2**31 - 1])
        return {"line": self.random.choice([self.random.randrange(8), 0, 6, 500]), "character": character}

    def change(self):
        if self.random.random() < 0.2:
            return {"text": SAVE}
        start, end = self.place(), self.place()
        if self.random.random() < 0.7:
            end = start
        return {"range": {"start": start, "end": end}, "text": self.random.choice(["", "x", "\n", "  await ", "é😀", SAVE])}

    def parameters(self, method):
        uri = self.random.choice(self.uris)
        document = {"uri": uri}
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
        return {
            "textDocument/didOpen": lambda: {
                "textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": SAVE}
            },
            "textDocument/didChange": lambda: {
                "textDocument": {"uri": uri, "version": self.random.randrange(100)},
                "contentChanges": [self.change() for _ in range(self.random.randrange(3))],
            },
            "textDocument/didSave": lambda: {"textDocument": document},
            "textDocument/didClose": lambda: {"textDocument": document},
            "textDocument/diagnostic": lambda: {"textDocument": document, "previousResultId": "x"},
            "workspace/diagnostic": lambda: {"previousResultIds": [], "partialResultToken": 1, "workDoneToken": "w"},
            "textDocument/codeAction": lambda: {"textDocument": document, "range": whole, "context": {"diagnostics": []}},
            "textDocument/hover": lambda: {"textDocument": document, "position": self.place()},
            "codeAction/resolve": lambda: {"title": "x", "kind": "quickfix", "data": {"uri": uri, "version": 1}},
            "workspace/executeCommand": lambda: {"command": "awry.applyAutofix", "arguments": [{"uri": uri, "version": 1}]},
            "workspace/didChangeConfiguration": lambda: {"settings": {"awry": {"ignore": ["AWR301"], "x": 1}}},
            "workspace/didChangeWatchedFiles": lambda: {"changes": [{"uri": uri, "type": 2}]},
            "workspace/didChangeWorkspaceFolders": lambda: {
                "event": {"added": [{"uri": self.uris[0] + "/x", "name": "x"}], "removed": []}
            },
            "window/workDoneProgress/cancel": lambda: {"token": "w"},
            "$/cancelRequest": lambda: {"id": self.random.randrange(5)},
            "initialize": lambda: {"capabilities": {}},
            "initialized": lambda: {},
            "x/unknown": lambda: {},
        }[method]()

    def message(self):
        names = (
            "textDocument/didOpen textDocument/didChange textDocument/didChange textDocument/didSave textDocument/didClose"
            " textDocument/diagnostic workspace/diagnostic textDocument/codeAction textDocument/hover codeAction/resolve"
            " workspace/executeCommand workspace/didChangeConfiguration workspace/didChangeWatchedFiles"
            " workspace/didChangeWorkspaceFolders window/workDoneProgress/cancel $/cancelRequest initialize initialized"
            " x/unknown"
        )
        method = self.random.choice(names.split())
        message = {"jsonrpc": "2.0", "method": method, "params": self.parameters(method)}
        is_request = method not in ("initialized", "$/cancelRequest") and "/did" not in method and "Progress" not in method
        if is_request != (self.random.random() < 0.05):
            message["id"] = self.random.choice([1, 2, 3, 4, "a", "b"])
        return message

    def spoil(self, value):
        """The same value, but for something in it."""
        if isinstance(value, (dict, list)) and value and self.random.random() < 0.85:
            keys = list(value) if isinstance(value, dict) else list(range(len(value)))
            key = self.random.choice(keys)
            value = value.copy()
            if self.random.random() < 0.2:
                del value[key]
            else:
                value[key] = self.spoil(value[key])
            return value
        return self.random.choice(ODD)

    def broken(self, data):
        data = bytearray(data)
        for _ in range(self.random.randrange(1, 4)):
            at = self.random.randrange(len(data) + 1)
            kind = self.random.randrange(3)
            if kind == 0:
                data[at : at + self.random.randrange(1, 9)] = b""
            elif kind == 1:
                data[at:at] = bytes(self.random.randrange(256) for _ in range(self.random.randrange(1, 5)))
            elif at < len(data):
                data[at] ^= 1 << self.random.randrange(8)
        return bytes(data)

    def bytes(self):
        kind = self.random.random()
        message = self.message()
        if kind < 0.5:
            return framed(message)
        if kind < 0.75:
            spoiled = self.spoil(message)
            # Nothing of what is made here asks the server to end.
            return framed(spoiled)
        body = self.broken(json.dumps(message, ensure_ascii=self.random.random() < 0.5).encode())
        if kind < 0.9:
            return framed(body)
        return b"Content-Length: %d\r\n\r\n" % max(0, len(body) + self.random.randrange(-20, 20)) + body


class RandomMessages(unittest.TestCase):
    def check(self, server, number):
        """A message that was cut short may have taken some of what follows with it."""
        server.send_bytes(b"\r\n" * 20)
        for _ in range(3):
            server.send_bytes(b"\r\n" * 20 + framed({"id": f"ping {number}", "method": "x"}))
        server.wait_answer(f"ping {number}")
        # Whatever the client has said of its settings is taken back.
        server.notify("workspace/didChangeConfiguration", {"settings": {}})
        uri = f"file:///elsewhere/{number}.py"
        server.open(uri, SAVE)
        server.send({"id": f"check {number}", "method": "textDocument/diagnostic", "params": {"textDocument": {"uri": uri}}})
        answer = server.wait_answer(f"check {number}")
        self.assertEqual([item["code"] for item in answer["result"]["items"]], ["AWR301"])
        server.close_document(uri)

    def test_after_any_sequence_it_answers_a_correct_request_correctly(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name).resolve()
            (folder / "b.py").write_text(SAVE)
            for first in range(0, SEQUENCES, PER_SERVER):
                server = Server(folder=folder)
                try:
                    server.start(CAPABILITIES[first // PER_SERVER % len(CAPABILITIES)], folder=folder)
                    for number in range(first, min(first + PER_SERVER, SEQUENCES)):
                        with self.subTest(seed=SEED + number):
                            chooser = Chooser(SEED + number, folder)
                            for _ in range(chooser.random.randrange(1, 25)):
                                server.send_bytes(chooser.bytes())
                            self.check(server, number)
                    server.send({"id": "end", "method": "shutdown"})
                    server.wait_answer("end")
                    server.notify("exit")
                    self.assertEqual((server.ended(), server.errors()), (0, ""))
                finally:
                    server.kill()


if __name__ == "__main__":
    unittest.main()
