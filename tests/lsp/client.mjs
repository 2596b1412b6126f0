// awry server as VS Code's own protocol library sees it: the process, the documents that are open, and what the server
// says of them.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import rpc from "vscode-languageserver-protocol/node";
import { TextDocument } from "./text_document.mjs";

const WAITS = 60_000; // milliseconds, for what comes at once on a machine that has nothing else to do

// What VS Code announces, as far as it matters here.
export const EDITOR = {
  general: { positionEncodings: ["utf-16"] },
  workspace: { applyEdit: true, workspaceEdit: { documentChanges: true }, configuration: false },
  textDocument: {
    publishDiagnostics: {
      relatedInformation: true,
      codeDescriptionSupport: true,
      dataSupport: true,
      tagSupport: { valueSet: [1, 2] },
    },
    codeAction: {
      isPreferredSupport: true,
      dataSupport: true,
      resolveSupport: { properties: ["edit"] },
      codeActionLiteralSupport: { codeActionKind: { valueSet: ["", "quickfix", "source", "source.fixAll"] } },
    },
    hover: { contentFormat: ["markdown", "plaintext"] },
  },
  notebookDocument: { synchronization: {} },
};

// A copy of the capabilities with some members replaced, by their dotted names.
export function announcing(changes) {
  const capabilities = structuredClone(EDITOR);
  for (const [name, value] of Object.entries(changes)) {
    const parts = name.split(".");
    const last = parts.pop();
    const parent = parts.reduce((of, part) => (of[part] ??= {}), capabilities);
    parent[last] = value;
  }
  return capabilities;
}

export class Editor {
  static async start({ files = {}, capabilities = EDITOR, settings } = {}) {
    const editor = new Editor();
    editor.root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "awry-lsp-")));
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(editor.root, name), text);
    editor.process = spawn(process.env.AWRY, ["server"], { cwd: editor.root, stdio: ["pipe", "pipe", "inherit"] });
    editor.exit = new Promise((resolve) => editor.process.on("exit", (code, signal) => resolve(signal ?? code)));
    editor.connection = rpc.createProtocolConnection(
      new rpc.StreamMessageReader(editor.process.stdout),
      new rpc.StreamMessageWriter(editor.process.stdin),
    );
    editor.documents = new Map();
    editor.published = new Map();
    editor.logged = [];
    editor.pending = new Set();
    editor.listen();
    editor.answer = await editor.connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: editor.uri(""),
      workspaceFolders: [{ uri: editor.uri(""), name: "project" }],
      capabilities,
      initializationOptions: settings,
    });
    await editor.connection.sendNotification("initialized", {});
    return editor;
  }

  listen() {
    const wake = () => [...this.pending].forEach((check) => check());
    this.connection.onNotification("textDocument/publishDiagnostics", (params) => {
      this.published.set(params.uri, params);
      wake();
    });
    this.connection.onNotification("window/logMessage", (params) => this.logged.push(params.message));
    this.connection.onNotification("window/showMessage", (params) => {
      throw new Error(`a window opened: ${params.message}`);
    });
    this.connection.onRequest("workspace/applyEdit", (params) => {
      this.apply(params.edit);
      wake();
      return { applied: true };
    });
    this.connection.onRequest("client/registerCapability", () => null);
    this.connection.listen();
  }

  // Waits until the question has a true answer, and returns it.
  until(question, what) {
    return new Promise((resolve, reject) => {
      const check = () => {
        const answer = question();
        if (!answer) return;
        clearTimeout(timer);
        this.pending.delete(check);
        resolve(answer);
      };
      const timer = setTimeout(() => reject(new Error(`${what} did not come`)), WAITS);
      this.pending.add(check);
      check();
    });
  }

  uri(name) {
    return pathToFileURL(path.join(this.root, name)).href;
  }

  // Takes part in edits from now on.
  documentOf(uri, text) {
    const document = new TextDocument(uri, text);
    this.documents.set(uri, document);
    return document;
  }

  async open(name, text) {
    const document = this.documentOf(this.uri(name), text);
    await this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri: document.uri, languageId: "python", version: document.version, text },
    });
    return document;
  }

  // Replaces the first occurrence of some words, as an editor tells it: by their range.
  async change(document, words, replacement) {
    const change = document.replace(words, replacement);
    await this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri: document.uri, version: document.version },
      contentChanges: [change],
    });
  }

  async close(document) {
    this.documents.delete(document.uri);
    await this.connection.sendNotification("textDocument/didClose", { textDocument: { uri: document.uri } });
  }

  // What is published for the version that is open now.
  async diagnostics(document) {
    const current = () => {
      const params = this.published.get(document.uri);
      return params?.version === document.version && params;
    };
    return (await this.until(current, `diagnostics of ${document.uri}`)).diagnostics;
  }

  async codes(document) {
    return (await this.diagnostics(document)).map((diagnostic) => diagnostic.code);
  }

  async actions(document, words, context = {}) {
    return this.connection.sendRequest("textDocument/codeAction", {
      textDocument: { uri: document.uri },
      range: document.range(words),
      context: { diagnostics: [], ...context },
    });
  }

  resolve(action) {
    return this.connection.sendRequest("codeAction/resolve", action);
  }

  hover(document, words) {
    return this.connection.sendRequest("textDocument/hover", {
      textDocument: { uri: document.uri },
      position: document.range(words).start,
    });
  }

  // Makes a workspace edit in the open documents, and refuses it as an editor does if it is for another version.
  apply(edit) {
    const changes =
      edit.documentChanges ??
      Object.entries(edit.changes).map(([uri, edits]) => ({ textDocument: { uri, version: null }, edits }));
    for (const { textDocument, edits } of changes) {
      const document = this.documents.get(textDocument.uri);
      if (!document) throw new Error(`${textDocument.uri} is not open`);
      if (textDocument.version !== null && textDocument.version !== document.version)
        throw new Error(`an edit for version ${textDocument.version}, but ${document.version} is open`);
      document.apply(edits);
    }
  }

  async stop() {
    await this.connection.sendRequest("shutdown");
    await this.connection.sendNotification("exit");
    const code = await this.exit;
    this.connection.dispose();
    fs.rmSync(this.root, { recursive: true });
    return code;
  }
}
