// Starts `awry server` and hands it what the user has set; all that concerns Python is the server's.
import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";
import { findProgram } from "./program";
import { isWanted, serverSettings, type Read } from "./settings";

const SECTION = "awry";
// What takes effect only when the server starts.
const STARTING = ["enable", "path", "interpreter", "importStrategy"].map((key) => `${SECTION}.${key}`);

let client: LanguageClient | undefined;
let log: vscode.LogOutputChannel;
// One start or stop at a time, in the order in which they were asked for.
let last: Promise<void> = Promise.resolve();

const read: Read = (key) => vscode.workspace.getConfiguration(SECTION).get(key);

/** The interpreter that the Python extension has selected, if it is there. */
async function selectedInterpreter(folder: vscode.Uri | undefined): Promise<string | undefined> {
  const set = read("interpreter") as string[];
  if (set.length > 0) return set[0];
  const python = vscode.extensions.getExtension("ms-python.python");
  if (!python) return undefined;
  await python.activate();
  return python.exports?.environments?.getActiveEnvironmentPath(folder)?.path;
}

async function program(context: vscode.ExtensionContext): Promise<string | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const isTrusted = vscode.workspace.isTrusted;
  return findProgram({
    paths: read("path") as string[],
    interpreter: isTrusted ? await selectedInterpreter(folder) : undefined,
    extension: context.extensionPath,
    prefersBundled: read("importStrategy") === "useBundled",
    isTrusted,
    workspace: folder?.fsPath,
  });
}

function clientOptions(): LanguageClientOptions {
  return {
    documentSelector: [
      { language: "python", scheme: "file" },
      { language: "python", scheme: "untitled" },
      { language: "python", scheme: "vscode-notebook" },
      { language: "python", scheme: "vscode-notebook-cell" },
    ],
    outputChannel: log,
    initializationOptions: serverSettings(read),
    synchronize: { configurationSection: SECTION },
    middleware: {
      provideCodeActions: async (document, range, context, token, next) => {
        const actions = await next(document, range, context, token);
        return actions?.filter((action) => isWanted(read, (action as { data?: unknown }).data));
      },
      workspace: {
        // The server knows the keys of settings files, not those of this extension.
        configuration: (params) => params.items.map(() => serverSettings(read)),
        didChangeConfiguration: () =>
          client?.sendNotification("workspace/didChangeConfiguration", { settings: serverSettings(read) }) ??
          Promise.resolve(),
      },
    },
  };
}

async function start(context: vscode.ExtensionContext): Promise<void> {
  if (read("enable") === false) return;
  const command = await program(context);
  if (!command) {
    log.error("awry is in none of the places where it is looked for: install it with pip, or set awry.path");
    return;
  }
  log.info(`starting ${command}`);
  const server: ServerOptions = { command, args: ["server"] };
  client = new LanguageClient(SECTION, "awry", server, clientOptions());
  await client.start();
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.dispose();
}

function restart(context: vscode.ExtensionContext): Promise<void> {
  last = last
    .then(stop)
    .then(() => start(context))
    .catch((error) => log.error(String(error)));
  return last;
}

async function execute(command: string, ...args: unknown[]): Promise<void> {
  await client?.sendRequest("workspace/executeCommand", { command, arguments: args });
}

async function fixAll(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document) await execute("awry.applyAutofix", { uri: document.uri.toString(), version: document.version });
}

async function showDebugInformation(): Promise<void> {
  await execute("awry.printDebugInformation");
  log.show();
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  log = vscode.window.createOutputChannel("awry", { log: true });
  context.subscriptions.push(
    log,
    vscode.commands.registerCommand("awry.restart", () => restart(context)),
    vscode.commands.registerCommand("awry.fixAll", fixAll),
    vscode.commands.registerCommand("awry.showLog", () => log.show()),
    vscode.commands.registerCommand("awry.debugInformation", showDebugInformation),
    vscode.workspace.onDidGrantWorkspaceTrust(() => restart(context)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (STARTING.some((key) => event.affectsConfiguration(key))) void restart(context);
    }),
  );
  await restart(context);
}

export function deactivate(): Promise<void> {
  return last.then(stop);
}
