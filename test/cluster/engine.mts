import assert from "node:assert/strict"
import type { RunView, StepView, TaskView } from "../../core/view/statusTree.ts"
import type { DriverSelf } from "../../engine/claims.ts"
import type { RunWorld, StoredExecution } from "../../engine/cluster.ts"
import { openKubePlace } from "../../engine/kube/kubePlace.ts"
import { OpenedPlace } from "../../engine/openedPlace.ts"
import type { Cluster } from "./cluster.mts"
import { readTasks, type Tasks } from "./engineTasks.mts"
import { installExecutions } from "./installExecutions.mts"
import { readChanges } from "./judge/auditLog.mts"
import { judge } from "./judge/judge.mts"
import { openGate } from "./openGate.mts"

/** The engine inside this process, at work in a namespace of its own. */
export interface Engine {
  readonly namespace: string
  readonly place: OpenedPlace
  /** Creates an Execution as any tool may do it; the engine has to notice by itself. */
  run(name: string, tasks: Tasks, how?: RunHow): Promise<Run>
  /** An Execution that is there already. */
  follow(name: string): Run
  get<T extends object = ApiObject>(path: string): Promise<T>
  /** Stops the engine and lets go of the namespace. */
  close(): Promise<void>
}

export interface RunHow {
  readonly spec?: object
  readonly annotations?: Readonly<Record<string, string>>
}

/** One Execution as the engine moves it and as the API server has it. */
export interface Run {
  readonly name: string
  look(): Seen | undefined
  /** Waits until what the engine shows holds; answers what `condition` found. */
  until<T>(what: string, condition: (seen: Seen) => T | undefined | null | false | ""): Promise<T>
  /** Waits until nothing of the run moves any more. */
  ended(): Promise<Seen>
  /** Lets a step that runs the command `gate` go on. */
  open(step: string): Promise<void>
  /** Says what a person asks of the run, in the annotation that any tool may write. */
  wish(kind: "retry" | "suspend" | "resume" | "stop", more?: object): Promise<void>
  log(step: string): Promise<string>
  job(step: string): Promise<Job>
  jobs(): Promise<readonly Job[]>
  remove(): Promise<void>
}

export interface Seen extends RunWorld {
  /** As it is stored, which is what every other tool reads. */
  readonly status: StoredStatus
  readonly view: RunView
}

export interface StoredStatus {
  readonly phase: string
  readonly message: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly progress?: string
  readonly vertices: Readonly<Record<string, StoredVertex>>
  readonly resumed?: { readonly from: string; readonly runsAgain: Readonly<Record<string, string>> }
}

export interface StoredVertex {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly phase: string
  readonly message: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly releasedAt?: string
  readonly children?: readonly string[]
  readonly attempt?: number
  readonly stepHash?: string
  readonly result?: string
}

/** What the suites read of any object of the API. */
export interface ApiObject {
  readonly metadata: {
    readonly name: string
    readonly uid: string
    readonly labels: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly ownerReferences?: readonly object[]
  }
}

export interface Execution extends ApiObject {
  /** Not there before anything was written. */
  readonly status?: StoredStatus
}

export interface Job extends ApiObject {
  readonly spec: {
    readonly backoffLimit: number
    readonly activeDeadlineSeconds?: number
    readonly suspend: boolean
    readonly ttlSecondsAfterFinished?: number
    readonly podFailurePolicy?: object
    readonly template: {
      readonly metadata: { readonly annotations?: Readonly<Record<string, string>> }
      readonly spec: {
        readonly restartPolicy: string
        readonly nodeSelector?: object
        readonly tolerations?: readonly object[]
        readonly containers: readonly {
          readonly name: string
          readonly command: readonly string[]
          readonly resources: object
        }[]
      }
    }
  }
}

export const executionsPath = (namespace: string, name = ""): string =>
  `/apis/execution.kubegene.io/v1alpha1/namespaces/${namespace}/executions${name && `/${name}`}`

/** Only ends what would never come true: machines differ, and many pods share this one. */
const limitMs = 240_000

export async function startEngine(bed: Cluster, suite: string): Promise<Engine> {
  await installExecutions(bed)
  const namespace = await bed.namespace(suite)
  const engine = await openEngine(bed, namespace.name)
  return {
    ...engine,
    close: async () => {
      await engine.close()
      if (bed.capabilities.auditLog) await assertPromises(bed.auditLog, namespace.name)
      await namespace.remove()
    },
  }
}

/** Whatever a suite looked at, the API server's own log must not tell otherwise. */
async function assertPromises(auditLog: string, namespace: string): Promise<void> {
  const { violations } = judge(await readChanges(auditLog, namespace))
  // Some runs were never meant to end.
  const broken = violations.filter(({ invariant }) => invariant !== "right-end")
  assert.deepEqual(broken, [])
}

/** An engine on a namespace that somebody else made and removes. */
export async function openEngine(
  bed: Cluster,
  namespace: string,
  kubeconfig = bed.kubeconfig,
  /** By default a driver in the cluster, which takes every run that nobody else was asked to drive. */
  self = clusterDriver(),
): Promise<Engine> {
  const { info, cluster } = await openKubePlace({ kind: "kube", kubeconfig, namespace })
  const said: string[] = []
  const place = new OpenedPlace(info, cluster, self, (line) => said.push(line))
  try {
    await place.start()
  } catch (error) {
    await place.stop()
    throw error
  }
  const follow = (name: string) => followRun(bed, place, said, name)
  return {
    namespace,
    place,
    follow,
    run: async (name, tasks, { spec, annotations } = {}) => {
      await bed.api.create(executionsPath(namespace), {
        apiVersion: "execution.kubegene.io/v1alpha1",
        kind: "Execution",
        metadata: { name, namespace, ...(annotations ? { annotations } : {}) },
        spec: { ...spec, tasks: readTasks(tasks) },
      })
      return follow(name)
    },
    get: (path) => bed.api.get(path),
    close: () => place.stop(),
  }
}

/** A driver that nobody else is. */
export function clusterDriver(): DriverSelf {
  const id = `driver-${crypto.randomUUID().slice(0, 8)}`
  return { kind: "cluster", id, name: id, holder: id }
}

function followRun(bed: Cluster, place: OpenedPlace, said: readonly string[], name: string): Run {
  const { namespace } = place.info
  const key = `${namespace}/${name}`
  const jobPath = (job: string) => `/apis/batch/v1/namespaces/${namespace}/jobs/${job}`

  const look = (): Seen | undefined => {
    const stored = place.cluster.execution(key)
    const view = place.view(key)
    if (stored === undefined || view === undefined) return undefined
    return { ...place.cluster.world(key), status: statusOf(stored), view }
  }
  const until: Run["until"] = async (what, condition) => {
    const signal = AbortSignal.timeout(limitMs)
    for (;;) {
      const seen = look()
      const found = seen && condition(seen)
      if (found !== undefined && found !== null && found !== false && found !== "") return found
      await place.nextChange(signal).catch(() => {
        const last = JSON.stringify(look()?.status ?? "nothing")
        throw new Error(
          `after ${limitMs / 1000} s it is still not true of "${name}" that ${what}; its status: ${last}\nThe engine said:\n${said.slice(-20).join("\n")}`,
        )
      })
    }
  }
  const vertexJob = (step: string): string =>
    look()?.status.vertices[`${name}.${step}`]?.name ?? `${name}.${step}`
  return {
    name,
    look,
    until,
    ended: () =>
      until("it has ended", (seen) => {
        return seen.status.finishedAt && seen.view.finishedAt !== null ? seen : undefined
      }),
    open: async (step) => {
      await until(`"${step}" runs`, ({ pods }) =>
        pods
          .get(vertexJob(step))
          ?.find(({ containers }) => containers.some(({ state }) => state.kind === "running")),
      )
      await openGate(bed, namespace, vertexJob(step))
    },
    wish: async (kind, more = {}) => {
      const wish = { id: crypto.randomUUID(), by: "anna", at: new Date().toISOString(), ...more }
      await bed.api.patch(executionsPath(namespace, name), {
        metadata: { annotations: { [`execution.kubegene.io/${kind}`]: JSON.stringify(wish) } },
      })
    },
    log: async (step) => {
      const query = new URLSearchParams({ labelSelector: `job-name=${vertexJob(step)}` })
      const path = `/api/v1/namespaces/${namespace}/pods`
      const { items } = await bed.api.get<{ items: readonly ApiObject[] }>(`${path}?${query}`)
      const texts = items.map(({ metadata }) => bed.api.text(`${path}/${metadata.name}/log`))
      return (await Promise.all(texts)).join("")
    },
    job: (step) => bed.api.get(jobPath(vertexJob(step))),
    jobs: async () => {
      const query = new URLSearchParams({
        labelSelector: `execution.kubegene.io/execution=${name}`,
      })
      const list = await bed.api.get<{ items: readonly Job[] }>(`${jobPath("")}?${query}`)
      return list.items
    },
    remove: () =>
      bed.api.remove(executionsPath(namespace, name), { propagationPolicy: "Foreground" }),
  }
}

/** Before anything was written it is as empty as it looks. */
function statusOf({ object }: StoredExecution): StoredStatus {
  const nothing = { phase: "", message: "", startedAt: null, finishedAt: null, vertices: {} }
  return { ...nothing, ...(object.status as unknown as StoredStatus | undefined) }
}

/** Phase by vertex, as status has it: `{ "a.0": "Succeeded" }`. */
export function phases(seen: Seen, name: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(seen.status.vertices)
      .map(([id, { phase }]) => [id.slice(name.length + 1), phase] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

export function vertexOf(seen: Seen, name: string, step: string): StoredVertex {
  const vertex = seen.status.vertices[`${name}.${step}`]
  assert.ok(vertex, `status has no vertex of "${step}"`)
  return vertex
}

export function taskView({ view }: Seen, task: string): TaskView {
  const found = view.tasks.find(({ name }) => name === task)
  assert.ok(found, `there is no task "${task}"`)
  return found
}

export function stepView(seen: Seen, step: string): StepView {
  const [task = "", index = "0"] = step.split(".")
  const found = taskView(seen, task).steps?.[Number(index)]
  assert.ok(found, `there is no step "${step}"`)
  return found
}
