import type { ChildProcess } from "node:child_process"
import { once } from "node:events"
import { mkdirSync } from "node:fs"
import { connect } from "node:net"
import path from "node:path"
import { createInterface } from "node:readline"
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node"
import type { Call } from "../../engine/engineClient.ts"
import type { EngineRequests } from "../../engine/protocol.ts"
import { root } from "../support/folders.mts"
import type { Run } from "../support/run.mts"

/** The engine's own program, as windows and terminals start it, with a home that is only ours. */
export interface EngineProcess {
  readonly pid: number
  readonly home: string
  /** What the annotation of the runs it drives says. */
  readonly driver: string
  readonly call: Call
  /** As a crash or a power cut does it: no farewell. */
  kill(): Promise<void>
}

/** `home` may be one that a killed engine left behind; `options` are of Node itself. */
export async function startEngineProcess(
  run: Run,
  home: string,
  options: readonly string[] = [],
): Promise<EngineProcess> {
  const folder = path.join(run.folder, home)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const child = run.start(process.execPath, [...options, path.join(root, "dist/engine.js")], {
    env: { ...process.env, KUBE_EXECUTIONS_HOME: folder },
    stdio: ["ignore", "pipe", "inherit"],
  })
  const exited = once(child, "exit")
  await ready(child)
  const socket = connect(path.join(folder, "engine.sock"))
  await once(socket, "connect")
  socket.on("error", () => {})
  const rpc = createMessageConnection(
    new StreamMessageReader(socket),
    new StreamMessageWriter(socket),
  )
  rpc.listen()
  const hello: EngineRequests["engine/hello"]["result"] = await rpc.sendRequest("engine/hello", {
    version: "0.1.0",
    client: "test",
  })
  return {
    pid: child.pid ?? 0,
    home: folder,
    driver: hello.driver,
    call: <Method extends keyof EngineRequests>(
      method: Method,
      params: EngineRequests[Method]["params"],
    ): Promise<EngineRequests[Method]["result"]> => rpc.sendRequest(method, params),
    kill: async () => {
      child.kill("SIGKILL")
      await exited
      rpc.dispose()
      socket.destroy()
    },
  }
}

/** The program says so once it listens; whatever else it says is a complaint. */
async function ready(child: ChildProcess): Promise<void> {
  if (child.stdout === null) throw new Error("The engine's output is not read.")
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === "ready") return
    throw new Error(`The engine did not start: ${line}`)
  }
  throw new Error("The engine ended before it listened.")
}
