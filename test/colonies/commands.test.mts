import assert from "node:assert/strict"
import { randomBytes } from "node:crypto"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { after, before, test } from "node:test"
import { type Bed, functionSpec, openBed } from "./bed.mts"

let bed: Bed
before(async () => {
  bed = await openBed()
})
after(() => bed.close())

const newFolder = () => mkdtempSync(join(bed.folder, "c-"))
const newName = () => `suite-${randomBytes(6).toString("hex")}`

async function done(...args: readonly string[]) {
  const ended = await bed.cli(...args).ended
  assert.equal(ended.code, 0, ended.stderr)
  return ended
}

test("processes are listed by their label, with the state they are in", async () => {
  const label = newName()
  const file = bed.spec(functionSpec(bed.executorType))
  const id = (await done("submit", file, "--label", label)).stdout.trim()
  assert.match(id, /^[0-9a-f]{64}$/)
  const names = async (state: string) =>
    (await done("ps", "--label", label, "--state", state, "-o", "name")).stdout
  assert.deepEqual([await names("waiting"), await names("running")], [`${id}\n`, ""])
  const process = await bed.assign()
  assert.deepEqual([await names("waiting"), await names("running")], ["", `${id}\n`])
  await bed.succeed(process)
  const { stdout } = await done("ps", "--label", label)
  assert.match(stdout, new RegExp(`${id} +execute +Successful`))
})

test("numbers beyond 2^53 are printed digit for digit", async () => {
  const label = newName()
  const id = (
    await done("submit", bed.spec(functionSpec(bed.executorType)), "--label", label)
  ).stdout.trim()
  const { stdout } = await done("ps", "--label", label, "-o", "json")
  assert.match(stdout, /"prioritytime":\d{19}[,}]/)
  await done("cancel", id)
})

test("a log is printed with the time of each line when that is asked for", async () => {
  const id = (await done("submit", bed.spec(functionSpec(bed.executorType)))).stdout.trim()
  const process = await bed.assign()
  await bed.log(process, "one\ntw", "o\n")
  await bed.succeed(process)
  const { stdout } = await done("logs", id, "--timestamps")
  const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z`
  assert.match(stdout, new RegExp(`^${time} one\n${time} two\n$`))
})

test("a spec that mounts a snapshot is sent with one that was taken for it", async () => {
  const label = `/${newName()}`
  const folder = newFolder()
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, "a.py"), "print()")
  await done("fs", "sync", "-d", folder, "-l", label, "--yes")
  const mount = { snapshotid: "{snapshotid}", label, dir: "/src", keepfiles: false }
  const file = bed.spec(
    functionSpec(bed.executorType, { fs: { mount: "/cfs", snapshots: [mount] } }),
  )
  await done("submit", file, "--snapshot")
  const process = await bed.assign()
  const fs = process.spec.fs as { readonly snapshots: readonly { readonly snapshotid: string }[] }
  const snapshotid = fs.snapshots[0]?.snapshotid ?? ""
  const snapshot = await bed.user.call("getsnapshotmsg", {
    colonyname: bed.colony,
    snapshotid,
    name: "",
  })
  assert.deepEqual([snapshot.label, snapshot.fileids?.length], [label, 1])
  await bed.succeed(process)
})

test("one file is listed, fetched, not written over, and removed", async () => {
  const label = `/${newName()}`
  const folder = newFolder()
  writeFileSync(join(folder, "a.txt"), "hello")
  await done("fs", "sync", "-d", folder, "-l", label, "--yes")
  assert.match((await done("fs", "ls", "-l", label)).stdout, /a\.txt +5 B/)
  assert.match((await done("fs", "labels")).stdout, new RegExp(`${label} +1`))
  const to = newFolder()
  const get = ["fs", "get", "-l", label, "--name", "a.txt", "-d", to] as const
  await done(...get)
  assert.equal(readFileSync(join(to, "a.txt"), "utf8"), "hello")
  assert.equal((await bed.cli(...get).ended).code, 1)
  await done("fs", "remove", "-l", label, "--name", "a.txt", "--yes")
  assert.match((await done("fs", "ls", "-l", label)).stderr, /No files/)
  assert.equal(existsSync(join(folder, "a.txt")), true)
  const gone = await bed.cli("fs", "get", "-l", label, "--name", "a.txt", "-d", newFolder()).ended
  assert.equal(gone.code, 1)
  assert.doesNotMatch(gone.stderr, /fault in kube-executions/)
})

test("Ctrl+C leaves the process running and ends with 130", async () => {
  const cli = bed.cli("submit", bed.spec(functionSpec(bed.executorType)), "--follow")
  const process = await bed.assign()
  await cli.until(/Process running/)
  cli.child.kill("SIGINT")
  assert.equal((await cli.ended).code, 130)
  const { state } = await bed.user.call("getprocessmsg", { processid: process.processid })
  assert.equal(state, 1)
  await bed.succeed(process)
})

test("a server that is not there is told with its address", async () => {
  const env = join(bed.folder, "nowhere.env")
  writeFileSync(
    env,
    'export COLONIES_SERVER_HOST="127.0.0.1"\nexport COLONIES_SERVER_HTTP_PORT="1"\nexport COLONIES_TLS="false"\n',
  )
  const { code, stderr } = await bed.cli("ps", "--env", env).ended
  assert.equal(code, 1)
  assert.match(stderr, /127\.0\.0\.1:1 cannot be reached/)
})
