import type { TextChange } from "./section.ts"

/** Lays a JSON text out, a value on each line; undefined where it is not JSON alone. */
export function formatJson(text: string): readonly TextChange[] | undefined {
  const tokens = [...text.matchAll(token)]
  const changes: TextChange[] = []
  const newline = text.includes("\r\n") ? "\r\n" : "\n"
  let done = text.startsWith("\ufeff") ? 1 : 0
  let depth = 0
  let before = ""
  for (const { 0: said, index } of tokens) {
    if (said === "" || text.slice(done, index).trim() !== "") return undefined
    const closes = said === "}" || said === "]"
    if (closes) depth--
    const isEmpty = closes && (before === "{" || before === "[")
    const opensLine = closes ? !isEmpty : before === "," || before === "{" || before === "["
    const gap = opensLine ? newline + "  ".repeat(Math.max(0, depth)) : before === ":" ? " " : ""
    if (text.slice(done, index) !== gap) {
      changes.push({ span: { start: done, end: index }, newText: gap })
    }
    if (said === "{" || said === "[") depth++
    before = said
    done = index + said.length
  }
  if (depth !== 0 || tokens.length === 0 || text.slice(done).trim() !== "") return undefined
  if (text.slice(done) !== newline) {
    changes.push({ span: { start: done, end: text.length }, newText: newline })
  }
  return changes
}

const token = /"(?:[^"\\\n]|\\.)*"|[{}[\]:,]|-?\d[\d.eE+-]*|true|false|null/g
