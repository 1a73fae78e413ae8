import { type Disposable, l10n, type OutputChannel, window, workspace } from "vscode"
import { readAnsi } from "#core/view/ansi"
import { LogTail } from "#core/view/logDocument"
import type { RunView } from "#core/view/statusTree"
import type { LogText } from "#engine/protocol"
import type { KeptLogs } from "../logs/keptLogs.ts"
import { phaseWord } from "../phaseWord.ts"
import type { OpenedRunChange, RunStore } from "./runStore.ts"

/** An output channel holds so much of a run's log. */
const mostCharacters = 5 * 1024 * 1024
/** Lines are handed over together: each call crosses to another process. */
const writeMs = 100

/** One output channel for each run whose log was opened: the steps' lines, each with its step. */
export class RunLogs implements Disposable {
  readonly #runs: RunStore
  readonly #kept: KeptLogs
  readonly #opened = new Map<string, OpenedLog>()
  readonly #listeners: readonly Disposable[]

  constructor(runs: RunStore, kept: KeptLogs) {
    this.#runs = runs
    this.#kept = kept
    this.#listeners = [
      runs.onLogText((text) => this.#opened.get(text.log)?.take(text)),
      runs.onDidChangeRun((change) => {
        const id = idOf(change.place, change.run)
        this.#opened.get(id)?.tell(change, runs.run(change.place, change.run))
      }),
    ]
  }

  async show(place: string, run: string): Promise<void> {
    const id = idOf(place, run)
    const known = this.#opened.get(id)
    if (known) return known.channel.show(true)
    const opened = this.#runs.openRun(place, run)
    const log = new OpenedLog(place, run, this.#runs, this.#kept, opened)
    this.#opened.set(id, log)
    log.channel.show(true)
    try {
      await opened.opened
      await this.#runs.call("log/open", {
        place,
        run,
        log: id,
        options: { follow: true, timestamps: true },
      })
    } catch (error) {
      // Asked for again, it is opened again.
      this.#opened.delete(id)
      log.dispose()
      throw error
    }
  }

  dispose(): void {
    for (const one of [...this.#listeners, ...this.#opened.values()]) one.dispose()
  }
}

class OpenedLog implements Disposable {
  readonly channel: OutputChannel
  readonly #place: string
  readonly #run: string
  readonly #runs: RunStore
  readonly #kept: KeptLogs
  readonly #opened: Disposable
  readonly #tail = new LogTail(mostCharacters)
  readonly #phases = new Map<string, string>()
  readonly #seen = new Set<string>()
  #isOverSaid = false
  #waiting: string[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(place: string, run: string, runs: RunStore, kept: KeptLogs, opened: Disposable) {
    this.#place = place
    this.#run = run
    this.#runs = runs
    this.#kept = kept
    this.#opened = opened
    this.channel = window.createOutputChannel(l10n.t("Run {0}", run))
  }

  take(text: LogText): void {
    const { step, pod, container } = text
    const isFirst = !this.#seen.has(`${pod}/${container}`)
    this.#seen.add(`${pod}/${container}`)
    const createdAt = this.#runs.run(this.#place, this.#run)?.createdAt ?? null
    const lines = text.lines.map(withoutTime)
    const run = { place: this.#place, run: this.#run, createdAt }
    this.#kept.keep(run, { ...text, lines: lines.map(([, line]) => line) }, isFirst).catch(() => {})
    const settings = workspace.getConfiguration("kubeExecutions")
    const hasTime = settings.get<boolean>("logs.timestamps") !== false
    this.#write(
      lines.map(
        ([time, line]) => `${hasTime && time ? `${time} ` : ""}${step} | ${readAnsi(line).text}`,
      ),
    )
  }

  /** Says what became of steps, between rules, so that it is not taken for output. */
  tell({ steps }: OpenedRunChange, view: RunView | undefined): void {
    for (const step of steps.flatMap(({ steps }) => steps)) {
      const before = this.#phases.get(step.id)
      this.#phases.set(step.id, step.phase)
      if (before === step.phase || (step.phase !== "failed" && step.phase !== "stopped")) continue
      const why = step.reason ? `: ${step.reason.sentence}` : ""
      const time = step.finishedAt === null ? new Date() : new Date(step.finishedAt)
      this.#write([`${clock(time)} ── ${step.id} ${phaseWord(step.phase).toLowerCase()}${why}`])
    }
    if (!view || view.finishedAt === null || this.#isOverSaid) return
    this.#isOverSaid = true
    const time = clock(new Date(view.finishedAt))
    const message = view.phase === "succeeded" || !view.message ? "" : `: ${view.message}`
    this.#write([`${time} ── ${view.name} ${phaseWord(view.phase).toLowerCase()}${message}`])
  }

  dispose(): void {
    clearTimeout(this.#timer)
    this.#opened.dispose()
    this.channel.dispose()
  }

  #write(lines: readonly string[]): void {
    this.#waiting.push(...lines)
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      const now = this.#waiting
      this.#waiting = []
      if (!this.#tail.add(now)) {
        this.channel.append(now.map((line) => `${line}\n`).join(""))
        return
      }
      const dropped = l10n.t("(older lines were dropped here; each step's own log has more)")
      this.channel.replace(`${[dropped, ...this.#tail.lines].join("\n")}\n`)
    }, writeMs)
  }
}

function idOf(place: string, run: string): string {
  return `${place}\n${run}`
}

/** The API server's time before a line, in the user's own clock, and the line. */
function withoutTime(line: string): readonly [time: string | undefined, line: string] {
  const match = /^(\d{4}-\d\d-\d\dT\S+) ?/.exec(line)
  const time = match?.[1] === undefined ? undefined : new Date(match[1])
  if (!match || !time || Number.isNaN(time.getTime())) return [undefined, line]
  return [clock(time), line.slice(match[0].length)]
}

function clock(time: Date): string {
  const two = (number: number) => String(number).padStart(2, "0")
  const seconds = `${two(time.getSeconds())}.${String(time.getMilliseconds()).padStart(3, "0")}`
  return `${two(time.getHours())}:${two(time.getMinutes())}:${seconds}`
}
