/**
 * Wishes about a spec, written in the spec: under a line, a comment whose carets stand under the
 * characters a problem should be marked at.
 *
 *     image: Busybox
 *     #      ^^^^^^^ bad-value: must be in lower case
 *
 * `code` alone means an error; else `code warning`, and who objects may follow: `code error executor`.
 * Where `#` itself stands in the first column of a mark, it counts as a caret: `#^^^`.
 */
export interface Mark {
  readonly line: number
  readonly start: number
  readonly end: number
  /** code, severity and who objects, as `shown` writes them. */
  readonly kind: string
  readonly message: string
}

export function readMarks(text: string): readonly Mark[] {
  const marks: Mark[] = []
  let line = -1
  for (const [number, content] of text.split(/\r?\n/).entries()) {
    const match = /^(\s*)#(\s*)(\^+) ([a-z -]+): (.*)$/.exec(content)
    if (match === null) {
      line = number
      continue
    }
    const [, lead = "", gap = "", carets = "", kind = "", message = ""] = match
    const start = lead.length + (gap === "" ? 0 : 1 + gap.length)
    const end = lead.length + 1 + gap.length + carets.length
    const [code = "", severity = "error", by] = kind.split(" ")
    marks.push({ line, start, end, kind: shown(code, severity, by), message })
  }
  return marks
}

/** Marks for JSON, which has no comments: lines of `line:from-to code …: message`, all from 1. */
export function readSideTable(text: string): readonly Mark[] {
  return text.split("\n").flatMap((content) => {
    const match = /^(\d+):(\d+)-(\d+) ([a-z -]+): (.*)$/.exec(content)
    if (match === null) return []
    const [, line, from, to, kind = "", message = ""] = match
    const [code = "", severity = "error", by] = kind.split(" ")
    return [
      {
        line: Number(line) - 1,
        start: Number(from) - 1,
        end: Number(to) - 1,
        kind: shown(code, severity, by),
        message,
      },
    ]
  })
}

export function shown(code: string, severity: string, by: string | undefined): string {
  return `${code} ${severity}${by === undefined ? "" : ` ${by}`}`
}
