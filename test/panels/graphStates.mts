import type { TaskState } from "#core/view/graphState"
import { type PhaseCounts, type ViewPhase, viewPhases, worstPhase } from "#core/view/phase"
import type { Picture } from "#core/view/picture"
import type { GraphSubject, GraphToPage, Head } from "#media/graph/protocol"

/** What a page is told to be in each state that a person can meet. */
export interface GraphState {
  readonly subject: GraphSubject
  readonly messages: readonly GraphToPage[]
}

const spec = { kind: "spec", uri: "file:///genomics/wgs-cohort.yaml", index: 0 } as const
const run = { kind: "run", place: "lab-cluster/gene", run: "wgs-cohort-7" } as const

/** The clock of every page under test. */
export const now = new Date("2026-11-20T14:38:05Z")

type Edge = readonly [from: string, to: string, kind?: "whole" | "iterate"]

export function pictureOf(
  name: string,
  tasks: readonly (readonly [name: string, steps: number | null])[],
  edges: readonly Edge[],
): Picture {
  const place = new Map(tasks.map(([task], i) => [task, i]))
  return {
    name,
    tasks: tasks.map(([task, steps]) => ({ name: task, steps })),
    edges: edges.map(([from, to, kind = "whole"]) => ({
      from: place.get(from) ?? 0,
      to: place.get(to) ?? 0,
      kind,
    })),
    lines: tasks.map((_, i) => 5 + 7 * i),
  }
}

const cohort = pictureOf(
  "wgs-cohort",
  [
    ["fetch-ref", 1],
    ["fetch-reads", 24],
    ["index-ref", 1],
    ["trim", 24],
    ["qc-raw", 24],
    ["align", 24],
    ["qc-summary", 1],
    ["mark-dups", 24],
    ["rescue-low-yield", 1],
    ["list-regions", 1],
    ["multiqc", 1],
    ["call-variants", null],
    ["joint-genotype", 1],
    ["report", 1],
  ],
  [
    ["fetch-ref", "index-ref"],
    ["index-ref", "align"],
    ["fetch-reads", "trim", "iterate"],
    ["fetch-reads", "qc-raw", "iterate"],
    ["trim", "align", "iterate"],
    ["qc-raw", "qc-summary"],
    ["qc-summary", "rescue-low-yield"],
    ["qc-summary", "multiqc"],
    ["align", "mark-dups", "iterate"],
    ["mark-dups", "list-regions"],
    ["mark-dups", "multiqc"],
    ["mark-dups", "call-variants"],
    ["list-regions", "call-variants"],
    ["call-variants", "joint-genotype"],
    ["joint-genotype", "report"],
    ["multiqc", "report"],
  ],
)

/** A task's state from the phases of its steps, given by their first letters. */
function taskOf(
  name: string,
  letters: string,
  rest: Partial<TaskState> = {},
): { readonly task: TaskState; readonly steps: readonly ViewPhase[] } {
  const steps = Array.from(letters, (letter) => phaseOfLetter[letter] ?? "waiting")
  const byPhase: Partial<Record<ViewPhase, number>> = {}
  for (const phase of steps) byPhase[phase] = (byPhase[phase] ?? 0) + 1
  const counts: PhaseCounts = { total: steps.length, isTotalKnown: steps.length > 0, byPhase }
  return {
    steps,
    task: {
      name,
      phase: worstPhase(counts),
      counts,
      startedAt: null,
      finishedAt: null,
      reason: null,
      reasonStep: null,
      attempts: 1,
      ...rest,
    },
  }
}

const phaseOfLetter: Readonly<Record<string, ViewPhase>> = {
  s: "succeeded",
  r: "running",
  f: "failed",
  w: "waiting",
  n: "not-started",
  q: "queued",
  k: "skipped",
  u: "reused",
  x: "stopped",
}

const all = (letter: string, count = 24) => letter.repeat(count)
const from = (seconds: number, took?: number) => ({
  startedAt: new Date(now.getTime() - seconds * 1000).toISOString(),
  finishedAt:
    took === undefined ? null : new Date(now.getTime() - (seconds - took) * 1000).toISOString(),
})

const failedTasks = [
  taskOf("fetch-ref", "u"),
  taskOf("fetch-reads", all("s"), from(2285, 400)),
  taskOf("index-ref", "u"),
  taskOf("trim", all("s"), from(1880, 542)),
  taskOf("qc-raw", all("s"), from(1880, 195)),
  taskOf("align", "sssssssssssssrssrfsrrnnn", {
    ...from(1330),
    reason: "ran out of memory: the limit is 8Gi (OOMKilled, exit code 137)",
    reasonStep: 17,
  }),
  taskOf("qc-summary", "s", from(1600, 4)),
  taskOf("mark-dups", `${all("s", 12)}${all("r", 3)}${all("n", 9)}`, from(680)),
  taskOf("rescue-low-yield", "k", { reason: 'answer was "PASS"' }),
  taskOf("list-regions", "n"),
  taskOf("multiqc", "n"),
  taskOf("call-variants", "", { phase: "not-started" }),
  taskOf("joint-genotype", "n"),
  taskOf("report", "n"),
]

export function headOf(
  name: string,
  tasks: readonly { readonly task: TaskState }[],
  rest: Partial<Head> = {},
): Head {
  const byPhase: Partial<Record<ViewPhase, number>> = {}
  let total = 0
  for (const { task } of tasks) {
    total += task.counts.total
    for (const [phase, count] of Object.entries(task.counts.byPhase) as [ViewPhase, number][]) {
      byPhase[phase] = (byPhase[phase] ?? 0) + count
    }
  }
  const isTotalKnown = tasks.every(({ task }) => task.counts.isTotalKnown)
  return {
    name,
    phase: "running",
    message: "",
    counts: { total, isTotalKnown, byPhase },
    ...from(2285),
    place: "lab-cluster / gene",
    isChanged: false,
    acts: ["stop"],
    ...rest,
  }
}

export function told(
  picture: Picture,
  tasks: readonly { readonly task: TaskState; readonly steps: readonly ViewPhase[] }[],
  head: Head,
): GraphToPage[] {
  const phases = tasks.flatMap(({ steps }) => steps.map((phase) => viewPhases.indexOf(phase)))
  return [
    { kind: "picture", picture },
    { kind: "head", head },
    { kind: "steps", phases: Uint8Array.from(phases) },
    { kind: "tasks", tasks: tasks.map(({ task }) => task) },
  ]
}

const failed = told(
  cohort,
  failedTasks,
  headOf("wgs-cohort-7", failedTasks, { phase: "failed", acts: ["stop", "run again"] }),
)

const small = pictureOf(
  "word-count",
  [
    ["split", 1],
    ["count", 4],
    ["sum", 1],
  ],
  [
    ["split", "count"],
    ["count", "sum"],
  ],
)

const smallTasks = [
  taskOf("split", "s", from(60, 12)),
  taskOf("count", "ssrq", from(48)),
  taskOf("sum", "w", { reason: 'waits for "count": 2 of 4 steps left' }),
]

/** Names as nobody should write them, and as somebody will. */
const hostileNames = [
  '<img src=x onerror="alert(1)">',
  "\u001b[31mred\u001b[0m\u0007",
  "\u001b]8;;https://elsewhere.test\u001b\\link\u001b]8;;\u001b\\",
  "safe\u202egnp.exe",
  `long-${"x".repeat(5000)}-end`,
  "</script><script>globalThis.wasRun = true</script>",
  "\ud800 half \u2066 isolate",
]

const hostile = pictureOf(
  '<b onmouseover="globalThis.wasRun = true">\u202ename',
  hostileNames.map((name) => [name, 3] as const),
  hostileNames.slice(1).map((name, i) => [hostileNames[i] ?? "", name] as const),
)
const hostileTasks = hostileNames.map((name, i) =>
  taskOf(name, i === 2 ? "ssf" : "ssr", {
    ...from(100),
    reason: `<script>globalThis.wasRun = true</script>\u001b[2J\u202e ${name.slice(0, 40)}`,
    reasonStep: 2,
  }),
)

/** 10,000 steps of 400 samples: what a large cohort looks like. */
export function crowd(tasks: number, steps: number): GraphState {
  const names = Array.from(
    { length: tasks },
    (_, i) => `sample-${Math.floor(i / 5)}.${stages[i % 5]}`,
  )
  const edges: Edge[] = []
  names.forEach((name, i) => {
    if (i % 5 !== 0) edges.push([names[i - 1] ?? "", name, "iterate"])
    // Now and then a sample needs what another one made.
    if (i % 35 === 34 && i + 7 < tasks) edges.push([name, names[i + 7] ?? ""])
  })
  const picture = pictureOf(
    "cohort-large",
    names.map((name) => [name, steps] as const),
    edges,
  )
  const states = names.map((name, i) => {
    const letters = i % 97 === 5 ? `${all("s", steps - 1)}f` : (crowdLetters[i % 5] ?? "w")
    const full = letters.length === 1 ? all(letters, steps) : letters
    return taskOf(name, full, i % 5 < 3 ? from(900, i % 5 === 2 ? undefined : 300) : {})
  })
  return {
    subject: run,
    messages: told(picture, states, headOf("cohort-large-2", states)),
  }
}

const stages = ["fetch", "trim", "align", "sort", "call"]
const crowdLetters = ["s", "s", "r", "w", "w"]

export const graphStates: Readonly<Record<string, GraphState>> = {
  loading: { subject: spec, messages: [] },
  empty: {
    subject: spec,
    messages: [{ kind: "picture", picture: pictureOf("", [], []) }],
  },
  "before the run": { subject: spec, messages: [{ kind: "picture", picture: cohort }] },
  "broken text": {
    subject: spec,
    messages: [
      { kind: "picture", picture: cohort },
      { kind: "broken", line: 11 },
    ],
  },
  cycle: {
    subject: spec,
    messages: [
      {
        kind: "picture",
        picture: pictureOf(
          "round",
          [
            ["align", 1],
            ["multiqc", 1],
            ["report", 3],
            ["self", 1],
          ],
          [
            ["align", "multiqc"],
            ["multiqc", "report"],
            ["report", "align"],
            ["self", "self"],
          ],
        ),
      },
    ],
  },
  small: {
    subject: { ...run, run: "word-count-2" },
    messages: told(small, smallTasks, headOf("word-count-2", smallTasks, from(60))),
  },
  failed: { subject: run, messages: failed },
  stale: {
    subject: run,
    messages: [
      ...failed,
      {
        kind: "stale",
        stale: { since: now.getTime() - 400_000, message: "lab-cluster does not answer" },
      },
    ],
  },
  "cannot be shown": {
    subject: run,
    messages: [
      { kind: "failed", message: '"wgs-cohort-7" is not in lab-cluster / gene any more.' },
    ],
  },
  hostile: {
    subject: run,
    messages: told(hostile, hostileTasks, headOf('<i>"run"</i>\u202e', hostileTasks)),
  },
  crowded: crowd(400, 25),
}
