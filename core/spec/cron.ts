/** A mistake inside a small text: offsets in that text, and the rest of a sentence. */
export interface TextFault {
  readonly start: number
  readonly end: number
  readonly why: string
}

/**
 * What is wrong with the time table of a Colonies cron, or undefined: six fields (second, minute,
 * hour, day of month, month, day of week) or a descriptor such as `@hourly` or `@every 90s`.
 */
export function cronFault(text: string): TextFault | undefined {
  const zone = /^(?:CRON_)?TZ=(\S*)\s*/.exec(text)
  const start = zone?.[0].length ?? 0
  const rest = text.slice(start)
  const whole = { start: 0, end: text.length }
  if (zone !== null && zone[1] === "") return { ...whole, why: "the time zone is missing" }
  if (rest.trim() === "") return { ...whole, why: "it is empty" }
  if (rest.startsWith("@")) return descriptorFault(rest, start)
  const fields = [...rest.matchAll(/\S+/g)]
  if (fields.length !== parts.length) {
    const hint = fields.length === 5 ? `; put the seconds first: "0 ${rest.trim()}"` : ""
    return {
      ...whole,
      why: `it has ${fields.length} ${fields.length === 1 ? "field" : "fields"}, six are needed (second, minute, hour, day of month, month, day of week)${hint}`,
    }
  }
  for (const [index, part] of parts.entries()) {
    const field = fields[index]
    if (field === undefined) continue
    const why = fieldFault(field[0], part)
    if (why !== undefined) {
      return { start: start + field.index, end: start + field.index + field[0].length, why }
    }
  }
  return undefined
}

interface Part {
  readonly name: string
  readonly low: number
  readonly high: number
  readonly words: readonly string[]
}

const parts: readonly Part[] = [
  { name: "second", low: 0, high: 59, words: [] },
  { name: "minute", low: 0, high: 59, words: [] },
  { name: "hour", low: 0, high: 23, words: [] },
  { name: "day of month", low: 1, high: 31, words: [] },
  {
    name: "month",
    low: 1,
    high: 12,
    words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  {
    name: "day of week",
    low: 0,
    high: 6,
    words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
  },
]

function fieldFault(field: string, part: Part): string | undefined {
  for (const item of field.split(",")) {
    const [range = "", step, ...more] = item.split("/")
    const [low = "", high, ...moreBounds] = range.split("-")
    if (more.length > 0 || moreBounds.length > 0 || range === "") {
      return `"${item}" is not a ${part.name}`
    }
    if (step !== undefined && !/^0*[1-9]\d{0,8}$/.test(step))
      return `the step "${step}" is not a number above 0`
    if (range === "*" || range === "?") continue
    const from = numberOf(low, part)
    const to = high === undefined ? from : numberOf(high, part)
    if (from === undefined || to === undefined) return `"${range}" is not a ${part.name}`
    const odd = [from, to].find((value) => value < part.low || value > part.high)
    if (odd !== undefined) return `${odd} is not a ${part.name}: ${part.low} to ${part.high}`
    if (from > to) return `the range "${range}" ends before it begins`
  }
  return undefined
}

function numberOf(text: string, part: Part): number | undefined {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  const index = part.words.indexOf(text.toLowerCase())
  return index === -1 ? undefined : index + part.low
}

const descriptors = [
  "@yearly",
  "@annually",
  "@monthly",
  "@weekly",
  "@daily",
  "@midnight",
  "@hourly",
]

function descriptorFault(text: string, start: number): TextFault | undefined {
  if (descriptors.includes(text)) return undefined
  const span = { start, end: start + text.length }
  const every = /^@every (.*)$/s.exec(text)?.[1]
  if (every === undefined) {
    return { ...span, why: `"${text}" is not one of ${descriptors.join(", ")} or @every` }
  }
  // A duration as Go writes it. One below a second is rounded up to a second.
  if (/^\+?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(every)) return undefined
  return { ...span, start: start + 7, why: `"${every}" is not a duration such as "90s" or "1h30m"` }
}
