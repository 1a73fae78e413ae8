import assert from "node:assert/strict"
import { writeFileSync } from "node:fs"
import { after, before, test } from "node:test"
import { type Bed, functionSpec, openBed } from "./bed.mts"

let bed: Bed
before(async () => {
  bed = await openBed()
})
after(() => bed.close())

const specFile = (changes: object = {}) => bed.spec(functionSpec(bed.executorType, changes))

test("a followed process prints each line once and ends with 0", async () => {
  const cli = bed.cli("submit", specFile(), "--follow")
  await cli.until(/waits for an executor/)
  const process = await bed.assign()
  await bed.log(process, "one\n", "two\nthr", "ee\n", "no end of line")
  await cli.until(/one\ntwo\n/)
  await bed.log(process, "\nå∫ç 🦊\n")
  await bed.succeed(process, ["done"])
  const { code, stdout, stderr } = await cli.ended
  assert.equal(stdout, "one\ntwo\nthree\nno end of line\nå∫ç 🦊\n")
  assert.match(stderr, /finished successfully/)
  assert.equal(code, 0)
})

test("a failed process ends with 1, its errors told", async () => {
  const cli = bed.cli("submit", specFile(), "--follow")
  const process = await bed.assign()
  await bed.log(process, "last words")
  await bed.fail(process, "Exit with an error, exit code = 3")
  const { code, stdout, stderr } = await cli.ended
  assert.equal(code, 1)
  assert.equal(stdout, "last words\n")
  assert.match(stderr, /exit code = 3/)
})

test("waiting prints the output that was asked for, and no log", async () => {
  const cli = bed.cli("submit", specFile(), "--wait", "--out")
  const process = await bed.assign()
  await bed.log(process, "not this\n")
  await bed.succeed(process, ["model.bin", 2])
  const { code, stdout } = await cli.ended
  assert.deepEqual([code, stdout], [0, "model.bin 2\n"])
})

test("a cancelled process ends whoever follows it, while it waits and while it runs", async () => {
  for (const isRunning of [false, true]) {
    const cli = bed.cli("submit", specFile(), "--follow")
    const [, id = ""] = await cli.until(/ProcessId=([0-9a-f]{64})/)
    if (isRunning) {
      await bed.assign()
      await cli.until(/Process running/)
    }
    const cancelled = await bed.cli("cancel", id).ended
    assert.deepEqual([cancelled.code, cancelled.stdout], [0, ""], cancelled.stderr)
    const { code, stderr } = await cli.ended
    assert.equal(code, 1)
    assert.match(stderr, /Process cancelled/)
    const again = await bed.cli("cancel", id).ended
    assert.equal(again.code, 0)
    assert.match(again.stderr, /over already/)
  }
})

test("a process given back when its time was up is told as a retry, and its log goes on", async () => {
  const cli = bed.cli("submit", specFile({ maxexectime: 3, maxretries: 3 }), "--follow")
  await bed.log(await bed.assign(), "first try\n")
  const again = await bed.assign()
  await bed.log(again, "second try\n")
  await bed.succeed(again)
  const { code, stdout, stderr } = await cli.ended
  assert.equal(stdout, "first try\nsecond try\n")
  assert.match(stderr, /retry 1/)
  assert.equal(code, 0)
})

test("a diamond of a workflow is followed to its end, each line with its node", async () => {
  const node = (nodename: string, dependencies: readonly string[]) => {
    const spec = functionSpec(bed.executorType)
    return { nodename, ...spec, conditions: { ...spec.conditions, dependencies } }
  }
  const file = bed.spec([node("a", []), node("b", ["a"]), node("c", ["a"]), node("d", ["b", "c"])])
  const cli = bed.cli("submit", file, "--follow")
  for (let left = 4; left > 0; left--) {
    const process = await bed.assign()
    const { nodename } = process.spec
    if (nodename === "d") assert.deepEqual(process.in, ["out b", "out c"])
    await bed.log(process, `I am ${nodename}\n`)
    await bed.succeed(process, nodename === "a" ? [] : [`out ${nodename}`])
  }
  const { code, stdout, stderr } = await cli.ended
  assert.equal(code, 0, stderr)
  assert.deepEqual(stdout.trimEnd().split("\n").sort(), [
    "a | I am a",
    "b | I am b",
    "c | I am c",
    "d | I am d",
  ])
})

test("the node that fails ends a followed workflow with 1", async () => {
  const node = (nodename: string, dependencies: readonly string[]) => {
    const spec = functionSpec(bed.executorType)
    return { nodename, ...spec, conditions: { ...spec.conditions, dependencies } }
  }
  const cli = bed.cli("submit", bed.spec([node("a", []), node("b", ["a"])]), "--follow")
  await bed.fail(await bed.assign(), "no luck")
  const { code, stderr } = await cli.ended
  assert.equal(code, 1)
  assert.match(stderr, /no luck/)
})

test("more lines than one page of the server come exactly once and in order", async () => {
  const lines = Array.from({ length: 1_234 }, (_, index) => `line ${index}`)
  const cli = bed.cli("submit", specFile(), "--follow")
  const process = await bed.assign()
  await bed.log(process, ...lines.map((line) => `${line}\n`))
  await bed.succeed(process)
  const { code, stdout } = await cli.ended
  assert.equal(code, 0)
  assert.equal(stdout, `${lines.join("\n")}\n`)
  const read = await bed.cli("logs", process.processid).ended
  assert.equal(read.stdout, stdout)
})

test("25 lines asked for one by one, with times beyond 2^53, are 25 lines", async () => {
  const { processid } = await bed.user.call("submitfuncspecmsg", {
    spec: functionSpec(bed.executorType, {
      conditions: { executortype: bed.executorType, colonyname: bed.colony },
    }),
  })
  const process = await bed.assign()
  const sent = Array.from({ length: 25 }, (_, index) => `${index}\n`)
  await bed.log(process, ...sent)
  const got: string[] = []
  let since = 0n
  for (;;) {
    const page = await bed.user.call("getlogsmsg", {
      colonyname: bed.colony,
      processid,
      executorname: "",
      count: 1,
      since,
      latest: false,
    })
    const [entry] = page ?? []
    if (entry === undefined) break
    got.push(entry.message)
    since = BigInt(entry.timestamp)
  }
  assert.deepEqual(got, sent)
  await bed.succeed(process)
})

test("a spec with a mistake is not sent", async () => {
  const { code, stderr } = await bed.cli("submit", specFile({ maxretries: "3" })).ended
  assert.equal(code, 1)
  assert.match(stderr, /nothing was submitted/)
})

test("who is no member is refused in a sentence", async () => {
  const env = `${bed.folder}/stranger.env`
  writeFileSync(env, 'export COLONIES_PRVKEY="'.concat("1".repeat(64), '"\n'))
  const { code, stderr } = await bed.cli("submit", specFile(), "--env", env).ended
  assert.equal(code, 1)
  assert.match(stderr, /not a member of Colony/)
})
