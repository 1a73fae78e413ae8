import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from "node:fs"
import path from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { withLock } from "../lock.mts"
import { Refusal } from "../refusal.mts"
import { cache } from "./layout.mts"
import { toolPath } from "./shell.mts"

export const kubernetesVersion = "v1.34.3"

const sources = fileURLToPath(new URL("../build", import.meta.url))

const programs = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubectl",
  "kubelet",
]

// Without these a binary built from modules calls itself v0.0.0-master.
const versionFlags = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap(
  (place) =>
    Object.entries({
      gitVersion: kubernetesVersion,
      gitMajor: "1",
      gitMinor: kubernetesVersion.split(".")[1],
      gitTreeState: "clean",
      gitCommit: "local",
      buildDate: "2025-01-01T00:00:00Z",
    }).map(([name, value]) => `-X ${place}.${name}=${value}`),
)

const buildArguments = [
  ...["build", "-v", "-p", "2", "-trimpath", "-tags", "providerless,notest"],
  ...["-ldflags", ["-s", "-w", ...versionFlags].join(" ")],
]

/** Where the programs are for exactly these sources; two clones with the same sources share them. */
export function programFolder(): string {
  const hash = createHash("sha256").update(JSON.stringify([buildArguments, process.arch]))
  for (const file of ["main.go", "go.mod", "go.sum"]) {
    hash.update(readFileSync(path.join(sources, file)))
  }
  return path.join(cache, `${kubernetesVersion}-${hash.digest("hex").slice(0, 12)}`, "bin")
}

export const isBuilt = (): boolean => existsSync(programFolder())

/** Builds the programs unless they are in the cache; answers the folder they are in. */
export async function build(tell: (sentence: string) => void): Promise<string> {
  const bin = programFolder()
  if (!existsSync(bin)) {
    // One lock for every Go build of ours on this machine: two at once only fight for the processor.
    await withLock(
      { name: "go-build", purpose: `builds Kubernetes for ${cache}`, tell },
      async () => {
        if (!existsSync(bin)) await compile(bin, tell)
      },
    )
  }
  const now = new Date()
  utimesSync(path.dirname(bin), now, now)
  return bin
}

async function compile(bin: string, tell: (sentence: string) => void): Promise<void> {
  const started = Date.now()
  const unfinished = `${bin}.new`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true })
  tell(`builds Kubernetes ${kubernetesVersion} (once; about 5 minutes on two idle cores)`)
  await go([...buildArguments, "-o", path.join(unfinished, "kubernetes"), "."], tell)
  for (const program of programs) symlinkSync("kubernetes", path.join(unfinished, program))
  renameSync(unfinished, bin)
  tell(`built in ${Math.round((Date.now() - started) / 1000)} s: ${bin}`)
  forgetOldBuilds()
}

function go(commandLine: readonly string[], tell: (sentence: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("go", commandLine, {
      cwd: sources,
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        ...process.env,
        PATH: `${toolPath}:/usr/local/go/bin`,
        CGO_ENABLED: "0",
        GOFLAGS: "-mod=readonly -modcacherw -buildvcs=false",
      },
    })
    const started = Date.now()
    const counts = { modules: 0, packages: 0 }
    const lastLines: string[] = []
    const progress = setInterval(() => {
      const seconds = Math.round((Date.now() - started) / 1000)
      const { modules, packages } = counts
      tell(`${seconds} s: ${modules} modules downloaded, ${packages} packages compiled`)
    }, 15_000)
    createInterface({ input: child.stderr }).on("line", (line) => {
      if (line.startsWith("go: downloading ")) counts.modules++
      else if (/^[\w./-]+$/.test(line)) counts.packages++
      else if (lastLines.push(line) > 20) lastLines.shift()
    })
    const end = (problem?: Refusal): void => {
      clearInterval(progress)
      if (problem === undefined) resolve()
      else reject(problem)
    }
    child.on("error", (error) => end(new Refusal(`go could not be started: ${error.message}`)))
    child.on("close", (code) =>
      end(
        code === 0
          ? undefined
          : new Refusal(
              `The build of Kubernetes ended with exit code ${code}. Go said:\n${lastLines.join("\n")}`,
            ),
      ),
    )
  })
}

/** Removes builds that no clone has started for a month: each is 140 MB. */
function forgetOldBuilds(): void {
  const oldest = Date.now() - 30 * 24 * 3600 * 1000
  for (const name of readdirSync(cache)) {
    const folder = path.join(cache, name)
    if (/^v\d/.test(name) && statSync(folder).mtimeMs < oldest) {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
