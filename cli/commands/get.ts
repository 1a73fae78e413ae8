import { phaseLooks, type ViewPhase } from "#core/view/phase"
import type { RunSummary } from "#core/view/runSummary"
import type { RunView } from "#core/view/statusTree"
import { type Paint, paintFor } from "../colors.ts"
import { command } from "../command.ts"
import type { ExitCode, Io } from "../io.ts"
import { findRun, type LivePlace, placeName, plainName, withPlace } from "../livePlace.ts"
import { dataText } from "../outputForms.ts"
import { anyPlaceOptions } from "../placeOptions.ts"
import { phasePaint } from "../progressBlock.ts"
import { Refusal } from "../refusal.ts"
import {
  runColumns,
  runRow,
  stepColumns,
  stepRows,
  taskColumns,
  taskRow,
  wideRunColumns,
  wideRunRow,
} from "../runTable.ts"
import { type Column, columnWidths, tableLine } from "../table.ts"
import { quote } from "../words.ts"

export const get = command({
  name: "get",
  summary: "List runs, or the tasks of one",
  usage: [
    "[-w] [-o json|yaml|name|wide] [OPTION…]",
    "NAME [-w] [-o json|yaml|name|wide] [OPTION…]",
  ],
  details: [
    "WAITED is the time until a node was found, COLD until the command ran, WORK what it ran:",
    "each summed over all steps and tries. -o wide of one run lists its steps.",
    "With -w what changes is printed again until Ctrl+C; with -o json then one line for each run.",
  ],
  options: {
    ...anyPlaceOptions,
    output: {
      kind: "value",
      short: "o",
      placeholder: "FORMAT",
      choices: ["json", "yaml", "name", "wide"],
      help: "json or yaml: all there is to show; name; wide: more columns",
    },
    watch: { kind: "flag", short: "w", help: "go on and print what changes" },
  },
  run: async ({ positionals, values }, io) => {
    const [written, second] = positionals
    if (second !== undefined) {
      throw new Refusal(`One run at a time: ${quote(second)} is one too many.`, 2)
    }
    const name = written === undefined ? undefined : plainName(written)
    return withPlace(values, io, async (place): Promise<ExitCode> => {
      if (name !== undefined) findRun(place, name)
      const stale = place.stale()
      if (stale !== undefined) io.stderr.write(`${stale} What is shown may be old.\n`)
      const isData = values.output === "json" || values.output === "yaml"
      const runs = [...place.runs.values()]
        .filter((run) => name === undefined || run.name === name)
        .sort(newestFirst)
      if (runs.length === 0 && !isData) {
        io.stderr.write(`There is no run in ${placeName(place.info)}.\n`)
      }
      const cut = place.cut()
      if (name === undefined && cut !== undefined) io.stderr.write(`${cut}\n`)
      if (name === undefined && !isData) {
        return show(runs, runsForm(values.output, io), values.watch === true, place, io)
      }
      const form = viewForm(values.output, name !== undefined, values.watch === true, io)
      const views = await Promise.all(runs.map((run) => place.openRun(run.name)))
      const there = views.flatMap((view) => view ?? [])
      return showViews(there, name, form, values.watch === true, place, io)
    })
  },
})

interface Form<Run> {
  readonly all: (runs: readonly Run[]) => string
  /** What is printed of a run that changed; nothing when nobody would see a difference. */
  readonly changed: (run: Run) => string
}

/** Runs in short. */
async function show(
  runs: readonly RunSummary[],
  form: Form<RunSummary>,
  isWatch: boolean,
  place: LivePlace,
  io: Io,
): Promise<ExitCode> {
  io.stdout.write(form.all(runs))
  if (!isWatch) return 0
  place.onChange((change) => {
    for (const run of change.runs) io.stdout.write(form.changed(run))
  })
  return watch(place, undefined, io)
}

/** Runs with all their tasks and steps. */
async function showViews(
  runs: readonly RunView[],
  name: string | undefined,
  form: Form<RunView>,
  isWatch: boolean,
  place: LivePlace,
  io: Io,
): Promise<ExitCode> {
  io.stdout.write(form.all(runs))
  if (!isWatch) return 0
  place.onRun((run) => io.stdout.write(form.changed(run)))
  place.onChange((change) => {
    // One that comes to be while we look is opened too.
    for (const run of change.runs) {
      if (name !== undefined && run.name !== name) continue
      if (place.isOpened(run.name)) continue
      void place.openRun(run.name).then(
        (view) => view && io.stdout.write(form.changed(view)),
        (error: Error) => io.stderr.write(`${error.message}\n`),
      )
    }
  })
  return watch(place, name, io)
}

/** Until Ctrl+C. */
async function watch(place: LivePlace, name: string | undefined, io: Io): Promise<ExitCode> {
  place.onChange((change) => {
    if (change.stale) io.stderr.write(`${change.stale.message} What is shown may be old.\n`)
    for (const gone of change.removed) {
      if (name === undefined || gone === name) io.stderr.write(`${quote(gone)} was deleted.\n`)
    }
  })
  let end = () => {}
  const interrupted = new Promise<ExitCode>((resolve) => {
    end = io.onInterrupt(() => resolve(130))
  })
  return Promise.race([interrupted, place.engine.gone]).finally(() => end())
}

function runsForm(output: string | undefined, io: Io): Form<RunSummary> {
  if (output !== "name") return tableForm(runsTable(output), io)
  return nameForm()
}

function viewForm(
  output: string | undefined,
  isOne: boolean,
  isWatch: boolean,
  io: Io,
): Form<RunView> {
  switch (output) {
    case "json":
    case "yaml":
      if (output === "json" && isWatch) {
        const changed = (run: RunView) => `${JSON.stringify(run)}\n`
        return { all: (runs) => runs.map(changed).join(""), changed }
      }
      return {
        all: (runs) => dataText(output, isOne ? runs[0] : runs),
        changed: (run) => `---\n${dataText(output, run)}`,
      }
    case "name":
      return nameForm()
    default:
      return tableForm(tasksTable(output), io)
  }
}

function nameForm(): Form<{ readonly name: string }> {
  const said = new Set<string>()
  const line = ({ name }: { readonly name: string }) => {
    const isNew = !said.has(name)
    said.add(name)
    return isNew ? `${name}\n` : ""
  }
  return { all: (runs) => runs.map(line).join(""), changed: line }
}

interface Table<Run> {
  readonly columns: readonly Column[]
  readonly rows: (run: Run, now: number) => readonly (readonly string[])[]
  /** Which cells tell of a change; those that count time do not. */
  readonly telling: readonly string[]
}

function runsTable(output: string | undefined): Table<RunSummary> {
  const isWide = output === "wide"
  return {
    columns: isWide ? wideRunColumns : runColumns,
    rows: (run, now) => [isWide ? wideRunRow(run, now) : runRow(run, now)],
    telling: ["NAME", "PHASE", "DONE", "FAILED", "RUNNING", "MESSAGE"],
  }
}

function tasksTable(output: string | undefined): Table<RunView> {
  const telling = ["TASK", "STEP", "PHASE", "ATTEMPT", "DONE", "REASON"]
  if (output === "wide") {
    const rows = (run: RunView, now: number) => run.tasks.flatMap((task) => stepRows(task, now))
    return { columns: stepColumns, rows, telling }
  }
  const rows = (run: RunView, now: number) => run.tasks.map((task) => taskRow(task, now))
  return { columns: taskColumns, rows, telling }
}

function tableForm<Run>({ columns, rows, telling }: Table<Run>, io: Io): Form<Run> {
  const paint = paintFor(io, io.stdout)
  const told = new Map<string, string>()
  const width = io.stdout.isTerminal ? io.stdout.columns : undefined
  let widths: readonly number[] = []
  const lines = (all: readonly (readonly string[])[]) =>
    all
      .map((cells) => `${paintPhase(tableLine(cells, columns, widths, width), cells, paint)}\n`)
      .join("")
  const isNews = (cells: readonly string[]) => {
    const key = cells.filter((_, i) => telling.includes(columns[i]?.head ?? "")).join("\u0000")
    const isChanged = told.get(cells[0] ?? "") !== key
    told.set(cells[0] ?? "", key)
    return isChanged
  }
  return {
    all: (runs) => {
      const all = runs.flatMap((run) => rows(run, io.now()))
      if (all.length === 0) return ""
      for (const cells of all) isNews(cells)
      widths = columnWidths(columns, all)
      const heads = columns.map(({ head }) => head)
      return `${paint("bold", tableLine(heads, columns, widths, width))}\n${lines(all)}`
    },
    changed: (run) => {
      const all = rows(run, io.now()).filter(isNews)
      const needed = columnWidths(columns, all)
      widths = needed.map((one, i) => Math.max(one, widths[i] ?? 0))
      return lines(all)
    },
  }
}

/** Phases are the only capitals after a name, so the first match is the cell. */
function paintPhase(line: string, cells: readonly string[], paint: Paint): string {
  const word = cells[1] ?? ""
  const phase = phases.find((one) => phaseLooks[one].word === word)
  return phase ? line.replace(` ${word}`, ` ${phasePaint(phase, word, paint)}`) : line
}

const phases = Object.keys(phaseLooks) as ViewPhase[]

function newestFirst(a: RunSummary, b: RunSummary): number {
  const [first, second] = [a.createdAt ?? "", b.createdAt ?? ""]
  return first === second ? (a.name < b.name ? -1 : 1) : first > second ? -1 : 1
}
