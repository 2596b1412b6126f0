// Which awry is started.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

export interface Places {
  /** Paths that the user has set. */
  paths: readonly string[];
  /** The Python whose environment may have one. */
  interpreter: string | undefined;
  /** The folder of this extension. */
  extension: string;
  prefersBundled: boolean;
  /** Whether programs of the workspace may be started. */
  isTrusted: boolean;
  workspace: string | undefined;
}

const NAME = process.platform === "win32" ? "awry.exe" : "awry";
const QUESTION = "import awry; print(awry.find_awry_bin())";
const PATIENCE = 10_000; // milliseconds, for the start of a Python

export function expand(given: string, workspace: string | undefined): string {
  const known = given.replaceAll("${workspaceFolder}", workspace ?? "").replaceAll("${userHome}", homedir());
  return known.startsWith("~/") ? path.join(homedir(), known.slice(2)) : known;
}

async function fromEnvironment(interpreter: string | undefined): Promise<string | undefined> {
  if (!interpreter) return undefined;
  try {
    // -P and -I are not known to every Python; outside the workspace nothing of it can be imported by accident.
    const { stdout } = await promisify(execFile)(interpreter, ["-c", QUESTION], { timeout: PATIENCE, cwd: homedir() });
    return existsSync(stdout.trim()) ? stdout.trim() : undefined;
  } catch {
    return undefined; // it is not installed there
  }
}

function fromPath(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, NAME)).find(existsSync);
}

function bundled(extension: string): string | undefined {
  const program = path.join(extension, "bundled", "bin", NAME);
  return existsSync(program) ? program : undefined;
}

/** The program's path; undefined if there is none. */
export async function findProgram(places: Places): Promise<string | undefined> {
  const own = bundled(places.extension);
  if (!places.isTrusted) return own;
  const given = places.paths.map((given) => expand(given, places.workspace)).find(existsSync);
  if (given) return given;
  if (places.prefersBundled && own) return own;
  return (await fromEnvironment(places.interpreter)) ?? fromPath() ?? own;
}
