import { type ChildProcess, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { identityOf, newPrivateKey } from "#colonies/client/identity"
import type { ProcessRecord } from "#colonies/client/records"
import { type ColoniesServer, connectColonies } from "#colonies/client/server"
import { devKeys, startDevColony } from "../support/colonies/devColony.mts"
import { type S3Server, startS3 } from "../support/colonies/s3.mts"
import { root } from "../support/folders.mts"

/** A colony with an executor of our own, storage, and the built command line. */
export interface Bed {
  readonly folder: string
  readonly s3: S3Server
  readonly colony: string
  /** What the command line is started with. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Where the Colonies server listens. */
  readonly server: { readonly host: string; readonly port: number }
  /** Of the colony's owner. */
  readonly colonyKey: string
  /** Unlike any other's, so that on a shared server nobody takes our work. */
  readonly executorType: string
  /** Speaks with the executor's key. */
  readonly executor: ColoniesServer
  /** Speaks with a member's key. */
  readonly user: ColoniesServer
  /** Starts `kube-executions colonies …`. */
  cli(...args: readonly string[]): Cli
  /** Writes a spec and gives its path. */
  spec(value: unknown): string
  /** The next process for our executor. */
  assign(): Promise<ProcessRecord>
  log(process: ProcessRecord, ...messages: readonly string[]): Promise<void>
  succeed(process: ProcessRecord, out?: readonly unknown[]): Promise<void>
  fail(process: ProcessRecord, ...errors: readonly string[]): Promise<void>
  close(): Promise<void>
}

export interface Cli {
  readonly child: ChildProcess
  /** What it has written so far. */
  readonly written: { stdout: string; stderr: string }
  /** Resolves as soon as what it wrote matches, and fails when it ends before. */
  until(pattern: RegExp): Promise<RegExpExecArray>
  readonly ended: Promise<{ readonly code: number | null; stdout: string; stderr: string }>
}

/** On the server that COLONIES_SERVER_HOST names, when it is set; else on one of our own. */
export async function openBed(): Promise<Bed> {
  const program = join(root, "dist", "cli.js")
  if (!existsSync(program)) throw new Error("dist/cli.js is not built: npm run build")
  const folder = mkdtempSync(join(tmpdir(), "colonies-"))
  const real = process.env.COLONIES_SERVER_HOST !== undefined
  const fake = real ? undefined : await startDevColony()
  const s3 = await startS3(storageKeys)
  const env: Record<string, string | undefined> = real ? process.env : ownEnvironment(fake)
  const host = env.COLONIES_SERVER_HOST ?? ""
  const port = Number(env.COLONIES_SERVER_HTTP_PORT || env.COLONIES_SERVER_PORT)
  const tls = env.COLONIES_TLS !== "false"
  const colony = env.COLONIES_COLONY_NAME ?? ""
  const connect = (privateKey: string) => connectColonies({ host, port, tls, privateKey })
  const owner = connect(env.COLONIES_COLONY_PRVKEY ?? "")
  const executorKey = newPrivateKey()
  const name = `suite-${randomBytes(6).toString("hex")}`
  const named = { colonyname: colony, executorname: name }
  await owner.call("addexecutormsg", {
    executor: { ...named, executorid: identityOf(executorKey)?.id, executortype: name },
  })
  await owner.call("approveexecutormsg", named)
  const executor = connect(executorKey)
  const user = connect(env.COLONIES_PRVKEY ?? "")
  const children = new Set<ChildProcess>()
  let specs = 0
  return {
    folder,
    s3,
    colony,
    environment: { ...env, ...storageEnvironment(s3) },
    server: { host, port },
    colonyKey: env.COLONIES_COLONY_PRVKEY ?? "",
    executorType: name,
    executor,
    user,
    cli: (...args) => {
      const child = spawn(process.execPath, [program, "colonies", ...args], {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...env, ...storageEnvironment(s3) },
      })
      children.add(child)
      return observe(child)
    },
    spec: (value) => {
      specs += 1
      const path = join(folder, `spec-${specs}.json`)
      writeFileSync(path, JSON.stringify(value))
      return path
    },
    assign: () =>
      executor.call(
        "assignprocessmsg",
        {
          colonyname: colony,
          timeout: 60,
          availablecpu: "",
          availablemem: "",
        },
        { timeoutMs: 70_000 },
      ),
    log: async ({ processid }, ...messages) => {
      for (const message of messages) await executor.call("addlogmsg", { processid, message })
    },
    succeed: async ({ processid }, out = []) => {
      await executor.call("closesuccessfulmsg", { processid, out })
    },
    fail: async ({ processid }, ...errors) => {
      await executor.call("closefailedmsg", { processid, errors })
    },
    close: async () => {
      for (const child of children) child.kill("SIGKILL")
      await owner.call("removeexecutormsg", named)
      await Promise.all([owner, executor, user].map((each) => each.close()))
      await Promise.all([fake?.close(), s3.close()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A spec that the server and the KubeExecutor take. */
export function functionSpec(executortype: string, changes: object = {}) {
  return {
    conditions: {
      executortype,
      nodes: 1,
      processespernode: 1,
      cpu: "500m",
      mem: "256Mi",
      walltime: 120,
    },
    funcname: "execute",
    kwargs: { "docker-image": "busybox", cmd: "date" },
    maxexectime: 100,
    maxretries: 1,
    ...changes,
  }
}

const storageKeys = { accessKey: "suite", secretKey: "suite-secret", region: "eu-north-1" }

export function storageEnvironment({ endpoint }: S3Server) {
  return {
    AWS_S3_ENDPOINT: endpoint,
    AWS_S3_ACCESSKEY: storageKeys.accessKey,
    AWS_S3_SECRETKEY: storageKeys.secretKey,
    AWS_S3_REGION: storageKeys.region,
    AWS_S3_BUCKET: "suite",
    AWS_S3_TLS: "false",
  }
}

function ownEnvironment(server: { readonly host: string; readonly port: number } | undefined) {
  return {
    PATH: process.env.PATH,
    COLONIES_SERVER_HOST: server?.host,
    COLONIES_SERVER_PORT: String(server?.port),
    COLONIES_TLS: "false",
    COLONIES_COLONY_NAME: "dev",
    COLONIES_PRVKEY: devKeys.user,
    COLONIES_COLONY_PRVKEY: devKeys.colony,
  }
}

function observe(child: ChildProcess): Cli {
  const written = { stdout: "", stderr: "" }
  const looks = new Set<() => void>()
  const take = (stream: "stdout" | "stderr") => {
    child[stream]?.setEncoding("utf8").on("data", (text: string) => {
      written[stream] += text
      for (const look of [...looks]) look()
    })
  }
  take("stdout")
  take("stderr")
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject)
    child.once("close", (code) => resolve(code))
  }).then((code) => ({ code, ...written }))
  return {
    child,
    written,
    ended,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(written.stdout + written.stderr)
          if (match === null) return
          looks.delete(look)
          resolve(match)
        }
        looks.add(look)
        look()
        ended.then(
          () => reject(new Error(`It ended without ${pattern}:\n${written.stderr}`)),
          reject,
        )
      }),
  }
}
