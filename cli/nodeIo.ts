import { spawn } from "node:child_process"
import { appendFile, mkdir, open, readdir, readFile, stat } from "node:fs/promises"
import { userInfo } from "node:os"
import { basename, dirname, join } from "node:path"
import { createInterface } from "node:readline/promises"
import { connectEngine } from "#engine/engineClient"
import { leanEnvironment, leanNode } from "#engine/leanHeap"
import manifest from "../package.json"
import type { Files, FolderEntry, Io, Output } from "./io.ts"
import { Refusal } from "./refusal.ts"

/** The world of a real process. */
export function nodeIo(): Io {
  return {
    program: programName(),
    user: userName(),
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    env: process.env,
    files,
    readStdin: async () => {
      const chunks: Uint8Array[] = []
      for await (const chunk of process.stdin) chunks.push(chunk)
      return Buffer.concat(chunks)
    },
    runDriver: (args) => {
      needNewNode()
      const program = join(__dirname, "driver.js")
      const child = spawn(process.execPath, [...leanNode, program, ...args], {
        stdio: "inherit",
        env: { ...process.env, ...leanEnvironment },
      })
      // Whoever ends us means it, and its Lease is to be given back.
      process.on("SIGTERM", () => child.kill("SIGTERM"))
      process.on("SIGINT", () => {})
      return new Promise((resolve, reject) => {
        child.once("error", reject)
        child.once("exit", (code) => resolve(code === 0 ? 0 : 1))
      })
    },
    connectEngine: async () => {
      needNewNode()
      return connectEngine(join(__dirname, "engine.js"), manifest.version, "cli")
    },
    colonies: async () => {
      needNewNode()
      // Beside this bundle, not in it.
      return require(join(__dirname, "colonies.js")) as typeof import("./coloniesMain.ts")
    },
    ask: process.stdin.isTTY && process.stderr.isTTY ? ask : undefined,
    now: Date.now,
    after: (milliseconds, callback) => {
      const timer = setTimeout(callback, milliseconds)
      return () => clearTimeout(timer)
    },
    onInterrupt: (callback) => {
      process.on("SIGINT", callback)
      return () => process.off("SIGINT", callback)
    },
  }
}

/** kubectl finds its plug-ins by their names. */
function programName(): string {
  return /^kubectl[-_]/.test(basename(process.argv[1] ?? ""))
    ? "kubectl executions"
    : "kube-executions"
}

/** An account without a name, as containers often have, is no reason to fail. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return process.env.USER ?? "unknown"
  }
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  // Ctrl+C and Ctrl+D are no answer.
  const given = new Promise<string>((resolve) => terminal.once("close", () => resolve("")))
  try {
    return await Promise.race([terminal.question(question), given])
  } finally {
    terminal.close()
  }
}

/** A reader that has seen enough (`| head`) closes the pipe; what comes after is not missed. */
function output(stream: NodeJS.WriteStream): Output {
  let closed = false
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error
    closed = true
  })
  return {
    write: (text) => {
      if (!closed) stream.write(text)
    },
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.columns
    },
    get rows() {
      return stream.rows
    },
  }
}

const files: Files = {
  stat: async (path) => {
    const facts = await stat(path)
    const kind = facts.isFile() ? "file" : facts.isDirectory() ? "folder" : "other"
    return { kind, size: facts.size }
  },
  read: (path) => readFile(path),
  readStart: async (path, length) => {
    const file = await open(path)
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  },
  append: async (path, text) => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await appendFile(path, text, { mode: 0o600 })
  },
  list: async (folder) => {
    const entries = await readdir(folder, { withFileTypes: true })
    return Promise.all(
      entries.map(async (entry): Promise<FolderEntry> => {
        if (entry.isFile()) return { name: entry.name, kind: "file" }
        if (entry.isDirectory()) return { name: entry.name, kind: "folder" }
        const target = entry.isSymbolicLink()
          ? await stat(join(folder, entry.name)).catch(() => undefined)
          : undefined
        return { name: entry.name, kind: target?.isFile() ? "file" : "other" }
      }),
    )
  },
}

function needNewNode(): void {
  if (isNewEnough(process.versions.node)) return
  throw new Refusal(`This needs Node 22.19 or newer; here is ${process.versions.node}.`)
}

/** What the HTTP library of engine and Colonies asks for. */
function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number)
  return major > 22 || (major === 22 && minor >= 19)
}
