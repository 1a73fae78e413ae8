import { ClusterError } from "#engine/clusterError"
import { ColonyError } from "../client/colonyError.ts"
import { type ProcessRecord, processState } from "../client/records.ts"
import type { ColoniesServer } from "../client/server.ts"
import type { SyncWorld } from "../files/sync.ts"
import { pause } from "../pause.ts"
import { attemptOf } from "./attempt.ts"
import { followJob } from "./followJob.ts"
import { jobOfProcess } from "./jobOfProcess.ts"
import type { Jobs } from "./jobs.ts"
import { LeaseLost } from "./leaseLost.ts"
import { type FilesWorld, filesIn, filesOut } from "./prepareFiles.ts"
import { ProcessFailure } from "./processFailure.ts"
import { ProcessLog } from "./processLog.ts"
import { type Progress, progressLines } from "./progress.ts"
import type { ExecutorSettings } from "./settings.ts"
import { failureText, specFault } from "./specFault.ts"
import type { Failure } from "./verdict.ts"
import { watchLease } from "./watchLease.ts"

export interface ProcessWorld {
  readonly settings: ExecutorSettings
  readonly server: ColoniesServer
  readonly jobs: Jobs
  readonly files: () => Promise<SyncWorld>
  readonly log: (line: string) => void
  /** Raised when the executor ends: Jobs go on, and the next executor with them. */
  readonly stop: AbortSignal
}

const againMs = 1_000

/**
 * One process from its assignment to its end. Begun again by an executor that was restarted, it finds
 * the Job by its name and goes on from there. Never fails; what it cannot do the process is told.
 */
export async function runProcess(process: ProcessRecord, world: ProcessWorld): Promise<void> {
  const { server, settings, jobs, stop } = world
  const { processId, jobName } = attemptOf(process)
  const log = (line: string) => world.log(`${processId.slice(0, 12)}: ${line}`)
  const over = new AbortController()
  const lease = new AbortController()
  watchLease(
    server,
    settings.colony,
    process,
    (why) => lease.abort(why),
    AbortSignal.any([stop, over.signal]),
  )
  const signal = AbortSignal.any([stop, lease.signal])
  const said = new ProcessLog(server, settings.colony, processId, signal)
  try {
    await said.count()
    const errors = await outcome(process, said, signal, world)
    await close(process, errors, signal, over, world)
    log(errors.length === 0 ? "closed as successful" : `closed as failed: ${errors[0]}`)
  } catch (error) {
    if (stop.aborted) return
    const lost = lease.signal.aborted ? lease.signal.reason : error
    if (lost instanceof LeaseLost) {
      log(`${lost.message} Its Job is deleted.`)
    } else {
      const isTold = lost instanceof ClusterError || lost instanceof ColonyError
      log(isTold ? lost.message : `bug: ${lost instanceof Error ? lost.stack : lost}`)
      const text = failureText({ error: messageOf(lost), context: "" })
      await close(process, [text], stop, over, world).catch(() => {})
    }
  } finally {
    over.abort()
  }
  await untilDone(() => jobs.delete(jobName), stop, log)
}

/** The errors that the process is closed with; none = successful. */
async function outcome(
  process: ProcessRecord,
  said: ProcessLog,
  signal: AbortSignal,
  world: ProcessWorld,
): Promise<readonly string[]> {
  const { settings, jobs } = world
  const { spec } = process
  const tell = async (progress: Progress) => {
    const lines = progressLines(progress, settings.hasDebugLogs)
    if (lines.length > 0) await said.send(lines.join(""))
  }
  const files: FilesWorld = { files: world.files, folder: settings.folder, tell, signal }
  const fail = async (failures: readonly Failure[], context: string) => {
    const errors = failures.flatMap(({ error, detail }) => [
      failureText({ error, context }),
      ...(detail === "" ? [] : [detail]),
    ])
    await said.send(`${errors.join("\n")}\n`)
    return errors
  }
  let errors: readonly string[] = []
  try {
    if (spec.funcname === "sync") {
      await filesIn(spec, process.processid, files)
      return []
    }
    // As upstream has it: without a line in the log.
    if (spec.funcname !== "execute") return ["Unsupported funcname"]
    const fault = specFault(spec)
    if (fault !== undefined) return await fail([{ error: fault.error, detail: "" }], fault.context)
    const { jobName } = attemptOf(process)
    let job = await untilDone(() => jobs.find(jobName, signal), signal, world.log)
    if (job === undefined) {
      if (typeof spec.kwargs?.["rebuild-image"] !== "boolean")
        await tell({ kind: "no-rebuild-flag" })
      await filesIn(spec, process.processid, files)
      await createJob(process, signal, world)
      job = jobs.job(jobName)
    }
    const ended = await followJob({ process, job, said, tell, jobs, signal, settings })
    if (ended.kind === "failed") errors = await fail(ended.errors, "Failed to execute process")
    await filesOut(spec, process.processid, errors.length === 0, files)
    return errors
  } catch (error) {
    if (!(error instanceof ProcessFailure)) throw error
    return [...errors, ...(await fail([{ error: error.message, detail: "" }], error.context))]
  }
}

async function createJob(
  process: ProcessRecord,
  signal: AbortSignal,
  { settings, jobs, log }: ProcessWorld,
): Promise<void> {
  const { fs } = process.spec
  if (fs?.mount && settings.claim === undefined) {
    throw new ProcessFailure(
      "No shared volume is set: EXECUTOR_FS_DIR and EXECUTOR_K8S_PVC",
      "Failed to create k8s batchjob",
    )
  }
  const { name, claim, isCompatible } = settings
  const manifest = jobOfProcess(process, { executorName: name, claim, isCompatible })
  try {
    await untilDone(() => jobs.create(manifest, signal), signal, log)
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    throw new ProcessFailure(error.message, "Failed to create k8s batchjob")
  }
}

/** Closes the process, once: a reply that was lost is looked for. */
async function close(
  { processid }: ProcessRecord,
  errors: readonly string[],
  signal: AbortSignal,
  over: AbortController,
  { server }: ProcessWorld,
): Promise<void> {
  // From here on a process that is no longer running is no surprise.
  over.abort()
  for (;;) {
    try {
      if (errors.length === 0) {
        await server.call("closesuccessfulmsg", { processid, out: [] }, { signal })
      } else {
        await server.call("closefailedmsg", { processid, errors }, { signal })
      }
      return
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ColonyError)) throw error
      // Closed by the request whose reply was lost, or cancelled, or given back in the meantime.
      if (error.kind === "invalid" || error.kind === "not-found") return
      if (error.kind === "forbidden") throw new LeaseLost("lost")
      await pause(againMs, signal)
      const now = await server
        .call("getprocessmsg", { processid }, { signal })
        .catch(() => undefined)
      if (now !== undefined && now.state !== processState.running) return
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** What the cluster refuses for now is asked again. */
async function untilDone<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ClusterError && error.isPassing)) throw error
      log(`the cluster: ${error.message}`)
      await pause(error.retryAfterMs ?? againMs, signal)
    }
  }
}
