import { expect, test } from "vitest"
import { parse } from "yaml"
import { main } from "../main.ts"
import { type MemoryEngine, memoryEngine } from "../memoryEngine.fixture.ts"
import { memoryIo } from "../memoryIo.fixture.ts"
import { textWidth } from "../textWidth.ts"

const spec = (name: string, last: string) => `apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata: {name: ${name}}
spec:
  tasks:
  - {name: trim, type: Job, image: busybox, commandSet: [echo trimmed, echo also]}
  - {name: align, type: Job, image: busybox, commandSet: ["${last}"], dependents: [{target: trim, type: whole}]}
`

test("get lists every run, newest first, phases as words and counts as numbers", async () => {
  const engine = await engineWith(["good", "echo aligned"], ["bad", "exit 3"])
  const { code, stdout, stderr } = await type(engine, "get")
  expect([code, stderr]).toEqual([0, ""])
  const [head, ...rows] = stdout.trimEnd().split("\n")
  expect(head).toBe("NAME  PHASE      DONE  FAILED  AGE  DURATION  MESSAGE")
  expect(rows.sort()).toEqual([
    expect.stringMatching(
      /^bad {3}Failed {6}2\/3 {7}1 +\d+s +\d+s {2}"align" failed: .*exit code 3$/,
    ),
    expect.stringMatching(/^good {2}Succeeded {3}3\/3 {7}0 +\d+s +\d+s {2}\S/),
  ])
})

test("of this machine's logs, times that nobody wrote down are refused in a sentence", async () => {
  const engine: MemoryEngine = memoryEngine({
    openPlace: async () => {
      const place = { context: "This machine", namespace: "gene", kubeconfig: "", server: "" }
      return { info: { id: "local", kind: "local", ...place }, cluster: engine.cluster }
    },
  })
  for (const option of [["--timestamps"], ["--since", "10m"]]) {
    const { code, stdout, stderr } = await type(engine, "logs", "a", "--place", "local", ...option)
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toContain("without the time of each line")
    expect(stderr).toContain(`no ${option[0]} here`)
  }
})

test("an empty place is said, and is empty data", async () => {
  const engine = memoryEngine()
  const text = await type(engine, "get", "-n", "empty")
  expect(text).toEqual({ code: 0, stdout: "", stderr: "There is no run in lab / empty.\n" })
  expect((await type(engine, "get", "-o", "json")).stdout).toBe("[]\n")
})

test("data is the view of a run: one for a name, else a list", async () => {
  const engine = await engineWith(["bad", "exit 3"])
  const one = JSON.parse((await type(engine, "get", "bad", "-o", "json")).stdout)
  expect(one).toMatchObject({ name: "bad", phase: "failed", counts: { total: 3 } })
  expect(JSON.parse((await type(engine, "describe", "bad", "-o", "json")).stdout)).toEqual(one)
  expect(JSON.parse((await type(engine, "get", "-o", "json")).stdout)).toEqual([one])
  expect(parse((await type(engine, "get", "bad", "-o", "yaml")).stdout)).toEqual(one)
  expect((await type(engine, "get", "-o", "name")).stdout).toBe("bad\n")
})

test("get NAME lists its tasks, and with -o wide its steps", async () => {
  const engine = await engineWith(["bad", "exit 3"])
  const tasks = (await type(engine, "get", "bad")).stdout.trimEnd().split("\n")
  expect(tasks).toEqual([
    expect.stringMatching(/^TASK {3}PHASE {6}DONE {2}WAITED {2}COLD {2}WORK {2}REASON$/),
    expect.stringMatching(/^trim {3}Succeeded {3}2\/2( +\d+s){3}$/),
    expect.stringMatching(/^align {2}Failed {6}0\/1( +\d+s){3} {2}.*exit code 3$/),
  ])
  const wide = (await type(engine, "get", "executions/bad", "-o", "wide")).stdout
  expect(wide).toMatch(/^trim\.1 +Succeeded +1 .*bad\.trim\.1$/m)
})

test("get -w prints what changes until Ctrl+C", async () => {
  const engine = await engineWith(["good", "echo aligned"])
  const io = memoryIo({ engine: engine.connect })
  const code = main(["get", "-w"], io)
  await io.until(() => io.written.stdout.includes("good"))
  await type(engine, "run", "s.yaml", ["later", "echo aligned"])
  await io.until(() => /^later +Succeeded/m.test(io.written.stdout))
  io.interrupt()
  expect(await code).toBe(130)
  expect(io.written.stdout.match(/^good /gm)).toHaveLength(1)
})

test("a terminal has the table cut to its width, and phases in colour", async () => {
  const engine = await engineWith(["bad", "exit 3"])
  const io = memoryIo({ engine: engine.connect, terminal: 60 })
  await main(["get"], io)
  const row = io.written.stdout.split("\n")[1] ?? ""
  expect(row).toContain("\u001b[31mFailed\u001b[39m")
  expect(textWidth(row)).toBe(60)
  expect(row).toMatch(/…$/)
})

test("describe reads without colours: who, where, why, tasks, what failed, events", async () => {
  const engine = await engineWith(["bad", "exit 3"])
  const { code, stdout } = await type(engine, "describe", "bad")
  expect(code).toBe(0)
  for (const line of [
    /^Name: {6}bad$/m,
    /^Place: {5}lab \/ gene \(lab:6443\)$/m,
    /^Phase: {5}Failed: "align" failed: .*exit code 3$/m,
    /^Steps: {5}2 of 3 steps done, 1 failed$/m,
    /^ {2}align {2}Failed +0\/1/m,
    /^ {2}align\.0 {2}Failed: .*exit code 3$/m,
    /^ {4}Command: exit 3$/m,
    /^ {4}Seen in: Job bad\.align\.0, attempt 1/m,
    /^ +\d+s {2}Normal +Started +Execution\/bad +execution has started$/m,
  ]) {
    expect(stdout).toMatch(line)
  }
})

test("events are listed oldest first, as a table or as data", async () => {
  const engine = await engineWith(["bad", "exit 3"])
  const { stdout } = await type(engine, "events", "bad")
  const reasons = stdout.trimEnd().split("\n").slice(1)
  expect(reasons[0]).toContain("Started")
  expect(reasons.at(-1)).toMatch(/Failed|StepFailed/)
  expect(JSON.parse((await type(engine, "events", "bad", "-o", "json")).stdout)).toHaveLength(
    reasons.length,
  )
})

test("logs of all steps have a prefix, those of one have none", async () => {
  const engine = await engineWith(["good", "echo aligned"])
  const all = await type(engine, "logs", "good")
  expect(all.stdout.trimEnd().split("\n").sort()).toEqual([
    "align.0 | aligned",
    "trim.0 | trimmed",
    "trim.1 | also",
  ])
  expect((await type(engine, "logs", "good", "--step", "trim.1")).stdout).toBe("also\n")
  expect((await type(engine, "logs", "good", "--step", "align")).stdout).toBe("aligned\n")
  const task = await type(engine, "logs", "good", "--step", "trim")
  expect(task.stdout.trimEnd().split("\n").sort()).toEqual(["trim.0 | trimmed", "trim.1 | also"])
})

test("a step without output says why there is none", async () => {
  const engine = await engineWith(["bad", "exit 3"])
  const failed = await type(engine, "logs", "bad", "--step", "align")
  expect([failed.code, failed.stdout]).toEqual([0, ""])
  expect(failed.stderr).toMatch(/^No output .*"align": .*exit code 3\n$/)
})

test("a name that is not there is answered with the nearest one", async () => {
  const engine = await engineWith(["cohort", "true"])
  for (const command of ["get", "describe", "logs", "events"]) {
    const answer = await type(engine, command, "cohrot")
    expect(answer).toEqual({
      code: 1,
      stdout: "",
      stderr: 'There is no run "cohrot" in "gene" of "lab". Did you mean "cohort"?\n',
    })
  }
  const step = await type(engine, "logs", "cohort", "--step", "trim.7")
  expect([step.code, step.stderr]).toEqual([
    1,
    '"cohort" has no step and no task "trim.7". Did you mean "trim.0"?\n',
  ])
})

test("wrong use is one sentence and starts no engine", async () => {
  const cases: [string[], RegExp][] = [
    [["get", "a", "b"], /"b" is one too many/],
    [["describe"], /^Name a run\.\n$/],
    [["logs", "a", "--since", "soon"], /--since is a time such as 10m/],
    [["logs", "a", "--tail", "-1"], /--tail wants a value/],
    [["logs", "a", "--tail", "few"], /--tail is a number of lines, not "few"/],
    [["logs", "a", "-f", "--previous"], /leave out -f/],
  ]
  for (const [args, sentence] of cases) {
    const io = memoryIo()
    expect([await main(args, io), io.written.stdout]).toEqual([2, ""])
    expect(io.written.stderr).toMatch(sentence)
  }
})

test("context, namespace and kubeconfig reach the engine; KUBECONFIG is honoured, paths are whole", async () => {
  const engine = memoryEngine()
  const io = memoryIo({ engine: engine.connect, env: { KUBECONFIG: "/a:/b" } })
  await main(["get"], io)
  await main(["get", "--kubeconfig", "/c", "--context", "c", "--namespace", "n"], io)
  expect(engine.opened).toEqual([
    { kind: "kube", kubeconfig: "/a:/b" },
    { kind: "kube", kubeconfig: "/c", context: "c", namespace: "n" },
  ])
})

test("what the cluster refuses is one sentence; what never answers is given up", async () => {
  const { ClusterError } = await import("#engine/clusterError")
  const refusing = memoryEngine({
    openPlace: async () => {
      throw new ClusterError("login", "The login plug-in stopped:\n  token expired")
    },
  })
  expect(await type(refusing, "get")).toEqual({
    code: 1,
    stdout: "",
    stderr: "The login plug-in stopped: token expired\n",
  })
  const silent = memoryEngine({ openPlace: () => new Promise(() => {}) })
  const io = memoryIo({ engine: silent.connect })
  const code = main(["get"], io)
  await new Promise<void>((resolve) => {
    const look = () => (silent.opened.length > 0 ? resolve() : setImmediate(look))
    look()
  })
  io.runOut()
  expect(await code).toBe(1)
  expect(io.written.stderr).toMatch(/^The cluster did not answer within 30 s: .*\.\n$/)
})

/** An engine with runs of these names that are over, whose last task does that. */
async function engineWith(...runs: [name: string, last: string][]): Promise<MemoryEngine> {
  const engine = memoryEngine()
  for (const run of runs) await type(engine, "run", "s.yaml", "--wait", run)
  return engine
}

async function type(engine: MemoryEngine, ...words: (string | [string, string])[]) {
  const args = words.filter((word) => typeof word === "string")
  const [name = "", last = ""] = words.find((word) => typeof word !== "string") ?? []
  const io = memoryIo({ engine: engine.connect, files: { "s.yaml": spec(name, last) } })
  const code = await main(args, io)
  return { code, ...io.written }
}
