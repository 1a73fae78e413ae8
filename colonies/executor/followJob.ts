import type { PodFacts } from "#core/run/observed"
import { ClusterError } from "#engine/clusterError"
import type { ProcessRecord } from "../client/records.ts"
import { pause } from "../pause.ts"
import { attemptOf } from "./attempt.ts"
import { containerLog } from "./containerLog.ts"
import type { Jobs, SeenJob } from "./jobs.ts"
import { type LogNote, noteText, readNote } from "./logNote.ts"
import { LogSender } from "./logSender.ts"
import type { ProcessLog } from "./processLog.ts"
import type { Progress } from "./progress.ts"
import { type Failure, type Verdict, verdict } from "./verdict.ts"

export interface FollowedJob {
  readonly process: ProcessRecord
  /** The Job as it was found or made. */
  readonly job: SeenJob | undefined
  readonly said: ProcessLog
  readonly tell: (progress: Progress) => Promise<void>
  readonly jobs: Jobs
  readonly signal: AbortSignal
  readonly settings: { readonly isCompatible: boolean }
}

export type JobOutcome = Extract<Verdict, { readonly kind: "successful" | "failed" }>

/** A registry, a volume or a scheduler may need so long; half the process's time where that is less. */
const patienceMs = 30_000
/** A scheduler that has not found a node for so long is worth a line. */
const waitMs = 10_000
const lookMs = 1_000

/** Brings what the containers print into the process's log until the Job has ended, and says how it did. */
export async function followJob(followed: FollowedJob): Promise<JobOutcome> {
  const { process, job, said, jobs, signal, settings } = followed
  const { jobName } = attemptOf(process)
  const over = new AbortController()
  const ends = AbortSignal.any([signal, over.signal])
  const sender = new LogSender({
    log: said,
    signal: ends,
    earlier: readNote(job?.note),
    note: (note) => writeNote(jobs, jobName, note, ends),
  })
  const readers = new Map<string, Promise<void>>()
  const broken = Promise.withResolvers<never>()
  broken.promise.catch(() => {})
  const patience = patienceOf(process)
  let stuckSince: number | undefined
  let waitsSince: number | undefined
  let isWaitTold = false
  const lost: string[] = []
  const read = (pods: readonly PodFacts[]) =>
    startReaders(pods, { jobs, sender, readers, lost, fail: broken.reject, signal: ends })
  try {
    for (;;) {
      const changed = jobs.changed
      const pods = jobs.pods(jobName)
      read(pods)
      const now = look(jobs.job(jobName), pods, settings.isCompatible)
      switch (now.kind) {
        case "successful":
        case "failed": {
          // Only a fresh look tells that a Job is gone, and shows the last of what its pods did.
          const fresh = await freshLook(jobs, jobName, ends)
          const last = look(fresh, jobs.pods(jobName), settings.isCompatible)
          if (last.kind !== "successful" && last.kind !== "failed") continue
          read(jobs.pods(jobName))
          await Promise.race([Promise.all(readers.values()), broken.promise])
          await sender.close()
          for (const text of lost) await followed.tell({ kind: "note", text })
          return last
        }
        case "stuck": {
          stuckSince ??= performance.now()
          if (performance.now() - stuckSince < patience) break
          return { kind: "failed", errors: [stuckFailure(now)] }
        }
        case "going":
          stuckSince = undefined
          break
      }
      const waits = readers.size === 0 ? unschedulable(pods) : undefined
      waitsSince = waits === undefined ? undefined : (waitsSince ?? performance.now())
      if (waits !== undefined && !isWaitTold && performance.now() - (waitsSince ?? 0) > waitMs) {
        isWaitTold = true
        await followed.tell({ kind: "note", text: waits })
      }
      await Promise.race([changed, broken.promise, pause(lookMs, ends)])
    }
  } finally {
    over.abort()
  }
}

function look(job: SeenJob | undefined, pods: readonly PodFacts[], isCompatible: boolean): Verdict {
  // One that is being deleted is as good as gone.
  const facts = job?.facts.deletedAt === undefined ? job?.facts : undefined
  return verdict(facts, pods, isCompatible)
}

async function freshLook(
  jobs: Jobs,
  jobName: string,
  signal: AbortSignal,
): Promise<SeenJob | undefined> {
  for (;;) {
    try {
      await jobs.refreshPods(jobName, signal)
      return await jobs.find(jobName, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ClusterError && error.isPassing)) throw error
      await pause(error.retryAfterMs ?? lookMs, signal)
    }
  }
}

function patienceOf({ spec }: ProcessRecord): number {
  return Math.min(patienceMs, ((spec.maxexectime ?? 60) * 1000) / 2)
}

function stuckFailure({ pod, why }: Extract<Verdict, { readonly kind: "stuck" }>): Failure {
  return { error: why, detail: `Pod "${pod}" did not start, and its Job was deleted.` }
}

function unschedulable(pods: readonly PodFacts[]): string | undefined {
  for (const { name, conditions } of pods) {
    const found = conditions.find(({ type, isTrue }) => type === "PodScheduled" && !isTrue)
    if (found?.reason === "Unschedulable") return `Pod "${name}" waits: ${found.message}`
  }
  return undefined
}

interface Readers {
  readonly jobs: Jobs
  readonly sender: LogSender
  readonly readers: Map<string, Promise<void>>
  /** What could not be read to its end. */
  readonly lost: string[]
  readonly fail: (error: unknown) => void
  readonly signal: AbortSignal
}

/** Each container that has begun gets its reader, once. */
function startReaders(pods: readonly PodFacts[], all: Readers): void {
  const { jobs, sender, readers, lost, fail, signal } = all
  for (const pod of pods) {
    for (const { name, state } of pod.containers) {
      const key = `${pod.name}/${name}`
      if (state.kind === "waiting" || readers.has(key)) continue
      const reading = containerLog(
        {
          open: (since) => jobs.followLog(pod.name, name, since, signal),
          hasEnded: () => hasEnded(jobs.pods(pod.job), pod.name, name),
          position: () => sender.position(key),
          add: (piece) => sender.add(key, piece),
          onLost: (why) =>
            lost.push(`The end of the log of "${name}" in "${pod.name}" cannot be read: ${why}`),
        },
        signal,
      )
      reading.catch(fail)
      readers.set(key, reading)
    }
  }
}

function hasEnded(pods: readonly PodFacts[], podName: string, container: string): boolean {
  const pod = pods.find(({ name }) => name === podName)
  if (pod === undefined || pod.phase === "Succeeded" || pod.phase === "Failed") return true
  return pod.containers.some(({ name, state }) => name === container && state.kind === "terminated")
}

/** A note that cannot be written now keeps the message waiting, or a restart would send it twice. */
async function writeNote(
  jobs: Jobs,
  jobName: string,
  note: LogNote,
  signal: AbortSignal,
): Promise<void> {
  const text = noteText(note)
  if (text === undefined) return
  for (;;) {
    try {
      await jobs.writeNote(jobName, text, signal)
      return
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ClusterError && error.isPassing)) throw error
      await pause(error.retryAfterMs ?? lookMs, signal)
    }
  }
}
