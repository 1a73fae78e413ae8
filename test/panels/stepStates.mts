import type { AttemptView, TryView } from "#core/view/attempts"
import type { ViewPhase } from "#core/view/phase"
import type { Neighbour, StepDetail } from "#core/view/stepDetail"
import type { EventView, StepSubject, StepToPage } from "#media/step/protocol"

/** Everything a step panel can be asked to show, as its host would tell it. */
export const stepSubject: StepSubject = {
  place: "lab-cluster/gene",
  run: "wgs-cohort-7",
  step: "align.17",
}

const begin = Date.parse("2026-03-14T14:02:57Z")

/** When a page of these states is looked at. */
export const stepNow = new Date(begin + 1700_000)

const at = (seconds: number) => new Date(begin + seconds * 1000).toISOString()

const oom = "ran out of memory: the limit is 8Gi (OOMKilled, exit code 137)"

interface Times {
  readonly created: number
  readonly scheduled?: number
  readonly started?: number
  readonly ended?: number
}

function tryOf(
  pod: string,
  phase: ViewPhase,
  { created, scheduled, started, ended }: Times,
  deleted?: number,
): TryView {
  const time = (seconds: number | undefined) => (seconds === undefined ? null : at(seconds))
  const exitCode = phase === "failed" ? 137 : phase === "succeeded" ? 0 : null
  return {
    pod,
    phase,
    node: scheduled === undefined ? null : "worker-3",
    createdAt: at(created),
    scheduledAt: time(scheduled),
    startedAt: time(started),
    finishedAt: time(ended),
    exitCode,
    reason: phase === "failed" ? oom : null,
    detail: {
      index: null,
      acceptedAt: time(scheduled),
      deletedAt: time(deleted),
      waits: null,
      pulls: [],
      containers: [
        {
          name: "main",
          role: "main",
          image: "registry.lab/bwa-tools:0.7.17",
          phase,
          startedAt: time(started),
          finishedAt: time(ended),
          exitCode,
          restarts: 0,
          before: null,
        },
      ],
    },
  }
}

const attemptOf = (phase: ViewPhase, tries: readonly TryView[]): AttemptView => ({
  attempt: 1,
  job: "wgs-cohort-7.align.17",
  phase,
  createdAt: tries[0]?.createdAt ?? at(838),
  finishedAt:
    phase === "failed" || phase === "succeeded" ? (tries.at(-1)?.finishedAt ?? null) : null,
  tries,
})

const neighbour = (name: string, phase: ViewPhase, seconds?: number): Neighbour => ({
  name,
  step: /\.\d+$/.test(name) ? name : null,
  phase,
  finishedAt: seconds === undefined ? null : at(seconds),
})

function detailOf(step: Partial<StepDetail["step"]>, rest: Partial<StepDetail> = {}): StepDetail {
  return {
    run: "wgs-cohort-7",
    runPhase: "running",
    task: "align",
    count: 24,
    begin: at(0),
    resumedFrom: "wgs-cohort-6",
    waitedFor: [neighbour("trim.17", "succeeded", 838), neighbour("index-ref.0", "reused")],
    holdsUp: [neighbour("mark-dups.17", "waiting")],
    andThen: ["list-regions", "multiqc", "call-variants", "joint-genotype", "report"],
    source: { file: "genomics/wgs-cohort.yaml", document: 0, hash: "x" },
    ...rest,
    step: {
      id: "align.17",
      index: 17,
      phase: "waiting",
      command:
        "align.sh --sample s17 \\\n  --ref /data/ref/hg38.fa \\\n  --threads 4 | sort-reads -o /data/s17.bam",
      startedAt: null,
      finishedAt: null,
      releasedAt: null,
      result: null,
      reason: null,
      runsAgain: null,
      attempts: [],
      ...step,
    },
  }
}

const because = (
  kind: "out-of-memory" | "dependency" | "no-node" | "other",
  sentence: string,
  since?: number,
) => ({
  kind,
  sentence,
  evidence: [],
  since: since === undefined ? undefined : begin + since * 1000,
  isStuck: kind === "no-node",
  field: kind === "out-of-memory" ? ("memory" as const) : undefined,
})

export const failedTries = [
  tryOf("wgs-cohort-7.align.17-7tnbd", "failed", {
    created: 838,
    scheduled: 879,
    started: 911,
    ended: 1259,
  }),
  tryOf("wgs-cohort-7.align.17-x8kq2", "failed", {
    created: 1259,
    scheduled: 1264,
    started: 1275,
    ended: 1637,
  }),
]

export const failed = detailOf(
  {
    phase: "failed",
    reason: because("out-of-memory", oom),
    startedAt: at(838),
    finishedAt: at(1637),
    attempts: [attemptOf("failed", failedTries)],
  },
  { holdsUp: [neighbour("mark-dups.17", "not-started")] },
)

const running = detailOf({
  phase: "running",
  startedAt: at(838),
  attempts: [
    attemptOf("running", [
      tryOf("wgs-cohort-7.align.17-7tnbd", "running", {
        created: 838,
        scheduled: 879,
        started: 911,
      }),
    ]),
  ],
})

const succeeded = detailOf({
  phase: "succeeded",
  startedAt: at(838),
  finishedAt: at(1259),
  attempts: [
    attemptOf("succeeded", [
      tryOf("wgs-cohort-7.align.17-7tnbd", "succeeded", {
        created: 838,
        scheduled: 879,
        started: 911,
        ended: 1259,
      }),
    ]),
  ],
})

const noRoom = detailOf({
  phase: "queued",
  reason: because(
    "no-node",
    'no node has room: 2 of 3 lack 8Gi of memory, 1 has the taint "gpu"',
    838,
  ),
  startedAt: at(838),
  attempts: [
    attemptOf("queued", [tryOf("wgs-cohort-7.align.17-7tnbd", "queued", { created: 838 })]),
  ],
})

const waiting = detailOf(
  { reason: because("dependency", 'waits for "trim": 3 of 24 steps left') },
  { waitedFor: [neighbour("trim.17", "running")] },
)

const skipped = detailOf(
  { phase: "skipped", reason: because("other", 'skipped: "qc" answered "PASS", wanted "LOW"') },
  { waitedFor: [neighbour("qc.17", "succeeded", 838)] },
)

const podGone = detailOf({
  ...failed.step,
  attempts: [
    attemptOf("failed", [
      tryOf(
        "wgs-cohort-7.align.17-7tnbd",
        "failed",
        { created: 838, scheduled: 879, started: 911, ended: 1259 },
        1400,
      ),
    ]),
  ],
})

const long = "a-name-as-long-as-any-cluster-allows-".padEnd(60, "x")
export const hostile = detailOf(
  {
    ...failed.step,
    id: `${long}.17`,
    command: "<img src=x onerror=alert(1)> \u001b[31mred\u001b[0m \u202etxt.exe",
    reason: because(
      "out-of-memory",
      '"<script>alert(1)</script>" \u202e\u001b]8;;http://evil\u0007',
    ),
  },
  { task: long, run: long },
)

const pod = "Pod/wgs-cohort-7.align.17-x8kq2"
export const events: readonly EventView[] = [
  event("FailedScheduling", "0/3 nodes are available: 2 Insufficient memory.", "Warning", 840, 3),
  event("Started", "Started container main", "Normal", 911),
  event("Started", "Started container main", "Normal", 1275),
  event("BackoffLimitExceeded", "Job has reached the specified backoff limit", "Warning", 1637),
  event(
    "Pulled",
    'Container image "registry.lab/bwa-tools:0.7.17" already present',
    "Normal",
    1270,
  ),
]

function event(
  reason: string,
  message: string,
  type: string,
  seconds: number,
  count = 1,
): EventView {
  return { about: pod, type, reason, message, count, lastAt: begin + seconds * 1000 }
}

const thisMachine: StepToPage = { kind: "place", is: "local", name: "This machine", stale: null }
const place: StepToPage = { kind: "place", is: "kube", name: "lab-cluster / gene", stale: null }
const told: StepToPage = { kind: "events", events }
const log: StepToPage = {
  kind: "log",
  pod: "wgs-cohort-7.align.17-x8kq2",
  lines: [
    `${at(1604)} [mem] 42,118,904 reads mapped, 391,220 unmapped`,
    `${at(1625)} [sort] spilling chunk 31 to /data/tmp/s17.31`,
    `${at(1635)} [sort] chunk 32: asked for 2,147 MB`,
    `${at(1637)} \u001b[31mKilled\u001b[0m`,
  ],
}
const job: StepToPage = {
  kind: "object",
  of: "Job",
  object: {
    text: "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: wgs-cohort-7.align.17\n",
    asked: {
      image: "registry.lab/bwa-tools:0.7.17",
      cpu: { request: "4", limit: "4" },
      memory: { request: "8Gi", limit: "8Gi" },
      volumes: [{ path: "/data", from: "lab-data" }],
      backoffLimit: 1,
    },
    conditions: [
      {
        type: "FailureTarget",
        isTrue: true,
        since: at(1637),
        reason: "BackoffLimitExceeded",
        message: "Job has reached the specified backoff limit",
      },
      {
        type: "Failed",
        isTrue: true,
        since: at(1638),
        reason: "BackoffLimitExceeded",
        message: "Job has reached the specified backoff limit",
      },
    ],
  },
}
const calmJob: StepToPage =
  job.kind === "object" && job.object ? { ...job, object: { ...job.object, conditions: [] } } : job
const podObject: StepToPage = {
  kind: "object",
  of: "Pod",
  object: {
    text: "apiVersion: v1\nkind: Pod\nmetadata:\n  name: wgs-cohort-7.align.17-x8kq2\n",
    asked: null,
    conditions: [
      { type: "PodScheduled", isTrue: true, since: at(1264), reason: "", message: "" },
      {
        type: "Ready",
        isTrue: false,
        since: at(1637),
        reason: "PodFailed",
        message: "",
      },
      { type: "ContainersReady", isTrue: null, since: null, reason: "", message: "" },
    ],
  },
}
const step = (detail: StepDetail): StepToPage => ({ kind: "step", detail })
const noEvents: StepToPage = { kind: "events", events: [] }
const logRead: StepToPage = { kind: "log read" }
const noJob: StepToPage = { kind: "object", of: "Job", object: null }

/** Three attempts of four tries, forty kinds of events, a command of a page, many neighbours. */
const crowdedStep = detailOf(
  {
    ...failed.step,
    command: Array.from(
      { length: 60 },
      (_, i) => `step-${i} --sample s17 --ref /data/ref/hg38.fa --out /data/out/part-${i}.bam`,
    ).join(" \\\n  && "),
    attempts: [0, 1, 2].map((attempt) => ({
      ...attemptOf(
        "failed",
        [0, 1, 2, 3].map((index) => {
          const created = 838 + attempt * 280 + index * 66
          const times = {
            created,
            scheduled: created + 4,
            started: created + 13,
            ended: created + 60,
          }
          return tryOf(
            `wgs-cohort-7.align.17.r${attempt + 1}-x${attempt}kq${index}`,
            "failed",
            times,
          )
        }),
      ),
      attempt: attempt + 1,
      job: attempt === 0 ? "wgs-cohort-7.align.17" : `wgs-cohort-7.align.17.r${attempt + 1}`,
    })),
  },
  {
    waitedFor: Array.from({ length: 40 }, (_, i) =>
      neighbour(`trim-${i}.17`, "succeeded", 800 + i),
    ),
    holdsUp: Array.from({ length: 40 }, (_, i) => neighbour(`mark-dups-${i}.17`, "not-started")),
    andThen: Array.from({ length: 120 }, (_, i) => `task-${i}`),
  },
)
const crowded: readonly StepToPage[] = [
  place,
  step(crowdedStep),
  {
    kind: "events",
    events: Array.from({ length: 40 }, (_, i) =>
      event(
        "FailedMount",
        `MountVolume.SetUp failed for volume "data-${i}"`,
        "Warning",
        840 + i,
        i,
      ),
    ),
  },
  log,
  job,
  podObject,
]

const evil =
  '<img src=x onerror=alert(1)><a href="javascript:alert(2)">x</a> \u001b]8;;http://evil\u0007 \u202e'
const megabyte = `${evil} ${"x".repeat(1_000_000)}`
const hostileConditions = [
  { type: `${evil}Failed`, isTrue: true, since: "never", reason: evil, message: megabyte },
]
/** Text of clusters and programs in every place that shows any. */
const hostileAll: readonly StepToPage[] = [
  { kind: "place", is: "kube", name: evil, stale: { since: begin, message: evil } },
  step(hostile),
  {
    kind: "events",
    events: [event(evil, megabyte, "Warning", 900), event("Started", evil, evil, 910)],
  },
  { kind: "log", pod: "wgs-cohort-7.align.17-x8kq2", lines: [evil, megabyte.slice(0, 2000)] },
  {
    kind: "object",
    of: "Job",
    object: {
      text: `kind: Job\nmetadata:\n  name: ${evil}\n  note: ${megabyte}\n`,
      asked: {
        image: evil,
        cpu: { request: evil, limit: evil },
        memory: null,
        volumes: [{ path: evil, from: evil }],
        backoffLimit: 1,
      },
      conditions: hostileConditions,
    },
  },
  {
    kind: "object",
    of: "Pod",
    object: { text: `kind: Pod\n${evil}\n${megabyte}`, asked: null, conditions: hostileConditions },
  },
]

export const stepStates: Readonly<Record<string, readonly StepToPage[]>> = {
  failed: [place, step(failed), told, log, job, podObject],
  crowded,
  running: [place, step(running), told, calmJob],
  "no events yet": [place, step(running), noEvents, calmJob],
  succeeded: [place, step(succeeded), told, calmJob],
  "events looked up": [place, step(running), noEvents, step(succeeded), calmJob],
  "no events kept": [
    thisMachine,
    step(succeeded),
    { kind: "events", events: null },
    logRead,
    noJob,
  ],
  "no node": [place, step(noRoom), told, calmJob],
  waiting: [place, step(waiting), noEvents],
  skipped: [place, step(skipped), noEvents],
  "pod gone": [place, step(podGone), noEvents, logRead, noJob],
  forbidden: [
    place,
    step(failed),
    { kind: "refused", what: "events", why: 'You may not list events in "gene".' },
    { kind: "refused", what: "log", why: 'You may not read logs in "gene".' },
    { kind: "refused", what: "Job", why: 'You may not get Jobs in "gene".' },
  ],
  stale: [
    {
      kind: "place",
      is: "kube",
      name: "lab-cluster / gene",
      stale: { since: begin + 1660_000, message: "lab-cluster cannot be reached." },
    },
    step(failed),
    told,
    log,
    job,
  ],
  hostile: hostileAll,
  gone: [place, { kind: "trouble", sentence: 'The run "wgs-cohort-7" is gone.' }],
}
