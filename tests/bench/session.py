"""A project of our own, a long file in it, and somebody who edits that: the same for the same seed."""
import random

SERVICE = '''

class {name}Service:
    """Keeps the {word}s of one {other}, and tells who waits for them."""

    def __init__(self, store, limit={number}):
        self.store = store
        self.limit = limit
        self.waiting = asyncio.Queue(maxsize=limit)
        self.lock = asyncio.Lock()
        self.tasks = set()
        self.closed = False

    async def load_{word}(self, key, *, timeout={number}.5):
        async with self.lock:
            found = self.store.get(key)
            if found is not None:
                return found
            try:
                found = await asyncio.wait_for(fetch_{word}(key, self.limit), timeout)
            except asyncio.TimeoutError:
                logger.warning("no %s for %s after %.1f seconds", "{word}", key, timeout)
                return None
            self.store[key] = found
            return found

    async def load_many_{word}s(self, keys):
        results = await asyncio.gather(*(self.load_{word}(key) for key in keys), return_exceptions=True)
        found, failed = [], 0
        for key, result in zip(keys, results):
            if isinstance(result, BaseException):
                logger.error("%s %s: %r", "{word}", key, result)
                failed += 1
            else:
                found.append((key, result))
        return found, failed

    def start_{word}_worker(self, handler):
        task = asyncio.create_task(self.run_{word}_worker(handler), name="{word}-{number}")
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    async def run_{word}_worker(self, handler):
        while not self.closed:
            item = await self.waiting.get()
            try:
                if asyncio.iscoroutinefunction(handler):
                    await handler(item)
                else:
                    handler(item)
            except asyncio.CancelledError:
                logger.info("the %s worker ends", "{word}")
                raise
            except Exception:
                logger.exception("the %s worker lost %r", "{word}", item)
            finally:
                self.waiting.task_done()

    async def close(self):
        self.closed = True
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def fetch_{word}(key, limit):
    async with httpx.AsyncClient() as client:
        for attempt in range(3):
            response = await client.get(f"https://example.org/{word}/{{key}}?limit={{limit}}")
            if response.status_code == 200:
                return response.json()
            await asyncio.sleep(0.1 * 2 ** attempt)
    raise LookupError(f"{word} {{key}}")


async def watch_{word}(queue, seen=()):
    known = dict.fromkeys(seen, 0)
    async for event in queue:
        key = event["key"]
        known[key] = known.get(key, 0) + 1
        if known[key] > {number}:
            asyncio.ensure_future(report_{word}(key, known[key]))
        yield key, [value * 2 for value in event.get("values", ()) if value is not None]


async def report_{word}(key, count):
    try:
        await asyncio.shield(fetch_{word}(key, count))
    except Exception as error:
        print("not reported:", key, error)
'''

HEAD = '"""Services, one like the other."""\nimport asyncio\nimport logging\n\nimport httpx\n\nlogger = logging.getLogger(__name__)\n'

WORDS = "order letter ticket parcel invoice sample record channel session message signal reading".split()

# What is typed, one key after the other.
STATEMENTS = [
    "value = await self.load_{word}(key)",
    "await asyncio.sleep(0.{number})",
    "asyncio.create_task(fetch_{word}(key, {number}))",
    "results = await asyncio.gather(*pending, return_exceptions=True)",
    'logger.info("{word} %s of %d", key, len(self.tasks))',
    "self.pending_{number} = [item for item in keys if item not in self.store]",
    "fetch_{word}(key, limit={number})",
    "# the {word} is kept until the next one comes",
]

PASTED = '''
async def pasted_{number}(source):
    """Reads all of it."""
    collected = []
    async for item in source:
        collected.append(item)
    await asyncio.sleep(0)
    return collected

'''

# A statement that is broken for a while: what stands there, and what is left of it.
BREAKS = [("(self, ", "(self "), ("):\n", ")\n"), ("await ", "awai "), ('"', ""), ("(", ""), (")", ""), ("in ", "n "), ("[", "")]


def module_text(name, lines, seed):
    choice = random.Random(f"{name} {seed}")
    text, number = HEAD, 0
    while text.count("\n") < lines:
        number += 1
        word = f"{choice.choice(WORDS)}_{number}"
        other = choice.choice(WORDS)
        text += SERVICE.format(name=word.title().replace("_", ""), word=word, other=other, number=choice.randrange(2, 90))
    return text


def project_texts(modules, lines, seed):
    """The other files, which import each other."""
    texts = {"pyproject.toml": '[project]\nname = "services"\nversion = "1"\n', "services/__init__.py": ""}
    for number in range(modules):
        imports = "".join(f"from services.part_{other} import *\n" for other in range(max(0, number - 3), number))
        texts[f"services/part_{number}.py"] = imports + module_text(f"part {number}", lines, seed)
    return texts


class Editor:
    """Who edits the text: each change replaces text[start:end] by new."""

    def __init__(self, text, seed):
        self.text = text
        self.random = random.Random(seed)
        self.changes = []
        self.number = 0

    def change(self, start, end, new):
        self.changes.append((start, end, new, self.text[start:end]))
        self.text = self.text[:start] + new + self.text[end:]

    def undo(self, count):
        """Takes back the last changes, one by one."""
        for start, _, new, old in reversed(self.changes[-count:]):
            self.change(start, start + len(new), old)

    def place(self, part):
        """Where some occurrence of the part stands."""
        start = self.text.find(part, self.random.randrange(len(self.text)))
        return start if start >= 0 else self.text.find(part)

    def body_place(self, part):
        """The same for a line end after which a line of a method's body begins."""
        while True:
            end = self.place(part) + len(part)
            if self.text.startswith("        ", end) and self.text[end + 8] not in " )":
                return end

    def filled(self, pattern):
        self.number += 1
        return pattern.format(word=f"{self.random.choice(WORDS)}_{self.random.randrange(1, 30)}", number=self.number)

    def type(self):
        """A new line below one of a body, and perhaps mistakes that are mended at once."""
        at = self.body_place("\n")
        self.change(at, at, "\n")
        for character in "        " + self.filled(self.random.choice(STATEMENTS)):
            self.change(at, at, character)
            at += 1
            if self.random.random() < 0.04:
                self.change(at, at, "x")
                self.change(at, at + 1, "")

    def delete(self):
        """Some of the end of a line, by backspace."""
        at = self.place("\n")
        for _ in range(self.random.randrange(3, 12)):
            self.change(at - 1, at, "")
            at -= 1

    def paste(self):
        at = self.place("\n\nasync def ") + 1
        self.change(at, at, self.filled(PASTED))

    def break_and_mend(self):
        whole, left = self.random.choice(BREAKS)
        at = self.place(whole)
        self.change(at, at + len(whole), left)
        other = self.body_place("\n")
        for character in "        pass\n":
            self.change(other, other, character)
            other += 1
        self.undo(len("        pass\n") + 1)

    def quote(self):
        """A docstring, typed: for three keys all of the file behind it is another one."""
        at = self.body_place("):\n")
        for character in '        """Text."""\n':
            self.change(at, at, character)
            at += 1

    def session(self, least):
        while len(self.changes) < least:
            kind = self.random.random()
            before = len(self.changes)
            if kind < 0.5:
                self.type()
            elif kind < 0.65:
                self.delete()
                self.undo(len(self.changes) - before)
            elif kind < 0.75:
                self.paste()
            elif kind < 0.96:
                self.break_and_mend()
            else:
                self.quote()
        return [(start, end, new) for start, end, new, _ in self.changes]


def lsp_changes(text, changes):
    """The changes as the protocol has them, in positions of the text as it then is. All of it is ASCII."""
    for start, end, new in changes:
        first = text.count("\n", 0, start)
        start_character = start - (text.rfind("\n", 0, start) + 1)
        last = first + text.count("\n", start, end)
        end_character = end - (text.rfind("\n", 0, end) + 1)
        yield {
            "range": {
                "start": {"line": first, "character": start_character},
                "end": {"line": last, "character": end_character},
            },
            "text": new,
        }
        text = text[:start] + new + text[end:]
