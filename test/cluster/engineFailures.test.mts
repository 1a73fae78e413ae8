import assert from "node:assert/strict"
import { after, before, suite, test } from "node:test"
import { type Cluster, useCluster } from "./cluster.mts"
import { type Engine, phases, type Run, type Seen, startEngine, stepView } from "./engine.mts"
import type { TaskFields, Tasks } from "./engineTasks.mts"

let bed: Cluster
let engine: Engine

before(async () => {
  bed = await useCluster()
  engine = await startEngine(bed, "engine-failures")
})

after(async () => {
  await engine?.close()
  bed?.close()
})

/** What is wrong with step 4 of 6, what people read, and the text that mends it. */
interface Fault {
  readonly name: string
  readonly broken: TaskFields
  readonly mended: TaskFields
  /** The whole reason, without the step's name. */
  readonly says: RegExp
  readonly kind: string
  /** What has to be in the evidence, in Kubernetes' words. */
  readonly evidence: RegExp
  /** The field of the task that an editor marks. */
  readonly field: string | undefined
  /** Kubernetes never ends such a Job by itself: the run waits, says why, and a person stops it. */
  readonly waits?: true
}

/** The shell has to hold 40 MB of text. */
const hungry = "x=$(head -c 40000000 /dev/zero | tr '\\0' x); echo ${#x}"

const faults: readonly Fault[] = [
  {
    name: "bad-image",
    broken: { run: "true", image: "no-such-tools:0.7.18" },
    mended: { run: "true", image: "busybox" },
    says: /^image "no-such-tools:0\.7\.18" cannot be pulled: not found$/,
    kind: "image",
    evidence: /ErrImagePull|ImagePullBackOff/,
    field: "image",
    waits: true,
  },
  {
    name: "exit-1",
    broken: { run: "echo wrong >&2; exit 1" },
    mended: { run: "true" },
    says: /^command ended with exit code 1$/,
    kind: "exit-code",
    evidence: /exit code 1/,
    field: "command",
  },
  {
    name: "exit-127",
    broken: { run: "align.sh --all" },
    mended: { run: "true" },
    says: /^"align\.sh" was not found in the image \(exit code 127\)$/,
    kind: "not-found",
    evidence: /exit code 127/,
    field: "command",
  },
  {
    name: "out-of-memory",
    broken: {
      run: hungry,
      resources: { memory: "32Mi" },
    },
    mended: {
      run: hungry,
      resources: { memory: "512Mi" },
    },
    says: /^ran out of memory: the limit is 32Mi \(OOMKilled, exit code 137\)$/,
    kind: "out-of-memory",
    evidence: /OOMKilled/,
    field: "memory",
  },
  {
    name: "deadline",
    broken: { run: "sleep 600", activeDeadlineSeconds: 2 },
    mended: { run: "true", activeDeadlineSeconds: 600 },
    says: /^took longer than activeDeadlineSeconds: 2$/,
    kind: "deadline",
    evidence: /DeadlineExceeded/,
    field: "activeDeadlineSeconds",
  },
  {
    name: "unschedulable",
    broken: { run: "true", resources: { cpu: "5000" } },
    mended: { run: "true", resources: { cpu: "10m" } },
    says: /^no node has room: (the only one lacks|\d+ of \d+ lack) (5k|5000) of cpu$/,
    kind: "no-node",
    evidence: /Insufficient cpu/,
    field: "cpu",
    waits: true,
  },
  {
    name: "no-claim",
    broken: { run: "true", volumes: { data: { mountPath: "/d", mountFrom: { pvc: "lab-data" } } } },
    mended: { run: "true", volumes: {} },
    says: /^claim "lab-data" does not exist/,
    kind: "claim",
    evidence: /persistentvolumeclaim "lab-data" not found/,
    field: "volumes",
    waits: true,
  },
]

suite("six steps of which the fourth goes wrong:", { concurrency: true }, () => {
  for (const fault of faults) {
    test(`${fault.name}: the reason is right in words, and the mended text reuses what succeeded`, () =>
      failAndMend(engine, fault))
  }

  test("quota: the reason is right in words, and the mended text reuses what succeeded", async () => {
    // A quota is of a whole namespace.
    const own = await startEngine(bed, "engine-quota")
    try {
      await bed.api.create(`/api/v1/namespaces/${own.namespace}/resourcequotas`, {
        metadata: { name: "compute" },
        spec: { hard: { "limits.memory": "64Mi" } },
      })
      const memory = { resources: { memory: "16Mi" } }
      await failAndMend(
        own,
        {
          name: "quota",
          broken: { run: "true", resources: { memory: "1Gi" } },
          mended: { run: "true", ...memory },
          says: /^quota "compute" in "engine-quota-\w+" is used up: \d+(Mi)? of 64Mi memory \(limits\)$/,
          kind: "quota",
          evidence: /exceeded quota: compute/,
          field: undefined,
          waits: true,
        },
        memory,
      )
    } finally {
      await own.close()
    }
  })
})

/** a → b → c → d → e → f: every step but the first follows one, and d is the one that is wrong. */
function chain(fourth: TaskFields, others: TaskFields): Tasks {
  return {
    a: { run: "echo a", ...others },
    b: { run: "echo b", after: "a", ...others },
    c: { run: "echo c", after: "b", ...others },
    d: { ...fourth, after: "c" },
    e: { run: "echo e", after: "d", ...others },
    f: { run: "echo f", after: "e", ...others },
  }
}

async function failAndMend(on: Engine, fault: Fault, others: TaskFields = {}): Promise<void> {
  const { name } = fault
  const run = await on.run(name, chain(fault.broken, others))
  const seen = await (fault.waits ? stuck(run, fault) : run.ended())
  const { reason } = stepView(seen, "d.0")
  assert.match(reason?.sentence ?? "no reason", fault.says)
  assert.equal(reason?.kind, fault.kind)
  assert.equal(reason?.field, fault.field)
  assert.match(reason?.evidence.map(({ text }) => text).join("\n") ?? "", fault.evidence)
  const prefix = fault.waits ? 'execution is running; "d": ' : '"d" failed: '
  assert.equal(seen.status.message, `${prefix}${reason?.sentence}`)
  assert.equal(seen.status.vertices[`${name}.d.0`]?.message, reason?.sentence)
  assert.equal(stepView(seen, "e.0").phase, fault.waits ? "waiting" : "not-started")
  if (fault.waits) {
    await run.wish("stop")
    assert.equal((await run.ended()).view.phase, "stopped")
  }

  const mended = await on.run(`${name}-2`, chain(fault.mended, others), {
    spec: { resumeFrom: { name } },
  })
  const end = await mended.ended()
  assert.equal(end.status.phase, "Succeeded", end.status.message)
  assert.deepEqual(phases(end, `${name}-2`), {
    "a.0": "Reused",
    "b.0": "Reused",
    "c.0": "Reused",
    "d.0": "Succeeded",
    "e.0": "Succeeded",
    "f.0": "Succeeded",
  })
  assert.deepEqual(end.status.resumed?.runsAgain, {
    d: `it did not succeed in "${name}"`,
    e: 'it follows "d", which runs again',
    f: 'it follows "e", which runs again',
  })
  assert.equal((await mended.jobs()).length, 3)
}

/** Waits for the whole reason: what is said first may be less, for example while an image is tried again. */
function stuck(run: Run, { says }: Fault): Promise<Seen> {
  return run.until("it says why it does not go on", (now) => {
    const { reason } = stepView(now, "d.0")
    const isSaid = reason?.isStuck && says.test(reason.sentence)
    return isSaid && now.status.message.endsWith(reason.sentence) && now
  })
}
