/** What one click puts into an unfinished reply, without losing what stands there. */

/** With a greeting as its first line; it takes the place of one of the `known` greetings. */
export function greeted(text: string, greeting: string, known: readonly string[]): string {
  const [first = "", ...rest] = text.split("\n");
  const body = known.includes(bare(first)) ? rest.join("\n") : text;
  return `${greeting}\n${body.trimStart()}`;
}

/** With a closing as its last line; it takes the place of one of the `known` closings. */
export function closed(text: string, closing: string, known: readonly string[]): string {
  const lines = text.trimEnd().split("\n");
  const body = known.includes(bare(lines.at(-1) ?? "")) ? lines.slice(0, -1).join("\n") : text;
  return body.trim() === "" ? closing : `${body.trimEnd()}\n${closing}`;
}

/** With more text at its end; never twice the same. */
export function continued(text: string, more: string): string {
  if (text.includes(more)) return text;
  return text.trim() === "" ? more : `${text.trimEnd()}\n${more}`;
}

/** A line without what stands after a greeting in a letter. */
function bare(line: string): string {
  return line.trim().replace(/[,.!،、。！]+$/u, "");
}
