import assert from "node:assert/strict"
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises"
import os from "node:os"
import path from "node:path"
import { after, before, suite, test } from "node:test"
import { root } from "../support/folders.mts"
import { type Cluster, type Namespace, useCluster } from "./cluster.mts"
import { installExecutions } from "./installExecutions.mts"
import { until } from "./until.mts"

let bed: Cluster
let namespace: Namespace
let folder: string

before(async () => {
  bed = await useCluster()
  await installExecutions(bed)
  namespace = await bed.namespace("cli")
  folder = await mkdtemp(path.join(os.tmpdir(), "kube-executions-cli-"))
})

after(async () => {
  await namespace?.remove()
  const engine = Number(await readFile(path.join(folder, "engine.lock"), "utf8").catch(() => ""))
  if (engine > 0) {
    process.kill(engine)
    await until("the engine has ended", async () => !existsSync(path.join(folder, "engine.lock")))
  }
  await rm(folder, { recursive: true, force: true })
  bed?.close()
})

suite("the command line on a real cluster", { concurrency: true }, () => {
  test("a run is followed to its end, and is listed, described and read afterwards", async () => {
    const file = await write("chain", ["echo one", "echo two; sleep 1"])
    const run = await cli("run", file, "--follow")
    assert.equal(run.code, 0, run.stderr)
    const [name, ...lines] = run.stdout.trimEnd().split("\n")
    assert.deepEqual([name, lines.sort()], ["chain", ["a.0 | one", "b.0 | two"]])
    assert.match(run.stderr, new RegExp(`^Runs "chain" in \\S+ / ${namespace.name}: 2 Jobs\\.\n`))
    assert.match(run.stderr, /\d\d:\d\d:\d\d b\.0 succeeded\n"chain" succeeded after .*\nNext: /)
    assert.match((await cli("get")).stdout, /^chain +Succeeded +2\/2 +0 /m)
    assert.match((await cli("get", "chain")).stdout, /^b +Succeeded +1\/1( +\d+s){3}$/m)
    assert.equal((await cli("logs", "chain", "--step", "a")).stdout, "one\n")
    const timed = await cli("logs", "chain", "--step", "a", "--timestamps", "--tail", "1")
    assert.match(timed.stdout, /^\d{4}-\d\d-\d\dT\S+Z one\n$/)
    const { stdout } = await cli("events", "chain")
    assert.match(stdout, /Normal +Started +Execution\/chain/)
    assert.match(stdout, /Normal +Succeeded +Execution\/chain/)
  })

  test("a failure is said with its evidence, mended with what is reused, and the name counts on", async () => {
    const bad = await cli("run", await write("mend", ["echo one", "echo why; exit 4"]), "--wait")
    assert.equal(bad.code, 1)
    assert.match(bad.stderr, /b\.0 failed: .*exit code 4\n(?:.*\n)*"mend" failed after/)
    const next = /Next: kube-executions (logs mend --step b\.0)/.exec(bad.stderr)?.[1]
    assert.ok(next, bad.stderr)
    assert.equal((await cli(...next.split(" "))).stdout, "why\n")
    const page = (await cli("describe", "mend")).stdout
    assert.match(page, /^ {2}b\.0 {2}Failed: .*exit code 4\n {4}Command: echo why; exit 4\n/m)
    const file = await write("mend", ["echo one", "echo fixed"])
    const good = await cli("run", file, "--resume-from", "mend", "--wait", "-o", "json")
    assert.equal(good.code, 0, good.stderr)
    assert.match(good.stderr, /There is a run "mend" already; this one is "mend-2"\./)
    const { phase, tasks } = JSON.parse(good.stdout)
    const phases = tasks.map((task: { phase: string }) => task.phase)
    assert.deepEqual([phase, phases], ["succeeded", ["reused", "succeeded"]])
  })

  test("what is stopped has its logs saved first, and is tried again", async () => {
    const run = background("run", await write("halt", [slow, "echo two"]), "--follow")
    await run.until(() => run.stdout.includes("a.0 | begun"))
    const stop = await cli("stop", "halt", "--logs", path.join(folder, "saved"))
    assert.equal(stop.code, 0, stop.stderr)
    assert.equal(await readFile(path.join(folder, "saved/a.0.log"), "utf8"), "begun\n")
    assert.equal(await run.code, 1)
    assert.match(run.stderr, /"halt" stopped .*stopped by .*\nNext: kube-executions retry halt/)
    const retry = await cli("retry", "halt")
    assert.equal(retry.code, 0, retry.stderr)
    const suspend = await cli("suspend", "halt")
    assert.match(suspend.stderr, /"halt" starts nothing new\./)
    assert.equal((await cli("resume", "halt")).code, 0)
    const gone = await cli("delete", "halt", "--yes")
    assert.equal(gone.code, 0, gone.stderr)
    const left = `execution.kubegene.io/execution=halt`
    const jobs = await bed.kubectl("get", "jobs,pods", "-n", namespace.name, "-l", left)
    assert.equal(jobs.stdout, "")
  })

  test("Ctrl+C while waiting leaves the run going", async () => {
    const run = background("run", await write("keep", [slow, "echo two"]), "--wait")
    await run.until(() => run.stderr.includes("a.0 running"))
    run.child.kill("SIGINT")
    assert.equal(await run.code, 130)
    assert.match(run.stderr, /"keep" goes on\. To stop it: kube-executions stop keep/)
    assert.match((await cli("get", "keep", "-o", "json")).stdout, /"phase": "running"/)
    assert.equal((await cli("delete", "keep", "--yes", "--no-wait")).code, 0)
  })

  test("a dry run on the server tells of each Job what the API server says", async () => {
    const file = await write("dry", ["echo one", "echo two"])
    const good = await cli("run", file, "--dry-run=server")
    assert.deepEqual([good.code, good.stderr.includes("2 Jobs would be created.")], [0, true])
    const odd = await write("odd", ["echo one", "echo two"], "Bad_Label")
    const refused = await cli("run", odd, "--dry-run=server", "-o", "json")
    assert.equal(refused.code, 1, refused.stderr)
    const answers: { job: string; refusal?: string }[] = JSON.parse(refused.stdout)
    assert.deepEqual(
      answers.map(({ job, refusal }) => [job, refusal !== undefined]),
      [
        ["odd.a.0", true],
        ["odd.b.0", false],
      ],
    )
    const executions = await bed.kubectl("get", "executions", "-n", namespace.name, "-o", "name")
    assert.doesNotMatch(executions.stdout, /dry|odd/)
  })

  test("as a plug-in of kubectl it calls itself so, and takes its own options", async () => {
    const bin = path.join(folder, "bin")
    await mkdir(bin)
    await symlink(bundle, path.join(bin, "kubectl-executions"))
    const asked = await call(process.execPath, [
      path.join(bin, "kubectl-executions"),
      "get",
      "nobody",
      "-n",
      namespace.name,
    ])
    assert.equal(asked.code, 1)
    assert.match(asked.stderr, /^There is no run "nobody" in /)
    const wrong = await call(process.execPath, [path.join(bin, "kubectl-executions"), "gett"])
    assert.match(wrong.stderr, /See kubectl executions --help\.\n$/)
  })

  test("a kubeconfig that leads nowhere is one sentence", async () => {
    const good = await readFile(bed.kubeconfig, "utf8")
    const script = path.join(folder, "login.sh")
    await writeFile(script, "#!/bin/sh\necho token cache is locked >&2\nexit 3\n", { mode: 0o755 })
    const user = (lines: string) =>
      good.replace(/users:[\s\S]*?(?=contexts:)/, `users:\n  - name: admin\n    user:\n${lines}`)
    const exec = (command: string) =>
      user(
        `      exec:\n        apiVersion: client.authentication.k8s.io/v1\n        interactiveMode: Never\n        command: ${command}\n`,
      )
    const cases: [string, string, RegExp][] = [
      ["broken", "clusters: [", /^The kubeconfig ".*broken", line \d+, cannot be read: .*\n$/],
      [
        "refused",
        good.replace(/server: .*/, "server: https://127.0.0.1:1"),
        /cannot be reached: the connection was refused\.\n$/,
      ],
      ["expired", user("      token: expired\n"), /does not accept the login .*401.*\n$/],
      [
        "no-login",
        exec("no-such-login"),
        /^The login plug-in "no-such-login" .* was not found\..*\n$/,
      ],
      ["login", exec(script), /^The login plug-in ".*" stopped: token cache is locked\n$/],
    ]
    for (const [name, text, sentence] of cases) {
      const file = path.join(folder, name)
      await writeFile(file, text)
      const { code, stdout, stderr } = await cli("get", "--kubeconfig", file)
      assert.deepEqual([code, stdout], [1, ""], name)
      assert.match(stderr, sentence)
      assert.equal(stderr.split("\n").length, 2, stderr)
    }
    const missing = await cli("get", "--kubeconfig", path.join(folder, "missing"))
    assert.match(missing.stderr, /^No kubeconfig: ".*missing" is not there\./)
  })

  test("the definition is known already, and stays while there are Executions", async () => {
    const file = await write("stay", ["true", "true"])
    assert.equal((await cli("run", file, "--wait")).code, 0)
    assert.match(
      (await call(process.execPath, [bundle, "install"])).stderr,
      /knows Executions already/,
    )
    const args = ["--crd", "--yes-delete", "executions.execution.kubegene.io"]
    const removed = await call(process.execPath, [bundle, "uninstall", ...args])
    assert.equal(removed.code, 1)
    assert.match(
      removed.stderr,
      new RegExp(`still has \\d+ Execution.*\n(.*\n)* {2}${namespace.name}: \\d+\n`),
    )
  })
})

const bundle = path.join(root, "dist/cli.js")

/** As process 1 of a container a shell ends only when it is told how. */
const slow = "echo begun; trap exit TERM; sleep 600 & wait"

/** A spec of two tasks, the second after the first. */
async function write(name: string, [a, b]: [string, string], label?: string): Promise<string> {
  const task = (task: string, command: string, rest: object = {}) => {
    return { name: task, type: "Job", image: "busybox", commandSet: [command], ...rest }
  }
  const template = label === undefined ? {} : { jobTemplate: templateWith(label) }
  const tasks = [
    task("a", a, template),
    task("b", b, { dependents: [{ target: "a", type: "whole" }] }),
  ]
  const apiVersion = "execution.kubegene.io/v1alpha1"
  const object = { apiVersion, kind: "Execution", metadata: { name }, spec: { tasks } }
  const file = path.join(await mkdtemp(path.join(folder, "spec-")), "spec.json")
  await writeFile(file, JSON.stringify(object))
  return file
}

/** A service account's name that the API server does not take. */
function templateWith(serviceAccountName: string) {
  return { spec: { template: { spec: { serviceAccountName } } } }
}

function cli(...args: string[]) {
  return call(process.execPath, [bundle, ...args, "-n", namespace.name])
}

async function call(command: string, args: readonly string[]) {
  const child = start(command, args)
  const code = await child.code
  return { code, stdout: child.stdout, stderr: child.stderr }
}

function background(...args: string[]) {
  return start(process.execPath, [bundle, ...args, "-n", namespace.name])
}

interface Started {
  readonly child: ChildProcess
  readonly code: Promise<number | null>
  readonly stdout: string
  readonly stderr: string
  /** Resolves as soon as what it says makes it true. */
  readonly until: (isSo: () => boolean) => Promise<void>
}

function start(command: string, args: readonly string[]): Started {
  const env = { ...process.env, KUBECONFIG: bed.kubeconfig, KUBE_EXECUTIONS_HOME: folder }
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] })
  const said = { stdout: "", stderr: "" }
  const looks = new Set<() => void>()
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text
      for (const look of [...looks]) look()
    })
  }
  const code = new Promise<number | null>((resolve) => child.on("close", resolve))
  return {
    child,
    code,
    get stdout() {
      return said.stdout
    },
    get stderr() {
      return said.stderr
    },
    until: (isSo) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!isSo()) return
          looks.delete(look)
          resolve()
        }
        looks.add(look)
        child.on("close", () => reject(new Error(`it ended first: ${said.stderr}`)))
        look()
      }),
  }
}
