import { nearest } from "../check/nearest.ts"
import { type Problem, type ProblemCode, problemCodes } from "../problem.ts"

const marker = "executions-disable-next-line"

/** Whether the line above a mistake says that nobody wants to hear of it. */
export function isSwitchedOff(code: ProblemCode, lineAbove: string): boolean {
  if (!lineAbove.includes(marker)) return false
  const written = codesIn(lineAbove.trimEnd())
  if (!written) return false
  const codes = [...wordsOf(written.text)]
  return codes.length === 0 || codes.some(({ word }) => word === code)
}

/** Codes in such comments that are none: what they were to switch off is still told. */
export function unknownCodes(text: string): readonly Problem[] {
  let at = text.indexOf(marker)
  if (at < 0) return []
  const problems: Problem[] = []
  for (; at >= 0; at = text.indexOf(marker, at + marker.length)) {
    const lineStart = text.lastIndexOf("\n", at) + 1
    const newline = text.indexOf("\n", at)
    const line = text.slice(lineStart, newline < 0 ? text.length : newline).trimEnd()
    const written = codesIn(line)
    if (!written) continue
    for (const { word, index } of wordsOf(written.text)) {
      if (known.has(word)) continue
      const start = lineStart + written.index + index
      problems.push({
        code: "bad-value",
        severity: "warning",
        message: sentence(word),
        span: { start, end: start + word.length },
        authority: "advice",
      })
    }
  }
  return problems
}

const known: ReadonlySet<string> = new Set(problemCodes)

function sentence(word: string): string {
  const meant = nearest(word, problemCodes)
  const right =
    meant === undefined
      ? "write the code that stands behind the mistake, or none to switch off all of them"
      : `did you mean "${meant}"?`
  return `There is no mistake with the code "${word}": ${right}${meant === undefined ? "." : ""}`
}

/** What stands behind the marker of a comment, and where in its line. */
function codesIn(line: string): { readonly text: string; readonly index: number } | undefined {
  const match = /^(\s*#\s*executions-disable-next-line)(\s.*)?$/.exec(line)
  return match ? { text: match[2] ?? "", index: match[1]?.length ?? 0 } : undefined
}

function* wordsOf(text: string): Generator<{ readonly word: string; readonly index: number }> {
  for (const match of text.matchAll(/[^\s,]+/g)) yield { word: match[0], index: match.index }
}
