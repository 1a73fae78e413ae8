import { readAnsi } from "../ansi.ts"
import { logLevels } from "./logLevel.ts"
import type { LogLines } from "./logLines.ts"

/** An error that was printed more than once, perhaps by many steps, each with its own numbers. */
export interface ErrorGroup {
  /** As it was printed first. */
  readonly text: string
  /** Finds all lines of the group, and others only if they say the same. */
  readonly pattern: string
  readonly lines: number
  /** Names of steps, in the order in which they said it first. */
  readonly steps: readonly string[]
  /** Where it was printed first. */
  readonly place: number
}

/** Errors that say the same but for numbers are one. First what most steps have in common. */
export function errorGroups(
  lines: LogLines,
  isHidden: (name: string) => boolean,
): readonly ErrorGroup[] {
  const groups = new Map<string, Gathered>()
  const hidden = lines.sources.map(({ name }) => isHidden(name))
  for (let place = 0; place < lines.count; place++) {
    const source = lines.source(place)
    if (lines.level(place) !== logLevels.error || hidden[source]) continue
    const text = readAnsi(lines.text(place).slice(0, mostLooked)).text.trim()
    const key = text.replace(numbers, "#")
    const known = groups.get(key)
    const name = lines.sources[source]?.name ?? ""
    if (known === undefined) groups.set(key, { text, place, lines: 1, steps: new Set([name]) })
    else {
      known.lines++
      known.steps.add(name)
    }
  }
  return [...groups.values()]
    .sort((a, b) => b.steps.size - a.steps.size || b.lines - a.lines || a.place - b.place)
    .map(({ text, place, lines: count, steps }) => {
      return { text, pattern: patternOf(text), lines: count, steps: [...steps], place }
    })
}

interface Gathered {
  readonly text: string
  readonly place: number
  lines: number
  readonly steps: Set<string>
}

/** Numbers, also with a sign, a point or groups, and hexadecimal ones: ids, times, sizes. */
const numbers = /0x[\da-f]+|\b(?=[a-f]*\d)[\da-f]{8,}\b|\d+(?:[.,:]\d+)*/gi
const anyNumber = String.raw`[\da-fx.,:]+`
const mostLooked = 500

function patternOf(text: string): string {
  return text
    .split(numbers)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join(anyNumber)
}
