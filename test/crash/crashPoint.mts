import type { Answer, Call, CallKind, Hooks } from "./apiProxy.mts"
import { assertRightEnd } from "./facts.mts"
import { openStage, type Stage, type World } from "./stage.mts"
import { thirty } from "./workflow.mts"

/** The moment at which an engine dies: with its k-th request, before or after that is carried out. */
export interface Point {
  readonly call: number
  readonly side: "before" | "after"
}

export type Outcome =
  /** What the request was for that it died with. */
  | { readonly kind: "right"; readonly of: CallKind; readonly calls: number }
  /** The run was over before the engine had sent so many requests. */
  | { readonly kind: "not reached"; readonly calls: number }
  | { readonly kind: "wrong"; readonly of: CallKind | undefined; readonly why: string }

/** Plays the run once, kills its engine at the point, starts another one and waits for the end. */
export async function crashAt(world: World, { call, side }: Point): Promise<Outcome> {
  let killed: CallKind | undefined
  const hooksOf = (stage: Stage): Hooks => {
    const strike = async ({ number, kind }: Call): Promise<Answer | undefined> => {
      if (number !== call) return undefined
      killed = kind
      await stage.replaceEngine()
      return { kind: "cut" }
    }
    return side === "before" ? { before: strike } : { after: strike }
  }
  const stage = await openStage(world, hooksOf)
  try {
    const status = await Promise.race([stage.run.ended(), stage.trouble])
    await assertRightEnd(world.bed.api, stage.namespace, "run", thirty, status)
    const violations = await stage.verdict()
    if (violations.length > 0) throw new Error(violations.join("\n"))
    const calls = stage.proxy.calls.length
    return killed === undefined
      ? { kind: "not reached", calls }
      : { kind: "right", of: killed, calls }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { kind: "wrong", of: killed, why: `${stage.namespace}: ${why}` }
  } finally {
    await stage.close()
  }
}
