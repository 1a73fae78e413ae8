import { type Fault, type Moment, moments, playFault } from "./fault.mts"
import type { World } from "./stage.mts"

export interface Played {
  readonly fault: Fault
  readonly moment: Moment
  /** What went wrong; undefined: nothing. */
  readonly wrong: string | undefined
  readonly seconds: number
}

/** Plays each fault at each moment, some side by side. */
export async function playFaults(
  world: World,
  faults: readonly Fault[],
  atOnce: number,
  tell: (played: Played) => void,
): Promise<readonly Played[]> {
  const played: Played[] = []
  const play = async (fault: Fault, moment: Moment) => {
    const began = performance.now()
    const wrong = await playFault(world, fault, moment)
    const one = { fault, moment, wrong, seconds: (performance.now() - began) / 1000 }
    played.push(one)
    tell(one)
  }
  const together = faults.filter(({ isAlone }) => !isAlone)
  const queue = together.flatMap((fault) => moments.map((moment) => ({ fault, moment })))
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      await play(next.fault, next.moment)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  for (const fault of faults) {
    if (fault.isAlone) for (const moment of moments) await play(fault, moment)
  }
  return played
}
