import { setFlagsFromString } from "node:v8"

/**
 * For the start of a program that runs for days beside others: much of what an engine makes is thrown
 * away at once, and V8 would rather take memory than collect it. The other half, small young
 * generations, can only be asked for on the command line: `leanNode`.
 */
export function leanHeap(): void {
  setFlagsFromString("--heap-growing-percent=40")
}

/** How Node is called for such a program. */
export const leanNode = ["--max-semi-space-size=4"] as const
