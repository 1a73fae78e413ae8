import { phaseLooks, type ViewPhase } from "#core/view/phase"
import type { Io } from "./io.ts"

/** Whether a terminal shows more than ASCII, as its locale says it. */
export function isUtf8({ env }: Io): boolean {
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || "")
}

/** The sign of a phase, or its stand-in where the locale has no such signs. */
export function signOf(phase: ViewPhase, utf8: boolean): string {
  const { sign, plainSign } = phaseLooks[phase]
  return utf8 ? sign : plainSign
}
