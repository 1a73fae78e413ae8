import { nearest } from "#core/check/nearest"
import { applyRunChange } from "#core/view/runChange"
import type { RunSummary } from "#core/view/runSummary"
import type { RunView } from "#core/view/statusTree"
import type { PlaceChange, PlaceInfo, RunChange } from "#engine/protocol"
import { type EngineLine, withEngine } from "./engineLine.ts"
import type { Io } from "./io.ts"
import { type PlaceValues, placeRequest } from "./placeOptions.ts"
import { Refusal } from "./refusal.ts"
import { quote, visible } from "./words.ts"

/** A place while a command looks at it: `runs` is always what the engine told last. */
export interface LivePlace {
  readonly info: PlaceInfo
  readonly engine: EngineLine
  readonly runs: ReadonlyMap<string, RunSummary>
  /** All of a run, kept up to date from then on; undefined when it is gone meanwhile. */
  readonly openRun: (name: string) => Promise<RunView | undefined>
  readonly isOpened: (name: string) => boolean
  /** Why what is shown may be old. */
  readonly stale: () => string | undefined
  /** That there are more runs than are shown. */
  readonly cut: () => string | undefined
  /** The answer ends it. */
  readonly onChange: (listener: (change: PlaceChange) => void) => () => void
  /** Tells what becomes of the runs that were opened. */
  readonly onRun: (listener: (run: RunView) => void) => () => void
  /** Answers as soon as the run, or its absence, is as wished. */
  readonly until: <T>(name: string, look: (run: RunView | undefined) => T | undefined) => Promise<T>
}

/** Opens the place that options and kubeconfig name, and works there. */
export function withPlace<T>(
  values: PlaceValues,
  io: Io,
  work: (place: LivePlace) => Promise<T>,
): Promise<T> {
  return withEngine(io, async (engine) => {
    const state = await openPlace(engine, values, io)
    const { runs, views, listeners, runListeners } = state
    const onChange = (listener: (change: PlaceChange) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
    const onRun = (listener: (run: RunView) => void) => {
      runListeners.add(listener)
      return () => runListeners.delete(listener)
    }
    const openRun = async (name: string) => {
      const known = views.get(name)
      if (known) return known
      try {
        const view = await engine.call("run/open", { place: state.info.id, run: name })
        views.set(name, view)
        return view
      } catch (error) {
        if (!runs.has(name)) return undefined
        throw error
      }
    }
    return await work({
      info: state.info,
      engine,
      runs,
      stale: state.stale,
      cut: () => cutSentence(state.info, state.cutAt()),
      onChange,
      onRun,
      openRun,
      isOpened: (name) => views.has(name),
      until: (name, look) => {
        const seen = new Promise<NonNullable<ReturnType<typeof look>>>((resolve, reject) => {
          const check = () => {
            // There, but not opened yet: what is in it is not known.
            if (runs.has(name) && !views.has(name)) return void openRun(name).then(check, reject)
            const answer = look(views.get(name))
            if (answer === undefined || answer === null) return
            for (const end of ends) end()
            resolve(answer)
          }
          const ends = [onChange(check), onRun(check)]
          check()
        })
        return Promise.race([seen, engine.gone])
      },
    })
  })
}

/** What the engine tells of a place, always as it told it last. */
async function openPlace(engine: EngineLine, values: PlaceValues, io: Io) {
  const listeners = new Set<(change: PlaceChange) => void>()
  const runListeners = new Set<(run: RunView) => void>()
  const runs = new Map<string, RunSummary>()
  const views = new Map<string, RunView>()
  // Listens first, so that no change between the answer and the listening is missed.
  const early: PlaceChange[] = []
  let take = (change: PlaceChange) => {
    early.push(change)
  }
  engine.onNotification("place/changed", (change) => take(change))
  const state = await engine.callInTime("place/open", placeRequest(values, io))
  for (const run of state.runs) runs.set(run.name, run)
  let stale = state.stale?.message
  let { cutAt } = state
  take = (change) => {
    if (change.place !== state.place.id) return
    stale = change.stale?.message
    cutAt = change.cutAt
    for (const name of change.removed) {
      runs.delete(name)
      views.delete(name)
    }
    for (const run of change.runs) runs.set(run.name, run)
    for (const listener of [...listeners]) listener(change)
  }
  for (const change of early) take(change)
  engine.onNotification("run/changed", (change: RunChange) => {
    if (change.place !== state.place.id) return
    const view = applyRunChange(views.get(change.run), change)
    views.set(change.run, view)
    for (const listener of [...runListeners]) listener(view)
  })
  return {
    info: state.place,
    runs,
    views,
    listeners,
    runListeners,
    stale: () => stale,
    cutAt: () => cutAt,
  }
}

function cutSentence(info: PlaceInfo, cutAt: number | undefined): string | undefined {
  if (cutAt === undefined) return undefined
  return `There are more runs in ${placeName(info)}: of each state the server lists ${cutAt} processes and ${cutAt} workflows, of those that are over the newest.`
}

/** `"lab" / "gene"`: the context and the namespace. */
export function placeName({ context, namespace }: PlaceInfo): string {
  return `${visible(context)} / ${visible(namespace)}`
}

/** The run of that name; one that is not there is refused with the name that was meant. */
export function findRun({ runs, info, cut }: LivePlace, name: string): RunSummary {
  const run = runs.get(name)
  if (run) return run
  const sentence = `There is no run ${quote(name)} in ${quote(info.namespace)} of ${quote(info.context)}.`
  const more = cut()
  throw new Refusal(
    `${sentence}${didYouMean(name, runs.keys())}${more === undefined ? "" : ` ${more}`}`,
  )
}

/** As `findRun`, with its tasks and steps. */
export async function findWholeRun(place: LivePlace, name: string): Promise<RunView> {
  findRun(place, name)
  const run = await place.openRun(name)
  if (run === undefined) throw new Refusal(`${quote(name)} was deleted meanwhile.`)
  return run
}

/** ` Did you mean "…"?`, or nothing. */
export function didYouMean(wrong: string, names: Iterable<string>): string {
  const all = [...names]
  // A run's later attempts are often what is meant: "align" is near "align-2".
  const like = nearest(wrong, all) ?? all.filter((name) => name.startsWith(wrong)).sort()[0]
  return like === undefined ? "" : ` Did you mean ${quote(like)}?`
}

/** The one name after a command. */
export function oneName(positionals: readonly string[]): string {
  const [name, second] = positionals
  if (name === undefined) throw new Refusal("Name a run.", 2)
  if (second !== undefined) {
    throw new Refusal(`One run at a time: ${quote(second)} is one too many.`, 2)
  }
  return plainName(name)
}

/** kubectl prints and takes `execution/name` and `executions.execution.kubegene.io/name`. */
export function plainName(written: string): string {
  return written.replace(/^(?:exec|executions?)(?:\.execution\.kubegene\.io)?\//, "")
}
