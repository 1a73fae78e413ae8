import { setTimeout as pause } from "node:timers/promises"

/**
 * Answers the first value that is neither undefined nor false. The limit is generous, for machines differ
 * by a factor of three and more: it only ends what would never come true, and says what was awaited.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  limitMs = 120_000,
): Promise<T> {
  const deadline = Date.now() + limitMs
  for (;;) {
    const value = await look()
    if (value !== undefined && value !== false) return value
    if (Date.now() > deadline) {
      throw new Error(`after ${limitMs / 1000} s it is still not true that ${what}`)
    }
    await pause(100)
  }
}
