// A text in an editor whose places count in UTF-16, as JavaScript's strings do.
export class TextDocument {
  constructor(uri, text, version = 1) {
    Object.assign(this, { uri, text, version });
  }

  position(offset) {
    const before = this.text.slice(0, offset).split("\n");
    return { line: before.length - 1, character: before.at(-1).length };
  }

  offset({ line, character }) {
    const lines = this.text.split("\n").slice(0, line);
    return lines.reduce((sum, text) => sum + text.length + 1, 0) + character;
  }

  // Where the words stand first.
  range(words) {
    const start = this.text.indexOf(words);
    if (start < 0) throw new Error(`"${words}" is not in the text`);
    return { start: this.position(start), end: this.position(start + words.length) };
  }

  // The change of the protocol that replaces the words.
  replace(words, replacement) {
    const change = { range: this.range(words), text: replacement };
    this.text = this.text.replace(words, () => replacement);
    this.version++;
    return change;
  }

  apply(edits) {
    const spans = edits.map((edit) => ({
      start: this.offset(edit.range.start),
      end: this.offset(edit.range.end),
      text: edit.newText,
    }));
    for (const { start, end, text } of spans.reverse())
      this.text = this.text.slice(0, start) + text + this.text.slice(end);
    this.version++;
  }
}
