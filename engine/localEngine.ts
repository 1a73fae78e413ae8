import { appendFileSync, chmodSync, rmSync, statSync, truncateSync } from "node:fs"
import { createServer, type Server, type Socket } from "node:net"
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node"
import { type EngineHome, tryConnect } from "./launch.ts"
import { breakLock, takeLock } from "./singleton.ts"

/** What the process does for those who connect. */
export interface EngineService {
  /** Answers the requests of one client until it goes; `close` ends the process. */
  serve(connection: MessageConnection, close: () => void): void
  /** True while a run still needs this process. */
  isBusy(): boolean
  stop(): Promise<void>
}

const maxLogBytes = 5 * 1024 * 1024
/** How long an engine with nothing to do waits for the next client. */
const idleMs = 15_000
const takeOverMs = 5_000

/**
 * The one engine of a user and machine: listens on a private socket and ends by itself once its last
 * client and its last run are gone. Returns false when another engine is already there.
 */
export async function runLocalEngine(
  home: EngineHome,
  createService: (log: (line: string) => void) => EngineService,
  exit: () => void,
): Promise<boolean> {
  const release = await becomeTheOne(home)
  if (!release) return false
  const log = (line: string) => appendLog(home.log, line)
  const service = createService(log)
  const clients = new Set<Socket>()
  const server = createServer((socket) => {
    clients.add(socket)
    socket.on("error", (error) => log(`client: ${error.message}`))
    socket.on("close", () => {
      clients.delete(socket)
      watchIdle()
    })
    service.serve(
      createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket)),
      () => void stop("a newer engine takes over"),
    )
  })
  await listen(server, home.socket)

  let timer: NodeJS.Timeout | undefined
  function watchIdle(): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (clients.size > 0) return
      if (service.isBusy()) watchIdle()
      else void stop("nobody needs it")
    }, idleMs)
  }

  let stopping: Promise<void> | undefined
  function stop(why: string): Promise<void> {
    stopping ??= (async () => {
      log(`engine ${process.pid} ends: ${why}`)
      clearTimeout(timer)
      server.close()
      for (const client of clients) client.destroy()
      await service.stop()
      release?.()
      exit()
    })()
    return stopping
  }

  process.on("SIGTERM", () => void stop("it was asked to"))
  process.on("SIGINT", () => void stop("it was asked to"))
  log(`engine ${process.pid} listens`)
  watchIdle()
  return true
}

/** Undefined when a living engine answers. A lock whose holder does not answer is broken. */
async function becomeTheOne(home: EngineHome): Promise<(() => void) | undefined> {
  const deadline = performance.now() + takeOverMs
  for (;;) {
    const release = takeLock(home.lock)
    if (release) return release
    const other = await tryConnect(home.socket)
    if (other) {
      other.destroy()
      return undefined
    }
    if (performance.now() > deadline) breakLock(home.lock)
    else await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function listen(server: Server, path: string): Promise<void> {
  // We hold the lock, so a socket file that is there was left by an engine that died.
  if (process.platform !== "win32") rmSync(path, { force: true })
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(path, () => {
      if (process.platform !== "win32") chmodSync(path, 0o600)
      resolve()
    })
  })
}

function appendLog(path: string, line: string): void {
  try {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (size > maxLogBytes) truncateSync(path, 0)
    appendFileSync(path, `${new Date().toISOString()} ${line}\n`, { mode: 0o600 })
  } catch {
    // On a full disk there is no log, and everything else goes on.
  }
}
