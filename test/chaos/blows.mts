import { type Random, randomFrom } from "../support/random.ts"

/** What is done to the drivers of a round, one after the other. */
export interface Blow {
  /** After so many changes of Jobs since the one before. */
  readonly after: number
  /**
   * Killed as by a power cut, asked to end, or stopped until the other one has taken its runs; `late`:
   * stopped while it makes many Jobs, until a person has stopped the run and the other one ended it.
   */
  readonly how: "kill" | "end" | "freeze" | "late"
  readonly whom: readonly (0 | 1)[]
  /** Who comes in the place of one that died: its container anew, another pod of it, or another driver. */
  readonly heir: "same container" | "same id" | "another id"
}

const most = 3

/** The same for the same seed. */
export function blowsOf(seed: number): readonly Blow[] {
  const random = randomFrom(seed)
  const blows = Array.from({ length: 1 + random.below(most) }, () => blow(random))
  return seed % 4 === 0 ? [...blows, late] : blows
}

const late: Blow = { after: 0, how: "late", whom: [], heir: "same container" }

function blow(random: Random): Blow {
  const how = random.pick(["kill", "kill", "kill", "end", "freeze"] as const)
  const one = random.pick([0, 1] as const)
  return {
    after: 1 + random.below(20),
    how,
    whom: how === "kill" && random.oneIn(5) ? [0, 1] : [one],
    heir: random.pick(["same container", "same id", "another id"]),
  }
}

export function inWords({ after, how, whom, heir }: Blow): string {
  if (how === "late") return "at the end freeze who makes many Jobs, stop the run, thaw"
  const who = whom.map((index) => `driver ${index + 1}`).join(" and ")
  const then = how === "freeze" ? "" : `, then ${heir}`
  return `after ${after} changes ${how} ${who}${then}`
}
