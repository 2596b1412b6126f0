"""A small client of the Language Server Protocol: what it sends is what the test says, byte by byte if need be."""
import json
import os
import pathlib
import queue
import subprocess
import threading

AWRY = os.environ["AWRY"]

# Generous: a loaded machine, a sanitizer.
PATIENCE = 120


def framed(message):
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def uri_of(path):
    return pathlib.Path(path).as_uri()


class Server:
    """A running server. What it sends is read on a thread of its own, and waited for by condition."""

    def __init__(self, *arguments, folder=None, command=None, environment=None):
        self.process = subprocess.Popen(
            command or [AWRY, "server", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, **(environment or {})},
        )
        self.arrived = queue.Queue()
        self.seen = []  # all that has arrived and was looked at, in order
        self.last_id = 0
        self.answers = {}  # what to say to requests of the server, by method
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        stream = self.process.stdout
        while line := stream.readline():
            assert line.startswith(b"Content-Length: "), line
            length = int(line.split(b":")[1])
            assert stream.readline() == b"\r\n"
            message = json.loads(stream.read(length))
            assert message["jsonrpc"] == "2.0", message
            self.arrived.put(message)
        stream.close()
        self.arrived.put(None)

    def send_bytes(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message):
        self.send_bytes(framed(message))

    def notify(self, method, params=None):
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method, params=None):
        """Sends a request; returns its id."""
        self.last_id += 1
        self.send({"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params})
        return self.last_id

    def wait(self, wanted):
        """The next message that satisfies the condition; requests of the server are answered on the way."""
        while True:
            message = self.arrived.get(timeout=PATIENCE)
            if message is None:
                raise EOFError(f"the server has ended; it said {self.seen[-3:]}")
            self.seen.append(message)
            if "method" in message and "id" in message:
                answer = self.answers.get(message["method"], None)
                self.send({"jsonrpc": "2.0", "id": message["id"], "result": answer})
            if wanted(message):
                return message

    def wait_answer(self, number):
        return self.wait(lambda message: message.get("id", ...) == number and "method" not in message)

    def wait_method(self, method):
        return self.wait(lambda message: message.get("method") == method)

    def request(self, method, params=None):
        """The whole answer to a request."""
        return self.wait_answer(self.ask(method, params))

    def result(self, method, params=None):
        answer = self.request(method, params)
        assert "error" not in answer, answer
        return answer["result"]

    def start(self, capabilities=None, folder=None, **more):
        folders = [{"uri": uri_of(folder), "name": "here"}] if folder else None
        params = {"processId": os.getpid(), "capabilities": capabilities or {}, "workspaceFolders": folders, **more}
        result = self.result("initialize", params)
        self.notify("initialized", {})
        return result

    def open(self, uri, text, version=1):
        document = {"uri": uri, "languageId": "python", "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def change(self, uri, version, *changes):
        document = {"uri": uri, "version": version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": list(changes)})

    def close_document(self, uri):
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def pull(self, uri, previous=None):
        params = {"textDocument": {"uri": uri}}
        if previous:
            params["previousResultId"] = previous
        return self.result("textDocument/diagnostic", params)

    def published(self, uri, version=None):
        """The next diagnostics of that document, of that version."""

        def is_it(message):
            params = message.get("params") or {}
            is_right = version is None or params.get("version") == version
            return message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == uri and is_right

        return self.wait(is_it)["params"]["diagnostics"]

    def exit(self):
        """Ends it as the protocol wants it; its exit status."""
        self.result("shutdown")
        self.notify("exit")
        return self.ended()

    def ended(self):
        """Its exit status, once it has ended by itself."""
        status = self.process.wait(timeout=PATIENCE)
        self.process.stdin.close()
        return status

    def errors(self):
        return self.process.stderr.read().decode()

    def kill(self):
        self.process.kill()
        self.process.wait(timeout=PATIENCE)
        self.reader.join(PATIENCE)
        for stream in (self.process.stdin, self.process.stderr):
            try:
                stream.close()
            except BrokenPipeError:
                pass
