import { l10n, type Memento, window } from "vscode"

const key = "loginPlugins.allowed"

/** The login programs of kubeconfigs that the user allowed to be started, each as a command line. */
export class LoginPlugins {
  readonly #memory: Memento
  readonly #asked = new Map<string, Promise<boolean>>()

  constructor(memory: Memento) {
    this.#memory = memory
  }

  get allowed(): readonly string[] {
    return this.#memory.get<readonly string[]>(key, [])
  }

  /** Asks once for each command line; what was allowed stays allowed, what was refused for this session. */
  ask(command: string): Promise<boolean> {
    if (this.allowed.includes(command)) return Promise.resolve(true)
    const asked = this.#asked.get(command) ?? this.#ask(command)
    this.#asked.set(command, asked)
    return asked
  }

  /** What was refused may be asked again. */
  askAnew(): void {
    this.#asked.clear()
  }

  async #ask(command: string): Promise<boolean> {
    const start = l10n.t("Start It")
    const answer = await window.showWarningMessage(
      l10n.t(
        "To log in to the cluster, the kubeconfig starts a program on the machine where the extension runs. Start it, now and from now on?",
      ),
      { modal: true, detail: command },
      start,
    )
    if (answer !== start) return false
    await this.#memory.update(key, [...this.allowed, command])
    return true
  }
}
