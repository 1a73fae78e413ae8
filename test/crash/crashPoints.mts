import { crashAt, type Outcome, type Point } from "./crashPoint.mts"
import type { World } from "./stage.mts"

export interface Sweep {
  /** The first request an engine dies with. */
  readonly from: number
  /** Every so many-th request. */
  readonly every: number
  /** Of so many requests, each before and after; by default until a run makes no more. */
  readonly rounds: number
  readonly atOnce: number
}

export interface Swept {
  readonly point: Point
  readonly outcome: Outcome
}

/** So many requests in a row that no run made are the end of it. */
const enough = 3

/** Kills an engine before and after each of its requests, until there are no more of them. */
export async function crashPoints(
  world: World,
  { from, every, rounds, atOnce }: Sweep,
  tell: (swept: Swept) => void,
): Promise<readonly Swept[]> {
  const all: Swept[] = []
  const unreached = new Map<number, number>()
  let next = from
  const isOver = () => {
    const calls = [...unreached].filter(([, sides]) => sides === 2).map(([call]) => call)
    return next >= from + every * rounds || calls.length >= enough
  }
  const work = async () => {
    while (!isOver()) {
      const call = next
      next += every
      for (const side of ["before", "after"] as const) {
        const point = { call, side }
        const outcome = await crashAt(world, point)
        if (outcome.kind === "not reached") unreached.set(call, (unreached.get(call) ?? 0) + 1)
        all.push({ point, outcome })
        tell({ point, outcome })
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return all
}
