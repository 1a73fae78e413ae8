import { commandOf } from "../plan/commands.ts"
import { jobManifest } from "../plan/jobManifest.ts"
import type { Plan } from "../plan/plan.ts"
import { type Action, type Decision, decide } from "./decide.ts"
import type { EarlierRun, JobFacts, LogFacts, Observed, PodFacts } from "./observed.ts"
import { readJob } from "./readJob.ts"
import { emptyStatus, type RunStatus, readStatus, type VertexPhase, writeStatus } from "./status.ts"

/**
 * A small cluster and a driver that may be killed at any moment. The cluster is the truth; the
 * driver sees copies of it that lag behind, repeat themselves and are filled anew after a restart.
 * What must never happen throws.
 */
export class World {
  readonly plan: Plan
  readonly created: string[] = []
  readonly jobs = new Map<string, JobFacts>()
  readonly pods = new Map<string, PodFacts[]>()
  status: RunStatus = emptyStatus
  annotations: Record<string, string> = {}
  now = Date.parse("2026-11-20T14:00:00Z")
  earlier: EarlierRun | undefined
  restarts = 0
  readonly #random: () => number
  readonly #faults: Faults
  /** What each step prints, and whether it ends well, by step id and attempt. */
  readonly #endsWell: (step: string, attempt: number) => boolean
  readonly #prints: (step: string) => string
  readonly #onDecision: Partial<WorldOptions>["onDecision"]
  #driver = new Driver()
  #wasOver = false

  constructor(plan: Plan, random: () => number, options: Partial<WorldOptions> = {}) {
    this.plan = plan
    this.#random = random
    this.#faults = { ...noFaults, ...options.faults }
    this.#endsWell = options.endsWell ?? (() => true)
    this.#prints = options.prints ?? (() => "")
    this.#onDecision = options.onDecision
  }

  /** Lets things happen until the run has ended. */
  runToEnd(mostMoves = 20_000): void {
    for (let move = 0; move < mostMoves; move++) {
      this.move()
      if (this.isOver) return
    }
    throw new Error(`the run does not end: ${this.status.phase} ${this.status.message}`)
  }

  get isOver(): boolean {
    return this.status.finishedAt !== undefined
  }

  /** One thing happens, whichever. */
  move(): void {
    this.now += Math.floor(this.#random() * 2000)
    const chance = this.#random()
    if (chance < this.#faults.crash) this.#crash()
    else if (chance < 0.3) this.#clusterMoves()
    else if (chance < 0.5) this.#newsArrives()
    else if (chance < 0.7) this.#requestIsAnswered()
    else this.#driverThinks()
  }

  #crash(): void {
    // Requests under way reach the server, or they do not.
    for (const request of this.#driver.requests) {
      if (this.#random() < 0.5) this.#carryOut(request)
    }
    this.restarts++
    this.#driver = new Driver()
    for (const [name, job] of this.jobs) this.#driver.jobs.set(name, job)
    for (const [name, pods] of this.pods) this.#driver.pods.set(name, pods)
    this.#driver.status = this.status
  }

  #newsArrives(): void {
    const driver = this.#driver
    if (this.#random() < 0.3) driver.status = this.status
    for (const name of this.#some([...new Set([...this.jobs.keys(), ...driver.jobs.keys()])])) {
      const job = this.jobs.get(name)
      if (job === undefined) {
        driver.jobs.delete(name)
        driver.gone.add(name)
      } else driver.jobs.set(name, job)
    }
    for (const name of this.#some([...this.pods.keys()])) {
      driver.pods.set(name, this.pods.get(name) ?? [])
    }
  }

  #driverThinks(): void {
    const driver = this.#driver
    const { metadata } = this.plan.execution
    const observed: Observed = {
      metadata: { ...metadata, annotations: this.annotations },
      status: driver.status,
      jobs: driver.jobs,
      pods: driver.pods,
      events: new Map(),
      creating: new Set(driver.requests.flatMap((one) => (one.kind === "create" ? [one.job] : []))),
      refusals: new Map(),
      gone: driver.gone,
      logs: driver.logs,
      resumedFrom: driver.earlier,
    }
    const decision = decide(this.plan, observed, this.now)
    this.#onDecision?.(observed, decision, this.now)
    driver.take(decision)
    // A status is written only on top of the one it was made from.
    if (decision.status !== observed.status && driver.status === this.status) {
      this.#write(decision.status)
      if (this.#random() < 0.7) driver.status = this.status
    }
  }

  #write(next: RunStatus): void {
    this.#checkForward(this.status, next)
    this.status = readStatus(JSON.parse(JSON.stringify(writeStatus(next))))
  }

  #requestIsAnswered(): void {
    const request = this.#driver.requests.shift()
    if (request === undefined) return
    this.#carryOut(request)
    this.#answer(request)
  }

  /** What the API server does. */
  #carryOut(request: Action): void {
    if (request.kind === "create") {
      if (this.jobs.has(request.job)) return
      this.#checkCreation(request)
      this.created.push(request.job)
      this.jobs.set(request.job, this.#newJob(request))
      this.pods.set(request.job, [])
    }
    if (request.kind === "delete") {
      const job = this.jobs.get(request.job)
      if (job === undefined || job.uid !== request.uid || job.end !== undefined) return
      this.jobs.set(request.job, { ...job, deletedAt: this.now })
    }
  }

  /** What the driver hears of it. */
  #answer(request: Action): void {
    const driver = this.#driver
    switch (request.kind) {
      case "create":
      case "lookFor": {
        const job = this.jobs.get(request.job)
        if (job === undefined) driver.gone.add(request.job)
        else driver.jobs.set(request.job, job)
        break
      }
      case "delete":
        break
      case "readLog": {
        const job = this.jobs.get(request.job)
        const id = `${job?.labels.task}.${job?.labels.index}`
        driver.logs.set(request.job, { kind: "text", text: `${this.#prints(id)}\n` })
        break
      }
      case "readRun":
        driver.earlier = this.earlier ?? { kind: "missing", reason: "not found" }
        break
    }
  }

  #newJob(request: Action & { kind: "create" }): JobFacts {
    const task = this.plan.tasks[request.task]
    if (task === undefined) throw new Error("no such task")
    const manifest = jobManifest(this.plan.execution, { ...request, task: task.spec })
    const job = readJob({
      ...manifest,
      metadata: {
        ...manifest.metadata,
        uid: `uid-${this.created.length}`,
        creationTimestamp: new Date(this.now).toISOString(),
      },
    })
    if (job === undefined || job.name !== request.job) throw new Error(`wrong name ${request.job}`)
    return job
  }

  /** Kubernetes' own controllers move one Job a little further. */
  #clusterMoves(): void {
    const open = [...this.jobs.values()].filter((job) => job.end === undefined)
    const job = open[Math.floor(this.#random() * open.length)]
    if (job === undefined) return
    const pods = this.pods.get(job.name) ?? []
    if (job.deletedAt !== undefined) {
      this.jobs.delete(job.name)
      this.pods.delete(job.name)
      return
    }
    // What nobody had written down before its driver died, nobody can know.
    const isKnown = this.status.vertices.has(job.name)
    if (isKnown && this.#random() < this.#faults.jobDeleted) {
      this.jobs.delete(job.name)
      this.pods.delete(job.name)
      return
    }
    const pod = pods.at(-1)
    const state = pod?.containers[0]?.state
    if (pod === undefined || (pod.phase === "Failed" && state?.kind !== "terminated")) {
      this.pods.set(job.name, [...pods, this.#newPod(job, pods.length)])
    } else if (pod.phase === "Pending") {
      this.#setPod(job, { ...pod, phase: "Running" }, { kind: "running", startedAt: this.now })
    } else if (state?.kind === "running") {
      const id = `${job.labels.task}.${job.labels.index}`
      const exitCode = this.#endsWell(id, Number(job.labels.attempt)) ? 0 : 3
      this.#setPod(job, pod, {
        kind: "terminated",
        exitCode,
        signal: undefined,
        reason: exitCode === 0 ? "Completed" : "Error",
        message: "",
        startedAt: this.now,
        finishedAt: this.now,
      })
    } else if (pod.phase === "Running") {
      const isEvicted = this.#random() < this.#faults.evictedAfterEnd
      const isWell = state?.kind === "terminated" && state.exitCode === 0 && !isEvicted
      this.#setPod(job, { ...pod, phase: isWell ? "Succeeded" : "Failed" }, state)
      if (isEvicted) this.evictions.add(`${job.labels.task}.${job.labels.index}`)
    } else {
      const kind = pod.phase === "Succeeded" ? "complete" : "failed"
      const reason = kind === "complete" ? "CompletionsReached" : "BackoffLimitExceeded"
      this.jobs.set(job.name, { ...job, end: { kind, reason, message: "", at: this.now } })
    }
  }

  /** Steps whose pod failed after its containers had ended well. */
  readonly evictions = new Set<string>()

  #newPod(job: JobFacts, count: number): PodFacts {
    return {
      name: `${job.name}-${count}`,
      uid: `pod-${job.name}-${count}`,
      job: job.name,
      ownerUid: job.uid,
      createdAt: this.now,
      deletedAt: undefined,
      phase: "Pending",
      reason: undefined,
      message: undefined,
      node: undefined,
      completionIndex: undefined,
      conditions: [],
      initContainers: [],
      containers: [
        {
          name: "main",
          image: "busybox",
          restarts: 0,
          memoryLimit: undefined,
          requests: {},
          state: { kind: "waiting", reason: "ContainerCreating", message: "" },
          before: undefined,
        },
      ],
    }
  }

  #setPod(
    job: JobFacts,
    pod: PodFacts,
    state: PodFacts["containers"][number]["state"] | undefined,
  ): void {
    const [container] = pod.containers
    if (container === undefined || state === undefined) return
    const next = { ...pod, containers: [{ ...container, state }] }
    this.pods.set(job.name, [...(this.pods.get(job.name) ?? []).slice(0, -1), next])
  }

  /** Once per attempt, never before what it follows, never beyond the parallelism. */
  #checkCreation(request: Action & { kind: "create" }): void {
    const { name } = this.plan.execution.metadata
    if (this.created.includes(request.job)) throw new Error(`${request.job} is created twice`)
    const task = this.plan.tasks[request.task]
    for (const { task: above, type } of task?.dependencies ?? []) {
      const target = this.plan.tasks[above]
      const ids = [...this.status.vertices.keys()].filter((id) =>
        id.startsWith(`${name}.${target?.spec.name}.`),
      )
      const known = target?.steps?.map((step) => step.vertex) ?? ids
      for (const vertex of type === "iterate" ? [known[request.index] ?? ""] : known) {
        if (!this.#hasEndedWell(vertex)) throw new Error(`${request.job} starts before ${vertex}`)
      }
    }
    const unfinished = (only?: string) =>
      [...this.jobs.values()].filter(
        (job) => job.end === undefined && (only === undefined || job.labels.task === only),
      ).length
    const cap = this.plan.execution.spec.parallelism
    if (cap !== undefined && unfinished() >= cap) throw new Error(`more than ${cap} Jobs`)
    const own = task?.spec.parallelism
    if (own !== undefined && unfinished(task?.spec.name) >= own) throw new Error(`over ${own}`)
    const wanted = commandOf(
      task?.spec ?? this.plan.execution.spec.tasks[0] ?? never(),
      request.index,
      (source) => this.status.vertices.get(`${name}.${source}.0`)?.result,
    )
    if (wanted !== request.command) throw new Error(`${request.job} runs the wrong command`)
  }

  #hasEndedWell(vertexId: string): boolean {
    const vertex = this.status.vertices.get(vertexId)
    if (vertex?.phase === "Succeeded" || vertex?.phase === "Reused") return true
    const step = vertexId.slice(this.plan.execution.metadata.name.length + 1)
    const attempt = this.status.attempts[step] ?? 1
    const job = [...this.jobs.values()].find(
      ({ labels }) =>
        `${labels.task}.${labels.index}` === step && labels.attempt === String(attempt),
    )
    if (job === undefined) return this.evictions.has(step)
    const pods = this.pods.get(job.name) ?? []
    return (
      job.end?.kind === "complete" ||
      this.evictions.has(step) ||
      pods.some(({ containers }) =>
        containers.every(({ state }) => state.kind === "terminated" && state.exitCode === 0),
      )
    )
  }

  /** A status may only move on, except by a retry. */
  #checkForward(before: RunStatus, next: RunStatus): void {
    if (next.observedWishes !== before.observedWishes) {
      const isRetry = JSON.stringify(next.attempts) !== JSON.stringify(before.attempts)
      if (isRetry) {
        this.#wasOver = false
        return
      }
    }
    const isSettled = next.vertices.size === before.vertices.size && next.phase === before.phase
    if (this.#wasOver && !isSettled) throw new Error("the status of a run that is over changes")
    for (const [id, vertex] of before.vertices) {
      const after = next.vertices.get(id)
      if (after === undefined) throw new Error(`${id} is lost`)
      if (rank(after.phase) < rank(vertex.phase) || isOther(vertex.phase, after.phase)) {
        throw new Error(`${id} goes from ${vertex.phase} to ${after.phase}`)
      }
    }
    const ended = ["Succeeded", "Failed", "Error"]
    if (ended.includes(before.phase) && before.phase !== next.phase) {
      throw new Error(`the run goes from ${before.phase} to ${next.phase}`)
    }
    this.#wasOver = next.finishedAt !== undefined
  }

  #some<T>(list: readonly T[]): readonly T[] {
    const share = this.#random()
    return list.filter(() => this.#random() < share)
  }
}

function never(): never {
  throw new Error("no such task")
}

function rank(phase: VertexPhase): number {
  return phase === "" ? 0 : phase === "Running" ? 1 : 2
}

function isOther(before: VertexPhase, after: VertexPhase): boolean {
  return rank(before) === 2 && before !== after
}

class Driver {
  readonly jobs = new Map<string, JobFacts>()
  readonly pods = new Map<string, readonly PodFacts[]>()
  readonly gone = new Set<string>()
  readonly logs = new Map<string, LogFacts>()
  readonly requests: Action[] = []
  status: RunStatus = emptyStatus
  earlier: EarlierRun | undefined

  take({ actions }: Decision): void {
    for (const action of actions) {
      const isUnderWay = this.requests.some((one) => keyOf(one) === keyOf(action))
      if (!isUnderWay) this.requests.push(action)
    }
  }
}

function keyOf(action: Action): string {
  return action.kind === "readRun" ? action.kind : `${action.kind} ${action.job}`
}

export interface Faults {
  /** Chance, at every move, that the driver dies and another one starts. */
  readonly crash: number
  /** Chance that a pod fails after its containers ended well. */
  readonly evictedAfterEnd: number
  /** Chance, at every move of a Job, that somebody deletes it. */
  readonly jobDeleted: number
}

const noFaults: Faults = { crash: 0, evictedAfterEnd: 0, jobDeleted: 0 }

export interface WorldOptions {
  readonly faults: Partial<Faults>
  readonly endsWell: (step: string, attempt: number) => boolean
  readonly prints: (step: string) => string
  /** Told of each look at the run, and what came of it. */
  readonly onDecision: (observed: Observed, decision: Decision, now: number) => void
}
