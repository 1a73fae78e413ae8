import { isObject, type Json, type JsonObject, textOf } from "../plan/json.ts"

/** Who moves runs forward: an engine in the cluster, or the one of a user and machine. */
export interface DriverIdentity {
  readonly kind: "cluster" | "local"
  /** The name of its Lease. A local engine keeps it over restarts, one in the cluster does not. */
  readonly id: string
  /** For people: where it runs. */
  readonly name: string
}

/** What `status.driver` says: who took the run. */
export interface Claim extends DriverIdentity {
  /** False: its driver may not write Leases, so nobody can see whether it lives. */
  readonly isLeased: boolean
}

/** A Lease that has not moved for so long, by the clock of whoever looks, is of a dead driver. */
export const deadAfterMs = 20_000

/** What the annotation says for a run that any driver in the cluster may take; so does its absence. */
export const anyInCluster = "cluster"

export function mayDrive(
  { kind, id }: Pick<DriverIdentity, "kind" | "id">,
  wanted: string | undefined,
): boolean {
  const isForCluster = (wanted || anyInCluster) === anyInCluster
  return kind === "cluster" ? isForCluster : wanted === id
}

export interface ClaimQuestion {
  readonly self: DriverIdentity
  /** The annotation of the run. */
  readonly wanted: string | undefined
  readonly claim: Claim | undefined
  /** For how long the claim's Lease was watched and did not move; undefined: it cannot be watched. */
  readonly stillMs: number | undefined
}

/**
 * ours: go on · free: claim it · dead: claim it after a fresh look at the Lease · another's: its
 * driver lives, or nobody can tell · not-for-us: whoever started it wants another driver.
 */
export type Standing = "ours" | "free" | "dead" | "another's" | "not-for-us"

/** Safety never comes from here: two who both drive a run do no harm, they are only in each other's way. */
export function standing({ self, wanted, claim, stillMs }: ClaimQuestion): Standing {
  if (!mayDrive(self, wanted)) return "not-for-us"
  if (claim === undefined) return "free"
  if (claim.id === self.id) return "ours"
  // A person changed who drives it; the one that has it lets go when it sees that.
  if (!mayDrive(claim, wanted)) return "free"
  return stillMs !== undefined && stillMs >= deadAfterMs ? "dead" : "another's"
}

export function readClaim(value: Json | undefined): Claim | undefined {
  if (!isObject(value)) return undefined
  const id = textOf(value.id)
  if (id === undefined) return undefined
  return {
    id,
    kind: value.kind === "local" ? "local" : "cluster",
    name: textOf(value.name) ?? id,
    isLeased: value.leased !== false,
  }
}

export function writeClaim({ id, kind, name, isLeased }: Claim): JsonObject {
  return { id, kind, name, ...(isLeased ? {} : { leased: false }) }
}
