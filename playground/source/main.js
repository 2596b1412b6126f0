// The page: an editor, what awry says of the text, and the page of the rule.

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, defaultHighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, linter, lintKeymap } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { Linter } from "./linter.js";

const EXAMPLE = `import asyncio


async def fetch(session, url):
    async with session.get(url) as response:
        return await response.text()


async def crawl(session, urls):
    tasks = [asyncio.create_task(fetch(session, url)) for url in urls]
    pages = await asyncio.gather(*tasks, return_exceptions=True)
    return [page.upper() for page in pages]


async def worker(queue):
    while True:
        try:
            await queue.join()
        except asyncio.CancelledError:
            print("cancelled")
`;

const found = document.querySelector("#found");
const page = document.querySelector("#page");

// The text is in the address, behind the #, so that a link to it can be given away; it is sent nowhere.
function fromAddress() {
  try {
    const bytes = Uint8Array.from(atob(location.hash.slice(1)), (char) => char.charCodeAt(0));
    return new TextDecoder().decode(bytes) || EXAMPLE;
  } catch {
    return EXAMPLE;
  }
}

function toAddress(text) {
  const bytes = new TextEncoder().encode(text);
  globalThis.history.replaceState(null, "", `#${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}`);
}

function list(view, findings, awry) {
  found.replaceChildren(
    ...findings.map((finding) => {
      const item = document.createElement("button");
      const line = view.state.doc.lineAt(finding.from).number;
      item.className = finding.severity;
      item.textContent = `${line}: ${finding.message} [${finding.name} ${finding.code}]`;
      item.onclick = () => {
        view.dispatch({ selection: { anchor: finding.from }, scrollIntoView: true });
        view.focus();
        page.textContent = awry.page(finding.name);
      };
      return item;
    }),
  );
  if (findings.length === 0) found.textContent = "Nothing found.";
}

function actions(finding) {
  if (!finding.fix) return [];
  const name = finding.fix.safe ? finding.fix.title : `${finding.fix.title} (unsafe)`;
  return [{ name, apply: (view) => view.dispatch({ changes: finding.fix.edits }) }];
}

async function start() {
  const awry = await Linter.load(fetch("awry.wasm").then((answer) => answer.arrayBuffer()));
  const source = (view) => {
    const text = view.state.doc.toString();
    const findings = awry.lint(text);
    toAddress(text);
    list(view, findings, awry);
    return findings.map((finding) => ({
      from: finding.from,
      to: finding.to,
      severity: finding.severity,
      source: `${finding.name} ${finding.code}`,
      message: [finding.message, ...finding.notes.map((note) => note.message), finding.help].filter(Boolean).join("\n"),
      actions: actions(finding),
    }));
  };
  new EditorView({
    parent: document.querySelector("#editor"),
    state: EditorState.create({
      doc: fromAddress(),
      extensions: [
        lineNumbers(),
        history(),
        bracketMatching(),
        highlightActiveLine(),
        indentUnit.of("    "),
        syntaxHighlighting(defaultHighlightStyle),
        python(),
        lintGutter(),
        linter(source, { delay: 150 }),
        keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap, indentWithTab]),
      ],
    }),
  });
}

start().catch((error) => {
  found.textContent = `awry could not be started: ${error}`;
});
