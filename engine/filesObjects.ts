import { readExecutionMetadata } from "#core/plan/execution"
import { objectOf, textOf } from "#core/plan/json"
import { annotations } from "#core/plan/labels"
import { filesObject } from "#core/plan/names"
import type { OwnedIdentity, StoredExecution } from "./cluster.ts"

/**
 * What was created to move a run's files, the keys first. Only the run says so: an object of that name
 * may be somebody else's, so each is meant with its uid.
 */
export function filesObjects({ object }: StoredExecution): readonly OwnedIdentity[] {
  const { name, annotations: written } = readExecutionMetadata(object)
  const uids = parsed(written[annotations.filesObjects])
  return (["Secret", "ConfigMap"] as const).flatMap((kind) => {
    const uid = textOf(uids[kind])
    return uid === undefined ? [] : [{ kind, name: filesObject(name), uid }]
  })
}

/** The note that makes them known. */
export function filesObjectsNote(objects: readonly OwnedIdentity[]): Record<string, string> {
  const uids = Object.fromEntries(objects.map(({ kind, uid }) => [kind, uid]))
  return { [annotations.filesObjects]: JSON.stringify(uids) }
}

function parsed(text: string | undefined) {
  try {
    return objectOf(text === undefined ? undefined : JSON.parse(text))
  } catch {
    return objectOf(undefined)
  }
}
