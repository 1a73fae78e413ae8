import { randomNumbers } from "#core/graph/randomNumbers"

/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** A whole number from zero up to but without the limit. */
  below(limit: number): number
  /** True once in so many. */
  oneIn(times: number): boolean
  pick<T>(list: readonly T[]): T
}

export function randomFrom(seed: number): Random {
  const next = randomNumbers(seed + 1)
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    oneIn: (times) => below(times) === 0,
    pick: (list) => list[below(list.length)] as (typeof list)[number],
  }
}
