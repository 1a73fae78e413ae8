import { existsSync, lstatSync, readlinkSync, realpathSync } from "node:fs"
import { type BoundMount, holderOf } from "./bindMounts.ts"
import type { ContainerPlan } from "./containerPlan.ts"

/** What a command sees of the machine, read-only, besides the folders of its run. */
const seen = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/opt"]
/** Written to by programs, and empty for each container. */
const fresh = ["/tmp", "/run", "/var", "/home", "/root"]

const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/**
 * The command line that runs a container's command in a sandbox of its own: other users, processes
 * and sessions than the machine's, no capabilities, a clean environment.
 */
export function bubblewrapCommand(
  plan: ContainerPlan,
  mounts: readonly BoundMount[],
  readOnly: readonly string[],
  id: string,
): readonly string[] {
  return [
    "bwrap",
    "--unshare-user",
    "--unshare-pid",
    "--unshare-ipc",
    "--new-session",
    // The sandbox goes with the supervisor, and everything in it with the sandbox.
    "--die-with-parent",
    "--cap-drop",
    "ALL",
    "--clearenv",
    // By it the sandbox is found again whose outer process is gone.
    "--setenv",
    "KUBE_EXECUTIONS_CONTAINER",
    id,
    ...seen.flatMap(mirrored),
    "--proc",
    "/proc",
    "--dev",
    "/dev",
    ...fresh.flatMap((folder) => ["--tmpfs", folder]),
    "--symlink",
    "/run",
    "/var/run",
    "--dir",
    "/var/tmp",
    ...nameServers(),
    ...readOnly.flatMap((folder) => ["--ro-bind", folder, folder]),
    ...mounts.flatMap(({ folder, at, isReadOnly }) => [
      isReadOnly ? "--ro-bind" : "--bind",
      folder,
      at,
    ]),
    ...environment(plan).flatMap(([name, value]) => ["--setenv", name, value]),
    ...workingDir(plan.workingDir, mounts),
    "--",
    ...plan.command,
  ]
}

/** In a mount it is there already; made from outside, a link in it would be followed. */
function workingDir(path: string | undefined, mounts: readonly BoundMount[]): readonly string[] {
  if (path === undefined) return ["--chdir", "/"]
  return holderOf(path, mounts) ? ["--chdir", path] : ["--dir", path, "--chdir", path]
}

/** A link such as /bin → usr/bin stays one. */
function mirrored(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return lstatSync(folder).isSymbolicLink()
    ? ["--symlink", readlinkSync(folder), folder]
    : ["--ro-bind", folder, folder]
}

/** Often a link into /run, which is empty inside: then that one file is shown. */
function nameServers(): readonly string[] {
  try {
    const real = realpathSync("/etc/resolv.conf")
    return fresh.some((folder) => real.startsWith(`${folder}/`)) ? ["--ro-bind", real, real] : []
  } catch {
    return []
  }
}

function environment({ env }: ContainerPlan): readonly (readonly [string, string])[] {
  return Object.entries({ PATH: path, HOME: "/root", LANG: "C.UTF-8", ...env })
}
