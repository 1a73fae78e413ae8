import type { ProblemCode } from "../problem.ts"

/** Whether the line above a mistake says that nobody wants to hear of it. */
export function isSwitchedOff(code: ProblemCode, lineAbove: string): boolean {
  const marker = lineAbove.indexOf("executions-disable-next-line")
  if (marker < 0) return false
  const match = /^\s*#\s*executions-disable-next-line(?:\s+(.*))?$/.exec(lineAbove.trimEnd())
  if (!match) return false
  const codes = (match[1] ?? "").split(/[\s,]+/).filter((word) => word !== "")
  return codes.length === 0 || codes.includes(code)
}
