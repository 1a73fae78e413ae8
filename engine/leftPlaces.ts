import { ClusterError } from "./clusterError.ts"
import type { PlaceInfo, PlaceRequest } from "./protocol.ts"

interface LeftPlacesSetting {
  readonly open: (request: PlaceRequest) => Promise<unknown>
  readonly log: (line: string) => void
  /** One of them is left no more. */
  readonly changed: () => void
}

const firstPauseMs = 1_000
const mostPauseMs = 60_000

interface Left {
  readonly request: PlaceRequest
  /** Of the last try that could tell; undefined: the first is under way. */
  error: unknown
  /** Only the login plug-in can help, and nobody sits there to answer it. */
  needsPlugin: boolean
  /** Whether the next try may start a login plug-in. */
  mayLogIn: boolean
  wake: () => void
}

/**
 * The places whose runs an earlier engine left. Each is tried until it is open, however long its
 * cluster cannot be reached or its login is not good any more.
 */
export class LeftPlaces {
  readonly #setting: LeftPlacesSetting
  readonly #left = new Set<Left>()
  #isStopped = false

  constructor(setting: LeftPlacesSetting) {
    this.#setting = setting
  }

  /** Those that are not open yet: their runs must not be forgotten. */
  requests(): readonly PlaceRequest[] {
    return Array.from(this.#left, ({ request }) => request)
  }

  /** True while trying may help by itself; what waits for somebody can wait for the next engine. */
  isBusy(): boolean {
    return this.#left.values().some((left) => !waitsForSomebody(left))
  }

  /** Tries until the place is open, or the engine ends. */
  async goOn(request: PlaceRequest): Promise<void> {
    const left: Left = {
      request,
      error: undefined,
      needsPlugin: false,
      mayLogIn: true,
      wake: () => {},
    }
    this.#left.add(left)
    let pause = firstPauseMs
    while (!this.#isStopped && this.#left.has(left)) {
      const asked = left.mayLogIn ? request : withoutPlugins(request)
      left.mayLogIn = false
      try {
        await this.#setting.open(asked)
        break
      } catch (error) {
        this.#take(left, error)
      }
      // Somebody opened a place there meanwhile.
      if (left.mayLogIn) continue
      const isPassing = !(left.error instanceof ClusterError) || left.error.isPassing
      await sleep(left, isPassing ? pause : mostPauseMs)
      pause = Math.min(pause * 2, mostPauseMs)
      if (isPassing) left.mayLogIn = true
    }
    if (this.#isStopped) return
    this.#left.delete(left)
    this.#setting.changed()
  }

  /** Somebody opened a place: it is left no more, and the logins of its context are good again. */
  opened({ kind, kubeconfig, context, namespace }: PlaceInfo): void {
    for (const left of [...this.#left]) {
      const { request } = left
      if (request.kind !== kind) continue
      if (request.kind === "kube") {
        const isThere = request.context === context && request.kubeconfig === kubeconfig
        if (!isThere) continue
        if (request.namespace === namespace) this.#left.delete(left)
      }
      left.mayLogIn = true
      left.wake()
    }
  }

  /** Those that are left stay so: the next engine goes on with them. */
  stop(): void {
    this.#isStopped = true
    for (const left of this.#left) left.wake()
  }

  #take(left: Left, error: unknown): void {
    left.needsPlugin = error instanceof ClusterError && error.facts?.fault === "plugin-asks"
    // Why the plug-in has to be asked for was said when it was.
    if (left.needsPlugin && left.error !== undefined) return
    const before = left.error
    left.error = error
    if (this.#isStopped || (before !== undefined && messageOf(before) === messageOf(error))) return
    const { request } = left
    const where = request.kind === "kube" ? `${request.context}/${request.namespace}` : request.kind
    this.#setting.log(`going on in ${where}: ${messageOf(error)}`)
  }
}

/** A login plug-in may open a window: it is not started over and over where perhaps nobody sits. */
function withoutPlugins(request: PlaceRequest): PlaceRequest {
  return request.kind === "kube" ? { ...request, plugins: [] } : request
}

/** A token that is renewed in its file is good again at the next try; nothing else is without us. */
function waitsForSomebody({ error, needsPlugin }: Left): boolean {
  if (!(error instanceof ClusterError) || error.isPassing) return false
  return needsPlugin || error.kind !== "unauthorized"
}

function sleep(left: Left, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    left.wake = () => {
      clearTimeout(timer)
      resolve()
    }
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
