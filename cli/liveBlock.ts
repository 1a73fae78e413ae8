import type { Io } from "./io.ts"

/** Four times a second is as often as people see a difference. */
const pauseMs = 250

/** Lines at the end of a terminal that are drawn again in place; what is written goes above them. */
export class LiveBlock {
  readonly #io: Io
  readonly #lines: () => readonly string[]
  #drawn: readonly string[] = []
  #callOff: (() => void) | undefined

  /** Draws what `lines` answers, now and whenever that changes, until `end`. */
  constructor(io: Io, lines: () => readonly string[]) {
    this.#io = io
    this.#lines = lines
    this.#tick()
  }

  write(text: string, output: "stdout" | "stderr"): void {
    if (!this.#io[output].isTerminal) {
      this.#io[output].write(text)
      return
    }
    this.#io.stderr.write(this.#erasure())
    this.#io[output].write(text)
    this.#io.stderr.write(written(this.#drawn))
  }

  /** Leaves the last picture standing. */
  end(): void {
    this.#callOff?.()
    this.#redraw()
  }

  #tick(): void {
    this.#redraw()
    this.#callOff = this.#io.after(pauseMs, () => this.#tick())
  }

  #redraw(): void {
    const lines = this.#lines()
    if (written(lines) === written(this.#drawn)) return
    // In one write, so that no terminal shows the gap between the two.
    this.#io.stderr.write(this.#erasure() + written(lines))
    this.#drawn = lines
  }

  #erasure(): string {
    return this.#drawn.length === 0 ? "" : `\u001b[${this.#drawn.length}A\r\u001b[J`
  }
}

function written(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("")
}
