// The playground's linter beside the program: the same findings, places, notes and fixes over the examples of all rules; and
// the page, in a browser's objects without a browser.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

const top = fileURLToPath(new URL("../..", import.meta.url));
const folder = process.env.AWRY_PLAYGROUND ?? path.join(top, ".build/playground");
const wasm = path.join(folder, "awry.wasm");
if (!fs.existsSync(wasm)) {
  console.log("1..0 # SKIP there is no playground: ./dev playground");
  process.exit(77);
}
const { Linter } = await import(path.join(top, "playground/source/linter.js"));
const awry = await Linter.load(fs.readFileSync(wasm), { all: true });

/** Offsets in the string of a place by line and column, both from 1 and in characters. */
function offsetAt(text, { line, column }) {
  let start = 0;
  for (let i = 1; i < line; i++) start = text.indexOf("\n", start) + 1;
  return start + Array.from(text.slice(start)).slice(0, column - 1).join("").length;
}

function ofProgram(text) {
  const options = ["check", "--isolated", "--no-cache", "--extend-select", "ALL", "--output-format", "json", "--stdin-filename", "main.py"];
  const done = spawnSync(process.env.AWRY, options, { input: text, encoding: "utf8", cwd: "/" });
  assert.ok(done.status <= 1, done.stderr);
  const span = (item) => ({ from: offsetAt(text, item.start), to: offsetAt(text, item.end) });
  return JSON.parse(done.stdout).findings.map((finding) => ({
    ...span(finding),
    severity: finding.severity,
    code: finding.code,
    name: finding.name,
    message: finding.message,
    notes: finding.notes.map((note) => ({ ...span(note), message: note.message })),
    edits: (finding.fix?.edits ?? []).map((edit) => ({ ...span(edit), insert: edit.text })),
  }));
}

function ofPlayground(text) {
  return awry.lint(text).map(({ from, to, severity, code, name, message, notes, fix }) => {
    return { from, to, severity, code, name, message, notes, edits: fix ? fix.edits : [] };
  });
}

const fixtures = fs.readdirSync(path.join(top, "fixtures"));

test("findings are those of the program, over the examples of all rules", () => {
  let findings = 0;
  for (const name of fixtures) {
    const file = path.join(top, "fixtures", name, "bad.py");
    if (!fs.existsSync(file)) continue;
    const text = fs.readFileSync(file, "utf8");
    const expected = ofProgram(text);
    assert.deepEqual(ofPlayground(text), expected, name);
    findings += expected.length;
  }
  assert.ok(findings > fixtures.length, `${findings} findings`);
});

test("places are right behind characters of every length, and in text that is none", () => {
  const text = "# é ∑ 🐍\nimport asyncio\n\n\nasync def f(ü):\n    '🐍'; asyncio.create_task(ü())  # 🐍\n";
  const [finding] = awry.lint(text).filter((item) => item.name === "dangling-task");
  assert.equal(text.slice(finding.from, finding.to), "asyncio.create_task(ü())");
  assert.deepEqual(ofPlayground(text), ofProgram(text));
  assert.deepEqual(awry.lint("x = '\ud800'\n").map((item) => item.from), []);
  assert.equal(awry.lint("").length, 0);
});

test("a rule has its page, and what is none has none", () => {
  assert.match(awry.page("dangling-task"), /What happens at run time/);
  assert.equal(awry.page("no-such-rule"), null);
});

test("a thousand texts take no more memory than a few", () => {
  const text = fs.readFileSync(path.join(top, "fixtures/dangling-task/bad.py"), "utf8");
  for (let i = 0; i < 100; i++) awry.lint(text);
  const before = awry.exports.memory.buffer.byteLength;
  for (let i = 0; i < 1000; i++) awry.lint(text);
  assert.equal(awry.exports.memory.buffer.byteLength, before);
});

/** The page as somebody opens it at that address, once it shows what was found. */
async function openPage(address) {
  const { JSDOM } = createRequire(path.join(top, "playground/"))("jsdom");
  const options = { url: `http://localhost/${address}`, runScripts: "outside-only", pretendToBeVisual: true };
  const { window } = new JSDOM(fs.readFileSync(path.join(folder, "index.html"), "utf8"), options);
  Object.assign(window, { WebAssembly, TextEncoder, TextDecoder });
  window.fetch = async (name) => ({ arrayBuffer: async () => fs.readFileSync(path.join(folder, name)) });
  // Nothing is laid out here.
  window.Range.prototype.getClientRects = () => [];
  window.eval(fs.readFileSync(path.join(folder, "main.js"), "utf8"));
  const found = window.document.querySelector("#found");
  for (let i = 0; found.textContent === "Starting."; i++) {
    assert.ok(i < 1200, "nothing is shown");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return window;
}

test("the page lists what is found in its example, and shows the page of a rule", async () => {
  const window = await openPage("");
  const items = Array.from(window.document.querySelectorAll("#found button"));
  assert.deepEqual(items.map((item) => item.textContent.match(/^\d+: .*\[(.*)\]$/)[1]), [
    "unchecked-gather-results AWR202",
    "swallowed-cancellation AWR101",
  ]);
  items[1].click();
  assert.match(window.document.querySelector("#page").textContent, /What happens at run time/);
  const again = await openPage(window.location.hash);
  assert.equal(again.document.querySelectorAll("#found button").length, 2);
  window.close();
  again.close();
});

test("the page opens the text of its address", async () => {
  const text = "import asyncio\n\nasync def f(g):\n    asyncio.create_task(g())  # ü\n";
  const window = await openPage(`#${Buffer.from(text).toString("base64")}`);
  assert.match(window.document.querySelector("#found").textContent, /^4: .*dangling-task AWR302/);
  const nothing = await openPage(`#${Buffer.from("x = 1\n").toString("base64")}`);
  assert.equal(nothing.document.querySelector("#found").textContent, "Nothing found.");
  window.close();
  nothing.close();
});
