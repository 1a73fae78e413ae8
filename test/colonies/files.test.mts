import assert from "node:assert/strict"
import { createHash, randomBytes } from "node:crypto"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { after, before, test } from "node:test"
import { type Bed, openBed, storageEnvironment } from "./bed.mts"

let bed: Bed
before(async () => {
  bed = await openBed()
})
after(() => bed.close())

const newFolder = () => mkdtempSync(join(bed.folder, "f-"))
const newLabel = () => `/suite-${randomBytes(6).toString("hex")}`
const read = (folder: string, name: string) => readFileSync(join(folder, name), "utf8")

async function sync(dir: string, label: string, ...more: readonly string[]) {
  const { code, stdout, stderr } = await bed.cli(
    ...["fs", "sync", "-d", dir, "-l", label, "--yes", ...more],
  ).ended
  return { code, stdout, stderr }
}

async function synced(dir: string, label: string, ...more: readonly string[]) {
  const { code, stderr } = await sync(dir, label, ...more)
  assert.equal(code, 0, stderr)
  return stderr
}

/** A record that no tool of ours would write. */
async function addRecord(label: string, name: string, bytes: string) {
  const object = randomBytes(32).toString("hex")
  bed.s3.objects.set(`suite/${object}`, Buffer.from(bytes))
  const s3object = {
    ...{ server: bed.s3.endpoint, port: -1, tls: false, accesskey: "", secretkey: "" },
    ...{ region: "", encryptionkey: "", encryptionalg: "", object, bucket: "suite" },
  }
  await bed.user.call("addfilemsg", {
    file: {
      colonyname: bed.colony,
      label,
      name,
      size: bytes.length,
      checksum: createHash("sha256").update(bytes).digest("hex"),
      checksumalg: "SHA256",
      ref: { protocol: "s3", s3object },
    },
  })
  return object
}

test("a folder goes up with its folders, comes down elsewhere, and then there is nothing to do", async () => {
  const label = newLabel()
  const from = newFolder()
  mkdirSync(join(from, "deep/er"), { recursive: true })
  writeFileSync(join(from, "hello.txt"), "hello\n")
  writeFileSync(join(from, "deep/er/å b.txt"), "deep")
  // Two of the same content and two without any, in one folder.
  for (const name of ["same1", "same2"]) writeFileSync(join(from, name), "the same")
  for (const name of ["empty1", "empty2"]) writeFileSync(join(from, name), "")
  await synced(from, label)
  const to = newFolder()
  await synced(to, label)
  assert.equal(read(to, "hello.txt"), "hello\n")
  assert.equal(read(to, "deep/er/å b.txt"), "deep")
  for (const name of ["same1", "same2"]) assert.equal(read(to, name), "the same")
  for (const name of ["empty1", "empty2"]) assert.equal(read(to, name), "")
  assert.deepEqual(
    readdirSync(to, { recursive: true }).filter((name) => String(name).includes("part")),
    [],
  )
  for (const folder of [from, to]) assert.match(await synced(folder, label), /nothing to do/)
})

test("files of equal content in one folder all arrive, however many come at once", async () => {
  const label = newLabel()
  const from = newFolder()
  const names = Array.from({ length: 60 }, (_, index) => `${index}.txt`)
  for (const [index, name] of names.entries()) {
    writeFileSync(join(from, name), index % 2 === 0 ? "the same in many" : "")
  }
  await synced(from, label)
  const to = newFolder()
  await synced(to, label)
  for (const [index, name] of names.entries()) {
    assert.equal(read(to, name), index % 2 === 0 ? "the same in many" : "", name)
  }
})

test("a tree whose root holds no file comes down too", async () => {
  const label = newLabel()
  const from = newFolder()
  mkdirSync(join(from, "sub"))
  writeFileSync(join(from, "sub/a.txt"), "a")
  await synced(from, label)
  const to = newFolder()
  await synced(to, label)
  assert.equal(read(to, "sub/a.txt"), "a")
})

test("where both differ the folder wins, or with --keep-remote the server", async () => {
  const label = newLabel()
  const [one, two] = [newFolder(), newFolder()]
  writeFileSync(join(one, "a.txt"), "first")
  await synced(one, label)
  await synced(two, label)
  writeFileSync(join(two, "a.txt"), "second")
  await synced(two, label)
  await synced(one, label, "--keep-remote")
  assert.equal(read(one, "a.txt"), "second")
  writeFileSync(join(one, "a.txt"), "third")
  await synced(two, label)
  await synced(one, label)
  await synced(two, label, "--keep-remote")
  assert.equal(read(two, "a.txt"), "third")
})

test("--dry says what would be done and does nothing", async () => {
  const label = newLabel()
  const folder = newFolder()
  writeFileSync(join(folder, "a.txt"), "a")
  const { code, stdout } = await bed.cli("fs", "sync", "-d", folder, "-l", label, "--dry").ended
  assert.equal(code, 0)
  assert.match(stdout, /upload +a\.txt/)
  const { stderr } = await bed.cli("fs", "ls", "-l", label).ended
  assert.match(stderr, /No files/)
})

test("a snapshot brings back what was, after the files have changed", async () => {
  const label = newLabel()
  const folder = newFolder()
  mkdirSync(join(folder, "sub"))
  writeFileSync(join(folder, "a.txt"), "then")
  writeFileSync(join(folder, "sub/b.txt"), "below")
  await synced(folder, label)
  const name = label.slice(1)
  const made = await bed.cli("fs", "snapshot", "create", "-l", label, "--name", name).ended
  assert.equal(made.code, 0, made.stderr)
  assert.match(made.stdout, /^[0-9a-f]{64}\n$/)
  writeFileSync(join(folder, "a.txt"), "now")
  await synced(folder, label)
  const to = join(newFolder(), "new")
  const got = await bed.cli("fs", "snapshot", "download", "--name", name, "-d", to).ended
  assert.equal(got.code, 0, got.stderr)
  assert.deepEqual([read(to, "a.txt"), read(to, "sub/b.txt")], ["then", "below"])
})

test("an object that does not have its record's checksum is refused, and the file that was there stays", async () => {
  const label = newLabel()
  const object = await addRecord(label, "a.txt", "as it was sent")
  bed.s3.objects.set(`suite/${object}`, Buffer.from("as it rotted.."))
  const folder = newFolder()
  writeFileSync(join(folder, "a.txt"), "mine")
  const { code, stderr } = await sync(folder, label, "--keep-remote")
  assert.equal(code, 1)
  assert.match(stderr, /damaged/)
  assert.doesNotMatch(stderr, /fault in kube-executions/)
  assert.equal(read(folder, "a.txt"), "mine")
})

test("names and labels that lead out of the folder are left alone", async () => {
  const label = newLabel()
  const top = newFolder()
  const folder = join(top, "in")
  await addRecord(label, "good.txt", "good")
  await addRecord(label, "../out.txt", "bad")
  await addRecord(`${label}/../../out`, "b.txt", "bad")
  const stderr = await synced(folder, label)
  assert.match(stderr, /outside of the folder/)
  assert.equal(read(folder, "good.txt"), "good")
  assert.deepEqual(readdirSync(top), ["in"])
  assert.equal(existsSync(join(folder, "out.txt")), false)
})

test("records carry no storage keys", async () => {
  const label = newLabel()
  const folder = newFolder()
  writeFileSync(join(folder, "a.txt"), "a")
  await synced(folder, label)
  const [record] =
    (await bed.user.call("getfilemsg", {
      colonyname: bed.colony,
      label,
      name: "a.txt",
      latest: true,
    })) ?? []
  const { accesskey, secretkey } = record?.ref.s3object ?? {}
  assert.deepEqual([accesskey, secretkey], ["", ""])
})

test("a file of 40 MB goes in parts, and after a cut only what is missing is sent", async () => {
  const label = newLabel()
  const folder = newFolder()
  const bytes = randomBytes(40 * 1024 ** 2)
  writeFileSync(join(folder, "big.bin"), bytes)
  bed.s3.cutWhen = (request) => /^PUT .*partNumber=3/.test(request)
  const cut = await sync(folder, label)
  assert.equal(cut.code, 1)
  assert.match(cut.stderr, /cannot be reached/)
  assert.doesNotMatch(cut.stderr, /fault in kube-executions/)
  const parts = () => bed.s3.requests.filter((request) => /^PUT .*partNumber=/.test(request)).length
  const before = parts()
  assert.equal(before, 2)
  bed.s3.cutWhen = undefined
  await synced(folder, label)
  assert.equal(parts() - before, 1)
  const to = newFolder()
  bed.s3.cutWhen = (request) => request.startsWith("GET ")
  const halved = await sync(to, label)
  assert.equal(halved.code, 1)
  assert.match(halved.stderr, /what has arrived is kept/)
  assert.equal(existsSync(join(to, "big.bin")), false)
  bed.s3.cutWhen = undefined
  await synced(to, label)
  assert.ok(readFileSync(join(to, "big.bin")).equals(bytes))
})

test("a large file is there although the last answer of the storage was lost", async () => {
  const label = newLabel()
  const folder = newFolder()
  const bytes = randomBytes(17 * 1024 ** 2)
  writeFileSync(join(folder, "big.bin"), bytes)
  let lost = 0
  bed.s3.loseAnswerWhen = (request) => /^POST .*uploadId=/.test(request) && lost++ === 0
  await synced(folder, label)
  bed.s3.loseAnswerWhen = undefined
  assert.equal(lost > 0, true)
  const to = newFolder()
  await synced(to, label)
  assert.ok(readFileSync(join(to, "big.bin")).equals(bytes))
})

test("a wrong storage key is told as one", async () => {
  const env = join(bed.folder, "wrong.env")
  const lines = Object.entries({ ...storageEnvironment(bed.s3), AWS_S3_SECRETKEY: "wrong" })
  writeFileSync(env, lines.map(([name, value]) => `export ${name}="${value}"\n`).join(""))
  const { code, stderr } = await sync(newFolder(), newLabel(), "--env", env)
  assert.equal(code, 1)
  assert.match(stderr, /AWS_S3_SECRETKEY/)
})
