import { parse } from "../spec/parse.ts"
import type { TaskItem } from "../spec/taskItem.ts"
import type { Offer } from "./offer.ts"
import { filled } from "./render.ts"
import type { Where } from "./where.ts"

/**
 * Tells of an offer whether the checks would find fault with it: it is put in, and they are asked
 * before and after. Of a large document only the tasks that matter are looked at.
 */
export function trial(where: Where, path: string): (offer: Offer) => boolean {
  const { text, item, standing } = where
  const around = standing.document.text
  // One long line of everything would be read whole for every offer.
  if (text.length > longest) return () => true
  const frame = around.frame()
  const isSmall = around.length <= small
  const known = new Map<string, ReadonlyMap<string, number>>()

  return (offer) => {
    const others = isSmall ? around.items : item ? named(where, item, filled(offer.insert)) : []
    const joined = (isThere: (rank: number) => boolean) =>
      around.layout ? others.map((one) => (isThere(one.rank) ? one.text : "")).join("") : ""
    // The text that is tried stands among the tasks, or the tasks stand in the middle of it.
    const whole = (own: string) => {
      if (item) {
        const above = joined((rank) => rank < item.rank)
        const below = joined((rank) => rank > item.rank)
        return (
          frame.slice(0, around.headLength) + above + own + below + frame.slice(around.headLength)
        )
      }
      const isAbove = offer.span.start <= around.headLength
      const at = around.headLength + (isAbove ? own.length - frame.length : 0)
      return own.slice(0, at) + joined(() => true) + own.slice(at)
    }
    const key = `${isSmall ? "" : others.map((one) => one.rank).join()} ${offer.span.start}-${offer.span.end}`
    const before = known.get(key) ?? faultsIn(whole(remove(text, offer)), path)
    known.set(key, before)
    const after = faultsIn(whole(apply(text, offer)), path)
    return [...after].every(([fault, count]) => count <= (before.get(fault) ?? 0))
  }
}

const longest = 60_000
const small = 6_000

/** The text with the offer taken, its places to stop at filled in as they are shown. */
function apply(text: string, { insert, span, commaAt }: Offer): string {
  const inserted = filled(insert)
  if (commaAt === undefined) return text.slice(0, span.start) + inserted + text.slice(span.end)
  return `${text.slice(0, commaAt)},${text.slice(commaAt, span.start)}${inserted}${text.slice(span.end)}`
}

function remove(text: string, { span }: Offer): string {
  return text.slice(0, span.start) + text.slice(span.end)
}

function faultsIn(text: string, path: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { code, severity, message } of parse(text, path)[0]?.problems ?? []) {
    // What is still missing is what the next offers are for.
    if (code === "missing-key" || message.startsWith(noExecutor)) continue
    if (severity !== "error" && severity !== "warning") continue
    const fault = code === "syntax" ? code : `${code} ${message}`
    counts.set(fault, (counts.get(fault) ?? 0) + 1)
  }
  return counts
}

/** How the checks tell of a node that has no executortype yet. */
const noExecutor = "No executor will take this"

/** The tasks that this one names, some that name it, and those that the inserted text names. */
function named({ standing }: Where, item: TaskItem, inserted: string): readonly TaskItem[] {
  const { members } = standing.document
  const names = new Set(inserted.match(/[A-Za-z0-9][-\w.]*/g) ?? [])
  for (const { target } of item.task.dependencies) names.add(target.value)
  for (const { target } of item.task.references ?? []) names.add(target.value)
  const found = new Set(members?.waitingFor(item.task.name?.value ?? "").slice(0, mostFollowers))
  for (const name of names) {
    const [other] = members?.named(name) ?? []
    if (other) found.add(other)
  }
  return [...found].sort((a, b) => a.rank - b.rank)
}

const mostFollowers = 8
