import { type Change, inOrder, readChange } from "./auditLog.mts"

/** One line of an audit log, before its time is known. */
export type Line = (at: string) => object

/** A log in which one line follows the other, read as the real one is. */
export function logOf(...lines: readonly Line[]): readonly Change[] {
  return inOrder(
    lines.flatMap((line, index) => readChange(JSON.stringify(line(timeOf(index)))) ?? []),
  )
}

export function timeOf(index: number): string {
  return `2026-11-20T10:00:${String(index).padStart(2, "0")}.000000Z`
}

function line(verb: string, resource: string, name: string, requestObject: object): Line {
  const [kind, subresource] = resource.split("/")
  return (at) => ({
    stage: "ResponseComplete",
    verb,
    requestURI: "/apis/x",
    objectRef: { resource: kind, subresource, namespace: "gene", name },
    responseStatus: { code: verb === "create" ? 201 : 200 },
    requestObject,
    requestReceivedTimestamp: at,
  })
}

/** The same, as the server refused it. */
export const refused =
  (inner: Line): Line =>
  (at) => ({ ...inner(at), responseStatus: { code: 409 } })
/** The same, as whoever asked was gone before the answer. */
export const unanswered =
  (inner: Line): Line =>
  (at) => ({ ...inner(at), responseStatus: { code: 504 } })
export const dryRun =
  (inner: Line): Line =>
  (at) => ({ ...inner(at), requestURI: "/x?dryRun=All" })
/** The same, with the uid of its object. */
export const withUid =
  (uid: string, inner: Line): Line =>
  (at) => {
    const made = inner(at) as { readonly objectRef: object }
    return { ...made, objectRef: { ...made.objectRef, uid } }
  }
/** The same, at the time of another line. */
export const atTime =
  (index: number, inner: Line): Line =>
  () =>
    inner(timeOf(index))

export type Task = readonly [name: string, ...after: readonly string[]]

export const execution = (tasks: readonly (Task | object)[], more: object = {}, name = "e"): Line =>
  line("create", "executions", name, {
    metadata: { name, ...("annotations" in more ? { annotations: more.annotations } : {}) },
    spec: {
      ...more,
      tasks: tasks.map((task) => (Array.isArray(task) ? plainTask(task as unknown as Task) : task)),
    },
  })

function plainTask([name, ...after]: Task): object {
  const dependents = after.map((target) => ({ target, type: "whole" }))
  return { name, commandSet: ["true"], dependents }
}

const jobName = (task: string, index: number, attempt: number, run: string): string =>
  `${run}.${task}.${index}${attempt === 1 ? "" : `.r${attempt}`}`

export const job = (task: string, index = 0, attempt = 1, run = "e"): Line => {
  const name = jobName(task, index, attempt, run)
  const labels = { task, index: String(index), attempt: String(attempt) }
  return line("create", "jobs", name, {
    metadata: {
      name,
      labels: Object.fromEntries(
        Object.entries(labels).map(([key, value]) => [`execution.kubegene.io/${key}`, value]),
      ),
      ownerReferences: [{ kind: "Execution", name: run, controller: true }],
    },
    spec: { template: { spec: { restartPolicy: "Never" } } },
  })
}

/** The kubelet says how the containers of the step's pod stand; undefined: one still works. */
export const pod = (
  task: string,
  exitCodes: readonly (number | undefined)[] = [0],
  attempt = 1,
): Line =>
  line("patch", "pods/status", `${jobName(task, 0, attempt, "e")}-x7k2p`, {
    status: {
      containerStatuses: exitCodes.map((exitCode) => {
        return { state: exitCode === undefined ? { running: {} } : { terminated: { exitCode } } }
      }),
    },
  })

export const ended = (task: string, how: "Complete" | "Failed" = "Complete", attempt = 1): Line =>
  line("update", "jobs/status", jobName(task, 0, attempt, "e"), {
    status: { conditions: [{ type: how, status: "True" }] },
  })

export const status = (
  phase: string,
  vertices: Readonly<Record<string, object>>,
  more: object = {},
): Line =>
  line("update", "executions/status", "e", {
    status: {
      phase,
      finishedAt: phase === "Running" ? null : "2026-11-20T10:00:59Z",
      vertices: Object.fromEntries(
        Object.entries(vertices).map(([id, vertex]) => [`e.${id}`, { name: `e.${id}`, ...vertex }]),
      ),
      ...more,
    },
  })

export const retry = (id: string): Line =>
  line("patch", "executions", "e", {
    metadata: { annotations: { "execution.kubegene.io/retry": JSON.stringify({ id }) } },
  })

export const remove = (resource: "executions" | "jobs" | "pods", name: string): Line =>
  line("delete", resource, name, {})

export const removeAll = (resource: "executions" | "jobs" | "pods"): Line =>
  line("deletecollection", resource, "", {})
