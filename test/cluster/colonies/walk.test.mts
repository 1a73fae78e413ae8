// The page that users of the KubeExecutor have, walked from its first command to its last.
import assert from "node:assert/strict"
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { after, before, test } from "node:test"
import { root } from "../../support/folders.mts"
import { type ExecutorBed, openExecutorBed } from "./executorBed.mts"

let bed: ExecutorBed
before(async () => {
  bed = await openExecutorBed()
  await bed.start({ EXECUTOR_TYPE: "borg-kubeexecutor" })
})
after(() => bed?.close())

/** As it is published. */
const published = {
  conditions: {
    executortype: "borg-kubeexecutor",
    nodes: 2,
    "processes-per-node": 2,
    mem: "1Gi",
    cpu: "500m",
    walltime: 90,
  },
  funcname: "execute",
  kwargs: { cmd: "cat", "docker-image": "busybox", args: ["/cfs/hello/hello.txt"] },
  fs: {
    mount: "/cfs",
    dirs: [
      {
        label: "/hello",
        dir: "/hello",
        keepfiles: true,
        onconflicts: { onstart: { keeplocal: false }, onclose: { keeplocal: true } },
      },
    ],
  },
  maxexectime: 80,
  maxretries: 3,
}

const sync = (moved: string) =>
  `ColonyOS: Starting directory synchronization: Label:/hello Dir:/cfs/hello ${moved}`

test("hello.txt goes up, four containers print it, and what they did is told as on the page", async () => {
  const { colonies } = bed
  const hello = join(colonies.folder, "hello")
  mkdirSync(hello)
  const spec = colonies.spec(published)
  for (const text of ["Hello, World!", "ColonyOS rocks!"]) {
    writeFileSync(join(hello, "hello.txt"), `${text}\n`)
    const up = await colonies.cli("fs", "sync", "-l", "hello", "-d", hello, "--yes").ended
    assert.equal(up.code, 0, up.stderr)
    const { code, stdout, stderr } = await colonies.cli("submit", spec, "--follow").ended
    assert.equal(code, 0, stderr + stdout)
    assert.match(stderr, /Process finished successfully/)
    // The second time the file is there already, with other content.
    const moved = text.startsWith("Hello")
      ? "Download:1 Upload:0 Conflicts:0"
      : "Download:0 Upload:0 Conflicts:1"
    // Four half processors are all that a small node has: other suites may have to make room first.
    const said = stdout
      .trimEnd()
      .split("\n")
      .filter((line) => !/^ColonyOS: Pod ".*" waits: /.test(line))
    assert.deepEqual(said, [
      "ColonyOS: Failed to parse rebuild image flag, setting rebuildImage to false",
      sync(`${moved} ConflictResolutionStrategy:keepremote`),
      ...Array.from({ length: 4 }, () => text),
      sync("Download:0 Upload:0 Conflicts:0 ConflictResolutionStrategy:keeplocal"),
    ])
    assert.equal(readFileSync(join(bed.volume, "hello/hello.txt"), "utf8"), `${text}\n`)
    await bed.noJobs()
  }
})

test("what a Job writes beside its input comes back, and what is not to be kept is removed", async () => {
  const { colonies } = bed
  const [dir] = published.fs.dirs
  const spec = colonies.spec({
    ...published,
    kwargs: {
      ...published.kwargs,
      cmd: "wc -c < /cfs/hello/hello.txt > /cfs/hello/count.txt",
      args: [],
    },
    conditions: { ...published.conditions, nodes: 1, "processes-per-node": 1 },
    fs: { mount: "/cfs", dirs: [{ ...dir, keepfiles: false }] },
  })
  const { code, stdout, stderr } = await colonies.cli("submit", spec, "--follow").ended
  assert.equal(code, 0, stderr + stdout)
  assert.match(stdout, /Upload:1 Conflicts:0 ConflictResolutionStrategy:keeplocal/)
  const down = join(colonies.folder, "down")
  const got = await colonies.cli("fs", "sync", "-l", "hello", "-d", down, "--yes").ended
  assert.equal(got.code, 0, got.stderr)
  assert.equal(readFileSync(join(down, "count.txt"), "utf8").trim(), "16")
  assert.equal(existsSync(join(bed.volume, "hello")), false)
  await bed.noJobs()
})

test("a link that a Job leaves on the volume leads nobody out of it", async () => {
  const { colonies } = bed
  const secret = join(colonies.folder, "secret.txt")
  writeFileSync(secret, "not for the colony\n")
  const spec = colonies.spec({
    ...published,
    kwargs: {
      ...published.kwargs,
      cmd: `ln -s ${secret} /cfs/hello/link.txt; echo ok > /cfs/hello/ok.txt`,
      args: [],
    },
    conditions: { ...published.conditions, nodes: 1, "processes-per-node": 1 },
  })
  const { code, stdout } = await colonies.cli("submit", spec, "--follow").ended
  assert.equal(code, 0, stdout)
  const { stdout: listed } = await colonies.cli("fs", "ls", "-l", "/hello").ended
  assert.match(listed, /ok\.txt/)
  assert.doesNotMatch(listed, /link\.txt/)
})

test("the example whose code Colonies FS delivers runs as its comments say", async () => {
  const { colonies } = bed
  const demo = join(root, "test/fixtures/demo")
  const code = join(demo, "word-lengths")
  const up = await colonies.cli(
    "fs",
    "sync",
    "-l",
    "/demo/word-lengths",
    "-d",
    copyOf(code),
    "--yes",
  ).ended
  assert.equal(up.code, 0, up.stderr)
  const text = readFileSync(join(demo, "code-from-colonies-fs.function.yaml"), "utf8")
  const spec = join(colonies.folder, "code.function.yaml")
  writeFileSync(spec, text.replace("executortype: kubeexecutor", "executortype: borg-kubeexecutor"))
  const { code: ended, stdout, stderr } = await colonies.cli("submit", spec, "--follow").ended
  assert.equal(ended, 0, stderr + stdout)
  assert.match(stdout, /^18 words, /m)
  const [, id = ""] = /ProcessI[dD]=([0-9a-f]{64})/.exec(stderr) ?? []
  const label = `/demo/word-lengths-results/${id}`
  const results = join(colonies.folder, "results")
  const down = await colonies.cli("fs", "sync", "-l", label, "-d", results, "--yes").ended
  assert.equal(down.code, 0, down.stderr)
  assert.match(readFileSync(join(results, "lengths.txt"), "utf8"), /^3 \d+$/m)
  assert.equal(existsSync(join(bed.volume, "src", id)), false)
})

/** A folder that is synchronised gets a file of its own in it. */
function copyOf(folder: string): string {
  const copy = join(bed.colonies.folder, "word-lengths")
  cpSync(folder, copy, { recursive: true })
  return copy
}
