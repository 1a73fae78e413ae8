import type { Memento, SecretStorage } from "vscode"
import type { ColoniesRequest } from "#engine/protocol"

/** Where a colony is, without its keys. */
export interface ColoniesSetting {
  readonly name: string
  /** Read each time by the engine; its keys stay in it. */
  readonly file?: string
  /** COLONIES_* and AWS_S3_*, no keys among them. */
  readonly variables: Readonly<Record<string, string>>
  readonly skipVerify?: boolean
}

export const environmentName = "environment"

/** The colonies that a person works with: of the environment, and those that were written down. */
export class ColoniesProfiles {
  readonly #memory: Memento
  readonly #secrets: SecretStorage

  constructor(memory: Memento, secrets: SecretStorage) {
    this.#memory = memory
    this.#secrets = secrets
  }

  get list(): readonly ColoniesSetting[] {
    const { COLONIES_SERVER_HOST } = process.env
    const own = this.#memory.get<readonly ColoniesSetting[]>(settingsKey) ?? []
    return COLONIES_SERVER_HOST ? [{ name: environmentName, variables: {} }, ...own] : own
  }

  find(name: string): ColoniesSetting | undefined {
    return this.list.find((one) => one.name === name)
  }

  /** One of the same name is replaced. */
  async save(setting: ColoniesSetting, keys: Readonly<Record<string, string>>): Promise<void> {
    await this.#secrets.store(secretKey(setting.name), JSON.stringify(keys))
    await this.#keep([...this.#others(setting.name), setting])
  }

  async forget(name: string): Promise<void> {
    await this.#secrets.delete(secretKey(name))
    await this.#keep(this.#others(name))
  }

  /** With its keys: for the engine, and for nothing that is kept or logged. */
  async request(name: string): Promise<ColoniesRequest> {
    const setting = this.find(name)
    if (!setting) return { kind: "colonies", profile: { name, variables: {} } }
    const keys =
      name === environmentName
        ? ofEnvironment()
        : (JSON.parse((await this.#secrets.get(secretKey(name))) ?? "{}") as Record<string, string>)
    return {
      kind: "colonies",
      profile: { ...setting, variables: { ...setting.variables, ...keys } },
    }
  }

  #others(name: string): readonly ColoniesSetting[] {
    const own = this.#memory.get<readonly ColoniesSetting[]>(settingsKey) ?? []
    return own.filter((one) => one.name !== name)
  }

  async #keep(settings: readonly ColoniesSetting[]): Promise<void> {
    await this.#memory.update(settingsKey, settings)
  }
}

const settingsKey = "coloniesProfiles"

function secretKey(name: string): string {
  return `colonies.${name}`
}

function ofEnvironment(): Readonly<Record<string, string>> {
  const found = Object.entries(process.env).flatMap(([name, value]) =>
    /^(COLONIES|AWS_S3)_/.test(name) && value !== undefined ? [[name, value] as const] : [],
  )
  return Object.fromEntries(found)
}
