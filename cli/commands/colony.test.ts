import { afterEach, beforeEach, expect, test } from "vitest"
import type { ProcessRecord } from "#colonies/client/records"
import { type ColoniesServer, connectColonies } from "#colonies/client/server"
import { openColoniesPlace } from "#colonies/place/openColoniesPlace"
import type { ColoniesServer as TestServer } from "../../test/support/colonies/coloniesServer.mts"
import { devKeys, startDevColony } from "../../test/support/colonies/devColony.mts"
import { main } from "../main.ts"
import { type MemoryEngine, memoryEngine } from "../memoryEngine.fixture.ts"
import { memoryIo } from "../memoryIo.fixture.ts"

let server: TestServer
let user: ColoniesServer
let executor: ColoniesServer
let engine: MemoryEngine

beforeEach(async () => {
  server = await startDevColony()
  const { host, port } = server
  const connect = (privateKey: string) => connectColonies({ host, port, tls: false, privateKey })
  user = connect(devKeys.user)
  executor = connect(devKeys.executor)
  engine = memoryEngine({
    openPlace: (request) => {
      if (request.kind !== "colonies") throw new Error(`${request.kind} was opened`)
      return openColoniesPlace(request)
    },
  })
})

afterEach(async () => {
  engine.end()
  await engine.stop()
  await Promise.all([user.close(), executor.close()])
  await server.close()
})

const environment = () => ({
  COLONIES_SERVER_HOST: server.host,
  COLONIES_SERVER_PORT: String(server.port),
  COLONIES_TLS: "false",
  COLONIES_COLONY_NAME: "dev",
  COLONIES_PRVKEY: devKeys.user,
})

/** Types a command at the colony. */
async function type(...args: readonly string[]) {
  const io = memoryIo({ engine: engine.connect, env: environment() })
  const code = await main([...args, "--place", "colonies"], io)
  return { code, ...io.written }
}

const spec = (changes: object = {}) => ({
  conditions: { colonyname: "dev", executortype: "kube", nodes: 1, processespernode: 1 },
  funcname: "execute",
  kwargs: { cmd: "echo", args: ["hi"] },
  maxexectime: 100,
  ...changes,
})

async function submit(): Promise<string> {
  const { processid } = await user.call("submitfuncspecmsg", { spec: spec() })
  return `execute-${processid.slice(0, 12)}`
}

/** Of tasks where each waits for the one before it. */
async function submitWorkflow(...names: readonly string[]): Promise<string> {
  const functionspecs = names.map((nodename, i) => {
    const { conditions, ...own } = spec({ nodename })
    return { ...own, conditions: { ...conditions, dependencies: names.slice(0, i).slice(-1) } }
  })
  const workflow = { colonyname: "dev", functionspecs }
  const graph = await user.call("submitworkflowspecmsg", { spec: workflow })
  return `workflow-${graph.processgraphid.slice(0, 12)}`
}

function assign(): Promise<ProcessRecord> {
  const wish = { colonyname: "dev", timeout: 20, availablecpu: "", availablemem: "" }
  return executor.call("assignprocessmsg", wish, { timeoutMs: 30_000 })
}

async function log({ processid }: ProcessRecord, message: string) {
  await executor.call("addlogmsg", { processid, message })
}

async function succeed({ processid }: ProcessRecord) {
  await executor.call("closesuccessfulmsg", { processid, out: [] })
}

async function fail({ processid }: ProcessRecord, error: string) {
  await executor.call("closefailedmsg", { processid, errors: [error] })
}

test("get lists a colony's processes and workflows, each time as they are now", async () => {
  expect(await type("get")).toEqual({
    code: 0,
    stdout: "",
    stderr: "There is no run in environment / dev.\n",
  })
  const name = await submit()
  const queued = await type("get")
  expect(queued.stdout).toMatch(new RegExp(`^${name} +Queued +0/1 `, "m"))
  const process = await assign()
  expect((await type("get")).stdout).toMatch(new RegExp(`^${name} +Running `, "m"))
  await succeed(process)
  expect((await type("get")).stdout).toMatch(new RegExp(`^${name} +Succeeded +1/1 `, "m"))
  const workflow = await submitWorkflow("a", "b")
  expect((await type("get", "-o", "name")).stdout.split("\n").sort()).toEqual(
    ["", name, workflow].sort(),
  )
})

test("get NAME lists a workflow's tasks, and -o json is all there is to show", async () => {
  const name = await submitWorkflow("a", "b")
  const { stdout, stderr } = await type("get", name)
  expect(stderr).toBe("")
  expect(stdout).toMatch(/^a +Queued +0\/1 .*waits for an executor of type "kube"$/m)
  expect(stdout).toMatch(/^b +Waiting +0\/1 .*waits for "a"$/m)
  const data = JSON.parse((await type("get", name, "-o", "json")).stdout)
  expect(data).toMatchObject({ name, namespace: "dev", counts: { total: 2 } })
  expect(JSON.parse((await type("describe", name, "-o", "json")).stdout)).toEqual(data)
})

test("describe says where a run is and why it failed, in the words of the colony", async () => {
  const name = await submit()
  await fail(await assign(), "exit code = 3")
  const { code, stdout, stderr } = await type("describe", name)
  expect([code, stderr]).toEqual([0, ""])
  for (const line of [
    new RegExp(`^Name: +${name}$`, "m"),
    new RegExp(`^Place: +environment / dev \\(http://${server.host}:${server.port}\\)$`, "m"),
    /^Phase: +Failed: exit code = 3$/m,
    /^ {4}Seen in: attempt 1, executor kube1$/m,
    / Submitted .*by "myuser"$/m,
    / Assigned .*to "kube1"$/m,
    / Failed .*exit code = 3$/m,
  ]) {
    expect(stdout).toMatch(line)
  }
})

test("events of a workflow are told in the order in which they happened", async () => {
  const name = await submitWorkflow("a", "b")
  for (const _ of ["a", "b"]) await succeed(await assign())
  const { stdout } = await type("events", name, "-o", "json")
  const events: { lastAt: number }[] = JSON.parse(stdout)
  expect(events).toHaveLength(6)
  expect(events.map(({ lastAt }) => lastAt)).toEqual(
    events.map(({ lastAt }) => lastAt).sort((a, b) => a - b),
  )
})

test("logs prints what every process of a workflow logged", async () => {
  const name = await submitWorkflow("a", "b")
  for (const word of ["one", "two"]) {
    const process = await assign()
    await log(process, `${word}\n`)
    await succeed(process)
  }
  const { code, stdout } = await type("logs", name)
  expect(code).toBe(0)
  expect(stdout.split("\n").sort()).toEqual(["", "a.0 | one", "b.0 | two"])
  expect((await type("logs", name, "--step", "b")).stdout).toBe("two\n")
})

test("stop cancels; the server keeps the logs, and there is nothing to go on with", async () => {
  const name = await submitWorkflow("a", "b")
  await log(await assign(), "begun\n")
  const { code, stderr } = await type("stop", name)
  expect(code).toBe(0)
  expect(stderr).toMatch(
    new RegExp(
      `^Stops "${name}" in environment / dev\\.\n"${name}" stopped .*\nNext: kube-executions logs ${name} --place colonies\n$`,
    ),
  )
  expect((await type("logs", name, "--step", "a")).stdout).toBe("begun\n")
  const again = await type("stop", name)
  expect(again.stderr).toMatch(/is over already \(Stopped\)/)
})

test("delete removes the processes, also of a workflow that runs", async () => {
  const name = await submitWorkflow("a", "b")
  await assign()
  const { code, stderr } = await type("delete", name, "--yes")
  expect(code).toBe(0)
  expect(stderr).toBe(
    [
      `Deletes "${name}" from environment / dev, with its 2 processes and what the server keeps of them. It has not ended: running steps end now.`,
      "Files of the colony and what steps wrote elsewhere stay.",
      `"${name}" is deleted.\n`,
    ].join("\n"),
  )
  const gone = await type("get", name)
  expect(gone).toMatchObject({ code: 1, stdout: "" })
  expect(gone.stderr).toMatch(`There is no run "${name}" in "dev" of "environment".`)
})

test("of a workflow with hundreds of tasks get lists each, and no run is said to be missing", async () => {
  const names = Array.from({ length: 260 }, (_, i) => `t${i}`)
  const { conditions, ...own } = spec()
  const functionspecs = names.map((nodename) => ({ nodename, ...own, conditions }))
  const workflow = { colonyname: "dev", functionspecs }
  const graph = await user.call("submitworkflowspecmsg", { spec: workflow })
  const { stdout } = await type("get", `workflow-${graph.processgraphid.slice(0, 12)}`)
  expect(stdout.match(/^t\d+ +Queued /gm)).toHaveLength(260)
  expect((await type("get")).stderr).toBe("")
})

test("get says when the server lists fewer runs than there are", async () => {
  for (let i = 0; i < 101; i += 1) await submit()
  const { stdout, stderr } = await type("get", "-o", "name")
  expect(stdout.trim().split("\n")).toHaveLength(100)
  const cut =
    "There are more runs in environment / dev: of each state the server lists 100 processes and 100 workflows, of those that are over the newest."
  expect(stderr).toBe(`${cut}\n`)
  const unknown = await type("describe", "execute-1")
  expect(unknown.stderr).toContain(cut)
})

test("colonies ps says when a list ends before all is told", async () => {
  for (let i = 0; i < 3; i += 1) await submit()
  const ps = async (count: string) => {
    const io = memoryIo({ env: environment() })
    await main(["colonies", "ps", "-o", "name", "--count", count], io)
    return [io.written.stdout.trim().split("\n").length, io.written.stderr]
  }
  const sentence =
    "Only 2 are listed that are waiting; there may be others. --count 100 lists more.\n"
  expect(await ps("2")).toEqual([2, sentence])
  expect(await ps("4")).toEqual([3, ""])
})

test.each([
  [{ COLONIES_COLONY_NAME: "" }, /"environment" is not whole\. COLONIES_COLONY_NAME is not set/],
  [{ COLONIES_PRVKEY: "1".repeat(64) }, /not a member/],
])("a colony that cannot be opened is refused in a sentence: %o", async (changes, sentence) => {
  const io = memoryIo({ engine: engine.connect, env: { ...environment(), ...changes } })
  expect(await main(["get", "--place", "colonies"], io)).toBe(1)
  expect(io.written.stderr).toMatch(sentence)
  expect(io.written.stderr).not.toContain("1".repeat(64))
})

test("--colony-env names the file that says where the colony is", async () => {
  const io = memoryIo({ engine: engine.connect })
  await main(["get", "--place", "colonies", "--colony-env", "dev.env"], io)
  expect(engine.opened).toEqual([
    {
      kind: "colonies",
      profile: { name: "dev.env", variables: {}, file: expect.stringMatching(/^\/.*\/dev\.env$/) },
    },
  ])
})

test("run submits a spec to the colony, and waits when it is told to", async () => {
  const text = JSON.stringify(spec())
  const io = memoryIo({ env: environment(), files: { "s.json": text } })
  const ended = main(["run", "s.json", "--place", "colonies", "--follow"], io)
  const process = await assign()
  await log(process, "hi\n")
  await succeed(process)
  expect(await ended).toBe(0)
  expect(io.written.stdout).toBe("hi\n")
})

test.each([
  ["--dry-run=server"],
  ["--dry-run=client"],
  ["--name", "n"],
  ["-o", "json"],
  ["--from", "a", "--resume-from", "b"],
  ["--until", "a"],
  ["--resume-from", "b"],
  ["--input", "i.json"],
  ["--claim", "c"],
  ["--files", "colony"],
  ["--driver", "cluster"],
  ["--tool-repo", "t"],
  ["--context", "lab"],
  ["-n", "gene"],
  ["--kubeconfig", "k"],
  ["--without-definition"],
])(
  "run %s %s is refused where a colony would not honour it, and nothing is submitted",
  async (...args) => {
    const io = memoryIo({ env: environment(), files: { "s.json": JSON.stringify(spec()) } })
    expect(await main(["run", "s.json", "--place", "colonies", ...args], io)).toBe(2)
    expect(io.written.stderr).toMatch(
      /^--[\w-]+ does not go with --place colonies: .*\. Nothing was submitted\.\n$/,
    )
    const { stdout } = await type("get", "-o", "name")
    expect(stdout).toBe("")
  },
)

test("--skip-verify and --insecure reach the server's profile, and the command to type next has them", async () => {
  const io = memoryIo({ engine: engine.connect, env: { ...environment(), COLONIES_TLS: "true" } })
  const code = await main(["get", "--place", "colonies", "--skip-verify", "--insecure"], io)
  expect([code, io.written.stderr]).toEqual([0, "There is no run in environment / dev.\n"])
  expect(engine.opened).toMatchObject([{ profile: { skipVerify: true, insecure: true } }])
  const name = await submit()
  const logs = await type("stop", name, "--insecure", "--skip-verify")
  expect(logs.stderr).toContain(`logs ${name} --place colonies --skip-verify --insecure\n`)
})

test("run and colonies take the same options for the same server", async () => {
  const text = JSON.stringify(spec())
  const exports = Object.entries({ ...environment(), COLONIES_TLS: "true" })
  const files = {
    "s.json": text,
    "dev.env": exports.map((one) => `export ${one.join("=")}\n`).join(""),
  }
  const options = ["--colony-env", "dev.env", "--insecure", "--skip-verify"]
  for (const words of [
    ["run", "s.json", "--place", "colonies"],
    ["colonies", "submit", "s.json"],
  ]) {
    const io = memoryIo({ files })
    expect([await main([...words, ...options], io), io.written.stderr]).toEqual([
      0,
      expect.stringMatching(/^Process submitted/),
    ])
    const lost = memoryIo({ files })
    expect(await main(words, lost)).toBe(2)
    expect(lost.written.stderr).toContain("name a file that sets them with --colony-env.")
  }
})

test.each(["retry", "suspend", "drive"])("%s is for places whose runs can go on", async (word) => {
  const { code, stderr } = await type(word, "x")
  expect(code).toBe(2)
  expect(stderr).toMatch(/^--place is "kube", "local" or "rehearsal", not "colonies"\./)
})
