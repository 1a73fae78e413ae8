import { objectOf } from "#core/plan/json"
import { annotations } from "#core/plan/labels"
import { parse } from "#core/spec/parse"
import { type Supplies, toExecution } from "#core/spec/toExecution"
import type { RunView } from "#core/view/statusTree"
import { LocalCluster } from "#engine/local/localCluster"
import type { Runtime } from "#engine/local/runtime"
import { OpenedPlace } from "#engine/openedPlace"

/** Whole runs in a folder, moved by an engine. */
export interface LocalRuns {
  readonly cluster: LocalCluster
  /** Everything the engine complained of. */
  readonly said: readonly string[]
  /** Starts what the text of a spec asks for; answers the run's name. */
  start(text: string, path: string, supplies?: Supplies): Promise<string>
  until(name: string, condition: (run: RunView) => boolean): Promise<RunView>
  ended(name: string): Promise<RunView>
  /** What a step printed, all its pods together. */
  log(name: string, job: string): Promise<string>
  close(): Promise<void>
}

const driver = "this-machine"

export async function localRuns(folder: string, runtime: Runtime): Promise<LocalRuns> {
  const cluster = new LocalCluster(folder, runtime)
  const said: string[] = []
  const info = {
    id: "local",
    kind: "local",
    kubeconfig: "",
    context: "This machine",
    namespace: "default",
    server: runtime.kind,
  } as const
  const self = { kind: "local", id: driver, name: driver, holder: driver } as const
  const place = new OpenedPlace(info, cluster, self, (line) => said.push(line))
  await place.start()
  const until: LocalRuns["until"] = async (name, condition) => {
    const signal = AbortSignal.timeout(60_000)
    for (;;) {
      const view = place.view(`default/${name}`)
      if (view !== undefined && condition(view)) return view
      await place.nextChange(signal).catch(() => {
        throw new Error(`It is not so after a minute. ${JSON.stringify(view)}\n${said.join("\n")}`)
      })
    }
  }
  return {
    cluster,
    said,
    until,
    start: async (text, path, supplies) => {
      const [document] = parse(text, path)
      if (document === undefined) throw new Error(`${path} has no workflow.`)
      const made = toExecution(document, path, supplies)
      if (made.kind === "refused") throw new Error(made.reason)
      const object = objectOf(made.object)
      const metadata = {
        ...objectOf(object.metadata),
        namespace: "default",
        annotations: { [annotations.driver]: driver },
      }
      const { key } = await cluster.createExecution({ ...object, metadata })
      return key.slice(key.indexOf("/") + 1)
    },
    ended: (name) => until(name, ({ finishedAt }) => finishedAt !== null),
    log: async (name, job) => {
      let text = ""
      for (const pod of cluster.world(`default/${name}`).pods.get(job) ?? []) {
        const request = { namespace: "default", pod: pod.name, container: undefined }
        for await (const chunk of await cluster.readLog(request)) text += chunk
      }
      return text
    },
    close: () => place.stop(),
  }
}
