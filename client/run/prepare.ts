import type { PlaceState, RunOptions, SpecFiles, SpecSource } from "#engine/protocol"
import type { CommandContext } from "../commands/command.ts"
import {
  type ChosenFiles,
  chooseFiles,
  filesSupplies,
  lastFiles,
  wantedFiles,
} from "./filesPick.ts"
import { type FilledInputs, inputsForm, lastInputs, needsForm } from "./inputsForm.ts"
import { type Runnable, specSource } from "./runnable.ts"
import { type ReadyRun, tellFaults } from "./start.ts"
import { readTools } from "./tools.ts"

/** What else the text of a run needs: tools and inputs, the last ones where they will do. */
export interface Supplies {
  readonly tools: Readonly<Record<string, string>>
  readonly filled: FilledInputs
  /** Of a Colonies spec that wants files in a cluster. */
  readonly files?: { readonly wanted: SpecFiles; readonly chosen: ChosenFiles }
}

/** Undefined when inputs or files had to be asked for and the person gave up. */
export async function supplies(
  context: CommandContext,
  spec: Runnable,
  place: PlaceState,
): Promise<Supplies | undefined> {
  if (spec.workflow.dialect !== "gcs") {
    const none: Supplies = { tools: {}, filled: { typed: {}, pictures: [], values: {} } }
    const wanted = await wantedFiles(context, spec, place)
    if (wanted === undefined) return none
    const chosen = lastFiles(context, spec) ?? (await chooseFiles(context, spec, place, wanted))
    return chosen && { ...none, files: { wanted, chosen } }
  }
  const { tools, faults } = await readTools(context.language, spec.document.uri)
  tellFaults(faults)
  const last = await lastInputs(context, spec, tools)
  const filled = needsForm(last) ? await inputsForm(context, spec, tools) : last
  return filled && { tools, filled }
}

/** Asks the engine what would be created; the name is a free one where none is given. */
export async function prepare(
  context: CommandContext,
  spec: Runnable,
  { place }: PlaceState,
  { tools, filled, files }: Supplies,
  wishes: Partial<Pick<RunOptions, "name" | "resumeFrom" | "until">>,
): Promise<ReadyRun> {
  const moved = await filesSupplies(context, files?.chosen)
  const source: SpecSource = specSource(spec, { inputs: filled.values, tools, ...moved })
  const { until, name } = wishes
  const prepared = await context.runs.call("run/prepare", {
    place: place.id,
    spec: source,
    ...(until ? { until } : {}),
    ...(name ? { name } : {}),
  })
  const { jobs, orMore } = prepared
  return {
    spec,
    place,
    source,
    options: { ...wishes, name: wishes.name ?? prepared.name },
    jobs,
    orMore,
    ...(prepared.files ? { files: prepared.files } : {}),
  }
}
