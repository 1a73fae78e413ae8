import { parseQuantity } from "#core/spec/quantity"
import { ClusterError } from "../clusterError.ts"
import type { BoundMount } from "./bindMounts.ts"
import type { ContainerPlan } from "./containerPlan.ts"

/** The command line that runs a container with docker or podman and ends when it ends. */
export function containerCommand(
  program: "docker" | "podman",
  plan: ContainerPlan,
  mounts: readonly BoundMount[],
  id: string,
): readonly string[] {
  const [first, ...rest] = plan.command
  return [
    program,
    "run",
    "--name",
    id,
    "--security-opt",
    "no-new-privileges",
    // Where SELinux counts, a container may not read a folder that is not labelled for it. Labels are
    // the folder's, and several steps share one: so it is the container that goes without.
    ...(mounts.length === 0 ? [] : ["--security-opt", "label=disable"]),
    ...Object.entries(plan.env).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    ...mounts.flatMap((mount) => ["--mount", bindOf(mount)]),
    ...(plan.workingDir === undefined ? [] : ["--workdir", plan.workingDir]),
    ...(plan.memory === undefined ? [] : ["--memory", bytesOf(plan.memory)]),
    ...(plan.cpu === undefined ? [] : ["--cpus", cpusOf(plan.cpu)]),
    // The command replaces the image's own program, as a Job's command does.
    ...(first === undefined ? [] : ["--entrypoint", first]),
    plan.image,
    ...rest,
  ]
}

function bindOf({ folder, at, isReadOnly }: BoundMount): string {
  const odd = [folder, at].find((path) => path.includes(","))
  if (odd !== undefined) {
    throw new ClusterError("invalid", `"${odd}" cannot be mounted: its comma would end the path.`)
  }
  return `type=bind,source=${folder},target=${at}${isReadOnly ? ",readonly" : ""}`
}

/** Kubernetes writes `8Gi` and `500m`, docker reads bytes and parts of a processor. */
function bytesOf(amount: string): string {
  return String(nanosOf(amount) / 1_000_000_000n)
}

function cpusOf(amount: string): string {
  return String(Number(nanosOf(amount)) / 1e9)
}

function nanosOf(amount: string): bigint {
  const read = parseQuantity(amount)
  return read.ok ? read.quantity.nanos : 0n
}
