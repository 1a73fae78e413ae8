import { execFileSync, spawn } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { homedir, tmpdir } from "node:os"
import { join } from "node:path"

export interface Storage {
  readonly endpoint: string
  /** How many parts of large files it has taken. */
  parts(): number
  stop(): void
}

const version = "v1.8.0"

/** An S3 server that people run, over a folder of its own. */
export async function startVersitygw(keys: {
  readonly accessKey: string
  readonly secretKey: string
  readonly region: string
}): Promise<Storage> {
  const program = built()
  const folder = mkdtempSync(join(tmpdir(), "bench-versitygw-"))
  const log = join(folder, "access.log")
  const data = join(folder, "data")
  mkdirSync(data)
  const endpoint = `127.0.0.1:${await freePort()}`
  const who = ["--access", keys.accessKey, "--secret", keys.secretKey, "--region", keys.region]
  const how = ["--port", endpoint, "--keep-alive", "--quiet", "--access-log", log]
  const server = spawn(program, [...who, ...how, "posix", data], { stdio: "ignore" })
  const stop = () => {
    server.kill()
    rmSync(folder, { recursive: true, force: true })
  }
  process.once("exit", stop)
  while (!(await answers(endpoint))) {
    if (server.exitCode !== null) throw new Error(`versitygw ended with ${server.exitCode}`)
  }
  const parts = () => readFileSync(log, "utf8").split(" s3_UploadPart ").length - 1
  return { endpoint, parts, stop }
}

/** Built once, in a cache outside the repository. */
function built(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache")
  const folder = join(cache, "kube-executions", "bench-colonies", version)
  const program = join(folder, "versitygw")
  if (!existsSync(program)) {
    execFileSync("go", ["install", `github.com/versity/versitygw/cmd/versitygw@${version}`], {
      env: { ...process.env, GOBIN: folder },
      stdio: ["ignore", "ignore", "inherit"],
    })
  }
  return program
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === "object" && address !== null ? address.port : 0
}

function answers(endpoint: string): Promise<boolean> {
  return fetch(`http://${endpoint}/`).then(
    () => true,
    () => new Promise((resolve) => setTimeout(() => resolve(false), 50)),
  )
}
