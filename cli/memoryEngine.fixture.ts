import { PassThrough } from "node:stream"
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node"
import type { EngineConnection } from "#engine/engineClient"
import { MemoryCluster, type Perform } from "#engine/memory/memoryCluster"
import { performShell } from "#engine/memory/performShell"
import type { PlaceRequest } from "#engine/protocol"
import { type Definition, type FoundPlace, type LeftDriver, Service } from "#engine/service"

/** The real engine on a cluster in memory: commands that `echo`, `exit` and `sleep` run for real. */
export interface MemoryEngine {
  readonly cluster: MemoryCluster
  readonly connect: () => Promise<EngineConnection>
  /** What places were asked for. */
  readonly opened: PlaceRequest[]
  /** Every line to it is cut, as when its process ends. */
  readonly end: () => void
  /** Closes what it opened. */
  readonly stop: () => Promise<void>
}

interface Setting {
  readonly perform?: Perform
  readonly definition?: Partial<Definition>
  readonly leftDriver?: Partial<LeftDriver>
  /** Opens places in place of the cluster in memory, or refuses them. */
  readonly openPlace?: (request: PlaceRequest) => Promise<FoundPlace>
}

export function memoryEngine({
  perform,
  definition,
  leftDriver,
  openPlace,
}: Setting = {}): MemoryEngine {
  const cluster = new MemoryCluster(perform ?? performShell, Date.now)
  // The engine closes what it opened twice; here both are the same.
  cluster.close = async () => {}
  const opened: PlaceRequest[] = []
  const ends = new Set<() => void>()
  const missing = async () => {
    throw new Error("This test did not mean to ask for it.")
  }
  const noDriver: LeftDriver["look"] = async ({ context = "lab", namespace = "gene" }) => {
    return { context, namespace, objects: ["Deployment/driver"], image: null }
  }
  const service = new Service({
    version: "0.1.0",
    self: { kind: "local", id: "local-1", name: "ann on lab", holder: "ann on lab (1)" },
    log: () => {},
    unfinished: { load: () => [], save: () => {} },
    lookAround: { kubeconfig: missing, namespaces: missing, names: missing },
    definition: { look: missing, install: missing, remove: missing, ...definition },
    leftDriver: { look: noDriver, leave: missing, remove: missing, ...leftDriver },
    openPlace: async (request) => {
      opened.push(request)
      if (openPlace) return openPlace(request)
      if (request.kind !== "kube") throw new Error(`This test has no ${request.kind} place.`)
      const { kubeconfig = "", context = "lab", namespace = "gene" } = request
      const id = JSON.stringify([context, namespace])
      const server = "lab:6443"
      return { info: { id, kind: "kube", kubeconfig, context, namespace, server }, cluster }
    },
  })
  const connect = async (): Promise<EngineConnection> => {
    const [there, back] = [new PassThrough(), new PassThrough()]
    const closed = new Set<() => void>()
    const close = () => {
      there.destroy()
      back.destroy()
      for (const handler of closed) handler()
    }
    service.serve(
      createMessageConnection(new StreamMessageReader(there), new StreamMessageWriter(back)),
      close,
    )
    const rpc = createMessageConnection(
      new StreamMessageReader(back),
      new StreamMessageWriter(there),
    )
    rpc.onError(() => {})
    rpc.listen()
    ends.add(close)
    return {
      call: (method, params) => rpc.sendRequest(method, params),
      onNotification: (method, handler) => {
        rpc.onNotification(method, handler)
      },
      onClose: (handler) => {
        closed.add(handler)
      },
      close: () => {
        ends.delete(close)
        rpc.dispose()
        there.destroy()
        back.destroy()
      },
    }
  }
  return {
    cluster,
    connect,
    opened,
    stop: () => service.stop(),
    end: () => {
      for (const close of [...ends]) close()
      ends.clear()
    },
  }
}
