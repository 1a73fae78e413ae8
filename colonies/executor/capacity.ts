import { readCpu, readMemory } from "#core/spec/coloniesAmounts"
import type { FunctionSpecRecord } from "../client/records.ts"
import type { Capacity } from "./settings.ts"

export interface Demand {
  readonly milliCpu: bigint
  readonly bytes: bigint
}

/** What a process asks for in all its containers; only "execute" asks for any. */
export function demandOf({ funcname, conditions }: FunctionSpecRecord): Demand {
  const cpu = readCpu(conditions?.cpu ?? "")
  const mem = readMemory(conditions?.mem ?? "")
  const containers =
    funcname === "execute"
      ? BigInt(Math.max(0, (conditions?.nodes ?? 0) * (conditions?.processespernode ?? 0)))
      : 0n
  return {
    milliCpu: cpu.kind === "milli" ? cpu.milli * containers : 0n,
    bytes: mem.kind === "bytes" ? mem.bytes * containers : 0n,
  }
}

/** What the server is told is free; undefined = nothing, and it must not hand anything out. */
export function offerOf(
  capacity: Capacity,
  used: Iterable<Demand>,
): { readonly availablecpu: string; readonly availablemem: string } | undefined {
  let { milliCpu, bytes } = capacity
  for (const demand of used) {
    milliCpu -= demand.milliCpu
    bytes -= demand.bytes
  }
  if (milliCpu <= 0n || bytes <= 0n) return undefined
  return { availablecpu: `${milliCpu}m`, availablemem: `${bytes / 1024n}Ki` }
}

/** Nothing fits into less than nothing, so it only says that the executor lives. 0 would let specs without amounts in. */
export const heartbeat = { timeout: -1, availablecpu: "-1m", availablemem: "-1Ki" } as const
