import { statSync } from "node:fs"
import { kindName, kindRuns } from "../kind.mts"
import { findSource } from "../source.mts"
import { isBuilt, programFolder } from "./build.mts"
import { type Choices, layout, readChoices } from "./layout.mts"
import { pidOf, recordedNames } from "./processes.mts"

/** What runs of this clone's cluster, for people to read. */
export async function describe(): Promise<string> {
  const source = await findSource()
  switch (source.kind) {
    case "given":
      return `given by KUBECONFIG_TEST: ${source.kubeconfig}\n`
    case "kind":
      return `kind cluster ${kindName}: ${(await kindRuns()) ? "runs" : "is not there"}\n`
    case "built":
      return describeBuilt()
  }
}

function describeBuilt(): string {
  const choices = readChoices(layout.folder)
  const built = isBuilt() ? programFolder() : 'not built yet; "npm run cluster -- up" builds it'
  const lines = [`programs    ${built}`, `state       ${layout.folder}`]
  const names = recordedNames(layout)
  if (choices === undefined || names.length === 0) {
    lines.push(
      `cluster     ${choices === undefined ? "never started" : "stopped; its state is kept"}`,
    )
    return `${lines.join("\n")}\n`
  }
  const { ports } = choices
  lines.push(
    `API server  https://127.0.0.1:${ports.api}`,
    `pods        ${choices.podRange}.0.0/16 on ${layout.bridge}; services ${choices.serviceRange}.0.0/16`,
    `audit log   ${layout.auditLog} (${mib(sizeOf(layout.auditLog))})`,
    "",
    ...names.map((name) => line(name, choices)),
  )
  return `${lines.join("\n")}\n`
}

function line(name: string, { ports }: Choices): string {
  const port = {
    etcd: ports.etcd,
    "kube-apiserver": ports.api,
    registry: ports.registry,
    kubelet: ports.kubelet,
  }[name]
  const pid = pidOf(layout, name)
  if (pid === undefined) return `${name.padEnd(24)} ended; "npm run cluster -- up" starts it again`
  const where = port === undefined ? "" : `port ${port}`
  return `${name.padEnd(24)} ${where.padEnd(11)} pid ${String(pid).padEnd(8)} up ${age(pid)}`
}

function age(pid: number): string {
  const seconds = Math.round((Date.now() - statSync(`/proc/${pid}`).ctimeMs) / 1000)
  if (seconds < 120) return `${seconds} s`
  return seconds < 7200 ? `${Math.floor(seconds / 60)} m` : `${Math.floor(seconds / 3600)} h`
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size
  } catch {
    return 0
  }
}

const mib = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`
