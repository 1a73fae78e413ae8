import type { TryView } from "#core/view/attempts"
import type { StepDetail } from "#core/view/stepDetail"
import type { Theme } from "../shared/theme.ts"
import type {
  EventView,
  ObjectKind,
  ObjectText,
  PlaceKind,
  Stale,
  StepToHost,
  StepToPage,
} from "./protocol.ts"

/** All that the page was told. */
export interface StepModel {
  readonly detail: StepDetail | undefined
  /** Undefined while they are looked up, null where the place keeps none. */
  readonly events: readonly EventView[] | null | undefined
  /** The end of what each pod printed. */
  readonly logs: ReadonlyMap<string, readonly string[]>
  readonly isLogRead: boolean
  readonly objects: ReadonlyMap<ObjectKind, ObjectText | null>
  readonly refused: ReadonlyMap<string, string>
  readonly place: string
  /** Undefined while nobody said. */
  readonly placeKind: PlaceKind | undefined
  readonly stale: Stale | null
  readonly trouble: string | undefined
}

export const noModel: StepModel = {
  detail: undefined,
  events: undefined,
  logs: new Map(),
  isLogRead: false,
  objects: new Map(),
  refused: new Map(),
  place: "",
  placeKind: undefined,
  stale: null,
  trouble: undefined,
}

/** What the parts of the page are drawn with. */
export interface Draw {
  readonly theme: Theme
  readonly now: number
  readonly post: (message: StepToHost) => void
  readonly showTab: (tab: Tab) => void
}

export const tabs = ["summary", "events", "containers", "Job", "Pod"] as const
export type Tab = (typeof tabs)[number]

export function withMessage(model: StepModel, message: StepToPage): StepModel {
  switch (message.kind) {
    case "step":
      return {
        ...model,
        detail: message.detail,
        events: eventsAfter(model, message.detail),
        isLogRead: model.isLogRead && isOver(message.detail),
        trouble: undefined,
      }
    case "events":
      return { ...model, events: message.events, refused: without(model.refused, "events") }
    case "log":
      return { ...model, logs: new Map(model.logs).set(message.pod, message.lines) }
    case "log read":
      return { ...model, isLogRead: true }
    case "object": {
      const { of, object } = message
      const objects = new Map(model.objects).set(of, object)
      return { ...model, objects, refused: without(model.refused, of) }
    }
    case "refused":
      return { ...model, refused: new Map(model.refused).set(message.what, message.why) }
    case "place":
      return { ...model, place: message.name, placeKind: message.is, stale: message.stale }
    case "trouble":
      return { ...model, trouble: message.sentence }
  }
}

/** That there were none yet is no word on a step that is over by now: its host looks again. */
function eventsAfter({ events, detail }: StepModel, next: StepDetail): StepModel["events"] {
  const ended = isOver(next) && (detail === undefined || !isOver(detail))
  return ended && events?.length === 0 ? undefined : events
}

/** Every pod that was tried, oldest first. */
export function triesOf({ step }: StepDetail): readonly TryView[] {
  return step.attempts.flatMap(({ tries }) => tries)
}

/** What each of them is called: `2`, or as the second of the third attempt `3.2`. */
export function tryNames({ step }: StepDetail): readonly string[] {
  const hasAttempts = step.attempts.length > 1
  return step.attempts.flatMap(({ attempt, tries }) =>
    tries.map((_, index) => (hasAttempts ? `${attempt}.${index + 1}` : `${index + 1}`)),
  )
}

export function isOver({ step }: StepDetail): boolean {
  return !["waiting", "queued", "running", "suspended", "unknown"].includes(step.phase)
}

function without(map: ReadonlyMap<string, string>, key: string): ReadonlyMap<string, string> {
  const next = new Map(map)
  next.delete(key)
  return next
}
