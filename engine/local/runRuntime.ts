import { join } from "node:path"
import { textOf } from "#core/plan/json"
import { readJson, writeJson } from "./files.ts"
import { type Runtime, type RuntimeKind, runtimeOf } from "./runtime.ts"

/** What one run is carried out with. */
export interface RunRuntime {
  readonly runtime: Runtime
  /** Why nothing of the run can begin now, in words; undefined when it can. */
  readonly lack: () => string | undefined
}

/** How often one that did not answer is asked again. */
const askAgainMs = 5_000

/**
 * What runs here are carried out with: a run goes on with what it was begun with, though another
 * answers now. In containers its steps have their images, in the sandbox the programs of this
 * machine: a run that changed over half-way would have neither.
 */
export class RunRuntimes {
  readonly own: Runtime
  readonly #works: (runtime: Runtime) => Promise<boolean>
  readonly #others = new Map<RuntimeKind, RunRuntime>()

  constructor(own: Runtime, works: (runtime: Runtime) => Promise<boolean>) {
    this.own = own
    this.#works = works
  }

  /** Of the run that has this folder. */
  of(folder: string): RunRuntime {
    const kind = kindIn(folder)
    if (kind === undefined || kind === this.own.kind) {
      return { runtime: this.own, lack: () => undefined }
    }
    const known = this.#others.get(kind) ?? this.#other(kind)
    this.#others.set(kind, known)
    return known
  }

  /** Written down before the first of its Jobs is there. */
  note(folder: string): void {
    if (kindIn(folder) === undefined) writeJson(join(folder, file), { kind: this.own.kind })
  }

  #other(kind: RuntimeKind): RunRuntime {
    const runtime = runtimeOf(kind, this.own.readOnly)
    let works = false
    let askedAt = Number.NEGATIVE_INFINITY
    const ask = () => {
      if (performance.now() - askedAt < askAgainMs) return
      askedAt = Number.POSITIVE_INFINITY
      void this.#works(runtime).then((answer) => {
        works = answer
        askedAt = performance.now()
      })
    }
    return {
      runtime,
      lack: () => {
        if (works) return undefined
        ask()
        return `the run was begun with ${kind}, which does not answer. Once it does, the run goes on`
      },
    }
  }
}

const file = "runtime.json"

function kindIn(folder: string): RuntimeKind | undefined {
  const kind = textOf(readJson(join(folder, file))?.kind)
  return kinds.find((one) => one === kind)
}

const kinds = ["docker", "podman", "bubblewrap"] as const
