import { setFlagsFromString } from "node:v8"

/**
 * For the start of a program that runs for days beside others: much of what an engine makes is thrown
 * away at once, and V8 would rather take memory than collect it. The other half, small young
 * generations, can only be asked for on the command line: `leanNode`; a third is `leanEnvironment`.
 */
export function leanHeap(): void {
  setFlagsFromString("--heap-growing-percent=25")
}

/** How Node is called for such a program. */
export const leanNode = ["--max-semi-space-size=4"] as const

/** Each of glibc's arenas keeps what was freed in it; by default every thread has one of its own. */
export const leanEnvironment = { MALLOC_ARENA_MAX: "2" } as const
