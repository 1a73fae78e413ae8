import { commands, Uri } from "vscode"
import type { RunView } from "#core/view/statusTree"
import type { Act } from "#media/graph/protocol"
import { nodeOf } from "../commands/rows.ts"
import type { FollowedRun } from "../runs/followRun.ts"

/** Where the text of a workflow is. */
export interface GraphSource {
  readonly uri: string
  readonly index: number
}

/** What can be done with a run from its picture, the least first. */
export function actsOf(
  { phase, finishedAt }: Pick<RunView, "phase" | "finishedAt">,
  hasSource: boolean,
): readonly Act[] {
  if (finishedAt === null) return ["stop"]
  if (!hasSource) return []
  return phase === "succeeded" ? ["run"] : ["run", "run again"]
}

/** `task`: where it is to begin again; null: all of it. */
export async function act(
  what: Act,
  task: string | null,
  run: FollowedRun | undefined,
  source: GraphSource | undefined,
): Promise<void> {
  const text = source && ([Uri.parse(source.uri), source.index] as const)
  const row = run && { place: run.place.id, run: run.view.name }
  switch (what) {
    case "run":
      if (text) await commands.executeCommand("kubeExecutions.run", ...text)
      return
    case "stop":
      if (row) await commands.executeCommand("kubeExecutions.stop", nodeOf(row))
      return
    case "run again":
      if (row && task !== null)
        await commands.executeCommand("kubeExecutions.runFrom", nodeOf({ ...row, task }))
      else if (text) await commands.executeCommand("kubeExecutions.runAgain", ...text)
  }
}
