import { isObject, type Json, listOf, textOf } from "../plan/json.ts"
import { annotations } from "../plan/labels.ts"

const wishKinds = ["retry", "suspend", "resume", "stop"] as const
export type WishKind = (typeof wishKinds)[number]

/** What a person asked of a run. It is done once status.observedWishes holds its id. */
export interface Wish {
  readonly kind: WishKind
  /** Made up by the tool that asks; tells one wish from the next. */
  readonly id: string
  /** Who asked, for "stopped by …". */
  readonly by: string
  /** RFC 3339: orders wishes that arrive together. */
  readonly at: string
  /** retry: task names or step ids; empty = all that failed, was skipped or stopped. */
  readonly steps: readonly string[]
}

/** The annotation that says it, as key and value. */
export function wishAnnotation(wish: Wish): readonly [key: string, value: string] {
  const { kind, steps, ...plain } = wish
  return [annotations[kind], JSON.stringify(kind === "retry" ? { ...plain, steps } : plain)]
}

/** The wishes that wait to be carried out, oldest first. A bare text counts as an id. */
export function openWishes(
  written: Readonly<Record<string, string>>,
  observed: readonly string[],
): readonly Wish[] {
  return wishKinds
    .flatMap((kind) => readWish(kind, written[annotations[kind]]) ?? [])
    .filter((wish) => !observed.includes(wish.id))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

function readWish(kind: WishKind, text: string | undefined): Wish | undefined {
  if (text === undefined || text.trim() === "") return undefined
  const value = parse(text)
  const fields = isObject(value) ? value : { id: text.trim() }
  const id = textOf(fields.id)
  if (id === undefined) return undefined
  const steps = listOf(fields.steps).filter((step) => typeof step === "string")
  return { kind, id, by: textOf(fields.by) ?? "", at: textOf(fields.at) ?? "", steps }
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
