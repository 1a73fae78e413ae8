import type { RunView } from "#core/view/statusTree"
import { changeLines, type Told } from "./changeLines.ts"
import { paintFor } from "./colors.ts"
import type { Io } from "./io.ts"
import { LiveBlock } from "./liveBlock.ts"
import { isUtf8 } from "./locale.ts"
import { progressBlock } from "./progressBlock.ts"
import { cut } from "./table.ts"
import { visible } from "./words.ts"

/** What somebody who waits for a run is shown on stderr. */
export interface Progress {
  readonly show: (run: RunView) => void
  /** Why what is shown may be old; undefined = it is not. */
  readonly warn: (sentence: string | undefined) => void
  /** What the steps print. */
  readonly print: (text: string, output: "stdout" | "stderr") => void
  readonly end: () => void
}

/** One block on a terminal, a line for each change elsewhere. */
export function progressFor(io: Io): Progress {
  return io.stderr.isTerminal && io.env.TERM !== "dumb" ? blockProgress(io) : lineProgress(io)
}

function blockProgress(io: Io): Progress {
  let run: RunView | undefined
  let warning: string | undefined
  let block: LiveBlock | undefined
  const paint = paintFor(io, io.stderr)
  const lines = (): readonly string[] => {
    if (!run) return []
    const columns = (io.stderr.columns ?? 80) - 1
    const most = Math.max(3, Math.min(20, (io.stderr.rows ?? 24) - 1))
    const drawn = progressBlock(run, {
      now: io.now(),
      columns,
      lines: warning === undefined ? most : most - 1,
      utf8: isUtf8(io),
      paint,
    })
    return warning === undefined ? drawn : [...drawn, paint("yellow", cut(warning, columns))]
  }
  return {
    show: (view) => {
      run = view
      block ??= new LiveBlock(io, lines)
    },
    warn: (sentence) => {
      warning = sentence
    },
    print: (text, output) => (block ? block.write(text, output) : io[output].write(text)),
    end: () => block?.end(),
  }
}

function lineProgress(io: Io): Progress {
  const told: Told = new Map()
  let warned: string | undefined
  let wasSuspended = false
  const say = (line: string) => io.stderr.write(`${clock(io.now())} ${line}\n`)
  return {
    show: (run) => {
      const isSuspended = run.phase === "suspended"
      if (isSuspended !== wasSuspended && run.finishedAt === null) {
        say(`${visible(run.name)} ${isSuspended ? "suspended" : "goes on"}`)
      }
      wasSuspended = isSuspended
      for (const line of changeLines(run, told)) say(line)
    },
    warn: (sentence) => {
      if (sentence !== undefined && sentence !== warned) say(visible(sentence))
      warned = sentence
    },
    print: (text, output) => io[output].write(text),
    end: () => {},
  }
}

/** The wall clock of whoever looks, to the second. */
export function clock(milliseconds: number): string {
  const date = new Date(milliseconds)
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":")
}
