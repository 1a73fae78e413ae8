import { homedir } from "node:os"
import { type Disposable, EventEmitter, type Memento, workspace } from "vscode"
import type { KubeRequest, PlaceInfo, PlaceRequest, PlaceState } from "#engine/protocol"
import type { ColoniesProfiles } from "./colonies/profiles.ts"
import { expandHome } from "./places/expandHome.ts"
import type { RunStore } from "./runs/runStore.ts"

/** What a person chose in this workspace; what is left out is as the settings or kubectl have it. */
export type PlaceChoice =
  | KubeChoice
  | { readonly kind: "local" }
  | { readonly kind: "rehearsal" }
  /** By its profile's name. */
  | { readonly kind: "colonies"; readonly profile: string }

/** A cluster as it was chosen. */
export type KubeChoice = Omit<KubeRequest, "kind" | "plugins"> & { readonly kind?: "kube" }

/**
 * Where new runs go. The choice is kept per workspace and never written into a kubeconfig; a run that
 * was started keeps its own place. Once a place was opened it stays until somebody changes it, also
 * when kubectl's own context changes meanwhile.
 */
export class Places implements Disposable {
  readonly #runs: RunStore
  readonly #memento: Memento
  readonly #colonies: ColoniesProfiles
  readonly #changed = new EventEmitter<void>()
  #opening: { readonly key: string; readonly state: Promise<PlaceState> } | undefined
  #opened: PlaceInfo | undefined
  readonly #listener: Disposable

  readonly onDidChange = this.#changed.event

  constructor(runs: RunStore, memento: Memento, colonies: ColoniesProfiles) {
    this.#colonies = colonies
    this.#runs = runs
    this.#memento = memento
    this.#listener = workspace.onDidChangeConfiguration((change) => {
      const names = ["kubeconfig", "context", "namespace"]
      if (names.some((name) => change.affectsConfiguration(`kubeExecutions.${name}`)))
        this.#forget()
    })
  }

  /** The place new runs go to, once it was found. */
  get current(): PlaceInfo | undefined {
    return this.#opened
  }

  /** What was chosen here; undefined = what the settings and kubectl say. */
  get choice(): PlaceChoice | undefined {
    return this.#memento.get<PlaceChoice>(choiceKey)
  }

  get kubeChoice(): KubeChoice | undefined {
    const { choice } = this
    return choice === undefined || choice.kind === "kube" || choice.kind === undefined
      ? choice
      : undefined
  }

  /** A colony without its keys. */
  request(): PlaceRequest {
    const { choice } = this
    switch (choice?.kind) {
      case "local":
        return { kind: "local", readOnly: readOnlyFolders() }
      case "rehearsal":
        return { kind: "rehearsal" }
      case "colonies":
        return { kind: "colonies", profile: { name: choice.profile, variables: {} } }
      default:
        return this.kubeRequest()
    }
  }

  /** The cluster that is meant, or would be if new runs did not go elsewhere. */
  kubeRequest(): KubeRequest {
    const { kubeconfig, context, namespace } = { ...ofSettings(), ...this.kubeChoice }
    return {
      kind: "kube",
      ...(kubeconfig ? { kubeconfig } : {}),
      ...(context ? { context } : {}),
      ...(namespace ? { namespace } : {}),
    }
  }

  /** The place new runs go to, opened on first need. */
  open(how: Pick<KubeRequest, "withoutDefinition"> = {}): Promise<PlaceState> {
    // What is open stays: with the context written out, another choice of kubectl's changes nothing.
    const meant = this.#opened && !this.choice ? pinned(this.#opened) : this.request()
    const request = meant.kind === "kube" ? { ...meant, ...how } : meant
    const key = JSON.stringify(request)
    // What a new engine does not know cannot be answered from memory.
    const isLost = this.#opened !== undefined && this.#runs.isLost(this.#opened.id)
    if (this.#opening?.key === key && !isLost) return this.#opening.state
    const state = this.#withKeys(request).then(async (whole) => {
      const opened = await this.#runs.open(whole)
      this.#opened = opened.place
      const again = JSON.stringify(this.choice ? this.request() : pinned(opened.place))
      this.#opening = { key: again, state }
      this.#changed.fire()
      return opened
    })
    this.#opening = { key, state }
    state.catch(() => {
      if (this.#opening?.state === state) this.#opening = undefined
    })
    return state
  }

  #forget(): void {
    this.#opening = undefined
    this.#opened = undefined
    this.#changed.fire()
  }

  async #withKeys(request: PlaceRequest): Promise<PlaceRequest> {
    if (request.kind !== "colonies") return request
    return this.#colonies.request(request.profile.name)
  }

  /** From now on new runs go there. Undefined: where the settings and kubectl say. */
  async choose(choice: PlaceChoice | undefined): Promise<void> {
    await this.#memento.update(choiceKey, choice)
    this.#forget()
  }

  dispose(): void {
    this.#listener.dispose()
    this.#changed.dispose()
  }
}

const choiceKey = "place"

function pinned({ kubeconfig, context, namespace }: PlaceInfo): KubeRequest {
  return { kind: "kube", kubeconfig, context, namespace }
}

/** The kubeconfig of this workspace: chosen, of the settings, or as the environment has it. */
function ofSettings(): KubeChoice {
  const settings = workspace.getConfiguration("kubeExecutions")
  const kubeconfig = kubeconfigSetting() || process.env.KUBECONFIG
  const context = settings.get<string>("context")
  const namespace = settings.get<string>("namespace")
  return {
    ...(kubeconfig ? { kubeconfig } : {}),
    ...(context ? { context } : {}),
    ...(namespace ? { namespace } : {}),
  }
}

function kubeconfigSetting(): string {
  const paths = workspace.getConfiguration("kubeExecutions").get<string>("kubeconfig") ?? ""
  return expandHome(paths, homedir(), process.platform === "win32")
}

/** What commands that run on this machine may read beside their own folder. */
function readOnlyFolders(): readonly string[] {
  return workspace.getConfiguration("kubeExecutions").get<readonly string[]>("local.readOnly") ?? []
}
