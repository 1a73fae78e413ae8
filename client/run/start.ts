import { l10n, window, workspace } from "vscode"
import type { FilesPrepared, PlaceInfo, RunOptions, SpecSource } from "#engine/protocol"
import type { CommandContext } from "../commands/command.ts"
import { knowsCaution } from "../places/caution.ts"
import { mayChange, mayTouch } from "../places/guard.ts"
import { placeName } from "../places/placeName.ts"
import type { Runnable } from "./runnable.ts"

/** A run as it would be created, everything chosen. */
export interface ReadyRun {
  readonly spec: Runnable
  readonly place: PlaceInfo
  readonly source: SpecSource
  readonly options: RunOptions
  readonly jobs: number
  readonly orMore: boolean
  /** What bringing its files does. */
  readonly files?: FilesPrepared
}

/** Creates the run and shows it. A protected context wants its name typed, whatever the settings say. */
export async function startRun(context: CommandContext, ready: ReadyRun): Promise<boolean> {
  return (await agreesToFiles(ready)) && startTold(context, ready)
}

/** Of one whose files were told of already. */
export async function startTold(context: CommandContext, ready: ReadyRun): Promise<boolean> {
  const { runs, chosen, logs } = context
  const { spec, place, source } = ready
  if (!(await mayChange(place.context))) return false
  const title = l10n.t('Run in the protected context "{context}"', { context: place.context })
  const prompt = l10n.t('Creates {jobs} in "{namespace}". Type the context\'s name.', {
    jobs: jobsText(ready),
    namespace: place.namespace,
  })
  if (!(await mayTouch(place.context, title, prompt))) return false
  if (!(await knowsCaution(context.memory, place))) return false
  const { name, driver } = await runs.call("run/start", {
    place: place.id,
    spec: source,
    options: { ...ready.options, source: spec.source, ...startOption() },
  })
  const whose = driver === "cluster" ? ", moved by a driver in the cluster" : ""
  context.log.info(`started "${name}" in ${placeName(place)}${whose}`)
  chosen.started(spec.document.uri, spec.index, { place: place.id, run: name })
  await logs.show(place.id, name)
  return true
}

/** Nothing is brought anywhere, and no Secret made, that was not told of. */
async function agreesToFiles({ files, options }: ReadyRun): Promise<boolean> {
  if (files === undefined) return true
  const go = l10n.t("Run")
  const title = l10n.t('Run "{name}" with its files?', { name: options.name })
  const detail = filesText(files)
  return (await window.showInformationMessage(title, { modal: true, detail }, go)) === go
}

export function filesText({ from, claim, files, bytes, objects }: FilesPrepared): string {
  return l10n.t(
    "Brings {files} files ({bytes} bytes) from {from} to the claim {claim}; creates {objects}, deleted when the run ends.",
    { files, bytes: bytes.toLocaleString(), from, claim, objects: objects.join(", ") },
  )
}

export function jobsText({
  jobs,
  orMore,
  place,
}: Pick<ReadyRun, "jobs" | "orMore" | "place">): string {
  if (place.kind === "colonies") {
    return jobs === 1 ? l10n.t("1 process") : l10n.t("{jobs} processes", { jobs })
  }
  if (orMore) {
    return jobs === 1 ? l10n.t("1 Job or more") : l10n.t("{jobs} Jobs or more", { jobs })
  }
  return jobs === 1 ? l10n.t("1 Job") : l10n.t("{jobs} Jobs", { jobs })
}

/** Says which tool files could not be used, once, without holding anything up. */
export function tellFaults(faults: readonly string[]): void {
  const [first] = faults
  if (first) void window.showWarningMessage(first)
}

/** Written only where it is not what drivers do anyway. */
function startOption(): Pick<RunOptions, "start"> {
  const early = workspace.getConfiguration("kubeExecutions").get<boolean>("run.startEarly")
  return early === false ? { start: "complete" } : {}
}
