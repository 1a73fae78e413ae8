import { type JsonObject, numberOf, objectOf, textOf } from "../../../core/plan/json.ts"
import { texts } from "./auditLog.mts"
import type { Story } from "./stories.mts"
import type { Judge } from "./verdict.mts"

/** What status has said it says from then on, until a wish to retry was seen to be carried out. */
export const forward: Judge = (story) => {
  const sentences: string[] = []
  let before: JsonObject = {}
  for (const { at, status, isCertain } of story.statuses) {
    if (!isCertain) continue
    if (!hasNewRetry(story, before, status, at)) {
      for (const why of stepsBack(before, status)) sentences.push(`${why}, at ${at}`)
    }
    before = status
  }
  return sentences
}

function hasNewRetry(story: Story, before: JsonObject, next: JsonObject, at: string): boolean {
  const known = texts(before.observedWishes)
  return texts(next.observedWishes).some(
    (id) => !known.includes(id) && story.retries.some((wish) => wish.id === id && wish.at < at),
  )
}

function stepsBack(before: JsonObject, next: JsonObject): readonly string[] {
  const sentences = [...goesBack("the run", before, next)]
  const vertices = objectOf(next.vertices)
  for (const [id, vertex] of Object.entries(objectOf(before.vertices))) {
    const now = vertices[id]
    if (now === undefined) sentences.push(`"${id}" vanished from status`)
    else sentences.push(...goesBack(`"${id}"`, objectOf(vertex), objectOf(now)))
  }
  return sentences
}

function goesBack(what: string, before: JsonObject, next: JsonObject): readonly string[] {
  const [from, to] = [textOf(before.phase) ?? "", textOf(next.phase) ?? ""]
  const sentences: string[] = []
  const isBack = rank(to) < rank(from) || (rank(from) === ended && to !== from)
  if (isBack) sentences.push(`${what} went from "${from}" to "${to}"`)
  for (const field of ["startedAt", "finishedAt", "releasedAt", "result", "stepHash"]) {
    const was = before[field]
    if (was !== undefined && was !== null && next[field] !== was) {
      sentences.push(`${field} of ${what} changed from ${was} to ${next[field] ?? "nothing"}`)
    }
  }
  if ((numberOf(next.attempt) ?? 1) < (numberOf(before.attempt) ?? 1)) {
    sentences.push(`the attempt of ${what} went down`)
  }
  return sentences
}

const ended = 2

function rank(phase: string): number {
  return phase === "" ? 0 : phase === "Running" ? 1 : ended
}
