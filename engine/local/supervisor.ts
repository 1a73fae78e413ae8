import { execFileSync, spawn } from "node:child_process"
import { closeSync, openSync, readFileSync, statSync, utimesSync } from "node:fs"
import { join } from "node:path"
import { processBeginning } from "./processBeginning.ts"

/** With this code a supervisor ends that found no room to write down that it begins; then nothing began. */
export const noRoom = 75

/**
 * A shell beside each container: it writes down that the container began, what it printed and how it
 * ended, and needs nobody for that. So a command outlives the engine, and the next engine reads on.
 * The folder "claim" is made once, whoever tries: a container is never begun twice.
 */
const script = `
dir=$1
shift
if ! mkdir "$dir/claim" 2>/dev/null; then
  [ -d "$dir/claim" ] && exit 0
  exit ${noRoom}
fi
give_up() { rm -rf "$dir/exit.new" "$dir/pid.new" "$dir/claim"; exit ${noRoom}; }
begin=
if [ -r "$KUBE_EXECUTIONS_PROC/$$/stat" ]; then begin=$(sed 's/.*) //' "$KUBE_EXECUTIONS_PROC/$$/stat" | cut -d' ' -f20)
else begin=$(LC_ALL=C TZ=UTC ps -o lstart= -p $$ 2>/dev/null | tr -s ' ' _ | sed 's/^_//; s/_$//'); fi
# The place of the ending is taken now: a disk that is full later can still hold it.
printf '%-63s\\n' '' 2>/dev/null > "$dir/exit.new" && [ -s "$dir/exit.new" ] || give_up
printf '%s %s %s\\n' "$$" "\${begin:--}" "$KUBE_EXECUTIONS_BOOT" 2>/dev/null > "$dir/pid.new" && [ -s "$dir/pid.new" ] || give_up
mv "$dir/pid.new" "$dir/pid" || give_up
trap : TERM INT HUP
"$@" > "$dir/log" 2>&1 < /dev/null &
child=$!
while :; do
  wait "$child"
  code=$?
  kill -0 "$child" 2>/dev/null || break
done
# Where the taken place does not help, as on file systems that never write over anything, it waits for room.
until printf '%s' "$code" 2>/dev/null 1<> "$dir/exit.new"; do
  [ -d "$dir" ] || exit 0
  sleep 1
done
# The code is on disk before its name is; where nothing syncs, who reads a name without a code knows.
sync "$dir/exit.new" 2>/dev/null
mv "$dir/exit.new" "$dir/exit"
`

/** Begins a container; answers when the supervisor was started, not when it ends. */
export function supervise(
  folder: string,
  command: readonly string[],
  boot: string,
  onEnd: (code: number | null) => void,
  proc = "/proc",
): void {
  const child = spawn("/bin/sh", ["-c", script, "supervisor", folder, ...command], {
    detached: true,
    stdio: "ignore",
    cwd: "/",
    env: { ...process.env, KUBE_EXECUTIONS_BOOT: boot, KUBE_EXECUTIONS_PROC: proc },
  })
  child.on("exit", onEnd)
  child.on("error", () => onEnd(null))
  child.unref()
}

/** What is known of a container from its folder alone. */
export type ContainerRecord =
  | { readonly kind: "not-begun" }
  /** The number of its supervisor, or one that is nobody's where it cannot be told for sure. */
  | { readonly kind: "running"; readonly pid: number; readonly startedAt: number }
  | {
      readonly kind: "ended"
      readonly exitCode: number
      readonly startedAt: number
      readonly finishedAt: number
    }
  /** Its supervisor is gone and wrote no ending; `finishedAt` is its last sign of life. */
  | {
      readonly kind: "lost"
      readonly by: "reboot" | "kill"
      readonly startedAt: number
      readonly finishedAt: number
    }

/** No signal is ever sent to it. */
export const unknownPid = 0

/** Without the boot of this machine the container is another machine's. */
export function readContainer(
  folder: string,
  boot: string | undefined,
  proc = "/proc",
): ContainerRecord {
  const begun = readText(join(folder, "pid"))
  if (begun === undefined) {
    // Between the claim and the pid lies a moment; whoever died in it began nothing.
    return { kind: "not-begun" }
  }
  const [pid = "", beginning = "", bootThen = ""] = begun.trim().split(" ")
  const startedAt = timeOf(join(folder, "pid"))
  const ended = readEnding(folder, startedAt)
  if (ended !== undefined) return ended
  if (boot === undefined) return { kind: "running", pid: unknownPid, startedAt }
  const lost = { kind: "lost", startedAt, finishedAt: lastSign(folder) } as const
  if (bootThen !== boot) return { ...lost, by: "reboot" }
  const number = aliveAs(Number(pid), beginning, proc)
  if (number !== undefined) return { kind: "running", pid: number, startedAt }
  // It may have ended between the two looks.
  return readEnding(folder, startedAt) ?? { ...lost, by: "kill" }
}

/** One without its code says nothing of how the command ended. */
function readEnding(folder: string, startedAt: number): ContainerRecord | undefined {
  const path = join(folder, "exit")
  const code = readText(path)?.trim() ?? ""
  if (!/^\d+$/.test(code)) return undefined
  return { kind: "ended", exitCode: Number(code), startedAt, finishedAt: timeOf(path) }
}

/** Notes that a container runs, for the day when nobody saw how it ended. */
export function noteAlive(folder: string, now: number): void {
  const file = join(folder, "alive")
  if (now - timeOf(file) < aliveMs) return
  try {
    closeSync(openSync(file, "a"))
    utimesSync(file, now / 1000, now / 1000)
  } catch {
    // On a full disk, or in a folder that was deleted just now, it is not worth a word.
  }
}

const aliveMs = 10_000

function lastSign(folder: string): number {
  return Math.max(...["pid", "log", "alive"].map((name) => timeOf(join(folder, name))))
}

/** Ends the supervisor, and with it everything it watches over. */
export function endContainer(pid: number, force: boolean): void {
  // Zero would be our own group.
  if (!(pid > 1)) return
  try {
    process.kill(-pid, force ? "SIGKILL" : "SIGTERM")
  } catch {
    // It ended by itself just now.
  }
}

/** Changes with every start of the machine; empty where that cannot be told. */
export function bootOfMachine(): string {
  return readText("/proc/sys/kernel/random/boot_id")?.trim() ?? bootOfMac() ?? "-"
}

function bootOfMac(): string | undefined {
  if (process.platform !== "darwin") return undefined
  try {
    const command = ["-n", "kern.bootsessionuuid"]
    return execFileSync("sysctl", command, { encoding: "utf8" }).trim() || undefined
  } catch {
    return undefined
  }
}

/**
 * The supervisor's number while it lives; undefined when it is gone. A number may belong to another
 * process by now, which began at another time: where no time was written down it is not trusted.
 */
function aliveAs(pid: number, beginning: string, proc: string): number | undefined {
  const now = processBeginning(pid, proc)
  if (now === undefined) return undefined
  if (beginning === "-") return unknownPid
  return now === beginning ? pid : undefined
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return undefined
  }
}

function timeOf(path: string): number {
  return Math.round(statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0)
}
