import {
  CodeLens,
  type CodeLensProvider,
  type Disposable,
  EventEmitter,
  l10n,
  languages,
  Range,
  type TextDocument,
  workspace,
} from "vscode"
import { countOf, phaseLooks } from "#core/view/phase"
import type { RunView } from "#core/view/statusTree"
import { agoText } from "../agoText.ts"
import { nodeOf } from "../commands/rows.ts"
import type { SpecPictures } from "../specPictures.ts"
import { isSpec, specLanguages } from "../specs.ts"
import type { ChosenRuns } from "./chosenRuns.ts"

/** Lenses that only a run can tell: how it goes above its workflow, what to do above a failed task. */
export class RunLens implements CodeLensProvider, Disposable {
  readonly #pictures: SpecPictures
  readonly #chosen: ChosenRuns
  readonly #changed = new EventEmitter<void>()
  readonly #registered: Disposable
  #last = ""

  readonly onDidChangeCodeLenses = this.#changed.event

  constructor(pictures: SpecPictures, chosen: ChosenRuns) {
    this.#pictures = pictures
    this.#chosen = chosen
    const selector = specLanguages.map((language) => ({ language }))
    this.#registered = languages.registerCodeLensProvider(selector, this)
  }

  /** Asks for the lenses again when what they say has changed. */
  refresh(said: string): void {
    if (said === this.#last) return
    this.#last = said
    this.#changed.fire()
  }

  async provideCodeLenses(document: TextDocument): Promise<CodeLens[]> {
    const settings = workspace.getConfiguration("kubeExecutions", document)
    if (settings.get("editor.lens") === false || !isSpec(document)) return []
    // The editor waits for everybody's lenses: without a run nothing is asked of the language server.
    if (!this.#chosen.isAnyOf(document.uri)) return []
    const picture = await this.#pictures.of(document)
    return (picture?.workflows ?? []).flatMap((workflow, index) => {
      const name = this.#chosen.of(document.uri, index)
      const view = name && this.#chosen.view(name)
      if (!name || !view) return []
      const uri = document.uri.toString()
      const lens = (line: number, title: string, command: string, ...args: unknown[]) =>
        new CodeLens(new Range(line, 0, line, 0), { title, command, arguments: args })
      const failed = view.tasks.filter(({ phase }) => phase === "failed")
      const lines = new Map(workflow.tasks.map((task) => [task.name, task.firstLine]))
      return [
        lens(
          workflow.firstLine,
          runText(view, Date.now()),
          "kubeExecutions.showGraph",
          nodeOf(name),
        ),
        ...failed.flatMap((task) => {
          const line = lines.get(task.name)
          if (line === undefined) return []
          return [
            lens(
              line,
              l10n.t("Show Log"),
              "kubeExecutions.showLog",
              nodeOf({ ...name, task: task.name }),
            ),
            lens(
              line,
              l10n.t("Run Again from Here"),
              "kubeExecutions.runFrom",
              uri,
              index,
              task.name,
            ),
          ]
        }),
      ]
    })
  }

  dispose(): void {
    this.#registered.dispose()
    this.#changed.dispose()
  }
}

/** `wgs-cohort-7: ✗ 103/128, 2 m ago` */
export function runText(view: RunView, now: number): string {
  const { name, phase, counts, finishedAt } = view
  const done = countOf(counts, "succeeded", "reused", "skipped")
  const sign = phaseLooks[phase].sign
  const total = counts.isTotalKnown ? String(counts.total) : "?"
  if (finishedAt === null) return `${name}: ${sign} ${done}/${total}`
  const age = agoText(now - Date.parse(finishedAt))
  return l10n.t("{name}: {sign} {done}/{total}, {age}", { name, sign, done, total, age })
}
