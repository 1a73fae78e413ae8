import {
  anyInCluster,
  type Claim,
  type DriverIdentity,
  deadAfterMs,
  mayDrive,
} from "../run/claim.ts"

/** Who moves a run forward, as it is shown. */
export interface DriverView {
  /** here: the engine that tells this · elsewhere: another, which lives · coming: nobody yet, for a short while. */
  readonly kind: "here" | "elsewhere" | "coming" | "none"
  /** Where it runs, as its own name; null while there is none. */
  readonly name: string | null
  /** With `none`: why, and what to do. With `elsewhere`: what cannot be seen of who has it. */
  readonly sentence: string | null
}

interface DriverQuestion {
  readonly self: DriverIdentity
  readonly wanted: string | undefined
  readonly claim: Claim | undefined
  /** For how long nothing was heard of its driver; undefined: nobody can tell. */
  readonly stillMs: number | undefined
}

export function driverView({ self, wanted, claim, stillMs }: DriverQuestion): DriverView {
  const isForUs = mayDrive(self, wanted)
  if (isForUs && (self.kind === "local" || claim?.id === self.id)) {
    return { kind: "here", name: self.name, sentence: null }
  }
  // Who had the run and may not have it any more is not the one that is waited for.
  const holder = claim && mayDrive(claim, wanted) ? claim : undefined
  const isSilent = stillMs !== undefined && stillMs >= deadAfterMs
  if (!isSilent) {
    const sentence = holder && !holder.isLeased ? unseen(holder) : null
    return { kind: holder ? "elsewhere" : "coming", name: holder?.name ?? null, sentence }
  }
  return { kind: "none", name: null, sentence: `${why(wanted, holder)} ${advice(wanted)}` }
}

function unseen({ name }: Claim): string {
  return `Whether "${name}", which drives this run, still lives cannot be seen: it may not write Leases. If it does not, drive the run from here.`
}

function why(wanted: string | undefined, holder: Claim | undefined): string {
  if (holder)
    return `Nobody drives this run: nothing is heard any more of "${holder.name}", which did.`
  return (wanted || anyInCluster) === anyInCluster
    ? "Nobody drives this run: it waits for a driver in the cluster, and there is none."
    : "Nobody drives this run: the engine that started it is on another machine and does not answer."
}

function advice(wanted: string | undefined): string {
  const own =
    (wanted || anyInCluster) === anyInCluster ? "" : " It goes on when that engine starts again."
  return `Drive it from here, or leave a driver in the cluster.${own}`
}
