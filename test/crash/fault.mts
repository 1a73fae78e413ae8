import assert from "node:assert/strict"
import type { Answer, Call, Hooks } from "./apiProxy.mts"
import { assertRightEnd } from "./facts.mts"
import { openStage, type Stage, type StageOptions, type World } from "./stage.mts"
import { thirty } from "./workflow.mts"

/** One thing that goes wrong between an engine and its cluster. */
export interface Fault {
  readonly name: string
  readonly begin: (stage: Stage) => Struck
  readonly options?: (world: World) => StageOptions
  /** Instead of: the run comes to its right end. */
  readonly end?: (stage: Stage) => Promise<void>
  /** It takes the whole cluster with it, so nothing else is played meanwhile. */
  readonly isAlone?: boolean
}

/** A fault at work in one run. */
export interface Struck {
  /** Now, with this very request; what is answered here is answered instead of the API server. */
  readonly strike: (call: Call) => Promise<Answer | undefined>
  /** Before it strikes. */
  readonly earlier?: Hooks
  /** From then on; the request that it struck with is asked about in `after` too if it strikes before. */
  readonly later?: Hooks
  /** Whether it did what it was to do; asked at the end. */
  readonly hasWorked?: () => boolean
}

/** When a fault strikes: with the first such request once the step "slow" has its Job. */
export interface Moment {
  readonly kind: "create a Job" | "write status"
  readonly side: "before" | "after"
}

export const moments: readonly Moment[] = [
  { kind: "create a Job", side: "before" },
  { kind: "create a Job", side: "after" },
  { kind: "write status", side: "before" },
  { kind: "write status", side: "after" },
]

/** Undefined: all went well. Else what did not. */
export async function playFault(
  world: World,
  fault: Fault,
  moment: Moment,
): Promise<string | undefined> {
  let hasStruck = false
  let struck: Struck | undefined
  const stage = await openStage(
    world,
    (opened) => {
      const begun = fault.begin(opened)
      struck = begun
      return hooksOf(begun, moment, () => {
        hasStruck = true
      })
    },
    fault.options?.(world),
  )
  try {
    await Promise.race([(fault.end ?? rightlyEnded)(stage), stage.trouble])
    assert.ok(hasStruck, "there was no such request")
    assert.ok(struck?.hasWorked?.() ?? true, "the fault did nothing")
    assert.deepEqual(await stage.verdict(), [])
    return undefined
  } catch (error) {
    return `${stage.namespace}: ${error instanceof Error ? error.message : error}`
  } finally {
    await stage.close()
  }
}

async function rightlyEnded({ world, namespace, run }: Stage): Promise<void> {
  await assertRightEnd(world.bed.api, namespace, "run", thirty, await run.ended())
}

function hooksOf(fault: Struck, moment: Moment, onStrike: () => void): Hooks {
  let isReady = false
  let hasStruck = false
  const isDue = (call: Call, side: Moment["side"]) =>
    isReady && !hasStruck && call.kind === moment.kind && side === moment.side
  const strike = async (call: Call) => {
    hasStruck = true
    onStrike()
    return fault.strike(call)
  }
  return {
    before: (call) => {
      if (isDue(call, "before")) return strike(call)
      return (hasStruck ? fault.later : fault.earlier)?.before?.(call)
    },
    after: async (call, answer) => {
      if (isDue(call, "after")) return strike(call)
      const instead = await (hasStruck ? fault.later : fault.earlier)?.after?.(call, answer)
      if (call.kind === "create a Job" && call.body.includes('"name":"run.slow.0"')) isReady = true
      return instead
    },
  }
}
