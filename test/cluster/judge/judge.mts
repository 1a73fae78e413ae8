import type { Change } from "./auditLog.mts"
import { forward } from "./forward.mts"
import { nothingLeft } from "./nothingLeft.mts"
import { once } from "./once.mts"
import { order } from "./order.mts"
import { rightEnd } from "./rightEnd.mts"
import { type Story, tellStories } from "./stories.mts"
import type { Invariant, Judge, Violation } from "./verdict.mts"

const judges: Readonly<Record<Invariant, Judge>> = {
  once,
  order,
  forward,
  "nothing-left": nothingLeft,
  "right-end": rightEnd,
}

export interface Verdict {
  readonly stories: readonly Story[]
  readonly violations: readonly Violation[]
}

/** Judges runs by nothing but what the API server wrote down. */
export function judge(changes: readonly Change[]): Verdict {
  const stories = tellStories(changes)
  const violations = stories.flatMap((story) =>
    (Object.entries(judges) as [Invariant, Judge][]).flatMap(([invariant, one]) =>
      one(story, stories).map((sentence) => {
        return { invariant, run: `${story.namespace}/${story.name}`, sentence }
      }),
    ),
  )
  return { stories, violations }
}
