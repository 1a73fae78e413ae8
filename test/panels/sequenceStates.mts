import type { TryView } from "#core/view/attempts"
import type { JobDetail, JobView } from "#core/view/jobView"
import type { ViewPhase } from "#core/view/phase"
import {
  at,
  ended,
  goldenBegin,
  goldenJob,
  jobOf,
  podJson,
} from "#core/view/sequence/golden.fixture"
import type { RunView, StepView, TaskView } from "#core/view/statusTree"
import type { SequenceSubject, SequenceToPage } from "#media/sequence/protocol"

/** Everything a sequence panel can be asked to show, as its host would tell it. */
export const jobSubject: SequenceSubject = {
  kind: "job",
  place: "bed/gene",
  of: "CronJob",
  name: "pi",
}
export const runSubject: SequenceSubject = { kind: "run", place: "bed/gene", run: "wgs-cohort-7" }

export const place: SequenceToPage = { kind: "place", name: "lab-cluster / gene", stale: null }
export const stale: SequenceToPage = {
  kind: "place",
  name: "lab-cluster / gene",
  stale: { since: goldenBegin + 1_100_000, message: "lab-cluster cannot be reached." },
}

/** When a page of these states is looked at. */
export const now = new Date(goldenBegin + 1_150_000)

/** The recorded Job, and 14 minutes later one that goes on: a restart, and a pod without a node. */
export function twoJobs(): JobView {
  const wide = jobOf("pi-wide", { completions: 6, parallelism: 3 }, { succeeded: 1, active: 3 }, [
    podJson("pi-wide-4k2vd", "pi-wide", {
      createdAt: 1043,
      acceptedAt: 1044,
      phase: "Succeeded",
      containers: [{ name: "pi", state: { terminated: ended(1053, 1094, 0) } }],
    }),
    podJson("pi-wide-h8w6s", "pi-wide", {
      createdAt: 1043,
      acceptedAt: 1044,
      phase: "Running",
      containers: [
        {
          name: "pi",
          restartCount: 1,
          lastState: { terminated: ended(1054, 1080, 2) },
          state: { running: { startedAt: at(1090) } },
        },
      ],
    }),
    podJson("pi-wide-q7m9c", "pi-wide", {
      createdAt: 1096,
      acceptedAt: 1096,
      phase: "Running",
      containers: [{ name: "pi", state: { running: { startedAt: at(1107) } } }],
    }),
    unscheduled("pi-wide-zz8tn", "pi-wide", 1133),
  ])
  return {
    kind: "CronJob",
    name: "pi",
    namespace: "gene",
    phase: "running",
    message: "",
    jobs: [...goldenJob().jobs, ...wide.jobs],
  }
}

function unscheduled(name: string, job: string, createdAt: number) {
  const pod = podJson(name, job, {
    createdAt,
    phase: "Pending",
    containers: [{ name: "pi", state: {} }],
  }) as { status: object }
  const condition = {
    type: "PodScheduled",
    status: "False",
    reason: "Unschedulable",
    message: "0/3 nodes are available: 3 Insufficient cpu.",
  }
  return { ...pod, status: { ...pod.status, conditions: [condition] } }
}

export function oneJob(job: Partial<JobDetail> & { readonly pods: JobDetail["pods"] }): JobView {
  const phase = job.phase ?? "running"
  return {
    kind: "Job",
    name: "call-variants",
    namespace: "gene",
    phase,
    message: phase === "failed" ? "command ended with exit code 2, as the last of 7 tries" : "",
    jobs: [
      {
        name: "call-variants",
        phase,
        createdAt: at(0),
        finishedAt: phase === "running" ? null : at(1150),
        completions: 400,
        parallelism: 80,
        isIndexed: true,
        succeeded: 0,
        failed: 0,
        missing: 0,
        waits: null,
        ...job,
      },
    ],
  }
}

const triedAgain = [55, 97, 170, 207]

/** An indexed Job: most done, some failed, some running, some waiting, some not made yet. */
export function indexed(phase: "running" | "failed" = "running"): JobView {
  const bad = new Set([118, 119, 243, 308, 332, 361])
  const pods = Array.from({ length: 368 }, (_, index): TryView => {
    const begin = Math.floor(index / 80) * 240 + (index % 80)
    const length = 150 + ((index * 37) % 120)
    if (bad.has(index)) {
      const reason =
        index < 300
          ? "ran out of memory: the limit is 4Gi (OOMKilled, exit code 137)"
          : "command ended with exit code 2"
      return tryOf({ index, begin, from: begin + 12, to: begin + 26, phase: "failed", reason })
    }
    if (triedAgain.includes(index)) {
      const reason = "command ended with exit code 2"
      return tryOf({ index, begin, from: begin + 12, to: begin + 80, phase: "failed", reason })
    }
    if (index >= 344) return tryOf({ index, begin, phase: "queued", reason: noRoom })
    if (begin + length < 1140) {
      return tryOf({ index, begin, from: begin + 14, to: begin + length, phase: "succeeded" })
    }
    return tryOf({ index, begin, from: begin + 14, phase: "running" })
  })
  const again = triedAgain.map((index) =>
    tryOf({
      index,
      begin: 400 + index,
      from: 410 + index,
      to: 500 + index,
      phase: "succeeded",
      nth: 1,
    }),
  )
  return oneJob({
    pods: [...pods, ...again],
    phase,
    missing: 32,
    waits: "not created yet: at most 80 run at once",
  })
}

const noRoom = "no node has room: 6 of 6 lack 4 of cpu"

interface Try {
  readonly index: number
  readonly begin: number
  readonly from?: number
  readonly to?: number
  readonly phase: ViewPhase
  readonly reason?: string
  readonly nth?: number
}

function tryOf({ index, begin, from, to, phase, reason, nth = 0 }: Try): TryView {
  const isOver = phase === "succeeded" || phase === "failed"
  return {
    pod: `call-variants-${index}-${(index * 7919 + nth).toString(36).padStart(5, "x")}`,
    phase,
    node: from === undefined ? null : `worker-${index % 6}`,
    createdAt: at(begin),
    scheduledAt: from === undefined ? null : at(begin + 1),
    startedAt: from === undefined ? null : at(from),
    finishedAt: to === undefined ? null : at(to),
    exitCode: isOver ? (phase === "succeeded" ? 0 : 2) : null,
    reason: phase === "queued" ? null : (reason ?? null),
    detail: {
      index,
      acceptedAt: from === undefined ? null : at(begin + 2),
      deletedAt: null,
      waits: phase === "queued" ? (reason ?? null) : null,
      pulls: [],
      containers: [
        {
          name: "main",
          role: "main",
          image: "gatk:4.6",
          phase,
          startedAt: from === undefined ? null : at(from),
          finishedAt: to === undefined ? null : at(to),
          exitCode: isOver ? (phase === "succeeded" ? 0 : 2) : null,
          restarts: 0,
          before: null,
        },
      ],
    },
  }
}

/** Ten thousand pods, two thousand of which run. */
export function crowd(count = 10_000): JobView {
  const pods = Array.from({ length: count }, (_, index): TryView => {
    const begin = Math.floor((index / count) * 1000)
    const length = 60 + ((index * 7919) % 170)
    if (index % 97 === 13 && begin < 900) {
      return tryOf({
        index,
        begin,
        from: begin + 9,
        to: begin + 30,
        phase: "failed",
        reason: "command ended with exit code 2",
      })
    }
    if (index > count * 0.97) return tryOf({ index, begin, phase: "queued", reason: noRoom })
    return begin + length < 1150
      ? tryOf({
          index,
          begin,
          from: begin + 9 + (index % 7),
          to: begin + length,
          phase: "succeeded",
        })
      : tryOf({ index, begin, from: begin + 9 + (index % 7), phase: "running" })
  })
  return oneJob({ pods })
}

/** A run of three tasks: one done, one that failed at a step, one that cannot start any more. */
export function run(names: readonly string[] = ["fetch", "align", "report"]): RunView {
  const [fetch = "", align = "", report = ""] = names
  const steps = (task: string, count: number, make: (index: number) => Partial<StepView>) =>
    Array.from({ length: count }, (_, index): StepView => {
      return {
        id: `${task}.${index}`,
        index,
        phase: "waiting",
        command: null,
        startedAt: null,
        finishedAt: null,
        releasedAt: null,
        result: null,
        reason: null,
        runsAgain: null,
        attempts: [],
        ...make(index),
      }
    })
  const done =
    (task: string, begin: number, length: number, phase: ViewPhase, why?: string) =>
    (index: number): Partial<StepView> => ({
      phase,
      attempts: [
        {
          attempt: 1,
          job: `wgs-cohort-7.${task}.${index}`,
          phase,
          createdAt: at(begin),
          finishedAt: at(begin + length),
          tries: [
            {
              ...tryOf({ index, begin, from: begin + 8, to: begin + length, phase, reason: why }),
              pod: `wgs-cohort-7.${task}.${index}-x${index}k2p`,
            },
          ],
        },
      ],
    })
  const why = "ran out of memory: the limit is 8Gi (OOMKilled, exit code 137)"
  const parts: readonly TaskView[] = [
    taskOf(
      fetch,
      [],
      "succeeded",
      steps(fetch, 4, (i) => done(fetch, i * 3, 40 + i * 5, "succeeded")(i)),
    ),
    taskOf(
      align,
      [{ task: fetch, type: "iterate" }],
      "failed",
      steps(align, 4, (i) =>
        done(
          align,
          46 + i * 8,
          60 + i * 9,
          i === 2 ? "failed" : "succeeded",
          i === 2 ? why : undefined,
        )(i),
      ),
    ),
    taskOf(
      report,
      [{ task: align, type: "whole" }],
      "not-started",
      steps(report, 3, () => ({ phase: "not-started", reason: reasonOf(`"${align}" failed`) })),
    ),
  ]
  return {
    name: "wgs-cohort-7",
    namespace: "gene",
    phase: "failed",
    message: `"${align}" step 2 ${why}`,
    createdAt: at(0),
    startedAt: at(0),
    finishedAt: at(200),
    counts: {
      total: 11,
      isTotalKnown: true,
      byPhase: { succeeded: 7, failed: 1, "not-started": 3 },
    },
    source: null,
    resumedFrom: null,
    tasks: parts,
  }
}

function reasonOf(sentence: string) {
  return {
    kind: "dependency",
    sentence,
    evidence: [],
    since: undefined,
    isStuck: false,
    field: undefined,
  } as const
}

function taskOf(
  name: string,
  dependencies: TaskView["dependencies"],
  phase: ViewPhase,
  steps: readonly StepView[],
): TaskView {
  return {
    name,
    phase,
    isWanted: true,
    counts: { total: steps.length, isTotalKnown: true, byPhase: {} },
    startedAt: null,
    finishedAt: null,
    dependencies,
    reason: null,
    runsAgain: null,
    steps,
  }
}

export function emptyJob(): JobView {
  return oneJob({
    pods: [],
    missing: 20,
    waits: "not created yet",
    phase: "queued",
    finishedAt: null,
  })
}

/** Names and reasons that would like to be more than text. */
export function hostile(): JobView {
  const names = [
    "<img src=x onerror=globalThis.wasRun=true>",
    "\u001b]8;;https://evil.test\u001b\\link\u001b[31m\u202egnp.exe",
    "x".repeat(1_000_000),
  ]
  const pods = names.map((pod, index) => ({
    ...tryOf({ index, begin: index, from: index + 2, to: index + 9, phase: "succeeded" }),
    pod,
    node: "<b>node</b>",
    reason: "<script>globalThis.wasRun=true</script>\u001b[2J\u2066",
  }))
  const view = oneJob({ pods, succeeded: 3, finishedAt: at(20), phase: "succeeded" })
  return { ...view, name: "<script>globalThis.wasRun=true</script>", message: "<a href=x>y</a>" }
}
