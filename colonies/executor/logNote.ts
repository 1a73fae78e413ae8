import { isObject, objectOf } from "#core/plan/json"
import { type LogPosition, positionText, readPosition } from "./logPosition.ts"

/**
 * What an executor writes on a Job before each message, so that the next one can tell whether the
 * message arrived: how many there were before it, how far each container's log was taken before it,
 * and how far with it. Containers are named `pod/container`.
 */
export interface LogNote {
  readonly before: number
  readonly taken: Positions
  readonly next: Positions
}

export type Positions = ReadonlyMap<string, LogPosition>

/** All annotations of an object together may have 256 KiB. */
const mostNoteBytes = 200_000

/** Undefined where there are too many containers to note them all. */
export function noteText({ before, taken, next }: LogNote): string | undefined {
  const text = JSON.stringify({ before, taken: textsOf(taken), next: textsOf(next) })
  return text.length <= mostNoteBytes ? text : undefined
}

export function readNote(text: string | undefined): LogNote | undefined {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (!isObject(value) || typeof value.before !== "number") return undefined
    return { before: value.before, taken: readTexts(value.taken), next: readTexts(value.next) }
  } catch {
    return undefined
  }
}

/** How far the logs are taken, when the process's log has so many messages. */
export function takenWith({ before, taken, next }: LogNote, messages: number): Positions {
  return messages > before ? new Map([...taken, ...next]) : taken
}

function textsOf(positions: Positions): Record<string, string> {
  return Object.fromEntries(Array.from(positions, ([key, one]) => [key, positionText(one)]))
}

function readTexts(value: unknown): Positions {
  const found = Object.entries(objectOf(value)).flatMap(([key, text]): [string, LogPosition][] => {
    const position = typeof text === "string" ? readPosition(text) : undefined
    return position === undefined ? [] : [[key, position]]
  })
  return new Map(found)
}
