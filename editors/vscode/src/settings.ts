// What the user has set, in the words of the server: the keys of a settings file, and `isolated`.

/** Reads a setting of the section `awry`. */
export type Read = (key: string) => unknown;

const LISTS: ReadonlyArray<readonly [key: string, serverKey: string]> = [
  ["exclude", "exclude"],
  ["lint.select", "select"],
  ["lint.extendSelect", "extend-select"],
  ["lint.ignore", "ignore"],
];

/** What counts before the settings files, and nothing that the user has not set: an empty list would hide theirs. */
export function serverSettings(read: Read): Record<string, unknown> {
  const settings: Record<string, unknown> = { ...(read("configuration") as object | undefined) };
  for (const [key, serverKey] of LISTS) {
    const value = read(key);
    if (Array.isArray(value) && value.length > 0) settings[serverKey] = value;
  }
  if (read("configurationPreference") === "editorOnly") settings["isolated"] = true;
  return settings;
}

const SETTING_OF_ACTION: Readonly<Record<string, string>> = {
  fix: "codeAction.fix.enable",
  "ignore-in-line": "codeAction.suppress.enable",
  "ignore-in-file": "codeAction.suppress.enable",
};

/** Whether the user wants this action of the server, whose `data` tells which one it is. */
export function isWanted(read: Read, data: unknown): boolean {
  const action = (data as { action?: string } | undefined)?.action;
  const setting = action === undefined ? undefined : SETTING_OF_ACTION[action];
  return setting === undefined || read(setting) !== false;
}
