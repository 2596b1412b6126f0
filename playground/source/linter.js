// The linter in a WebAssembly module, for browsers and for node: what ../playground.c leaves in memory, as objects.

const SEVERITIES = ["error", "warning", "info"];
const FINDING_BYTES = 72;

// The module asks its surroundings for the time, which limits how long a text may be parsed, and can write where nobody reads.
function surroundings(memory) {
  const unavailable = () => 52;
  return {
    clock_time_get(_clock, _precision, place) {
      const nanoseconds = BigInt(Math.round(performance.now() * 1e6));
      new DataView(memory().buffer).setBigUint64(place, nanoseconds, true);
      return 0;
    },
    fd_close: unavailable,
    fd_seek: unavailable,
    fd_write: unavailable,
  };
}

/** Where each byte of the UTF-8 text is in the string: a table, so that spans cost nothing. Half a pair is sent as U+FFFD. */
function offsetsOf(text, length) {
  const offsets = new Uint32Array(length + 1);
  let byte = 0;
  for (let index = 0; index < text.length; ) {
    const point = text.codePointAt(index);
    const bytes = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    offsets.fill(index, byte, byte + bytes);
    byte += bytes;
    index += point > 0xffff ? 2 : 1;
  }
  offsets[length] = text.length;
  return offsets;
}

export class Linter {
  /** `bytes`: of the module, or what they are fetched with. */
  static async load(bytes, { all = false } = {}) {
    let memory;
    const imports = { wasi_snapshot_preview1: surroundings(() => memory) };
    const { instance } = await WebAssembly.instantiate(await bytes, imports);
    memory = instance.exports.memory;
    instance.exports._initialize?.();
    return new Linter(instance.exports, all);
  }

  constructor(exports, all) {
    this.exports = exports;
    this.session = exports.session_new(all ? 1 : 0);
  }

  close() {
    this.exports.session_free(this.session);
  }

  put(text) {
    const bytes = new TextEncoder().encode(text);
    const place = this.exports.session_text(this.session, bytes.length);
    new Uint8Array(this.exports.memory.buffer).set(bytes, place);
    return bytes.length;
  }

  text(place) {
    const view = new DataView(this.exports.memory.buffer);
    const start = view.getUint32(place, true), length = view.getUint32(place + 4, true);
    return new TextDecoder().decode(new Uint8Array(this.exports.memory.buffer, start, length));
  }

  /** Findings in the text, with places in the string. */
  lint(text) {
    const length = this.put(text), offsets = offsetsOf(text, length);
    const count = this.exports.session_lint(this.session, length);
    const first = this.exports.session_findings(this.session);
    return Array.from({ length: count }, (_, i) => this.finding(first + i * FINDING_BYTES, offsets));
  }

  finding(place, offsets) {
    const view = new DataView(this.exports.memory.buffer);
    const number = (at) => view.getUint32(at, true);
    const span = (at) => ({ from: offsets[number(at)], to: offsets[number(at + 4)] });
    const list = (at, read) => Array.from({ length: number(at + 4) }, (_, i) => read(number(at) + i * 16));
    const fix = this.text(place + 44);
    return {
      ...span(place),
      severity: SEVERITIES[number(place + 8)],
      code: this.text(place + 12),
      name: this.text(place + 20),
      message: this.text(place + 28),
      help: this.text(place + 36),
      fix: fix && {
        title: fix,
        safe: number(place + 52) === 1,
        edits: list(place + 56, (at) => ({ ...span(at), insert: this.text(at + 8) })),
      },
      notes: list(place + 64, (at) => ({ ...span(at), message: this.text(at + 8) })),
    };
  }

  /** The page of a rule in Markdown, or null. */
  page(name) {
    const place = this.exports.session_page(this.session, this.put(name));
    return place ? this.text(place) : null;
  }
}
