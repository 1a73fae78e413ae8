import type { RunStatus, VertexStatus } from "./status.ts"

/** Something to tell as a Kubernetes Event on the Execution. */
export interface News {
  readonly type: "Normal" | "Warning"
  readonly reason: "Started" | "StepFailed" | "Skipped" | "Stopped" | "Succeeded" | "Failed"
  readonly message: string
}

/** So many steps may fail or be skipped at once without flooding the cluster with Events. */
const mostOfAKind = 20

/** What happened between two statuses, for those who read Events. */
export function news(before: RunStatus, next: RunStatus): readonly News[] {
  if (before === next) return []
  const list: News[] = []
  if (before.phase === "" && next.phase !== "") {
    list.push({ type: "Normal", reason: "Started", message: "execution has started" })
  }
  if (before.vertices !== next.vertices) list.push(...stepNews(before, next))
  if (next.finishedAt !== undefined && before.finishedAt === undefined) {
    const hasSucceeded = next.phase === "Succeeded"
    list.push({
      type: hasSucceeded ? "Normal" : "Warning",
      reason: hasSucceeded ? "Succeeded" : "Failed",
      message: next.message,
    })
  }
  return list
}

function stepNews(before: RunStatus, next: RunStatus): readonly News[] {
  const counts = new Map<string, number>()
  const list: News[] = []
  for (const [id, vertex] of next.vertices) {
    if (before.vertices.get(id)?.phase === vertex.phase) continue
    const one = newsOf(vertex)
    if (one === undefined) continue
    const count = (counts.get(one.reason) ?? 0) + 1
    counts.set(one.reason, count)
    if (count <= mostOfAKind) list.push(one)
  }
  return list
}

function newsOf({ id, phase, message }: VertexStatus): News | undefined {
  switch (phase) {
    case "Failed":
    case "Error":
      return { type: "Warning", reason: "StepFailed", message: `${id}: ${message}` }
    case "Skipped":
      return { type: "Normal", reason: "Skipped", message: `${id}: ${message}` }
    case "Stopped":
      return { type: "Normal", reason: "Stopped", message: `${id}: ${message}` }
    default:
      return undefined
  }
}
