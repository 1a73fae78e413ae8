import type { PlaceState, RunOptions, SpecSource } from "#engine/protocol"
import type { CommandContext } from "../commands/command.ts"
import { type FilledInputs, inputsForm, lastInputs, needsForm } from "./inputsForm.ts"
import { type Runnable, specSource } from "./runnable.ts"
import { type ReadyRun, tellFaults } from "./start.ts"
import { readTools } from "./tools.ts"

/** What else the text of a run needs: tools and inputs, the last ones where they will do. */
export interface Supplies {
  readonly tools: Readonly<Record<string, string>>
  readonly filled: FilledInputs
}

/** Undefined when inputs had to be asked for and the person gave up. */
export async function supplies(
  context: CommandContext,
  spec: Runnable,
): Promise<Supplies | undefined> {
  if (spec.workflow.dialect !== "gcs") {
    return { tools: {}, filled: { typed: {}, pictures: [], values: {} } }
  }
  const { tools, faults } = await readTools(context.language)
  tellFaults(faults)
  const last = await lastInputs(context, spec, tools)
  const filled = needsForm(last) ? await inputsForm(context, spec, tools) : last
  return filled && { tools, filled }
}

/** Asks the engine what would be created; the name is a free one where none is given. */
export async function prepare(
  { runs }: CommandContext,
  spec: Runnable,
  { place }: PlaceState,
  { tools, filled }: Supplies,
  wishes: Partial<Pick<RunOptions, "name" | "resumeFrom" | "until">>,
): Promise<ReadyRun> {
  const source: SpecSource = specSource(spec, { inputs: filled.values, tools })
  const { until } = wishes
  const prepared = await runs.call("run/prepare", {
    place: place.id,
    spec: source,
    ...(until ? { until } : {}),
  })
  const { jobs, orMore } = prepared
  return {
    spec,
    place,
    source,
    options: { ...wishes, name: wishes.name ?? prepared.name },
    jobs,
    orMore,
  }
}
