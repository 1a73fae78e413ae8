/** Where the line of an offset starts. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1
}

/** Where the line of an offset ends, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset)
  if (newline < 0) return text.length
  return text.charAt(newline - 1) === "\r" && newline > offset ? newline - 1 : newline
}

/** Where the next line starts. */
export function nextLine(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset)
  return newline < 0 ? text.length : newline + 1
}

/** Blanks, line breaks and comments behind an offset: where something else stands. */
export function skipSpace(text: string, from: number): number {
  let at = from
  for (;;) {
    const here = text.charAt(at)
    if (here === " " || here === "\t" || here === "\n" || here === "\r") at++
    else if (here === "#" && (at === 0 || /\s/.test(text.charAt(at - 1)))) at = nextLine(text, at)
    else return at
    if (at >= text.length) return text.length
  }
}

/** Whether nothing but blanks stands in a stretch. */
export function isBlank(text: string, from: number, to: number): boolean {
  return text.slice(from, to).trim() === ""
}
