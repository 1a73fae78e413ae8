import type { Io, Output } from "./io.ts"

/** Puts text in a colour or weight, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string

export type Style = keyof typeof codes

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
  green: [32, 39],
} as const

/** Colours only where a person looks and has not turned them off (no-color.org). */
export function paintFor(io: Io, output: Output): Paint {
  const on = output.isTerminal && !io.env.NO_COLOR && io.env.TERM !== "dumb"
  return (style, text) =>
    on ? `\u001b[${codes[style][0]}m${text}\u001b[${codes[style][1]}m` : text
}
