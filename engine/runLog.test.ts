import { expect, test } from "vitest"
import { annotations } from "#core/plan/labels"
import type { LogRequest } from "./cluster.ts"
import { ClusterError } from "./clusterError.ts"
import { MemoryCluster } from "./memory/memoryCluster.ts"
import { performShell } from "./memory/performShell.ts"
import { OpenedPlace } from "./openedPlace.ts"
import { copyRunLog } from "./runLog.ts"

const broken = new ClusterError("offline", "here cannot be reached: the connection was cut.")

/** What following the only step of a run tells when its log answers so, one after the other. */
async function followed(answers: readonly (() => AsyncIterable<string>)[]): Promise<string[]> {
  const left = [...answers]
  class Flaky extends MemoryCluster {
    override async readLog(request: LogRequest): Promise<AsyncIterable<string>> {
      return left.shift()?.() ?? super.readLog(request)
    }
  }
  const cluster = new Flaky(performShell, Date.now)
  const self = {
    kind: "local",
    id: "local-1",
    name: "ann on lab",
    holder: "ann on lab (1)",
  } as const
  const info = {
    id: "memory",
    kind: "kube",
    kubeconfig: "",
    context: "lab",
    namespace: "gene",
    server: "here",
  } as const
  const place = new OpenedPlace(info, cluster, self, () => {})
  await place.start()
  await cluster.createExecution({
    apiVersion: "execution.kubegene.io/v1alpha1",
    kind: "Execution",
    metadata: { name: "run", namespace: "gene", annotations: { [annotations.driver]: "local-1" } },
    spec: {
      tasks: [{ name: "a", type: "Job", image: "busybox", commandSet: ["echo one; echo two"] }],
    },
  })
  const lines: string[] = []
  await copyRunLog(
    place,
    "gene/run",
    { follow: true },
    (_source, more) => void lines.push(...more),
    new AbortController().signal,
  )
  await place.stop()
  return lines
}

async function* failing(...before: string[]): AsyncIterable<string> {
  yield* before
  throw broken
}

test("a log that cannot be opened for a moment is opened again without another change", async () => {
  expect(await followed([() => failing(), () => failing()])).toEqual(["one", "two"])
})

test("a log that breaks goes on after the last line that was told", async () => {
  expect(await followed([() => failing("one\n", "tw")])).toEqual(["one", "two"])
})

test("what stays wrong is said in the log's place", async () => {
  const gone = new ClusterError("not-found", "the pod is gone")
  const answers = [
    async function* () {
      yield "one\n"
      throw gone
    },
  ]
  expect(await followed(answers)).toEqual(["one", "(no log: the pod is gone)"])
})
