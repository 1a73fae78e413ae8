import {
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  type Disposable,
  Location,
  l10n,
  languages,
  Range,
  type Uri,
  workspace,
} from "vscode"
import { type Cause, type CausesParams, type CausesResult, causesRequest } from "#server/protocol"
import type { LanguageServer } from "../languageServer.ts"
import { readLog } from "../run/saveLogs.ts"
import type { RunStore } from "../runs/runStore.ts"
import { type Trouble, troubles } from "./failures.ts"
import { isChanged, type ShownRun } from "./shownRuns.ts"

/** A problem in the text that a run brought to light. */
export interface RunProblem {
  readonly uri: Uri
  readonly index: number
  readonly run: ShownRun["name"]
  readonly trouble: Trouble
  readonly cause: Cause
  readonly diagnostic: Diagnostic
}

/** What failed or has waited long in the runs shown, at the lines that caused it. */
export class RunProblems implements Disposable {
  readonly #language: LanguageServer
  readonly #runs: RunStore
  readonly #collection = languages.createDiagnosticCollection("kubeExecutions.runs")
  /** What the cause said when its problem was first shown: a problem goes with that text. */
  readonly #texts = new Map<string, string>()
  readonly #hidden = new Set<string>()
  readonly #logEnds = new Map<string, readonly string[]>()
  readonly #onLogEnd: () => void
  #problems: readonly RunProblem[] = []
  #turn = 0
  #said = "[]"

  constructor(language: LanguageServer, runs: RunStore, onLogEnd: () => void) {
    this.#language = language
    this.#runs = runs
    this.#onLogEnd = onLogEnd
  }

  get all(): readonly RunProblem[] {
    return this.#problems
  }

  async show(shown: readonly ShownRun[], now: number): Promise<void> {
    const turn = ++this.#turn
    const problems: RunProblem[] = []
    for (const run of shown) {
      const settings = workspace.getConfiguration("kubeExecutions", run.document)
      if (settings.get("editor.problemsFromRuns") === false) continue
      problems.push(...(await this.#problemsOf(run, now)))
    }
    // A newer look is under way, or done already.
    if (turn !== this.#turn) return
    // Telling the same again would close what is open about it, such as a list of fixes.
    const said = JSON.stringify(problems.map(({ uri, diagnostic }) => [uri, diagnostic]))
    if (said === this.#said) return
    this.#said = said
    this.#problems = problems
    const byFile = new Map<string, RunProblem[]>()
    for (const problem of problems) {
      const id = problem.uri.toString()
      byFile.set(id, [...(byFile.get(id) ?? []), problem])
    }
    this.#collection.clear()
    for (const list of byFile.values()) {
      const [first] = list
      if (first)
        this.#collection.set(
          first.uri,
          list.slice(0, most).map((one) => one.diagnostic),
        )
    }
  }

  /** Until another run is shown, this problem is not. */
  hide(problem: RunProblem): void {
    this.#hidden.add(idOf(problem.run, problem.trouble))
  }

  dispose(): void {
    this.#turn = Number.POSITIVE_INFINITY
    this.#collection.dispose()
  }

  async #problemsOf(run: ShownRun, now: number): Promise<readonly RunProblem[]> {
    const found = run.view.tasks
      .flatMap((task) => troubles(task, now))
      .filter((trouble) => !this.#hidden.has(idOf(run.name, trouble)))
      .slice(0, most)
    if (found.length === 0) return []
    const { document, index } = run
    const params: CausesParams = {
      uri: document.uri.toString(),
      index,
      wanted: found.map(({ task, step, reason }) => {
        return { task, step: step.index, field: reason.field }
      }),
    }
    const causes = await this.#language.request<CausesResult>(causesRequest, params)
    let logs = mostLogEnds
    return found.flatMap((trouble, position) => {
      const cause = causes[position]
      if (!cause || !this.#isStillThere(run, trouble, cause)) return []
      const diagnostic = this.#diagnostic(run, trouble, cause, logs-- > 0)
      return [{ uri: document.uri, index, run: run.name, trouble, cause, diagnostic }]
    })
  }

  #isStillThere(run: ShownRun, trouble: Trouble, cause: Cause): boolean {
    const id = idOf(run.name, trouble)
    const first = this.#texts.get(id)
    if (first !== undefined) return cause.text === first
    // What was written when the run was made is not known: an edited task is given the benefit.
    if (isChanged(run, trouble.task)) return false
    this.#texts.set(id, cause.text)
    return true
  }

  #diagnostic(run: ShownRun, trouble: Trouble, cause: Cause, withLog: boolean): Diagnostic {
    const isFailed = trouble.kind === "failed"
    const diagnostic = new Diagnostic(
      rangeOf(cause),
      sentenceOf(trouble),
      isFailed ? DiagnosticSeverity.Error : DiagnosticSeverity.Information,
    )
    diagnostic.source = l10n.t("run {run}", { run: run.name.run })
    const { uri } = run.document
    const related: DiagnosticRelatedInformation[] = []
    const { command } = trouble.step
    if (isFailed && command !== null) {
      const place = cause.command ? rangeOf(cause.command) : diagnostic.range
      related.push(
        new DiagnosticRelatedInformation(
          new Location(uri, place),
          l10n.t("the command that ran: {command}", { command: shortened(command) }),
        ),
      )
    }
    const end = isFailed && withLog ? this.#logEnd(run, trouble) : []
    if (end.length > 0) {
      related.push(
        new DiagnosticRelatedInformation(
          new Location(uri, diagnostic.range),
          l10n.t("end of the log: {lines}", {
            lines: end.map((line) => `"${shortened(line)}"`).join(", "),
          }),
        ),
      )
    }
    diagnostic.relatedInformation = related
    return diagnostic
  }

  /** The last lines of the step's log; asked for once, there at a later look. */
  #logEnd({ name }: ShownRun, { step }: Trouble): readonly string[] {
    const attempt = step.attempts.at(-1)?.job ?? ""
    const id = JSON.stringify([name, step.id, attempt])
    const known = this.#logEnds.get(id)
    if (known) return known
    this.#logEnds.set(id, [])
    const lines: string[] = []
    const options = { step: step.id, tailLines: logLines }
    readLog(this.#runs, name, options, (some) => lines.push(...some)).then(
      () => {
        if (lines.length === 0) return
        this.#logEnds.set(id, lines.slice(-logLines))
        this.#onLogEnd()
      },
      // A log that cannot be read says nothing here; the log itself says why.
      () => {},
    )
    return []
  }
}

const most = 1000
const logLines = 3
/** Each is a request to the cluster; who has more failures looks at a log by itself. */
const mostLogEnds = 20

/** `"align" step 17 ran out of memory: the limit is 8Gi (OOMKilled, exit code 137).` */
export function sentenceOf({ task, step, reason, isOnlyStep, more }: Trouble): string {
  const who = isOnlyStep
    ? l10n.t('"{task}"', { task })
    : l10n.t('"{task}" step {index}', { task, index: step.index })
  const words = { who, reason: reason.sentence }
  const what = aboutTheStep.has(reason.kind)
    ? l10n.t("{who} {reason}.", words)
    : l10n.t("{who}: {reason}.", words)
  if (more === 0) return what
  return more === 1
    ? l10n.t("{what} So does 1 more step.", { what })
    : l10n.t("{what} So do {more} more steps.", { what, more })
}

/** Reasons whose sentence goes on after the step's name; the others have a subject of their own. */
const aboutTheStep: ReadonlySet<Trouble["reason"]["kind"]> = new Set([
  "out-of-memory",
  "killed",
  "deadline",
  "pulling",
  "dependency",
  "parallelism",
])

function idOf(run: ShownRun["name"], { task, step, kind, reason }: Trouble): string {
  const attempt = step.attempts.at(-1)?.job ?? ""
  return JSON.stringify([run.place, run.run, task, step.id, attempt, kind, reason.kind])
}

function rangeOf({ start, end }: Pick<Cause, "start" | "end">): Range {
  return new Range(start.line, start.character, end.line, end.character)
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").trim()
  return line.length <= 120 ? line : `${line.slice(0, 119)}…`
}
