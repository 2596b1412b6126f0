// The extension for VS Code, as far as it can be tried without VS Code: its types, the program that it chooses, what it tells
// the server, and that its manifest and its code know the same settings and commands.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import Module, { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Editor } from "../lsp/client.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const EXTENSION = path.resolve(HERE, "../../editors/vscode");
const require = createRequire(path.join(EXTENSION, "package.json"));
const manifest = require("./package.json");

let root, program, settings;

function tool(name, ...args) {
  return execFileSync(path.join(EXTENSION, "node_modules/.bin", name), args, { cwd: EXTENSION, encoding: "utf8" });
}

function bundle(source, outfile) {
  const common = ["--bundle", "--platform=node", "--format=cjs", "--external:vscode", "--log-level=warning"];
  tool("esbuild", `src/${source}.ts`, ...common, `--outfile=${outfile}`);
  return outfile;
}

before(() => {
  root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "awry-extension-")));
  program = require(bundle("program", path.join(root, "program.js")));
  settings = require(bundle("settings", path.join(root, "settings.js")));
});
after(() => fs.rmSync(root, { recursive: true }));

function write(name, text = "") {
  const file = path.join(root, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text, { mode: 0o755 });
  return file;
}

// What the user has set, over what the manifest has as defaults.
function reading(set = {}) {
  return (key) => (key in set ? set[key] : manifest.contributes.configuration.properties[`awry.${key}`].default);
}

test("the types are right", () => {
  assert.equal(tool("tsc", "--noEmit"), "");
});

test("the bundle needs nothing but VS Code", () => {
  const anything = new Proxy(class {}, { get: (target, key) => target[key] ?? anything });
  const load = Module._load;
  Module._load = (name, ...more) => (name === "vscode" ? anything : load(name, ...more));
  try {
    const extension = require(bundle("extension", path.join(root, "extension.js")));
    assert.deepEqual(Object.keys(extension).sort(), ["activate", "deactivate"]);
  } finally {
    Module._load = load;
  }
});

test("a path that is set comes first, then the environment, then the PATH, then the bundled program", async (t) => {
  const set = write("project/awry"), installed = write("venv/bin/awry");
  const onPath = write("path/awry"), bundled = write("extension/bundled/bin/awry");
  const interpreter = write("venv/bin/python", `#!/bin/sh\necho '${installed}'\n`);
  const without = write("other/bin/python", "#!/bin/sh\nexit 1\n");
  const before = process.env.PATH;
  t.after(() => (process.env.PATH = before));
  const find = (places) =>
    program.findProgram({
      paths: [],
      extension: path.join(root, "extension"),
      isTrusted: true,
      prefersBundled: false,
      workspace: path.join(root, "project"),
      ...places,
    });
  assert.equal(await find({ interpreter, paths: ["/no/such/awry", "${workspaceFolder}/awry"] }), set);
  assert.equal(await find({ interpreter }), installed);
  assert.equal(await find({ interpreter, prefersBundled: true }), bundled);
  assert.equal(await find({ interpreter, paths: [set], isTrusted: false }), bundled);
  process.env.PATH = `relative:${path.dirname(onPath)}:${before}`;
  assert.equal(await find({ interpreter: without }), onPath);
  process.env.PATH = "/usr/bin:/bin";
  assert.equal(await find({ interpreter: without }), bundled);
  assert.equal(await find({ extension: root }), undefined);
});

test("the server is told what is set, and nothing that is not", () => {
  assert.deepEqual(settings.serverSettings(reading()), {});
  const set = {
    configuration: { "target-version": "py311" },
    configurationPreference: "editorOnly",
    exclude: ["vendored/**"],
    "lint.select": ["AWR3"],
    "lint.ignore": ["AWR302"],
  };
  assert.deepEqual(settings.serverSettings(reading(set)), {
    "target-version": "py311",
    exclude: ["vendored/**"],
    select: ["AWR3"],
    ignore: ["AWR302"],
    isolated: true,
  });
});

test("the server takes them", async () => {
  const set = { "lint.select": ["AWR3"], "lint.extendSelect": ["AWR1"], configurationPreference: "editorOnly" };
  const told = settings.serverSettings(reading({ ...set, configuration: { vocabulary: { "log-like": ["app.log"] } } }));
  const editor = await Editor.start({ settings: told });
  await editor.stop();
  assert.deepEqual(editor.logged, []);
});

test("fixes and suppressions can be left out", () => {
  const off = reading({ "codeAction.fix.enable": false, "codeAction.suppress.enable": false });
  for (const action of ["fix", "ignore-in-line", "ignore-in-file"]) {
    assert.equal(settings.isWanted(reading(), { action }), true);
    assert.equal(settings.isWanted(off, { action }), false);
  }
  assert.equal(settings.isWanted(off, { action: "fix-all" }), true);
  assert.equal(settings.isWanted(off, undefined), true);
});

test("manifest and code know the same settings and commands", () => {
  const sources = fs.readdirSync(path.join(EXTENSION, "src")).map((name) => path.join(EXTENSION, "src", name));
  const code = sources.map((file) => fs.readFileSync(file, "utf8")).join("\n");
  for (const [name, property] of Object.entries(manifest.contributes.configuration.properties)) {
    const key = name.replace(/^awry\./, "");
    // vscode-languageclient itself reads how much is to be logged.
    assert.ok(code.includes(`"${key}"`) || key === "trace.server", name);
    assert.ok(property.markdownDescription.endsWith("."), name);
    const kind = Array.isArray(property.default) ? "array" : typeof property.default;
    assert.equal(kind, property.type, name);
    if (property.enum) assert.ok(property.enum.includes(property.default), name);
  }
  const registered = [...code.matchAll(/registerCommand\("([^"]+)"/g)].map((match) => match[1]);
  assert.deepEqual(registered.sort(), manifest.contributes.commands.map((command) => command.command).sort());
});

test("the version is that of the program", () => {
  const cmake = fs.readFileSync(path.join(EXTENSION, "../../CMakeLists.txt"), "utf8");
  assert.equal(manifest.version, /project\(awry VERSION ([0-9.]+)/.exec(cmake)[1]);
});
