import { visible } from "./words.ts"

/**
 * Lines that a step printed: to a file exactly as they are; on a terminal tabs and colours are
 * kept, and whatever else could steer it becomes visible.
 */
export function logText(prefix: string, lines: readonly string[], isTerminal: boolean): string {
  return lines.map((line) => `${prefix}${isTerminal ? harmless(line) : line}\n`).join("")
}

function harmless(line: string): string {
  const parts = line.replace(/\r$/, "").split(kept)
  const shown = parts.map((part, i) => (i % 2 === 1 ? part : visible(part))).join("")
  return shown.includes(esc) ? `${shown}${esc}[0m` : shown
}

const esc = "\u001b"
const kept = new RegExp(`(\t|${esc}\\[[\\d;]*m)`)
