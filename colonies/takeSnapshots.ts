import { randomUUID } from "node:crypto"
import type { JsonMap, Submission } from "#core/spec/submission"
import type { ColoniesServer } from "./client/server.ts"

interface Colony {
  readonly server: ColoniesServer
  readonly colony: string
  readonly signal: AbortSignal
}

/** Takes a snapshot for each place of each function that mounts one and is meant. */
export async function takeSnapshots(
  submission: Submission,
  colony: Colony,
  isMeant: (mount: JsonMap) => boolean,
): Promise<Submission> {
  const change = (spec: JsonMap) => withSnapshots(spec, colony, isMeant)
  if (submission.kind === "function") {
    return { kind: "function", spec: await change(submission.spec) }
  }
  const functionspecs = await Promise.all(submission.spec.functionspecs.map(change))
  return { kind: "workflow", spec: { ...submission.spec, functionspecs } }
}

/** What stands in a spec for a snapshot that is yet to be taken. */
export function isPlaceholder({ snapshotid }: JsonMap): boolean {
  return snapshotid === "{snapshotid}"
}

async function withSnapshots(
  spec: JsonMap,
  { server, colony, signal }: Colony,
  isMeant: (mount: JsonMap) => boolean,
): Promise<JsonMap> {
  const fs = spec.fs as { readonly snapshots?: readonly JsonMap[] | null } | null | undefined
  if (!fs?.snapshots) return spec
  const snapshots = await Promise.all(
    fs.snapshots.map(async (mount) => {
      if (!isMeant(mount)) return mount
      const { snapshotid } = await server.call(
        "createsnapshotmsg",
        { colonyname: colony, label: String(mount.label ?? ""), name: randomUUID() },
        { signal },
      )
      return { ...mount, snapshotid }
    }),
  )
  return { ...spec, fs: { ...fs, snapshots } }
}
