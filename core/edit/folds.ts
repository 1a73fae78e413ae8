/** Lines that fold into their first one, the last line included; lines count from zero. */
export interface Fold {
  readonly start: number
  readonly end: number
  readonly isComment: boolean
}

/**
 * Told by indentation alone, so that it holds while a line is half typed. A list may stand as far
 * left as its key.
 */
export function folds(text: string): readonly Fold[] {
  const found: Fold[] = []
  const open: { line: number; column: number; isList: boolean }[] = []
  let last = -1
  let comment = -1
  let line = 0
  const endComment = (before: number) => {
    if (comment >= 0 && before > comment)
      found.push({ start: comment, end: before, isComment: true })
    comment = -1
  }
  for (let at = 0; at < text.length; line++) {
    const newline = text.indexOf("\n", at)
    const end = newline < 0 ? text.length : newline
    let content = at
    while (text.charCodeAt(content) === 0x20 || text.charCodeAt(content) === 0x09) content++
    const first = text.charAt(content)
    at = newline < 0 ? text.length : newline + 1
    if (content >= end || first === "\r") {
      endComment(last)
      continue
    }
    const column =
      content - (newline < 0 ? text.lastIndexOf("\n") + 1 : text.lastIndexOf("\n", newline - 1) + 1)
    if (first === "#") {
      if (comment < 0) comment = line
      last = line
      continue
    }
    const before = comment >= 0 ? comment - 1 : last
    endComment(line - 1)
    const isList = first === "-" && /[\s]/.test(text.charAt(content + 1))
    const closes = first === "}" || first === "]"
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const isInside = column > top.column || (column === top.column && isList && !top.isList)
      if (isInside && !closes) break
      if (closes && column > top.column) break
      // A closing bracket is the last line of what it closes.
      const lastLine = closes && column === top.column ? line - 1 : before
      if (lastLine > top.line) found.push({ start: top.line, end: lastLine, isComment: false })
      open.pop()
      if (closes && column === top.column) break
    }
    if (!closes) open.push({ line, column, isList })
    last = line
  }
  endComment(last)
  for (const top of open)
    if (last > top.line) found.push({ start: top.line, end: last, isComment: false })
  return found.sort((a, b) => a.start - b.start || b.end - a.end)
}
