import type { RunView } from "#core/view/statusTree"
import type { ExitCode, Io } from "./io.ts"
import type { LivePlace } from "./livePlace.ts"
import { quote } from "./words.ts"

export const waitOptions = {
  "no-wait": { kind: "flag", help: "do not wait until it is done" },
} as const

export interface Wish {
  readonly run: string
  readonly kind: "retry" | "suspend" | "resume" | "stop"
  readonly steps?: readonly string[]
  /** Whether the run is seen to be as wished. */
  readonly isDone: (run: RunView) => boolean
}

export type Granted = RunView | "deleted" | "not-waited" | "interrupted"

/** Writes a wish on the run and waits until whoever drives the run has carried it out. */
export async function wish(
  { engine, info, until }: LivePlace,
  { run, kind, steps, isDone }: Wish,
  isWaiting: boolean,
  io: Io,
): Promise<Granted> {
  await engine.call("run/wish", {
    place: info.id,
    run,
    wish: kind,
    by: io.user,
    ...(steps === undefined ? {} : { steps }),
  })
  if (!isWaiting) return "not-waited"
  return orInterrupted(
    io,
    until(run, (view): Granted | undefined => {
      if (view === undefined) return "deleted"
      return isDone(view) ? view : undefined
    }),
  )
}

/** What is waited for, or the word that Ctrl+C was typed first. */
export async function orInterrupted<T>(io: Io, waited: Promise<T>): Promise<T | "interrupted"> {
  let end = () => {}
  const interrupted = new Promise<"interrupted">((resolve) => {
    end = io.onInterrupt(() => resolve("interrupted"))
  })
  return Promise.race([waited, interrupted]).finally(() => end())
}

/** What is said, and with which code the command ends, where the run itself is not the answer. */
export function withoutView(granted: Exclude<Granted, RunView>, name: string, io: Io): ExitCode {
  switch (granted) {
    case "not-waited":
      return 0
    case "deleted":
      io.stderr.write(`${quote(name)} was deleted meanwhile.\n`)
      return 1
    case "interrupted":
      io.stderr.write(`\nIt was asked for already, and is done without waiting here.\n`)
      return 130
  }
}
