import { expect, test } from "vitest"
import type { JsonObject } from "#core/plan/json"
import { ClusterError } from "#engine/clusterError"
import type { Perform } from "#engine/memory/memoryCluster"
import { performShell } from "#engine/memory/performShell"
import type { DefinitionState } from "#engine/protocol"
import type { LeftDriver } from "#engine/service"
import { main } from "../main.ts"
import { type MemoryEngine, memoryEngine } from "../memoryEngine.fixture.ts"
import { memoryIo } from "../memoryIo.fixture.ts"

const spec = (first: string) => `apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata: {name: wgs}
spec:
  tasks:
  - {name: trim, type: Job, image: busybox, commandSet: ["${first}"]}
  - {name: align, type: Job, image: busybox, commandSet: [echo aligned], dependents: [{target: trim, type: whole}]}
`

test("stop ends the run, and what is over already is no fault", async () => {
  const engine = await running()
  const { code, stderr } = await type(engine, "stop", "wgs", "--no-logs")
  expect(code).toBe(0)
  expect(stderr).toMatch(
    /^Stops "wgs" in lab \/ gene\.\n"wgs" stopped .*stopped by kim\nNext: .* retry wgs\n$/,
  )
  const again = await type(engine, "stop", "wgs")
  expect([again.code, again.stderr]).toEqual([
    0,
    '"wgs" is over already (Stopped); there is nothing to stop.\n',
  ])
})

test("stop saves what running steps printed before it asks for anything", async () => {
  const engine = await running()
  const io = memoryIo({ engine: engine.connect, env: { XDG_STATE_HOME: "/state" } })
  expect(await main(["stop", "wgs"], io)).toBe(0)
  const folder = /^Saves what 1 running step printed in "(.*)"\.\n/.exec(io.written.stderr)?.[1]
  expect([...io.appended.keys()]).toEqual([`${folder}/trim.0.log`])
  expect(folder).toMatch(/^\/state\/kube-executions\/logs\/gene\/wgs\/\d{4}-\d\d-\d\dT\d{6}Z$/)
})

test("where logs cannot be saved nothing is stopped", async () => {
  const engine = await running()
  const io = memoryIo({ engine: engine.connect, readOnly: true })
  const code = await main(["stop", "wgs", "--logs", "/full"], io)
  expect(code).toBe(1)
  expect(io.written.stderr).toMatch(
    /cannot be saved in "\/full" \(EACCES\), so nothing was stopped/,
  )
})

test("drive takes a run that another driver has, and says so when there is nothing to take", async () => {
  const engine = await running()
  const driver = "execution.kubegene.io/driver"
  expect(await type(engine, "drive", "wgs")).toMatchObject({
    code: 0,
    stderr: 'The engine of this machine drives "wgs" in lab / gene already.\n',
  })
  await engine.cluster.annotate("gene/wgs", { [driver]: "cluster" })
  const described = async () => (await type(engine, "describe", "wgs")).stdout
  await expect.poll(described, { timeout: 10_000 }).toMatch(/^Driver: +none yet$/m)
  expect(await type(engine, "drive", "wgs")).toMatchObject({
    code: 0,
    stderr: 'The engine of this machine drives "wgs" in lab / gene from now on.\n',
  })
  await type(engine, "stop", "wgs", "--no-logs")
  expect(await type(engine, "drive", "wgs")).toMatchObject({
    code: 1,
    stderr: '"wgs" is over; it needs no driver.\n',
  })
})

test("leave-driver names what it makes, hands the runs over, and uninstall removes it again", async () => {
  const did: string[] = []
  const objects = ["Deployment/driver", "Role/driver"]
  const engine = await running({
    look: async () => {
      const image = did.length % 2 === 1 ? "node" : null
      return { context: "lab", namespace: "gene", objects, image }
    },
    leave: async (_place, image) => void did.push(`left ${image}`),
    remove: async () => void did.push("removed"),
  })
  expect(await type(engine, "leave-driver", "--image", "mine")).toMatchObject({
    code: 0,
    stderr: `Creates in lab / gene:
  Deployment/driver
  Role/driver
It lives, and drives 1 run: "wgs".
To remove it: kube-executions uninstall
`,
  })
  expect(did).toEqual(["left mine"])
  const { object } = engine.cluster.execution("gene/wgs") ?? {}
  expect(JSON.stringify(object)).toContain('"execution.kubegene.io/driver":"cluster"')
  // Its driver would only live in a cluster, so this machine takes the run back to end it.
  await type(engine, "drive", "wgs")
  await type(engine, "stop", "wgs", "--no-logs")
  expect(await type(engine, "leave-driver", "wgs")).toMatchObject({
    code: 1,
    stderr: '"wgs" is over; it needs no driver.\n',
  })
  expect(await type(engine, "uninstall")).toMatchObject({ code: 0 })
  expect(did).toEqual(["left mine", "removed"])
})

test("uninstall finds a left driver where the cluster knows no Executions, and asks nothing of the cluster", async () => {
  const did: string[] = []
  const engine = memoryEngine({
    openPlace: async () => {
      throw new ClusterError("not-found", "It does not know Executions yet.", undefined, {
        fault: "no-definition",
      })
    },
    leftDriver: {
      look: async () => ({ context: "lab", namespace: "gene", objects: ["A/driver"], image: "i" }),
      remove: async ({ context, namespace }) => void did.push(`removed ${context} ${namespace}`),
    },
    definition: {
      look: async () => {
        throw new ClusterError("forbidden", "You may not look at definitions.")
      },
    },
  })
  const { code, stderr } = await type(engine, "uninstall")
  expect(stderr).toBe(`Removes from lab / gene:
  A/driver
A definition executions.execution.kubegene.io that the cluster has stays; --crd removes it. A controller that was set up with kubectl is removed with kubectl.
`)
  expect([code, did]).toEqual([0, ["removed lab gene"]])
})

test("a left driver is kept for the runs that it has, not for those that others drive", async () => {
  const did: string[] = []
  const engine = memoryEngine({
    leftDriver: {
      look: async () => ({ context: "lab", namespace: "gene", objects: ["A/driver"], image: "i" }),
      remove: async () => void did.push("removed"),
    },
  })
  const make = async (name: string, wanted: string, claim: JsonObject) => {
    const annotations = { "execution.kubegene.io/driver": wanted }
    const tasks = [{ name: "t", type: "Job", image: "busybox", commandSet: ["true"] }]
    const metadata = { name, namespace: "gene", annotations }
    const made = await engine.cluster.createExecution({ metadata, spec: { tasks } })
    await engine.cluster.writeStatus(made, { phase: "Running", vertices: {}, driver: claim })
  }
  const claim = (kind: string, id: string) => ({ kind, id, name: id, leased: true })
  await make("colleague", "local-2", claim("local", "local-2"))
  await make("controlled", "cluster", claim("cluster", "kube-executions-controller"))
  expect(await type(engine, "uninstall")).toMatchObject({ code: 0 })
  expect(did).toEqual(["removed"])
  await make("own", "cluster", claim("cluster", "kube-executions-left-driver"))
  const refused = await type(engine, "uninstall")
  expect([refused.code, did]).toEqual([1, ["removed"]])
  expect(refused.stderr).toContain(
    'The driver that was left in "gene" has runs that are not over: "own".',
  )
})

test("controller runs the driver's program with what it was told", async () => {
  const engine = memoryEngine()
  expect(await type(engine, "controller", "-A", "--health", "0")).toMatchObject({
    code: 0,
    stdout: "driver --health 0 --all-namespaces\n",
  })
  expect((await type(engine, "controller", "--health", "x")).code).toBe(2)
})

test("suspend and resume wait until it is so, and are no fault twice", async () => {
  const engine = await running()
  expect(await type(engine, "suspend", "wgs")).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(
      /"wgs" starts nothing new\. 1 step still finishing\.\nNext: .*resume wgs\n$/,
    ),
  })
  expect((await type(engine, "suspend", "wgs")).stderr).toBe('"wgs" is suspended already.\n')
  expect((await type(engine, "get", "wgs", "-o", "json")).stdout).toContain('"suspended"')
  expect(await type(engine, "resume", "wgs")).toMatchObject({ code: 0 })
  expect(await type(engine, "resume", "wgs")).toEqual({
    code: 0,
    stdout: "",
    stderr: '"wgs" is not suspended.\n',
  })
})

test("what is over can be neither suspended nor resumed, and that says what can be done", async () => {
  const engine = memoryEngine()
  await type(engine, "run", "s.yaml", "--wait")
  expect(await type(engine, "suspend", "wgs")).toMatchObject({
    code: 1,
    stderr: '"wgs" is over already (Succeeded); there is nothing to suspend.\n',
  })
  expect(await type(engine, "resume", "wgs")).toMatchObject({
    code: 1,
    stderr: '"wgs" is over. To try again what failed: kube-executions retry wgs\n',
  })
})

test("retry opens what failed and lets the run go on to its end", async () => {
  let isBroken = true
  const perform: Perform = async (command, job) =>
    job.includes("trim") && isBroken ? { log: "", exitCode: 1 } : performShell(command, job)
  const engine = memoryEngine({ perform })
  expect((await type(engine, "run", "s.yaml", "--wait")).code).toBe(1)
  const missing = await type(engine, "retry", "wgs", "--step", "trim.9")
  expect([missing.code, missing.stderr]).toEqual([
    1,
    '"wgs" has no step and no task "trim.9". Did you mean "trim.0"?\n',
  ])
  const below = await type(engine, "retry", "wgs", "--from", "align")
  expect([below.code, below.stderr]).toEqual([
    1,
    expect.stringMatching(
      /^"align" has no step that failed.*run FILE --resume-from wgs --from TASK\n$/,
    ),
  ])
  isBroken = false
  const { code, stderr } = await type(engine, "retry", "wgs", "--from", "trim")
  expect([code, stderr]).toEqual([
    0,
    expect.stringMatching(/^Tries 1 step of "wgs" in lab \/ gene again\.\n"wgs" goes on\.\nNext: /),
  ])
  const io = memoryIo({ engine: engine.connect })
  const watched = main(["get", "-w"], io)
  await io.until(() => /^wgs +Succeeded/m.test(io.written.stdout))
  io.interrupt()
  await watched
  const nothing = await type(engine, "retry", "wgs")
  expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringMatching(/no step that failed/)])
})

test("delete names the folder of this machine where claims stay", async () => {
  const engine: MemoryEngine = memoryEngine({
    openPlace: async () => {
      const place = { context: "This machine", namespace: "gene", kubeconfig: "", server: "" }
      const info = { id: "local", kind: "local", kept: "/state/kept", ...place } as const
      return { info, cluster: engine.cluster }
    },
  })
  const here = ["--place", "local"]
  const io = memoryIo({ files: { "s.yaml": spec("echo a") }, engine: engine.connect })
  expect(await main(["run", "s.yaml", "--name", "wgs", "--wait", ...here], io)).toBe(0)
  const { stderr } = await type(engine, "delete", "wgs", "--yes", ...here)
  expect(stderr).toContain('What steps wrote to claims stays, in "/state/kept/gene/wgs"')
})

test("delete says what goes and what stays, asks, and waits until it is gone", async () => {
  const engine = await running()
  const asked = memoryIo({ engine: engine.connect, types: () => "n" })
  expect(await main(["delete", "wgs"], asked)).toBe(1)
  expect(asked.written.stderr).toMatch(
    /^Deletes "wgs" from lab \/ gene, with 1 Job, its pods and logs\. It has not ended: .*\nWhat steps wrote .*stays.*\nDelete "wgs"\? \(y\/N\) Nothing was deleted\.\n$/,
  )
  expect([...engine.cluster.runs()]).toHaveLength(1)
  const nobody = await type(engine, "delete", "wgs")
  expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining("add --yes")])
  const meant = memoryIo({ engine: engine.connect, types: () => "y" })
  expect(await main(["delete", "wgs"], meant)).toBe(0)
  expect(meant.written.stderr).toMatch(/"wgs" is deleted\.\n$/)
  expect([...engine.cluster.runs()]).toEqual([])
})

test("wishes on a run that is not there are answered with the nearest name", async () => {
  const engine = await running()
  for (const command of ["stop", "suspend", "resume", "retry", "delete"]) {
    const { code, stderr } = await type(
      engine,
      command,
      "wsg",
      ...(command === "delete" ? ["--yes"] : []),
    )
    expect([code, stderr]).toEqual([
      1,
      'There is no run "wsg" in "gene" of "lab". Did you mean "wgs"?\n',
    ])
  }
})

const definition = (is: DefinitionState["is"], executions: Record<string, number> = {}) => {
  const done: string[] = []
  const differences = is === "other" ? ['spec.scope: "Cluster" in place of "Namespaced"'] : []
  const engine = memoryEngine({
    definition: {
      look: async () => ({
        context: "lab",
        server: "lab:6443",
        is,
        executions,
        differences,
        mayInstall: true,
      }),
      install: async () => void done.push("install"),
      remove: async () => void done.push("remove"),
    },
  })
  return { engine, done }
}

test("install names the cluster and adds the definition where there is none", async () => {
  const { engine, done } = definition("absent")
  expect(await type(engine, "install")).toEqual({
    code: 0,
    stdout: "",
    stderr:
      'Adds the definition executions.execution.kubegene.io to "lab" (lab:6443).\n"lab" (lab:6443) knows Executions now.\n',
  })
  expect(done).toEqual(["install"])
  const there = definition("ours")
  expect((await type(there.engine, "install")).code).toBe(0)
  expect(there.done).toEqual([])
})

test("another definition is shown, and only replaced with --force", async () => {
  const { engine, done } = definition("other")
  const shown = await type(engine, "install")
  expect([shown.code, done]).toEqual([1, []])
  expect(shown.stderr).toContain('  spec.scope: "Cluster" in place of "Namespaced"\n')
  expect((await type(engine, "install", "--force")).code).toBe(0)
  expect(done).toEqual(["install"])
})

test("uninstall leaves the definition alone unless --crd is there and its name is typed", async () => {
  const { engine, done } = definition("ours")
  expect((await type(engine, "uninstall")).stderr).toContain("stays; --crd removes it.")
  expect((await type(engine, "uninstall", "--crd")).code).toBe(2)
  expect((await type(engine, "uninstall", "--crd", "--yes-delete", "executions")).code).toBe(2)
  const wrong = memoryIo({ engine: engine.connect, types: () => "y" })
  expect(await main(["uninstall", "--crd"], wrong)).toBe(1)
  expect(done).toEqual([])
  const right = memoryIo({
    engine: engine.connect,
    types: () => "executions.execution.kubegene.io",
  })
  expect(await main(["uninstall", "--crd"], right)).toBe(0)
  expect(done).toEqual(["remove"])
})

test("uninstall refuses while there is any Execution, with the count of each namespace", async () => {
  const { engine, done } = definition("ours", { gene: 3, lab: 1 })
  const args = ["--crd", "--yes-delete", "executions.execution.kubegene.io"]
  const { code, stderr } = await type(engine, "uninstall", ...args)
  expect([code, done]).toEqual([1, []])
  expect(stderr).toMatch(
    /still has 4 Executions.*\n {2}gene: 3\n {2}lab: 1\nDelete them first\.\n$/,
  )
})

/** An engine with a run whose first step goes on until it is stopped. */
async function running(leftDriver: Partial<LeftDriver> = {}): Promise<MemoryEngine> {
  const found = {
    context: "lab",
    server: "lab:6443",
    executions: {},
    differences: [],
    mayInstall: true,
  }
  const look = async (): Promise<DefinitionState> => ({ ...found, is: "ours" })
  const engine = memoryEngine({ leftDriver, definition: { look } })
  const io = memoryIo({ engine: engine.connect, files: { "s.yaml": spec("sleep 100") } })
  const code = main(["run", "s.yaml", "--wait"], io)
  await io.until(() => io.written.stderr.includes("trim.0 running"))
  io.interrupt()
  await code
  return engine
}

async function type(engine: MemoryEngine, ...args: string[]) {
  const io = memoryIo({ engine: engine.connect, files: { "s.yaml": spec("echo trimmed") } })
  const code = await main(args, io)
  return { code, ...io.written }
}
