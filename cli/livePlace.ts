import { nearest } from "#core/check/nearest"
import type { RunView } from "#core/view/statusTree"
import type { PlaceChange, PlaceInfo } from "#engine/protocol"
import { type EngineLine, withEngine } from "./engineLine.ts"
import type { Io } from "./io.ts"
import { type PlaceValues, placeRequest } from "./placeOptions.ts"
import { Refusal } from "./refusal.ts"
import { quote, visible } from "./words.ts"

/** A place while a command looks at it: `runs` is always what the engine told last. */
export interface LivePlace {
  readonly info: PlaceInfo
  readonly engine: EngineLine
  readonly runs: ReadonlyMap<string, RunView>
  /** Why what is shown may be old. */
  readonly stale: () => string | undefined
  /** The answer ends it. */
  readonly onChange: (listener: (change: PlaceChange) => void) => () => void
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
    const listeners = new Set<(change: PlaceChange) => void>()
    // Listens first, so that no change between the answer and the listening is missed.
    const early: PlaceChange[] = []
    let take = (change: PlaceChange) => {
      early.push(change)
    }
    engine.onNotification("place/changed", (change) => take(change))
    const state = await engine.callInTime("place/open", placeRequest(values, io))
    const runs = new Map(state.runs.map((run) => [run.name, run]))
    let stale = state.stale?.message
    take = (change) => {
      if (change.place !== state.place.id) return
      stale = change.stale?.message
      for (const name of change.removed) runs.delete(name)
      for (const run of change.runs) runs.set(run.name, run)
      for (const listener of [...listeners]) listener(change)
    }
    for (const change of early) take(change)
    const onChange = (listener: (change: PlaceChange) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
    return await work({
      info: state.place,
      engine,
      runs,
      stale: () => stale,
      onChange,
      until: (name, look) => {
        const seen = new Promise<NonNullable<ReturnType<typeof look>>>((resolve) => {
          const check = () => {
            const answer = look(runs.get(name))
            if (answer === undefined || answer === null) return
            end()
            resolve(answer)
          }
          const end = onChange(check)
          check()
        })
        return Promise.race([seen, engine.gone])
      },
    })
  })
}

/** `"lab" / "gene"`: the context and the namespace. */
export function placeName({ context, namespace }: PlaceInfo): string {
  return `${visible(context)} / ${visible(namespace)}`
}

/** The run of that name; one that is not there is refused with the name that was meant. */
export function findRun({ runs, info }: LivePlace, name: string): RunView {
  const run = runs.get(name)
  if (run) return run
  const sentence = `There is no run ${quote(name)} in ${quote(info.namespace)} of ${quote(info.context)}.`
  throw new Refusal(`${sentence}${didYouMean(name, runs.keys())}`)
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
