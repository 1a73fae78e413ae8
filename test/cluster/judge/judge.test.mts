import assert from "node:assert/strict"
import { suite, test } from "node:test"
import { judge } from "./judge.mts"
import {
  atTime,
  dryRun,
  ended,
  execution,
  job,
  type Line,
  logOf,
  pod,
  refused,
  remove,
  removeAll,
  retry,
  status,
  unanswered,
  withUid,
} from "./madeUpLog.mts"

/** What the judge says of such a log; the run's name is the same everywhere. */
const said = (...lines: readonly Line[]): readonly string[] =>
  judge(logOf(...lines)).violations.map(({ invariant, sentence }) => `${invariant}: ${sentence}`)

const running = { phase: "Running" }
const done = { phase: "Succeeded" }
const failed = { phase: "Failed" }

/** a → b, as it should be. */
const chain = [["a"], ["b", "a"]] as const
const good: readonly Line[] = [
  execution(chain),
  job("a"),
  status("Running", { "a.0": running }),
  pod("a"),
  job("b"),
  ended("a"),
  status("Running", { "a.0": done, "b.0": running }),
  pod("b"),
  ended("b"),
  status("Succeeded", { "a.0": done, "b.0": done }),
]

suite("the judge of audit logs", () => {
  test("finds nothing wrong with a run as it should be", () => {
    assert.deepEqual(said(...good), [])
    assert.equal(judge(logOf(...good)).stories[0]?.jobs.length, 2)
  })

  test("does not count what was refused or only asked for", () => {
    const [first = execution([]), ...rest] = good
    assert.deepEqual(said(first, dryRun(job("a")), refused(job("b")), ...rest), [])
  })

  test("orders requests by when they came in, not by when they were answered", () => {
    const lines = [...good]
    // The write that showed b's input ready was answered after b's Job was created, but asked for before.
    ;[lines[3], lines[4]] = [atTime(4, job("b")), atTime(3, pod("a"))]
    assert.deepEqual(said(...lines), [])
  })
})

suite("once", () => {
  test("a second Job for the same attempt is caught, whatever its name", () => {
    const again: Line = (at) => {
      const made = structuredClone(job("a")(at)) as {
        requestObject: { metadata: { name: string } }
      }
      made.requestObject.metadata.name = "e.a.0-again"
      return made
    }
    assert.deepEqual(said(...good, again).slice(0, 1), [
      'once: "e.a.0" (a.0 attempt 1) was created 2 times',
    ])
  })

  test("a Job that comes after the end of its run and works on is caught, though both are deleted", () => {
    const stopped = { stopped: { by: "anna", at: "2026-11-20T10:00:04Z" } }
    const late: readonly Line[] = [
      execution(chain),
      job("a"),
      pod("a"),
      ended("a"),
      status("Failed", { "a.0": done }, stopped),
      job("b"),
      atTime(7, remove("jobs", "e.a.0")),
      atTime(7, remove("pods", "e.a.0-x7k2p")),
    ]
    const removed = atTime(40, remove("executions", "e"))
    assert.deepEqual(said(...late, removed, atTime(41, remove("jobs", "e.b.0"))), [
      'right-end: it had ended, and its Job "e.b.0" worked on until the run was deleted',
    ])
    assert.deepEqual(said(...late, atTime(9, remove("jobs", "e.b.0")), removed), [])
    const atOnce = atTime(8, remove("executions", "e"))
    assert.deepEqual(said(...late, atOnce, atTime(9, remove("jobs", "e.b.0"))), [])
  })

  test("a Job that was deleted and made again is caught", () => {
    const lines = [execution([["a"]]), job("a"), remove("jobs", "e.a.0"), job("a"), ended("a")]
    assert.deepEqual(said(...lines, status("Succeeded", { "a.0": done })), [
      'once: "e.a.0" (a.0 attempt 1) was created 2 times',
    ])
  })

  test("a second attempt that nobody asked for is caught", () => {
    const lines = [
      execution([["a"]]),
      job("a"),
      ended("a", "Failed"),
      job("a", 0, 2),
      ended("a", "Complete", 2),
    ]
    assert.deepEqual(
      said(...lines, status("Succeeded", { "a.0": { ...done, name: "e.a.0.r2" } })),
      ['once: "e.a.0.r2" is attempt 2, after 0 wishes to retry'],
    )
  })

  test("a retry makes a second attempt right, and a second retry a third", () => {
    const lines = [
      execution([["a"]]),
      job("a"),
      ended("a", "Failed"),
      retry("one"),
      job("a", 0, 2),
      ended("a", "Failed", 2),
      retry("two"),
      job("a", 0, 3),
      ended("a", "Complete", 3),
    ]
    const last = status("Succeeded", { "a.0": { ...done, name: "e.a.0.r3" } })
    assert.deepEqual(said(...lines, last), [])
    // The same wish written twice is one wish.
    const same = lines.map((line, index) => (index === 6 ? retry("one") : line))
    assert.deepEqual(said(...same, last), [
      'once: "e.a.0.r3" is attempt 3, after 1 wishes to retry',
    ])
  })
})

suite("a creation whose asker was gone before the answer", () => {
  const one = execution([["a"]])
  const end = status("Succeeded", { "a.0": done })

  test("counts once anything is heard of its Job", () => {
    assert.deepEqual(said(one, unanswered(job("a")), ended("a"), end), [])
    assert.deepEqual(said(one, unanswered(job("a")), pod("a"), ended("a"), end), [])
  })

  test("does not count where nothing is", () => {
    assert.deepEqual(said(one, unanswered(job("a")), job("a"), ended("a"), end), [])
    assert.deepEqual(said(one, unanswered(job("a")), end), [
      "right-end: it is Succeeded, but a.0 has not succeeded",
    ])
  })

  test("and another one are two, if both were heard of", () => {
    const lines = [
      one,
      unanswered(job("a")),
      job("a"),
      withUid("1", ended("a")),
      withUid("2", ended("a")),
      end,
    ]
    assert.deepEqual(said(...lines), ['once: "e.a.0" (a.0 attempt 1) was created 2 times'])
  })
})

suite("order", () => {
  const early = (pods: Line, more: object = {}, tasks: Parameters<typeof execution>[0] = chain) =>
    said(
      execution(tasks, more),
      job("a"),
      pods,
      job("b"),
      ended("a"),
      ended("b"),
      status("Succeeded", { "a.0": done, "b.0": done }),
    )

  test("a Job made before its dependency was done is caught", () => {
    assert.deepEqual(early(pod("a", [undefined])), [
      'order: "e.b.0" was created though a.0 was not done',
    ])
    assert.deepEqual(early(pod("a", [1])), ['order: "e.b.0" was created though a.0 was not done'])
  })

  test("all containers have to end well, not only one", () => {
    assert.deepEqual(early(pod("a", [0, undefined])), [
      'order: "e.b.0" was created though a.0 was not done',
    ])
    assert.deepEqual(early(pod("a", [0, 0])), [])
  })

  test("with start: complete the containers' end is not enough", () => {
    const annotations = { "execution.kubegene.io/start": "complete" }
    assert.deepEqual(early(pod("a"), { annotations }), [
      'order: "e.b.0" was created though a.0 was not done',
    ])
  })

  test("a step of a fan-out that was still open is named", () => {
    const tasks = [{ name: "a", commandSet: ["1", "2"] }, ["b", "a"]] as const
    assert.deepEqual(early(pod("a"), {}, tasks), [
      'order: "e.b.0" was created though a.1 was not done',
      "right-end: it is Succeeded, but a.1 has not succeeded",
    ])
  })

  test("iterate looks at the step of the same number only", () => {
    const twins = [
      { name: "a", commandSet: ["1", "2"] },
      { name: "b", commandSet: ["1", "2"], dependents: [{ target: "a", type: "iterate" }] },
    ]
    const lines = [execution(twins), job("a", 0), job("a", 1), pod("a"), job("b", 0), job("b", 1)]
    assert.deepEqual(said(...lines).slice(0, 1), [
      'order: "e.b.1" was created though a.1 was not done',
    ])
  })

  test("a result that was not on record before a Job was made from it is caught", () => {
    const tasks = [
      ["a"],
      {
        name: "b",
        dependents: [{ target: "a" }],
        commandsIter: { command: "x", varsIter: [["get_result", "a", " "]] },
      },
    ]
    const lines = (result: object) => [
      execution(tasks as Parameters<typeof execution>[0]),
      job("a"),
      pod("a"),
      status("Running", { "a.0": { ...running, ...result } }),
      job("b"),
      ended("a"),
      ended("b"),
      status("Succeeded", { "a.0": { ...done, ...result }, "b.0": done }),
    ]
    assert.deepEqual(said(...lines({ result: "" })), [])
    assert.deepEqual(said(...lines({})), [
      'order: "e.b.0" was created though what "a" printed was not on record',
    ])
    // A write that may not have been carried out takes nothing off the record.
    const doubtful = lines({ result: "" }).toSpliced(4, 0, unanswered(status("Running", {})))
    assert.deepEqual(said(...doubtful), [])
    assert.equal(said(...lines({}).toSpliced(4, 0, unanswered(status("Running", {})))).length, 1)
  })

  test("a write that the server answered before it read it was none", () => {
    const unread = (at: string) => ({ ...unanswered(job("a"))(at), requestObject: undefined })
    assert.deepEqual(logOf(unread), [])
    assert.equal(logOf(unanswered(job("a"))).length, 1)
  })

  test("a retried dependency has to be done again before what follows is", () => {
    const lines = (isDoneAgain: boolean) => [
      ...good.slice(0, 7),
      ended("b", "Failed"),
      retry("one"),
      job("a", 0, 2),
      ...(isDoneAgain ? [pod("a", [0], 2)] : []),
      job("b", 0, 2),
      ended("a", "Complete", 2),
      ended("b", "Complete", 2),
      status(
        "Succeeded",
        { "a.0": { ...done, name: "e.a.0.r2" }, "b.0": { ...done, name: "e.b.0.r2" } },
        { observedWishes: ["one"] },
      ),
    ]
    assert.deepEqual(said(...lines(true)), [])
    assert.deepEqual(said(...lines(false)), [
      'order: "e.b.0.r2" was created though a.0 was not done',
    ])
  })

  test("a step may be reused only if it was done in the run it is taken from", () => {
    const reused = { phase: "Reused" }
    const lines = (earlier: readonly Line[]) => [
      ...earlier,
      execution(chain, { resumeFrom: { name: "old" } }),
      status("Running", { "a.0": reused }, { resumed: { from: "old" } }),
      job("b"),
      ended("b"),
      status("Succeeded", { "a.0": reused, "b.0": done }),
    ]
    const old = [execution([["a"]], {}, "old"), job("a", 0, 1, "old")]
    const oldDone: Line = (at) => {
      const line = ended("a")(at) as { objectRef: object }
      return { ...line, objectRef: { ...line.objectRef, name: "old.a.0" } }
    }
    const about = (sentences: readonly string[]) => sentences.filter((one) => one.includes("a.0 "))
    assert.deepEqual(
      about(said(...lines([...old, oldDone, remove("executions", "old"), removeAll("jobs")]))),
      [],
    )
    assert.deepEqual(
      about(said(...lines([...old, remove("executions", "old"), removeAll("jobs")]))),
      [
        'order: "e.b.0" was created though a.0 was not done',
        "right-end: it is Succeeded, but a.0 has not succeeded",
      ],
    )
  })
})

suite("forward", () => {
  const back = (...writes: readonly Line[]) =>
    said(...good, ...writes).filter((sentence) => sentence.startsWith("forward"))
  const end = { "a.0": done, "b.0": done }

  test("a phase that goes back is caught, of the run and of a step", () => {
    assert.deepEqual(back(status("Running", end), status("Succeeded", end)), [
      'forward: the run went from "Succeeded" to "Running", at 2026-11-20T10:00:10.000000Z',
      "forward: finishedAt of the run changed from 2026-11-20T10:00:59Z to nothing, at 2026-11-20T10:00:10.000000Z",
    ])
    assert.deepEqual(
      back(status("Succeeded", { "a.0": done, "b.0": running }), status("Succeeded", end)),
      ['forward: "e.b.0" went from "Succeeded" to "Running", at 2026-11-20T10:00:10.000000Z'],
    )
    assert.deepEqual(
      back(status("Succeeded", { "a.0": done, "b.0": failed }))[0],
      'forward: "e.b.0" went from "Succeeded" to "Failed", at 2026-11-20T10:00:10.000000Z',
    )
  })

  test("a step that vanishes is caught", () => {
    assert.deepEqual(back(status("Succeeded", { "a.0": done })), [
      'forward: "e.b.0" vanished from status, at 2026-11-20T10:00:10.000000Z',
    ])
  })

  test("a result or time that changes is caught", () => {
    const write = (result: string) =>
      status("Succeeded", { "a.0": { ...done, result }, "b.0": done })
    assert.deepEqual(back(write("one"), write("two")), [
      'forward: result of "e.a.0" changed from one to two, at 2026-11-20T10:00:11.000000Z',
    ])
  })

  test("only a wish to retry that was made and carried out excuses it", () => {
    const goesBack = (id: string) => status("Running", { "a.0": done }, { observedWishes: [id] })
    assert.deepEqual(back(retry("one"), goesBack("one")), [])
    assert.equal(back(retry("one"), goesBack("two")).length, 3)
    assert.equal(back(goesBack("one"), retry("one")).length, 3)
  })
})

suite("nothing-left", () => {
  const gone = remove("executions", "e")

  test("a Job or a pod that outlives its run is caught", () => {
    assert.deepEqual(
      said(
        ...good,
        gone,
        remove("jobs", "e.a.0"),
        remove("pods", "e.a.0-x7k2p"),
        remove("jobs", "e.b.0"),
      ),
      ['nothing-left: the pod "e.b.0-x7k2p" is left'],
    )
    assert.deepEqual(said(...good, gone, removeAll("pods"), remove("jobs", "e.a.0")), [
      'nothing-left: the Job "e.b.0" is left',
    ])
    assert.deepEqual(said(...good, gone, removeAll("pods"), removeAll("jobs")), [])
  })

  test("a pod of which the first word was asked for after its end is not left", () => {
    const [first, last] = [remove("pods", "e.a.0-x7k2p"), pod("a", [undefined])]
    const lines = [execution([["a"]]), job("a"), first, last, remove("jobs", "e.a.0"), gone]
    assert.deepEqual(said(...lines), [])
    assert.deepEqual(said(...lines.toSpliced(2, 1)), [
      'nothing-left: the pod "e.a.0-x7k2p" is left',
    ])
  })

  test("a Job that is made after the deletion is caught", () => {
    assert.deepEqual(said(execution([["a"]]), gone, job("a")), [
      'nothing-left: the Job "e.a.0" is left',
    ])
  })
})

suite("right-end", () => {
  test("a run that does not end is caught", () => {
    assert.deepEqual(said(...good.slice(0, -1)), [
      'right-end: it has not ended; its phase is "Running"',
    ])
  })

  test("a run that is called Succeeded before its last step is is caught", () => {
    const lines = [...good.slice(0, 8), status("Succeeded", { "a.0": done, "b.0": done })]
    assert.deepEqual(said(...lines), [
      'right-end: it has ended, but its Job "e.b.0" has not',
      "right-end: it is Succeeded, but b.0 has not succeeded",
    ])
  })

  test("a run that is called Failed though nothing failed is caught", () => {
    const lines = [...good.slice(0, -1), status("Failed", { "a.0": done, "b.0": done })]
    assert.deepEqual(said(...lines), ["right-end: it is Failed, but every step succeeded"])
  })

  test("a failed run may leave steps that never began, and none that works", () => {
    const lines = [
      execution(chain),
      job("a"),
      ended("a", "Failed"),
      status("Failed", { "a.0": failed }),
    ]
    assert.deepEqual(said(...lines), [])
    const open = [
      execution([["a"], ["c"]]),
      job("a"),
      job("c"),
      ended("a", "Failed"),
      status("Failed", { "a.0": failed, "c.0": running }),
    ]
    assert.deepEqual(said(...open), ['right-end: it has ended, but its Job "e.c.0" has not'])
  })

  test("a skipped step need not have run, and a task that until leaves out need not either", () => {
    const skipped = { phase: "Skipped" }
    const lines = [
      execution(chain),
      job("a"),
      ended("a"),
      status("Succeeded", { "a.0": done, "b.0": skipped }),
    ]
    assert.deepEqual(said(...lines), [])
    const part = [
      execution(chain, { until: ["a"] }),
      job("a"),
      ended("a"),
      status("Succeeded", { "a.0": done }),
    ]
    assert.deepEqual(said(...part), [])
  })
})
