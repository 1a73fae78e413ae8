import type { Problem } from "../problem.ts"
import { parse } from "../spec/parse.ts"
import type { TaskItem } from "../spec/taskItem.ts"
import { filled } from "./render.ts"
import type { Offer } from "./offer.ts"
import type { Where } from "./where.ts"

/**
 * Tells of an offer whether the checks would find fault with it: it is put in, in a document that
 * has of the other tasks only those that matter, and the checks are asked before and after.
 */
export function trial(where: Where, path: string): (offer: Offer) => boolean {
  const { text, item, standing, task } = where
  const { document } = standing
  // One long line of everything would be read whole for every offer.
  if (text.length > longest) return () => true
  const around = document.text
  const frame = around.frame()
  const head = item ? frame.slice(0, around.headLength) : ""
  const tail = item ? frame.slice(around.headLength) : ""
  const known = new Map<string, ReadonlyMap<string, number>>()

  return (offer) => {
    const inserted = filled(offer.insert)
    const others = item ? named(where, inserted) : []
    const above = others.filter(({ rank }) => rank < (task?.rank ?? 0))
    const below = others.filter(({ rank }) => rank > (task?.rank ?? 0))
    const joined = (list: readonly TaskItem[]) => list.map((other) => other.text).join("")
    const whole = (own: string) => head + joined(above) + own + joined(below) + tail
    const without = remove(text, offer)
    const key = `${others.map(({ rank }) => rank).join()} ${offer.span.start}-${offer.span.end}`
    const before = known.get(key) ?? faults(parse(whole(without), path)[0]?.problems ?? [])
    known.set(key, before)
    const after = parse(whole(apply(text, offer)), path)
    if (after.length === 0) return false
    for (const [fault, count] of faults(after[0]?.problems ?? [])) {
      if (count > (before.get(fault) ?? 0)) return false
    }
    return true
  }
}

const longest = 60_000

/** The text with the offer taken, its places to stop at filled in as they are shown. */
export function apply(text: string, { insert, span, commaAt }: Offer): string {
  const inserted = filled(insert)
  if (commaAt === undefined) return text.slice(0, span.start) + inserted + text.slice(span.end)
  return `${text.slice(0, commaAt)},${text.slice(commaAt, span.start)}${inserted}${text.slice(span.end)}`
}

function remove(text: string, { span }: Offer): string {
  return text.slice(0, span.start) + text.slice(span.end)
}

function faults(problems: readonly Problem[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { code, severity, message } of problems) {
    // What is still missing is what the next offers are for.
    if (code === "missing-key" || (severity !== "error" && severity !== "warning")) continue
    const fault = code === "syntax" ? code : `${code} ${message}`
    counts.set(fault, (counts.get(fault) ?? 0) + 1)
  }
  return counts
}

/** The tasks that this one names, and those that the inserted text names. */
function named({ standing, task }: Where, inserted: string): readonly TaskItem[] {
  const { members } = standing.document
  const names = new Set(inserted.match(/[A-Za-z0-9][-\w.]*/g) ?? [])
  for (const { target } of task?.task.dependencies ?? []) names.add(target.value)
  for (const { target } of task?.task.references ?? []) names.add(target.value)
  const found = new Set<TaskItem>()
  for (const name of names) {
    const [item] = members?.named(name) ?? []
    if (item && item !== task) found.add(item)
  }
  return [...found].sort((a, b) => a.rank - b.rank)
}
