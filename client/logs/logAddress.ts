import { l10n, Uri } from "vscode"
import type { PlainPod } from "#engine/protocol"

export const logScheme = "kube-execution-log"

/** Whose log a document shows; it is all that its address says. */
export type LogAddress = StepAddress | PodAddress

export interface StepAddress extends Where {
  readonly run: string
  readonly step: string
}

/** A pod that is of no run. */
export interface PodAddress extends Where, PlainPod {}

interface Where {
  readonly place: string
  /** What was printed before the last restart of a container. */
  readonly previous?: boolean
}

export function uriOfLog(address: LogAddress): Uri {
  const [folder, name] = "run" in address ? [address.run, address.step] : [address.job, address.pod]
  const file = address.previous ? l10n.t("{0} (before the restart)", name) : name
  return Uri.from({
    scheme: logScheme,
    path: `/${folder}/${file}.log`,
    query: JSON.stringify({ ...address, previous: address.previous ?? false }),
  })
}

export function addressOfLog(uri: Uri): LogAddress {
  return JSON.parse(uri.query) as LogAddress
}
