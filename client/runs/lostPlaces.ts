interface LostSetting {
  readonly open: (place: string) => Promise<unknown>
  /** A try failed; `since` is when the place was lost. */
  readonly onRefused: (place: string, since: number, error: unknown) => void
}

interface Lost {
  readonly since: number
  pauseMs: number
  timer: ReturnType<typeof setTimeout> | undefined
}

/**
 * Places that the engine does not know any more. Each is opened again, by itself and with growing
 * pauses, until that succeeds.
 */
export class LostPlaces {
  readonly #setting: LostSetting
  readonly #lost = new Map<string, Lost>()

  constructor(setting: LostSetting) {
    this.#setting = setting
  }

  has(place: string): boolean {
    return this.#lost.has(place)
  }

  /** One that is lost already keeps its pause: an engine that dies of it is not started at once again. */
  lose(place: string): void {
    if (this.#lost.has(place)) return
    const lost: Lost = { since: Date.now(), pauseMs: firstPauseMs, timer: undefined }
    this.#lost.set(place, lost)
    void this.#try(place, lost)
  }

  /** The place is open, whoever opened it. True if it was lost. */
  find(place: string): boolean {
    clearTimeout(this.#lost.get(place)?.timer)
    return this.#lost.delete(place)
  }

  dispose(): void {
    for (const place of [...this.#lost.keys()]) this.find(place)
  }

  async #try(place: string, lost: Lost): Promise<void> {
    const isLost = () => this.#lost.get(place) === lost
    try {
      await this.#setting.open(place)
      if (isLost()) this.find(place)
    } catch (error) {
      if (!isLost()) return
      this.#setting.onRefused(place, lost.since, error)
      lost.timer = setTimeout(() => void this.#try(place, lost), lost.pauseMs)
      lost.pauseMs = Math.min(lost.pauseMs * 2, mostPauseMs)
    }
  }
}

const firstPauseMs = 2_000
const mostPauseMs = 30_000
