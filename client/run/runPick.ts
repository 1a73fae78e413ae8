import { l10n, type QuickPickItem, QuickPickItemKind, window } from "vscode"
import { countOf } from "#core/view/phase"
import type { PlaceState } from "#engine/protocol"
import { choosePlace } from "../commands/choosePlace.ts"
import type { CommandContext } from "../commands/command.ts"
import { openPlaceToRun } from "../places/openPlaceToRun.ts"
import { placeIcon, placeName } from "../places/placeName.ts"
import { checkOnServer } from "./checkOnServer.ts"
import { chooseFiles, filesWords } from "./filesPick.ts"
import { inputsForm } from "./inputsForm.ts"
import { prepare, type Supplies, supplies as supply } from "./prepare.ts"
import type { Runnable } from "./runnable.ts"
import { filesText, jobsText, type ReadyRun, startTold } from "./start.ts"

interface Item extends QuickPickItem {
  readonly id: "files" | "run" | "reuse" | "check" | "plan" | "name" | "place" | "inputs" | "rule"
}

/** One pick: Enter runs; everything else can be changed first. */
export async function runPick(
  context: CommandContext,
  spec: Runnable,
  opened: PlaceState,
  given: Supplies,
): Promise<void> {
  let [place, supplies] = [opened, given]
  let name: string | undefined
  for (;;) {
    const ready = await prepare(context, spec, place, supplies, name === undefined ? {} : { name })
    const earlier = reusable(context, spec, place)
    const picked = await window.showQuickPick(items(ready, earlier, supplies), {
      title: l10n.t('Run "{name}"', { name: spec.workflow.name ?? ready.options.name }),
      placeHolder: l10n.t("Enter runs; or change something first"),
    })
    switch (picked?.id) {
      case undefined:
      case "rule":
        return
      case "run":
        await startTold(context, ready)
        return
      case "reuse": {
        const resumeFrom = earlier && { name: earlier.name }
        await startTold(context, { ...ready, options: { ...ready.options, resumeFrom } })
        return
      }
      case "check":
        await checkOnServer(context, ready)
        return
      case "plan":
        await context.plans.show(spec)
        return
      case "name":
        name = (await askName(ready.options.name, place)) ?? name
        continue
      case "place": {
        if (!(await choosePlace(context))) continue
        const next = await openPlaceToRun(context)
        if (!next) return
        const files = await supply(context, spec, next)
        if (!files) return
        supplies = { ...supplies, files: files.files }
        place = next
        continue
      }
      case "files": {
        const { wanted } = supplies.files ?? {}
        const chosen = wanted && (await chooseFiles(context, spec, place, wanted))
        if (wanted && chosen) supplies = { ...supplies, files: { wanted, chosen } }
        continue
      }
      case "inputs": {
        const filled = await inputsForm(context, spec, supplies.tools)
        if (filled) supplies = { ...supplies, filled }
      }
    }
  }
}

interface Earlier {
  readonly name: string
  readonly done: number
  readonly total: number
  readonly isTotalKnown: boolean
}

/** The newest run of the workflow in this place, when it left something to do and something to reuse. */
function reusable(
  { chosen, runs }: CommandContext,
  { document, index }: Runnable,
  { place }: PlaceState,
): Earlier | undefined {
  const latest = chosen.runsOf(document.uri, index).find((one) => one.place === place.id)
  const state = runs.places.find((one) => one.place.id === place.id)
  const run = state?.runs.find((one) => one.name === latest?.run)
  if (!run || run.phase === "succeeded" || run.phase === "running") return undefined
  const done = countOf(run.counts, "succeeded", "reused")
  const { total, isTotalKnown } = run.counts
  return done === 0 ? undefined : { name: run.name, done, total, isTotalKnown }
}

function items(
  ready: ReadyRun,
  earlier: Earlier | undefined,
  { filled, files }: Supplies,
): readonly Item[] {
  const { options, place } = ready
  const inputs = filled.pictures.length
  // A colony names what is sent to it, runs all of it, and is asked by sending.
  const isColony = place.kind === "colonies"
  return [
    {
      id: "run",
      label: l10n.t("$(play) Run as {name}", { name: options.name }),
      description: l10n.t("{jobs} in {place}", {
        jobs: jobsText(ready),
        place: placeName(place),
      }),
      ...detailOf(ready),
    },
    ...(earlier && !isColony
      ? [
          {
            id: "reuse" as const,
            label: l10n.t("$(history) Run, reusing {name}", { name: earlier.name }),
            description: earlier.isTotalKnown
              ? l10n.t("{done} of {total} steps", { ...earlier })
              : l10n.t("{done} steps", { ...earlier }),
          },
        ]
      : []),
    ...(isColony ? [] : clusterItems(options.name)),
    {
      id: "place",
      label: `$(${placeIcon(place.kind)}) ${l10n.t("Place")}`,
      description: placeName(place),
    },
    ...(files
      ? [
          {
            id: "files" as const,
            label: l10n.t("$(files) Files"),
            description: filesWords(files.chosen),
          },
        ]
      : []),
    ...(inputs > 0
      ? [
          {
            id: "inputs" as const,
            label: l10n.t("$(symbol-parameter) Inputs ({inputs})", { inputs }),
            description: Object.keys(filled.values).join(", "),
          },
        ]
      : []),
  ]
}

/** What people should know before they press Enter. */
function detailOf({ place, files }: ReadyRun): Pick<Item, "detail"> {
  const sentences = [files && filesText(files), place.caution].filter(Boolean)
  return sentences.length === 0 ? {} : { detail: sentences.join(" ") }
}

function clusterItems(name: string): readonly Item[] {
  return [
    {
      id: "check",
      label: l10n.t("$(shield) Check on the server only"),
      description: l10n.t("creates nothing"),
    },
    {
      id: "plan",
      label: l10n.t("$(list-unordered) Show the plan"),
      description: l10n.t("every Job as YAML"),
    },
    { id: "rule", label: "", kind: QuickPickItemKind.Separator },
    { id: "name", label: l10n.t("$(tag) Name"), description: name },
  ]
}

function askName(value: string, { runs, place }: PlaceState): Promise<string | undefined> {
  const taken = new Set(runs.map(({ name }) => name))
  return Promise.resolve(
    window.showInputBox({
      title: l10n.t("Name of the run"),
      value,
      validateInput: (text) => {
        if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text)) {
          return l10n.t("Small letters, digits and dashes, at most 63, no dash at either end.")
        }
        return taken.has(text)
          ? l10n.t('There is a run "{name}" in "{namespace}" already.', {
              name: text,
              namespace: place.namespace,
            })
          : undefined
      },
    }),
  )
}
