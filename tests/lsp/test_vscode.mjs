// awry server with the protocol library that VS Code is made with.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { announcing, Editor } from "./client.mjs";

const HELPERS = "async def save(db):\n    await db.write()\n";
const DROPPED = `${HELPERS}

async def main(db):
    save(db)
`;
// On the Pythons below 3.11 the first handler never runs: its fix is safe.
const TIMEOUTS = `import asyncio


async def first(reader):
    try:
        return await asyncio.wait_for(reader.readline(), 5)
    except TimeoutError:
        return b"\u{1f600}"


async def second(db):
    first(db)
`;
const FIXED_TIMEOUTS = TIMEOUTS.replace("except TimeoutError", "except (TimeoutError, asyncio.TimeoutError)");
const OLD_PYTHON = { "awry.toml": 'target-version = "py38"\n' };

// Runs the steps in an editor of their own, which has to end well.
function session(name, options, steps) {
  test(name, async () => {
    const editor = await Editor.start(options);
    try {
      await steps(editor);
      assert.equal(await editor.stop(), 0);
    } finally {
      editor.process.kill("SIGKILL");
    }
  });
}

session("what the server offers", {}, async (editor) => {
  const { capabilities, serverInfo } = editor.answer;
  assert.equal(serverInfo.name, "awry");
  assert.equal(capabilities.positionEncoding, "utf-16");
  assert.equal(capabilities.hoverProvider, true);
  assert.deepEqual(capabilities.codeActionProvider, {
    codeActionKinds: ["quickfix", "source.fixAll.awry", "notebook.source.fixAll.awry"],
    resolveProvider: true,
  });
  assert.ok(capabilities.executeCommandProvider.commands.includes("awry.applyAutofix"));
  for (const name of Object.keys(capabilities)) assert.doesNotMatch(name, /formatting/i);
});

session("diagnostics follow what is typed", { files: { "a.py": "" } }, async (editor) => {
  const document = await editor.open("a.py", DROPPED);
  const [diagnostic] = await editor.diagnostics(document);
  assert.equal(diagnostic.code, "AWR301");
  assert.equal(diagnostic.source, "awry");
  assert.deepEqual(diagnostic.range, { start: { line: 5, character: 4 }, end: { line: 5, character: 12 } });
  assert.match(diagnostic.codeDescription.href, /^https:.*\/unawaited-coroutine\.md$/);
  await editor.change(document, "    save(db)\n", "    await save(db)\n");
  assert.deepEqual(await editor.diagnostics(document), []);
  await editor.change(document, "    await save(db)\n", "    \u{1f600} = 1; save(db)\n");
  await editor.change(document, "\u{1f600} = 1; ", "'\u{1f600}'; ");
  assert.deepEqual((await editor.diagnostics(document))[0].range, {
    start: { line: 5, character: 10 },
    end: { line: 5, character: 18 },
  });
  await editor.close(document);
  await editor.until(() => editor.published.get(document.uri).diagnostics.length === 0, "the end of diagnostics");
});

session("the story of an error is related information", {}, async (editor) => {
  const text = `import asyncio

async def consume(queue):
    while True:
        try:
            await queue.get()
        except asyncio.CancelledError:
            print("interrupted")
`;
  const document = await editor.open("a.py", text);
  const [diagnostic] = await editor.diagnostics(document);
  assert.equal(diagnostic.code, "AWR101");
  assert.deepEqual(diagnostic.relatedInformation, [
    {
      location: { uri: document.uri, range: document.range("await queue.get()") },
      message: "a cancellation arrives here",
    },
  ]);
});

session("what another unsaved document says counts", { files: { "a.py": "def save(db):\n    db.write()\n" } }, async (editor) => {
  const user = await editor.open("b.py", "from a import save\n\n\nasync def main(db):\n    save(db)\n");
  assert.deepEqual(await editor.codes(user), []);
  const helpers = await editor.open("a.py", "def save(db):\n    db.write()\n");
  await editor.change(helpers, "def save", "async def save");
  await editor.until(() => editor.published.get(user.uri).diagnostics.length === 1, "the finding in b.py");
  assert.deepEqual(await editor.codes(user), ["AWR301"]);
  await editor.change(helpers, "async def save", "def save");
  await editor.until(() => editor.published.get(user.uri).diagnostics.length === 0, "its end");
});

session("a quick fix is made", { files: OLD_PYTHON }, async (editor) => {
  const document = await editor.open("a.py", TIMEOUTS);
  const [fix, ...others] = await editor.actions(document, "TimeoutError", { only: ["quickfix"] });
  assert.equal(fix.title, "awry: Catch asyncio.TimeoutError, too");
  assert.equal(fix.isPreferred, true);
  assert.equal(fix.diagnostics[0].code, "AWR401");
  assert.equal(fix.edit, undefined);
  assert.deepEqual(
    others.map((action) => [action.title, action.isPreferred]),
    [
      ["awry: Ignore wrong-timeout-error in this line", undefined],
      ["awry: Ignore wrong-timeout-error in this file", undefined],
    ],
  );
  editor.apply((await editor.resolve(fix)).edit);
  assert.equal(document.text, FIXED_TIMEOUTS);
});

session("a fix that changes behaviour says so and is not preferred", {}, async (editor) => {
  const document = await editor.open("a.py", DROPPED);
  const [fix] = await editor.actions(document, "save(db)\n");
  assert.equal(fix.title, "awry: Await it (unsafe)");
  assert.equal(fix.isPreferred, undefined);
});

session("a suppression is written", {}, async (editor) => {
  const document = await editor.open("a.py", DROPPED);
  const actions = await editor.actions(document, "    save(db)\n");
  const inLine = actions.find((action) => action.title.endsWith("in this line"));
  editor.apply((await editor.resolve(inLine)).edit);
  assert.equal(document.text, DROPPED.replace("    save(db)\n", "    save(db)  # awry: ignore unawaited-coroutine\n"));
});

const WITHOUT_RESOLVE = announcing({ "textDocument.codeAction.resolveSupport": undefined });
session("a client that cannot resolve gets the edits at once", { capabilities: WITHOUT_RESOLVE, files: OLD_PYTHON }, async (editor) => {
  const document = await editor.open("a.py", TIMEOUTS);
  const [fix] = await editor.actions(document, "TimeoutError");
  const [all] = await editor.actions(document, "import", { only: ["source.fixAll"] });
  assert.deepEqual(all.edit, fix.edit);
  editor.apply(fix.edit);
  assert.equal(document.text, FIXED_TIMEOUTS);
});

const OLD_EDITOR = announcing({ "textDocument.codeAction": {} });
session("a client that knows only commands can make a fix", { capabilities: OLD_EDITOR, files: OLD_PYTHON }, async (editor) => {
  const document = await editor.open("a.py", TIMEOUTS);
  const [command] = await editor.actions(document, "TimeoutError");
  assert.equal(command.command, "awry.applyAction");
  await editor.connection.sendRequest("workspace/executeCommand", command);
  await editor.until(() => document.text === FIXED_TIMEOUTS, "the edit");
});

session("an action for an older version is refused", { files: OLD_PYTHON }, async (editor) => {
  const document = await editor.open("a.py", TIMEOUTS);
  const [fix] = await editor.actions(document, "TimeoutError");
  await editor.change(document, "import asyncio\n", "import asyncio\nimport sys\n");
  await assert.rejects(editor.resolve(fix), { code: -32801 });
  const [again] = await editor.actions(document, "TimeoutError");
  editor.apply((await editor.resolve(again)).edit);
  assert.equal(document.text, FIXED_TIMEOUTS.replace("asyncio\n", "asyncio\nimport sys\n"));
  await assert.rejects(editor.resolve({ ...again, data: { ...again.data, uri: editor.uri("b.py") } }), { code: -32801 });
  await assert.rejects(editor.resolve({ title: again.title }), { code: -32602 });
});

session("all safe fixes are made", { files: OLD_PYTHON }, async (editor) => {
  const document = await editor.open("a.py", `${TIMEOUTS}\n\nx = 1  # awry: ignore dangling-task\n`);
  const [all, ...rest] = await editor.actions(document, "import", { only: ["source.fixAll"], triggerKind: 2 });
  assert.equal(all.kind, "source.fixAll.awry");
  assert.deepEqual(rest, []);
  editor.apply((await editor.resolve(all)).edit);
  assert.equal(document.text, `${FIXED_TIMEOUTS}\n\nx = 1\n`);
  for (const only of ["source.organizeImports", "source.fixAll.ruff", "refactor"])
    assert.deepEqual(await editor.actions(document, "import", { only: [only] }), []);
});

session("a fix that makes another one possible is followed by it", { files: OLD_PYTHON }, async (editor) => {
  const text = TIMEOUTS.replace("except TimeoutError:", "except TimeoutError:  # awry: ignore wrong-timeout-error, AWR302");
  const document = await editor.open("a.py", text);
  const [all] = await editor.actions(document, "import", { only: ["source.fixAll"] });
  editor.apply((await editor.resolve(all)).edit);
  assert.equal(document.text, text.replace("wrong-timeout-error, AWR302", "wrong-timeout-error"));
});

session("commands", { files: OLD_PYTHON }, async (editor) => {
  const run = (command, ...parameters) =>
    editor.connection.sendRequest("workspace/executeCommand", { command, arguments: parameters });
  const document = await editor.open("a.py", TIMEOUTS);
  assert.match(await run("awry.explainRule", "AWR301"), /^# .*\n\n`unawaited-coroutine`/);
  assert.match(await run("awry.explainRule", { rule: "dangling-task" }), /`AWR302`/);
  await assert.rejects(run("awry.explainRule", "no-such-rule"), { code: -32602 });
  await assert.rejects(run("awry.explainRule"), { code: -32602 });
  await assert.rejects(run("awry.fly"), { code: -32602 });
  assert.match(await run("awry.printDebugInformation"), /utf-16(.|\n)*a\.py version 1: 2 findings, for Python 3\.8/);
  await assert.rejects(run("awry.applyAutofix", { uri: document.uri, version: 7 }), { code: -32801 });
  await run("awry.applyAutofix", { uri: document.uri, version: 1 });
  await editor.until(() => document.text === FIXED_TIMEOUTS, "the edit");
});

const WITH_BASELINE = { "awry.toml": 'baseline = "awry-baseline.txt"\n', "a.py": DROPPED };
session("what a baseline knows is not shown", { files: WITH_BASELINE }, async (editor) => {
  const create = () => editor.connection.sendRequest("workspace/executeCommand", { command: "awry.createBaseline" });
  const document = await editor.open("a.py", DROPPED);
  assert.deepEqual(await editor.codes(document), ["AWR301"]);
  assert.deepEqual(await create(), [editor.uri("awry-baseline.txt")]);
  await editor.until(() => editor.published.get(document.uri).diagnostics.length === 0, "the baseline");
  await assert.rejects(create(), { code: -32803, message: /awry-baseline\.txt exists/ });

  await editor.change(document, "    save(db)\n", "    save(db)\n    save(2)\n");
  assert.deepEqual((await editor.diagnostics(document)).map((each) => each.range), [document.range("save(2)")]);

  fs.rmSync(path.join(editor.root, "awry-baseline.txt"));
  await editor.connection.sendNotification("workspace/didChangeWatchedFiles", {
    changes: [{ uri: editor.uri("awry-baseline.txt"), type: 3 }],
  });
  await editor.until(() => editor.published.get(document.uri).diagnostics.length === 2, "what it knew");
});

session("a hover shows the page of the rule", {}, async (editor) => {
  const document = await editor.open("a.py", `${DROPPED}    save(db)  # noqa: AWR301\n`);
  const hover = await editor.hover(document, "    save(db)\n".trim());
  assert.equal(hover, null);
  const { contents, range } = await editor.hover(document, "AWR301");
  assert.equal(contents.kind, "markdown");
  assert.match(contents.value, /^### .*\n\n`unawaited-coroutine` · `AWR301`/);
  assert.deepEqual(range, document.range("AWR301"));
});

// --- notebooks ---------------------------------------------------------------------------------

class Notebook {
  constructor(editor, texts) {
    this.editor = editor;
    this.uri = editor.uri("a.ipynb");
    this.version = 1;
    this.made = 0;
    this.cells = texts.map((text) => this.make(text));
  }

  make(text) {
    const uri = `vscode-notebook-cell://${this.uri.slice("file://".length)}#${this.made++}`;
    return this.editor.documentOf(uri, text);
  }

  static item = (cell) => ({ uri: cell.uri, languageId: "python", version: cell.version, text: cell.text });
  static entry = (cell) => ({ kind: 2, document: cell.uri });

  open() {
    return this.editor.connection.sendNotification("notebookDocument/didOpen", {
      notebookDocument: {
        uri: this.uri,
        notebookType: "jupyter-notebook",
        version: this.version,
        cells: this.cells.map(Notebook.entry),
      },
      cellTextDocuments: this.cells.map(Notebook.item),
    });
  }

  change(cells) {
    return this.editor.connection.sendNotification("notebookDocument/didChange", {
      notebookDocument: { uri: this.uri, version: ++this.version },
      change: { cells },
    });
  }
}

const DROPPING = "import asyncio\n\nasync def beat():\n    await asyncio.sleep(1)";

session("each cell of a notebook has its diagnostics", {}, async (editor) => {
  const notebook = new Notebook(editor, [DROPPING, "'\u{1f600}'; beat()", "await beat()"]);
  await notebook.open();
  assert.deepEqual(await editor.diagnostics(notebook.cells[0]), []);
  const [diagnostic] = await editor.diagnostics(notebook.cells[1]);
  assert.equal(diagnostic.code, "AWR301");
  assert.deepEqual(diagnostic.range, notebook.cells[1].range("beat()"));
  assert.deepEqual(await editor.diagnostics(notebook.cells[2]), []);

  const { uri } = notebook.cells[1];
  const change = notebook.cells[1].replace("beat()", "await beat()");
  await notebook.change({ textContent: [{ document: { uri, version: notebook.cells[1].version }, changes: [change] }] });
  assert.deepEqual(await editor.diagnostics(notebook.cells[1]), []);
});

session("cells come, move and go", {}, async (editor) => {
  const notebook = new Notebook(editor, [DROPPING]);
  await notebook.open();
  const added = notebook.make("beat()\nprint()");
  await notebook.change({
    structure: { array: { start: 1, deleteCount: 0, cells: [Notebook.entry(added)] }, didOpen: [Notebook.item(added)] },
  });
  assert.deepEqual(await editor.codes(added), ["AWR301"]);
  const [first] = notebook.cells;
  await notebook.change({
    structure: { array: { start: 0, deleteCount: 2, cells: [added, first].map(Notebook.entry) } },
  });
  const [ignore] = await editor.actions(added, "beat()", { only: ["quickfix"] });
  assert.equal(ignore.diagnostics[0].code, "AWR301");
  await notebook.change({
    structure: { array: { start: 0, deleteCount: 1 }, didClose: [{ uri: added.uri }] },
  });
  await editor.until(() => editor.published.get(added.uri).diagnostics.length === 0, "the end of the cell's diagnostics");
  await editor.connection.sendNotification("notebookDocument/didClose", {
    notebookDocument: { uri: notebook.uri },
    cellTextDocuments: [{ uri: first.uri }],
  });
});

session("fixes are made in the cells", { files: OLD_PYTHON }, async (editor) => {
  const cell = "try:\n    await asyncio.wait_for(beat(), 5)\nexcept TimeoutError:\n    pass";
  const fixed = cell.replace("except TimeoutError", "except (TimeoutError, asyncio.TimeoutError)");
  const notebook = new Notebook(editor, [DROPPING, cell, `${cell}\n`]);
  await notebook.open();
  const [fix] = await editor.actions(notebook.cells[1], "TimeoutError", { only: ["quickfix"] });
  editor.apply((await editor.resolve(fix)).edit);
  assert.deepEqual(notebook.cells.map((document) => document.text), [DROPPING, fixed, `${cell}\n`]);
});

session("fixes in a notebook that make others possible are followed by these", {}, async (editor) => {
  const clean = "async def f():\n    await g()";
  const cell = `${clean}  # awry: ignore dangling-task  # noqa: AWR101`;
  const notebook = new Notebook(editor, [cell, "# é\n", `${cell}\n\n\ny = 2\n`]);
  await notebook.open();
  const [all] = await editor.actions(notebook.cells[0], "async", { only: ["notebook.source.fixAll"] });
  editor.apply((await editor.resolve(all)).edit);
  assert.deepEqual(notebook.cells.map((document) => document.text), [clean, "# é\n", `${clean}\n\n\ny = 2\n`]);
});

session("all fixes of a notebook are made at once", { files: OLD_PYTHON }, async (editor) => {
  const cell = "try:\n    await asyncio.wait_for(beat(), 5)\nexcept TimeoutError:\n    pass";
  const fixed = cell.replace("except TimeoutError", "except (TimeoutError, asyncio.TimeoutError)");
  const notebook = new Notebook(editor, [DROPPING, cell, `${cell}\n`]);
  await notebook.open();
  assert.deepEqual(await editor.actions(notebook.cells[0], "import", { only: ["source.fixAll"] }), []);
  const [all] = await editor.actions(notebook.cells[0], "import", { only: ["notebook.source.fixAll"] });
  assert.equal(all.kind, "notebook.source.fixAll.awry");
  editor.apply((await editor.resolve(all)).edit);
  assert.deepEqual(notebook.cells.map((document) => document.text), [DROPPING, fixed, `${fixed}\n`]);
});
