import assert from "node:assert/strict"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { createServer } from "node:net"
import { availableParallelism, homedir, tmpdir } from "node:os"
import { join, relative } from "node:path"
import { after, describe, test } from "node:test"
import type { JobManifest } from "#core/plan/jobManifest"
import type { JsonObject } from "#core/plan/json"
import { clusterContract } from "#engine/cluster.contract"
import { ClusterError } from "#engine/clusterError"
import { bubblewrapRuntime, containerRuntime, type Runtime } from "#engine/local/runtime"
import { createRun, localWorld, logOf, runToEnd, shellJob } from "./localWorld.mts"

const root = mkdtempSync(join(tmpdir(), "local-place-"))
after(() => rmSync(root, { recursive: true, force: true }))
const image = "busybox"
const newFolder = () => mkdtempSync(join(root, "p-"))

/**
 * LOCAL_RUNTIME=podman runs the same suite in containers of an image "busybox" that is there already.
 * Measured with Debian's podman 4.3.1: it passes, once it is told to do with runc and lower limits.
 * As installed it begins no container where the hard limit of open files is below its own (crun:
 * setrlimit RLIMIT_NOFILE: Operation not permitted) or cgroups are mixed of both versions; then
 * findRuntime does not choose it.
 */
const runtime =
  process.env.LOCAL_RUNTIME === "podman" ? containerRuntime("podman") : bubblewrapRuntime([])
const isSandbox = runtime.kind === "bubblewrap"

describe("the place contract, on this machine", () => {
  for (const { name, run } of clusterContract) {
    test(name, { timeout: 60_000 }, async () => {
      const { cluster, until } = await localWorld(newFolder(), runtime)
      try {
        await run({ cluster, namespace: "gene", until: (_what, condition) => until(condition) })
      } finally {
        await Promise.all([...cluster.runs()].map((key) => cluster.deleteExecution(key)))
        await cluster.close()
      }
    })
  }
})

describe("a command in the sandbox", { timeout: 60_000 }, () => {
  test("that removes everything harms nothing outside of its run", async () => {
    const folder = newFolder()
    const outside = join(folder, "outside.txt")
    writeFileSync(outside, "still here")
    const world = await localWorld(folder, runtime)
    const run = await createRun(world, "e")
    const { end } = await runToEnd(
      world,
      run,
      shellJob(run, `rm -rf / --no-preserve-root 2>/dev/null; rm -rf ${outside} /usr/bin; exit 0`),
    )
    assert.equal(end?.kind, "complete")
    assert.equal(readFileSync(outside, "utf8"), "still here")
    assert.equal(existsSync("/usr/bin/env"), true)
  })

  test("cannot read a file in the home folder, connect a socket in /run or /tmp, or see others' processes", async () => {
    const secret = join(homedir(), `.kube-executions-canary-${process.pid}`)
    const path = join(tmpdir(), `kube-executions-canary-${process.pid}.sock`)
    writeFileSync(secret, "secret")
    const server = createServer().listen(path)
    process.env.KUBE_EXECUTIONS_CANARY = "from-the-editor"
    try {
      const world = await localWorld(newFolder(), runtime)
      const run = await createRun(world, "e")
      const { log } = await runToEnd(
        world,
        run,
        shellJob(
          run,
          [
            `cat ${secret} 2>&1 || echo no file`,
            `[ -S ${path} ] && echo socket || echo no socket`,
            'ls /run; echo "env: $KUBE_EXECUTIONS_CANARY"',
            `[ -d /proc/${process.pid} ] && echo process || echo no process`,
            "echo $PWD",
          ].join("\n"),
        ),
      )
      assert.ok(log.includes("no file\nno socket\n"), log)
      assert.ok(log.includes("env: \nno process\n/\n"), log)
      assert.ok(!log.includes("secret\n"))
    } finally {
      delete process.env.KUBE_EXECUTIONS_CANARY
      rmSync(secret, { force: true })
      server.close()
    }
  })

  test("gets no folder of the home by the name of a claim", async () => {
    const folder = mkdtempSync(join(homedir(), ".kube-executions-canary-"))
    writeFileSync(join(folder, "canary"), "unread")
    const world = await localWorld(newFolder(), runtime)
    try {
      const run = await createRun(world, "e")
      const up = relative(join(root, "p-xxxxxx", "runs/default/e/claims"), folder)
      const job = shellJob(run, "cat /data/canary; echo changed > /data/canary", {
        pod: { volumes: [{ name: "v", persistentVolumeClaim: { claimName: up } }] },
        container: { volumeMounts: [{ name: "v", mountPath: "/data" }] },
      })
      await assert.rejects(
        world.cluster.createJob("default", job),
        /is not a name Kubernetes takes/,
      )
      assert.deepEqual([...world.cluster.world(run.key).jobs], [])
      assert.equal(readFileSync(join(folder, "canary"), "utf8"), "unread")
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test("follows no link that an earlier step left in a claim", async () => {
    const outside = mkdtempSync(join(homedir(), ".kube-executions-canary-"))
    writeFileSync(join(outside, "canary"), "unread")
    const folder = newFolder()
    const world = await localWorld(folder, runtime)
    try {
      const leave = await createRun(world, "leave")
      const links = `mkdir /data/in; ln -s ${outside} /data/x; ln -s /oldroot${outside} /data/y; ln -s in /data/z`
      const mounted = (...mounts: JsonObject[]) => ({
        pod: { volumes: [claimOf("data"), { name: "s", emptyDir: {} }] },
        container: { volumeMounts: mounts },
      })
      const data = { name: "v", mountPath: "/data" }
      await runToEnd(world, leave, shellJob(leave, links, mounted(data)))
      const tried = async (name: string, mounts: JsonObject[], more: JsonObject = {}) => {
        const { container, pod } = mounted(...mounts)
        const line = "cat /m/canary; echo changed > /m/canary; ls /data"
        const job = shellJob(leave, line, { pod, container: { ...container, ...more } })
        return runToEnd(world, leave, named(job, name))
      }
      for (const subPath of ["x", "x/new"]) {
        const { end, pods, log } = await tried(`e.${subPath.length}`, [
          data,
          { name: "v", mountPath: "/m", subPath },
        ])
        assert.equal(end?.kind, "failed")
        assert.match(pods[0]?.message ?? "", /"x" of the volume "data" is a link that leads out/)
        assert.equal(log, "")
      }
      const over = await tried("e.over", [data, { name: "s", mountPath: "/data/y/new" }])
      assert.match(over.pods[0]?.message ?? "", /"\/data\/y\/new" leads over a link/)
      await tried("e.works", [data], { workingDir: "/data/y/new" })
      assert.deepEqual(readdirSync(outside), ["canary"])
      assert.equal(readFileSync(join(outside, "canary"), "utf8"), "unread")
      // One that stays inside is as good as on a cluster.
      const inside = await tried("e.in", [{ name: "v", mountPath: "/m", subPath: "z" }])
      assert.match(inside.log, /canary/)
      const claim = join(folder, "runs/default/leave/claims/data")
      assert.equal(readFileSync(join(claim, "in/canary"), "utf8"), "changed\n")
    } finally {
      rmSync(outside, { recursive: true, force: true })
    }
  })

  test("follows no link that its own init container left in scratch space", async () => {
    const outside = mkdtempSync(join(homedir(), ".kube-executions-canary-"))
    const world = await localWorld(newFolder(), runtime)
    try {
      const run = await createRun(world, "e")
      const link = ["sh", "-c", `ln -s ${outside} /s/x`]
      const whole = [{ name: "s", mountPath: "/s" }]
      const job = shellJob(run, "echo changed > /s/new", {
        pod: {
          volumes: [{ name: "s", emptyDir: {} }],
          initContainers: [{ name: "i", image, command: link, volumeMounts: whole }],
        },
        container: { volumeMounts: [{ name: "s", mountPath: "/s", subPath: "x" }] },
      })
      const { end, pods } = await runToEnd(world, run, job)
      assert.equal(end?.kind, "failed")
      assert.match(pods[0]?.message ?? "", /is a link that leads out of it/)
      assert.deepEqual(readdirSync(outside), [])
    } finally {
      rmSync(outside, { recursive: true, force: true })
    }
  })

  test("fails with a sentence when what it mounts cannot be, and gives its place back", async () => {
    const folder = newFolder()
    const world = await localWorld(folder, runtime)
    const run = await createRun(world, "e")
    const claims = join(folder, "runs/default/e/claims")
    mkdirSync(join(claims, "data"), { recursive: true })
    writeFileSync(join(claims, "data/file"), "one\n")
    const mounting = (subPath: string, claim = "data") => ({
      pod: { volumes: [claimOf(claim)] },
      container: { volumeMounts: [{ name: "v", mountPath: "/m", subPath }] },
    })
    // More than there are places on this machine.
    for (let i = 0; i < availableParallelism() + 2; i += 1) {
      const job = shellJob(run, "true", mounting("file/below"))
      const { end, pods } = await runToEnd(world, run, named(job, `e.f.${i}`))
      assert.equal(end?.kind, "failed")
      assert.equal(
        pods[0]?.message,
        '"file" of the volume "data" is no folder, so "file/below" cannot be mounted.',
      )
    }
    // A file where the folder of a claim should be: the machine's own words.
    writeFileSync(join(claims, "other"), "")
    const odd = await runToEnd(
      world,
      run,
      named(shellJob(run, "true", mounting("x", "other")), "e.o"),
    )
    assert.match(odd.pods[0]?.message ?? "", /could not be begun on this machine: EEXIST/)
    const whole = await runToEnd(
      world,
      run,
      named(shellJob(run, "cat /m", mounting("file")), "e.w"),
    )
    assert.equal(whole.log, "one\n")
  })

  test("shares a claim with the run's other steps, and what it wrote outlives the run", async () => {
    const folder = newFolder()
    const world = await localWorld(folder, runtime)
    const run = await createRun(world, "e")
    const volumes = {
      pod: { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data" } }] },
      container: { volumeMounts: [{ name: "v", mountPath: "/data" }] },
    }
    await runToEnd(world, run, shellJob(run, "echo hello > /data/x", volumes))
    await world.cluster.deleteExecution(run.key)
    const kept = join(folder, "kept/default/e", run.uid.slice(0, 8), "data/x")
    assert.equal(readFileSync(kept, "utf8"), "hello\n")
    assert.equal(existsSync(join(folder, "runs/default/e")), false)
  })

  test("runs after its init containers, beside its other containers, as often as its Job says", async () => {
    const world = await localWorld(newFolder(), runtime)
    const run = await createRun(world, "e")
    const volume = { volumeMounts: [{ name: "s", mountPath: "/s" }] }
    const job = shellJob(run, "cat /s/made; echo $NAME $(NAME)", {
      job: { completions: 2, parallelism: 2 },
      pod: {
        volumes: [{ name: "s", emptyDir: {} }],
        initContainers: [
          { name: "first", image, command: ["sh", "-c", "echo made > /s/made"], ...volume },
        ],
        containers: [
          {
            name: "main",
            image,
            command: ["sh", "-c", "cat /s/made; echo $NAME $(NAME)"],
            env: [{ name: "NAME", value: "kim" }],
            ...volume,
          },
          { name: "beside", image, command: ["echo", "beside"] },
        ],
      },
    })
    const { end, pods } = await runToEnd(world, run, job)
    assert.deepEqual([end?.kind, pods.length], ["complete", 2])
    for (const pod of pods) {
      assert.equal(await logOf(world, pod.name, "main"), "made\nkim kim\n")
      assert.equal(await logOf(world, pod.name, "beside"), "beside\n")
      assert.deepEqual(
        pod.containers.map(({ state }) => state.kind),
        ["terminated", "terminated"],
      )
    }
  })

  test("is tried again as often as its Job allows, and no longer than its deadline", async () => {
    const world = await localWorld(newFolder(), runtime)
    const tried = await createRun(world, "tried")
    const failing = await runToEnd(
      world,
      tried,
      shellJob(tried, "exit 7", { job: { backoffLimit: 2 } }),
    )
    assert.deepEqual([failing.end?.reason, failing.pods.length], ["BackoffLimitExceeded", 3])
    const slow = await createRun(world, "slow")
    const late = await runToEnd(
      world,
      slow,
      shellJob(slow, "echo begun; sleep 600", { job: { activeDeadlineSeconds: 1 } }),
    )
    assert.equal(late.end?.reason, "DeadlineExceeded")
  })
})

describe("what runs on this machine", { timeout: 60_000 }, () => {
  test("goes on without the engine, and the next one reads how it ended", async () => {
    const folder = newFolder()
    const first = await localWorld(folder, runtime)
    const run = await createRun(first, "e")
    const claim = {
      pod: { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data" } }] },
      container: { volumeMounts: [{ name: "v", mountPath: "/data" }] },
    }
    const job = shellJob(
      run,
      "echo one; until [ -e /data/go ]; do sleep 0.1; done; echo two",
      claim,
    )
    await first.cluster.createJob("default", job)
    const phase = (world: typeof first) =>
      world.cluster.world(run.key).pods.get(job.metadata.name)?.[0]?.containers[0]?.state.kind
    await first.until(() => phase(first) === "running")
    await first.cluster.close()

    const second = await localWorld(folder, runtime)
    await second.until(() => phase(second) === "running")
    writeFileSync(join(folder, "runs/default/e/claims/data/go"), "")
    const facts = () => second.cluster.world(run.key).jobs.get(job.metadata.name)
    await second.until(() => facts()?.end !== undefined)
    assert.equal(facts()?.end?.kind, "complete")
    const [pod, ...others] = second.cluster.world(run.key).pods.get(job.metadata.name) ?? []
    assert.deepEqual(others, [])
    assert.equal(await logOf(second, pod?.name ?? "", undefined), "one\ntwo\n")
  })

  test("ends with its supervisor, and says that it was ended from outside", async () => {
    const folder = newFolder()
    const world = await localWorld(folder, runtime)
    const run = await createRun(world, "e")
    const job = shellJob(run, "sleep 600")
    await world.cluster.createJob("default", job)
    const pods = () => world.cluster.world(run.key).pods.get(job.metadata.name) ?? []
    await world.until(() => pods()[0]?.containers[0]?.state.kind === "running")
    const pid = Number(supervisorOf(folder).split(" ")[0])
    const inside = children(pid)
    assert.notDeepEqual(inside, [])
    process.kill(pid, "SIGKILL")
    await world.until(() => pods()[0]?.phase === "Failed")
    const state = pods()[0]?.containers[0]?.state
    assert.partialDeepStrictEqual(state, { message: "its supervisor was ended from outside" })
    assert.ok(state?.kind === "terminated" && state.finishedAt)
    assert.ok(
      Math.abs(state.finishedAt - Date.now()) < 60_000,
      "its last sign of life is not known",
    )
    await gone(inside)
  })

  test("is begun again after the machine was started anew, and that is not counted", async () => {
    const folder = newFolder()
    const world = await localWorld(folder, runtime)
    const run = await createRun(world, "e")
    const job = shellJob(run, "sleep 600")
    await world.cluster.createJob("default", job)
    const podsOf = ({ cluster }: typeof world) =>
      cluster.world(run.key).pods.get(job.metadata.name) ?? []
    await world.until(() => podsOf(world)[0]?.containers[0]?.state.kind === "running")
    await world.cluster.close()
    const path = join(folder, "runs/default/e/jobs/e.t.0/pods/0/c0/pid")
    const [pid = ""] = readFileSync(path, "utf8").split(" ")
    process.kill(Number(pid), "SIGKILL")
    // As the file looks after a reboot: another start of the machine wrote it.
    writeFileSync(path, `${pid} 1 another-boot`)

    const next = await localWorld(folder, runtime)
    await next.until(() => podsOf(next)[1]?.containers[0]?.state.kind === "running")
    assert.equal(next.cluster.world(run.key).jobs.get(job.metadata.name)?.end, undefined)
    await next.cluster.deleteExecution(run.key)
  })

  test("goes on with what its run was begun with, and waits in words while that does not answer", async () => {
    const folder = newFolder()
    const first = await localWorld(folder, runtime)
    const run = await createRun(first, "e")
    await runToEnd(first, run, shellJob(run, "echo one"))
    await first.cluster.close()

    // As after a start of the machine where only another one answers yet.
    const other: Runtime = {
      ...containerRuntime("docker"),
      command: () => ["sh", "-c", "echo with the wrong one"],
    }
    let answers = false
    const next = await localWorld(folder, other, async () => answers)
    const job = named(shellJob(run, "echo two"), "e.t.1")
    await next.cluster.createJob("default", job)
    const pods = () => next.cluster.world(run.key).pods.get("e.t.1") ?? []
    await next.until(() => pods()[0]?.conditions[0]?.isTrue === false)
    assert.match(
      pods()[0]?.conditions[0]?.message ?? "",
      new RegExp(`^the run was begun with ${runtime.kind}, which does not answer`),
    )
    // A run that is begun now is not held up.
    const later = await createRun(next, "later")
    assert.match((await runToEnd(next, later, shellJob(later, "true"))).log, /wrong one/)
    assert.equal(pods()[0]?.phase, "Pending")
    answers = true
    await next.until(() => pods()[0]?.phase === "Succeeded")
    assert.equal(await logOf(next, pods()[0]?.name ?? "", undefined), "two\n")
  })

  test("was never begun a second time, so there is no log of before that", async () => {
    const world = await localWorld(newFolder(), runtime)
    const run = await createRun(world, "e")
    const { pods } = await runToEnd(world, run, shellJob(run, "echo hello"))
    const request = { namespace: "default", pod: pods[0]?.name ?? "", container: "main" }
    await assert.rejects(
      world.cluster.readLog({ ...request, previous: true }),
      /previous terminated container "main" in pod ".*" not found/,
    )
  })

  test("leaves no process behind when its run is deleted", async () => {
    const folder = newFolder()
    const world = await localWorld(folder, runtime)
    const run = await createRun(world, "e")
    // It ignores the polite signal and has children of its own.
    const job = shellJob(run, "trap '' TERM; sleep 600 & sleep 601 & wait")
    await world.cluster.createJob("default", job)
    const pods = () => world.cluster.world(run.key).pods.get(job.metadata.name) ?? []
    await world.until(() => pods()[0]?.containers[0]?.state.kind === "running")
    const pid = Number(supervisorOf(folder).split(" ")[0])
    const inside = [pid, ...children(pid)]
    await world.cluster.deleteExecution(run.key)
    await gone(inside)
    assert.equal(existsSync(join(folder, "runs/default/e")), false)
  })

  test("is refused in words where this machine cannot or must not", async () => {
    const world = await localWorld(newFolder(), runtime)
    const run = await createRun(world, "e")
    const cases: [Parameters<typeof shellJob>[2], string][] = [
      [{ pod: { volumes: [{ name: "v", hostPath: { path: "/" } }] } }, "(hostPath)"],
      [{ pod: { volumes: [{ name: "v", secret: { secretName: "s" } }] } }, "only a cluster has"],
      [{ pod: { hostNetwork: true } }, '("hostNetwork")'],
      [{ container: { securityContext: { privileged: true } } }, "wants to be privileged"],
      [{ container: { envFrom: [{ secretRef: { name: "s" } }] } }, "Secret or ConfigMap"],
      [{ container: { resources: { limits: { "nvidia.com/gpu": "1" } } } }, "nvidia.com/gpu"],
    ]
    // An image has a command of its own, the sandbox has no image.
    if (isSandbox) cases.push([{ container: { command: [] } }, "has no command"])
    for (const [more, words] of cases) {
      const refusal = await world.cluster.createJob("default", shellJob(run, "true", more)).then(
        () => undefined,
        (error: unknown) => error,
      )
      assert.ok(refusal instanceof ClusterError, String(refusal))
      assert.ok(
        (refusal as ClusterError).message.includes(words),
        (refusal as ClusterError).message,
      )
    }
    assert.equal(world.cluster.world(run.key).jobs.size, 0)
  })
})

function claimOf(claimName: string): JsonObject {
  return { name: "v", persistentVolumeClaim: { claimName } }
}

function named(job: JobManifest, name: string): JobManifest {
  return { ...job, metadata: { ...job.metadata, name } }
}

function supervisorOf(folder: string): string {
  return readFileSync(join(folder, "runs/default/e/jobs/e.t.0/pods/0/c0/pid"), "utf8")
}

function children(pid: number): number[] {
  const own = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim()
  const pids = own === "" ? [] : own.split(" ").map(Number)
  return pids.flatMap((child) => [child, ...children(child)])
}

/** Waits until none of these processes is left; the test's own limit ends a wait in vain. */
async function gone(pids: readonly number[]): Promise<void> {
  while (pids.some((pid) => existsSync(`/proc/${pid}/exe`) && isAlive(pid))) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"))
  } catch {
    return false
  }
}
