import assert from "node:assert/strict"
import type { Api } from "../cluster/api.mts"
import type { StoredStatus } from "../cluster/engine.mts"
import type { Workflow } from "./workflow.mts"

interface Jobs {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
    readonly status: { readonly conditions?: readonly { type: string; status: string }[] }
  }[]
}

/** Phase by step: `{ "a.0": "Succeeded" }`. */
export function phasesOf({ vertices }: StoredStatus): Readonly<Record<string, string>> {
  return sorted(
    Object.values(vertices).map(({ id, phase }) => [id.split(".").slice(-2).join("."), phase]),
  )
}

/** The run ended as it should, and its status says of each step what the API server says of its Job. */
export async function assertRightEnd(
  api: Api,
  namespace: string,
  run: string,
  { rightEnd }: Workflow,
  status: StoredStatus,
): Promise<void> {
  assert.deepEqual(phasesOf(status), sorted(Object.entries(rightEnd)))
  const isWell = Object.values(rightEnd).every((phase) => phase !== "Failed")
  assert.equal(status.phase, isWell ? "Succeeded" : "Failed")
  const query = new URLSearchParams({ labelSelector: `execution.kubegene.io/execution=${run}` })
  const { items } = await api.get<Jobs>(`/apis/batch/v1/namespaces/${namespace}/jobs?${query}`)
  const facts = items.map(({ metadata, status: { conditions = [] } }) => {
    const end = conditions.find(({ type, status: isTrue }) => {
      return isTrue === "True" && (type === "Complete" || type === "Failed")
    })
    return [metadata.name, end?.type ?? "not ended"]
  })
  const said = Object.values(status.vertices).flatMap(({ name, phase }) => {
    return phase === "Skipped" ? [] : [[name, phase === "Succeeded" ? "Complete" : phase]]
  })
  // The first attempt stays, as evidence.
  const before = [[`${run}.flaky.0`, "Failed"]]
  assert.deepEqual(sorted(facts), sorted([...said, ...before]))
}

function sorted(entries: readonly (readonly string[])[]): Readonly<Record<string, string>> {
  return Object.fromEntries(entries.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1)))
}
