import { describe, expect, test } from "vitest"
import { decide } from "../run/decide.ts"
import { jobFacts, planOf, podFacts, type Seen, seen, soon } from "../run/run.fixture.ts"
import { countOf } from "./phase.ts"
import { type RunView, runView } from "./statusTree.ts"

type Tasks = Parameters<typeof planOf>[0]

/** What is shown once a driver has written down what it saw. */
function shown(tasks: Tasks, what: Seen, spec: object = {}): RunView {
  const plan = planOf(tasks, { ...spec })
  const observed = seen(plan, what)
  const { status } = decide(plan, observed, soon)
  return runView(plan, { ...observed, status })
}

/** Each task and step with its phase and why. */
function told(view: RunView): readonly string[] {
  return view.tasks.flatMap((task) => [
    line(task.name, task),
    ...(task.steps ?? []).map((step) => `  ${line(step.id, step)}`),
  ])
}

function line(name: string, one: { phase: string; reason: { sentence: string } | null }): string {
  return `${name} ${one.phase}${one.reason === null ? "" : `: ${one.reason.sentence}`}`
}

const tasks: Tasks = {
  trim: { commandSet: ["1", "2", "3"] },
  align: { after: "trim" },
}

describe("phases and reasons", () => {
  test("before anything starts", () => {
    const plan = planOf(tasks)
    expect(told(runView(plan, seen(plan, {})))).toEqual([
      "trim waiting",
      "  trim.0 waiting",
      "  trim.1 waiting",
      "  trim.2 waiting",
      'align waiting: waits for "trim": 3 of 3 steps left',
      '  align.0 waiting: waits for "trim": 3 of 3 steps left',
    ])
  })

  test("while it runs", () => {
    const looks = { "trim.0": "complete", "trim.1": "running", "trim.2": "pending" } as const
    const view = shown(tasks, { looks })
    expect(told(view)).toEqual([
      "trim running",
      "  trim.0 succeeded",
      "  trim.1 running",
      '  trim.2 queued: starts on node "worker-1"',
      'align waiting: waits for "trim": 2 of 3 steps left',
      '  align.0 waiting: waits for "trim": 2 of 3 steps left',
    ])
    expect(view.phase).toBe("running")
    expect(countOf(view.counts, "succeeded")).toBe(1)
    expect(view.counts.total).toBe(4)
  })

  test("after a failure what cannot start is not started, never waiting", () => {
    const looks = { "trim.0": "complete", "trim.1": "failed", "trim.2": "complete" } as const
    expect(told(shown(tasks, { looks }))).toEqual([
      "trim failed: command ended with exit code 2",
      "  trim.0 succeeded",
      "  trim.1 failed: command ended with exit code 2",
      "  trim.2 succeeded",
      "align not-started",
      "  align.0 not-started",
    ])
  })

  test("parallelism and suspension are said at each step they hold back", () => {
    const looks = { "trim.0": "running" } as const
    expect(told(shown(tasks, { looks }, { parallelism: 1 }))[2]).toBe(
      "  trim.1 waiting: waits for a free place: parallelism 1 is used up",
    )
    const annotations = { "execution.kubegene.io/suspend": '{"id":"1"}' }
    const view = shown(tasks, { looks, annotations })
    expect(view.phase).toBe("suspended")
    expect(told(view)[2]).toBe(
      "  trim.1 waiting: suspended; nothing new starts until you resume it",
    )
  })

  test("where Kubernetes has not begun with many Jobs, the next ones say that they wait for it", () => {
    const many = { a: { commandSet: Array.from({ length: 257 }, (_, index) => `${index}`) } }
    const looks = Object.fromEntries(
      Array.from({ length: 256 }, (_, index) => [`a.${index}`, "created"] as const),
    )
    expect(told(shown(many, { looks })).at(-1)).toBe(
      "  a.256 waiting: waits for its turn: Kubernetes has not begun with the Jobs before it",
    )
  })

  test("a task whose steps are not known has a reason of its own", () => {
    const view = shown(
      {
        list: {},
        map: {
          after: "list",
          commandsIter: { command: "x", varsIter: [["get_result", "list", " "]] },
        },
      },
      { looks: { "list.0": "running" } },
    )
    expect(told(view)[2]).toBe('map unknown: waits for "list"')
    expect(view.counts.isTotalKnown).toBe(false)
    expect(view.tasks[1]?.steps).toBeNull()
  })

  test("what until leaves out is shown as not part of the run", () => {
    const view = shown({ ...tasks, extra: {} }, {}, { until: ["align"] })
    expect(view.tasks.map((task) => task.isWanted)).toEqual([true, true, false])
    expect(view.counts.total).toBe(4)
  })
})

test("every attempt and every try is listed, with its times", () => {
  const plan = planOf({ a: {} })
  const failed = jobFacts(plan, "a.0", "failed")
  const next = jobFacts(plan, "a.0.r2", "running")
  const pods = [podFacts(failed, "failed"), podFacts(next, "running")]
  const base = seen(plan, {})
  const view = runView(plan, {
    ...base,
    status: { ...base.status, phase: "Running", attempts: { "a.0": 2 } },
    jobs: new Map([failed, next].map((job) => [job.name, job])),
    pods: new Map(pods.flatMap((pod) => (pod === undefined ? [] : [[pod.job, [pod]]]))),
  })
  expect(view.tasks[0]?.steps?.[0]?.attempts).toMatchObject([
    {
      attempt: 1,
      phase: "failed",
      tries: [
        {
          phase: "failed",
          exitCode: 2,
          startedAt: "2026-11-20T14:00:01.000Z",
          finishedAt: "2026-11-20T14:00:08.000Z",
          reason: "command ended with exit code 2",
        },
      ],
    },
    { attempt: 2, phase: "running", tries: [{ phase: "running", exitCode: null }] },
  ])
})

test("the view is plain data: it survives JSON", () => {
  const view = shown(tasks, { looks: { "trim.0": "failed" } })
  expect(JSON.parse(JSON.stringify(view)).tasks[0].steps[0].phase).toBe("failed")
})
