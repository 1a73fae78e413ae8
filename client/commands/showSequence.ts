import { l10n, window } from "vscode"
import type { PlainJobView } from "#core/view/plainJob"
import type { Look, SequenceSubject } from "#media/sequence/protocol"
import type { RunsNode } from "../views/runsView.ts"
import type { Command, CommandContext } from "./command.ts"

/** Shows the pods of a run, Job or CronJob over time: of a tree row, or of what is picked. */
export const showSequence = showAs("sequence")
export const showTable = showAs("table")
export const showGrid = showAs("grid")

function showAs(look: Look): Command {
  return async (context, target) => {
    const subject = subjectOf(context, target) ?? (await pick(context))
    if (subject === undefined) return
    context.sequences.show({ ...subject, look })
    context.sequences.tell(
      (one) => JSON.stringify(withoutLook(one)) === JSON.stringify(withoutLook(subject)),
      (panel) => panel.post({ kind: "look", look }),
    )
  }
}

function withoutLook({ look: _, ...subject }: SequenceSubject): object {
  return subject
}

function subjectOf({ runs }: CommandContext, target: unknown): SequenceSubject | undefined {
  if (typeof target !== "object" || target === null || !("kind" in target)) return undefined
  const node = target as RunsNode | PlainJobView
  switch (node.kind) {
    case "run":
      return { kind: "run", place: node.place, run: node.run.name }
    case "task":
    case "step":
      return { kind: "run", place: node.place, run: node.run }
    case "Job":
    case "CronJob": {
      const there = runs.places.find(({ plain }) => plain.includes(node))
      const place = there?.place.id
      return place === undefined
        ? undefined
        : { kind: "job", place, of: node.kind, name: node.name }
    }
    default:
      return undefined
  }
}

async function pick({ runs, view }: CommandContext): Promise<SequenceSubject | undefined> {
  if (runs.places.length === 0) await view.openPlace()
  const items = runs.places.flatMap(({ place, runs, plain }) => [
    ...runs.map((run) => ({
      label: run.name,
      description: run.message,
      subject: { kind: "run", place: place.id, run: run.name } as const,
    })),
    ...plain.map(({ kind, name, detail }) => ({
      label: name,
      description: `${kind} ${detail}`,
      subject: { kind: "job", place: place.id, of: kind, name } as const,
    })),
  ])
  if (items.length === 0) {
    void window.showInformationMessage(l10n.t("No run yet. Open a spec and choose Run."))
    return undefined
  }
  const picked = await window.showQuickPick(items, { title: l10n.t("Show the pods of") })
  return picked?.subject
}
