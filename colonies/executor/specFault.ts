import type { FunctionSpecRecord } from "../client/records.ts"

/**
 * Why a process cannot be run, in the published executor's words; undefined = it can. The spec is as
 * the server gives it back: amounts in whole mebibytes and thousandths of a processor.
 */
export function specFault(spec: FunctionSpecRecord): SpecFault | undefined {
  const fault = numberFault(spec) ?? memoryFault(spec) ?? cpuFault(spec)
  if (fault !== undefined) return { error: fault, context: "Failed to validate funcspec" }
  const kwargs = kwargFault(spec)
  if (kwargs !== undefined) return { error: kwargs, context: "" }
  const path = pathFault(spec)
  return path === undefined ? undefined : { error: path, context: "Failed to pre sync" }
}

export interface SpecFault {
  readonly error: string
  readonly context: string
}

/** The form in which the published executor tells a failure; others look for it. */
export function failureText({ error, context }: SpecFault): string {
  return `ContainerExecutor: ${error}${context === "" ? "" : `: ${context}`}`
}

function numberFault({ conditions, maxexectime, maxretries }: FunctionSpecRecord) {
  const { processespernode = 0, nodes = 0, walltime = 0 } = conditions ?? {}
  const time = maxexectime ?? 0
  if (processespernode <= 0) return "Invalid funcspec, processespernode cannot be 0"
  if (nodes <= 0) return "Invalid funcspec, nodes cannot be 0"
  if (walltime <= 0) return "Invalid funcspec, walltime cannot be 0"
  if (time <= 0) {
    return "Invalid funcspec, maxexectime must be set to a larger value than 0"
  }
  if (walltime < time) return "Invalid funcspec, walltime must be > maxexectime"
  if ((maxretries ?? 0) <= 0) {
    return "Invalid funcspec, maxretries must be set to a larger value than 0"
  }
  return undefined
}

function memoryFault({ conditions }: FunctionSpecRecord): string | undefined {
  const mem = conditions?.mem ?? ""
  if (mem.length < 3) {
    return "Memory must be specified in the following format: {value}Mi/Gi, e.g.1Mi or 1Gi"
  }
  if (mem.startsWith("-")) return "Memory cannot be negative"
  return /[MG]i$/.test(mem) ? undefined : "Memory must be defined in Mi or Gi"
}

function cpuFault({ conditions }: FunctionSpecRecord): string | undefined {
  const cpu = conditions?.cpu ?? ""
  const form = "CPU must be specified in the following format: {value}m, e.g. 1000m"
  if (cpu.length <= 2) return form
  if (cpu.startsWith("-")) return "CPU cannot be negative"
  return cpu.endsWith("m") ? undefined : form
}

function kwargFault({ kwargs }: FunctionSpecRecord): string | undefined {
  const { "docker-image": image, cmd } = kwargs ?? {}
  if (typeof image !== "string") return "Failed to parse docker image flag"
  if (typeof cmd !== "string") return "Failed to parse cmd kwarg"
  return undefined
}

/** A folder is below the shared volume or is not touched. */
function pathFault({ fs }: FunctionSpecRecord): string | undefined {
  const folders = [...(fs?.dirs ?? []), ...(fs?.snapshots ?? [])]
  const outside = folders.find(({ dir }) => dir !== undefined && isOutside(dir))
  return outside && `"${outside.dir}" leaves the shared volume`
}

function isOutside(dir: string): boolean {
  return dir.includes("\0") || dir.split("/").includes("..")
}
