import { spawn } from "node:child_process"
import { chmodSync, lstatSync, mkdirSync } from "node:fs"
import { connect, type Socket } from "node:net"
import { tmpdir, userInfo } from "node:os"
import { join } from "node:path"
import { leanEnvironment, leanNode } from "./leanHeap.ts"
import { stateFolder } from "./stateFolder.ts"

/** Where the one engine of this user and machine listens and keeps its log. */
export interface EngineHome {
  readonly socket: string
  readonly lock: string
  readonly log: string
  /** The places with runs that are not at their end. */
  readonly unfinished: string
  /** What has to be there after a reboot. */
  readonly state: string
}

/** KUBE_EXECUTIONS_HOME puts it elsewhere, so that tests never meet the user's own engine. */
export function engineHome(): EngineHome {
  const user = userInfo()
  const runtime = process.env.XDG_RUNTIME_DIR
  const folder =
    process.env.KUBE_EXECUTIONS_HOME ||
    (runtime
      ? join(runtime, "kube-executions")
      : join(tmpdir(), `kube-executions-${user.username}`))
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (process.platform !== "win32") {
    const { uid, mode } = lstatSync(folder)
    if (uid !== user.uid)
      throw new Error(
        `"${folder}" belongs to another user. Remove it, or set KUBE_EXECUTIONS_HOME.`,
      )
    if ((mode & 0o077) !== 0) chmodSync(folder, 0o700)
  }
  // The folder of the socket may be gone after a reboot; this one is not.
  const state = stateFolder()
  mkdirSync(state, { recursive: true, mode: 0o700 })
  const socket =
    process.platform === "win32"
      ? `\\\\.\\pipe\\kube-executions-${user.username}`
      : join(folder, "engine.sock")
  return {
    socket,
    lock: join(folder, "engine.lock"),
    log: join(folder, "engine.log"),
    unfinished: join(state, "unfinished.json"),
    state,
  }
}

/**
 * Connects to the user's engine and starts it first when none runs. The engine outlives us on
 * purpose: closing a window or a terminal stops no run.
 */
export async function connectToEngine(program: string): Promise<Socket> {
  const home = engineHome()
  const running = await tryConnect(home.socket)
  if (running) return running
  await start(program)
  const started = await tryConnect(home.socket)
  if (started) return started
  throw new Error(
    `The engine started but cannot be reached at "${home.socket}". Its log is "${home.log}".`,
  )
}

export function tryConnect(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    socket.once("connect", () => resolve(socket))
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ECONNREFUSED") resolve(undefined)
      else reject(error)
    })
  })
}

/** Resolves once the engine, ours or one that was faster, listens. */
function start(program: string): Promise<void> {
  const child = spawn(process.execPath, [...leanNode, program], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...leanEnvironment, ELECTRON_RUN_AS_NODE: "1" },
    windowsHide: true,
  })
  return new Promise((resolve, reject) => {
    let said = ""
    let complaint = ""
    child.stdout.on("data", (text: Buffer) => {
      said += text
      if (!said.includes("ready\n")) return
      child.stdout.destroy()
      child.stderr.destroy()
      child.unref()
      resolve()
    })
    child.stderr.on("data", (text: Buffer) => {
      complaint += text
    })
    child.once("error", reject)
    child.once("exit", (code) => {
      reject(
        new Error(
          `The engine did not start (exit code ${code}): ${complaint.trim() || "it said nothing"}`,
        ),
      )
    })
  })
}
