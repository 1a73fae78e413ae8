import { expect, test } from "vitest"
import type { Perform } from "#engine/memory/memoryCluster"
import { performShell } from "#engine/memory/performShell"
import { main } from "../main.ts"
import { type MemoryEngine, memoryEngine } from "../memoryEngine.fixture.ts"
import { memoryIo } from "../memoryIo.fixture.ts"

const chain = (last: string) => `apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata: {name: wgs}
spec:
  tasks:
  - {name: trim, type: Job, image: busybox, commandSet: [echo trimmed, echo also]}
  - {name: align, type: Job, image: busybox, commandSet: ["${last}"], dependents: [{target: trim, type: whole}]}
`
const good = chain("echo aligned")
const bad = chain("exit 3")

test("the place is named before anything is created; without --wait only the name is printed", async () => {
  const engine = memoryEngine()
  const { code, stdout, stderr } = await run({ engine }, good)
  expect([code, stdout, stderr]).toEqual([0, "wgs\n", 'Runs "wgs" in lab / gene: 3 Jobs.\n'])
  expect([...engine.cluster.runs()]).toEqual(["gene/wgs"])
})

test("what people should know of a place is said before anything runs there, whatever the place is", async () => {
  const caution = "Commands run with this machine's own programs."
  for (const kind of ["local", "rehearsal", "kube"] as const) {
    const engine: MemoryEngine = memoryEngine({
      openPlace: async () => {
        const place = { context: "This machine", namespace: "gene", kubeconfig: "", server: "" }
        return { info: { id: kind, kind, caution, ...place }, cluster: engine.cluster }
      },
    })
    const { code, stderr } = await run({ engine }, good, "--place", kind)
    expect([kind, code, stderr]).toEqual([kind, 0, expect.stringMatching(/3 Jobs\.\nCommands run/)])
  }
})

test("a run that succeeds is waited for with 0, one that fails with 1 and the log to look at", async () => {
  const well = await run({}, good, "--wait")
  expect([well.code, well.stdout]).toEqual([0, "wgs\n"])
  expect(well.stderr).toMatch(/^\d\d:\d\d:\d\d align\.0 succeeded$/m)
  expect(well.stderr).toMatch(
    /"wgs" succeeded after \d+s, 3 of 3 steps done\nNext: kube-executions logs wgs\n$/,
  )
  const ill = await run({}, bad, "--wait", "-n", "other")
  expect(ill.code).toBe(1)
  expect(ill.stderr).toMatch(/^\d\d:\d\d:\d\d align\.0 failed: .*exit code 3$/m)
  expect(ill.stderr).toMatch(
    /, 2 of 3 steps done: .*\nNext: kube-executions logs wgs --step align\.0 -n other\n$/,
  )
})

test("--follow prints what the steps print, with the step before it", async () => {
  const { code, stdout } = await run({}, good, "--follow")
  expect(code).toBe(0)
  expect(stdout.split("\n").sort()).toEqual(
    ["", "align.0 | aligned", "trim.0 | trimmed", "trim.1 | also", "wgs"].sort(),
  )
})

test("with -o json the run's view is all there is on stdout", async () => {
  const { code, stdout, stderr } = await run({}, bad, "--follow", "-o", "json")
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({ name: "wgs", phase: "failed" })
  expect(stderr).toContain("trim.0 | trimmed\n")
  const started = await run({}, good, "-o", "json")
  expect(JSON.parse(started.stdout)).toMatchObject({ name: "wgs", namespace: "gene" })
})

test("a name that is taken counts on, and that is said first; a wished name that is taken is refused", async () => {
  const engine = memoryEngine()
  await run({ engine }, good)
  const second = await run({ engine }, good)
  expect([second.code, second.stdout]).toEqual([0, "wgs-2\n"])
  expect(second.stderr).toMatch(
    /^There is a run "wgs" already; this one is "wgs-2"\.\nRuns "wgs-2"/,
  )
  const third = await run({ engine }, good, "--name", "wgs")
  expect([third.code, third.stdout]).toEqual([1, ""])
  expect(third.stderr).toContain('There is a run "wgs" in "gene" already.')
  expect([...engine.cluster.runs()]).toEqual(["gene/wgs", "gene/wgs-2"])
})

test("what is resumed reuses what is the same; --from runs a task again, --until leaves the rest out", async () => {
  const engine = memoryEngine()
  await run({ engine }, bad, "--wait")
  const mended = await run({ engine }, good, "--resume-from", "wgs", "--wait")
  expect(mended.code).toBe(0)
  expect(mended.stderr).toContain('3 Jobs, less what "wgs" has done.')
  expect(mended.stderr).toMatch(/trim\.0 reused from wgs: /)
  const again = await run({ engine }, good, "--resume-from", "wgs-2", "--from", "align", "--wait")
  expect(again.stderr).toMatch(/trim\.1 reused from wgs-2: /)
  expect(again.stderr).toMatch(/align\.0 succeeded/)
  const short = await run({ engine }, good, "--until", "trim", "--wait")
  expect(short.stderr).toMatch(/: 2 Jobs\.\n/)
  expect(short.stderr).toMatch(/2 of 2 steps done/)
})

test("runs and tasks that are not there are said before anything is created", async () => {
  const engine = memoryEngine()
  await run({ engine }, good, "--wait")
  const cases: [string[], string][] = [
    [["--resume-from", "wsg"], 'There is no run "wsg" in "gene" of "lab". Did you mean "wgs"?'],
    [
      ["--resume-from", "wgs", "--from", "aling"],
      '"s.yaml" has no task "aling", which --from names. Did you mean "align"?',
    ],
    [["--until", "report"], '"s.yaml" has no task "report", which --until names.'],
  ]
  for (const [args, sentence] of cases) {
    const { code, stdout, stderr } = await run({ engine }, good, ...args)
    expect([code, stdout, stderr]).toEqual([1, "", `${sentence}\n`])
  }
  expect([...engine.cluster.runs()]).toHaveLength(1)
})

test("a dry run on the client prints what plan prints, and needs no engine", async () => {
  const io = memoryIo({ files: { "s.yaml": good } })
  expect(await main(["run", "s.yaml", "--dry-run=client"], io)).toBe(0)
  const planned = memoryIo({ files: { "s.yaml": good } })
  await main(["plan", "s.yaml"], planned)
  expect(io.written).toEqual(planned.written)
  const names = memoryIo({ files: { "s.yaml": good } })
  await main(["run", "s.yaml", "--dry-run=client", "--until", "trim", "-o", "name"], names)
  expect(names.written.stdout).toBe("job.batch/wgs.trim.0\njob.batch/wgs.trim.1\n")
})

test("a dry run on the server tells what is said of each Job, and creates none", async () => {
  const engine = memoryEngine()
  const { code, stdout, stderr } = await run({ engine }, good, "--dry-run=server")
  expect(code).toBe(0)
  expect(stdout.split("\n")[1]).toMatch(/^wgs\.trim\.0 +would be created$/)
  expect(stderr).toMatch(/nothing is created\.\n3 Jobs would be created\.\n$/)
  expect([...engine.cluster.runs()]).toEqual([])
})

test("Ctrl+C while waiting leaves the run going, says so and how to stop it", async () => {
  const io = memoryIo({ files: { "s.yaml": chain("sleep 100") }, engine: memoryEngine().connect })
  const code = main(["run", "s.yaml", "--wait", "--context", "lab"], io)
  await said(io, "align.0 ")
  io.interrupt()
  expect(await code).toBe(130)
  expect(io.written.stderr).toMatch(
    /\n"wgs" goes on\. To stop it: kube-executions stop wgs --context lab\n$/,
  )
})

test("an engine that ends on the way is started again, and the run is waited for on", async () => {
  const { perform, release } = holding("align")
  const engine = memoryEngine({ perform })
  const io = memoryIo({ files: { "s.yaml": good }, engine: engine.connect })
  const code = main(["run", "s.yaml", "--wait"], io)
  await said(io, "trim.1 succeeded")
  engine.end()
  await said(io, "another one takes the run over")
  release()
  expect(await code).toBe(0)
})

test("on a terminal the run is one block that is drawn again in place", async () => {
  const { perform, release } = holding("align")
  const engine = memoryEngine({ perform }).connect
  const files = { "s.yaml": bad }
  const io = memoryIo({ files, engine, terminal: 80, env: { LANG: "C.UTF-8", NO_COLOR: "1" } })
  const code = main(["run", "s.yaml", "--wait"], io)
  await said(io, "align  0/1")
  release()
  expect(await code).toBe(1)
  const [first = "", ...again] = io.written.stderr.split("\u001b[3A\r\u001b[J")
  expect(first.split("\n")).toHaveLength(5)
  expect(again.at(-1)?.split("\n").slice(0, 3)).toEqual([
    expect.stringMatching(/^✓ trim {3}2\/2 +\d+s$/),
    expect.stringMatching(/^✗ align {2}0\/1 +\d+s {2}1 failed: .*exit code 3$/),
    expect.stringMatching(/^█+░+ {2}2\/3 {2}\d+s {2}failed$/),
  ])
})

test("wrong use is refused before the spec is read", async () => {
  const cases: [string[], RegExp][] = [
    [["s.yaml", "--from", "trim"], /--resume-from RUN/],
    [["s.yaml", "--place", "moon"], /--place is "kube", "local", "rehearsal" or "colonies"/],
    [["s.yaml", "--place", "colonies"], /COLONIES_SERVER_HOST is not set/],
    [["s.yaml", "--dry-run=server", "--wait"], /nothing to wait for/],
    [["s.yaml", "-o", "yaml"], /--dry-run=client/],
    [["s.yaml", "--dry-run=both"], /"client" or "server"/],
    [["gone.yaml"], /"gone\.yaml" does not exist/],
    [[], /Name a spec/],
  ]
  for (const [args, sentence] of cases) {
    const io = memoryIo({ files: { "s.yaml": good } })
    expect([await main(["run", ...args], io), io.written.stdout]).toEqual([2, ""])
    expect(io.written.stderr).toMatch(sentence)
  }
})

test("a spec with a mistake starts no engine", async () => {
  const io = memoryIo({ files: { "s.yaml": good.replace("target: trim", "target: trom") } })
  expect(await main(["run", "s.yaml"], io)).toBe(1)
  expect(io.written.stderr).toMatch(/^s\.yaml:7:\d+: error: .*"trom"/)
})

interface World {
  readonly engine?: MemoryEngine
  readonly terminal?: number
  readonly env?: Readonly<Record<string, string>>
}

async function run({ engine = memoryEngine(), ...world }: World, spec: string, ...args: string[]) {
  const io = memoryIo({ ...world, files: { "s.yaml": spec }, engine: engine.connect })
  const code = await main(["run", "s.yaml", ...args], io)
  return { code, ...io.written }
}

/** Resolves once that text stands on stderr. */
function said(io: ReturnType<typeof memoryIo>, text: string): Promise<void> {
  return io.until(() => io.written.stderr.includes(text))
}

/** Plays commands, those of one task only once they are released. */
function holding(task: string): { perform: Perform; release: () => void } {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const perform: Perform = async (command, job) => {
    if (job.includes(`.${task}.`)) await held
    return performShell(command, job)
  }
  return { perform, release: () => release() }
}
