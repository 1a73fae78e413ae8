import { readAnsi } from "../ansi.ts"

/** What a line says of itself; 0 says nothing of the kind. */
export const logLevels = { none: 0, debug: 1, warning: 2, error: 3 } as const

export type LogLevel = (typeof logLevels)[keyof typeof logLevels]

/** Judged by the words that programs put at the beginning of a line, or in a field of their own. */
export function logLevel(line: string): LogLevel {
  // What stands far behind is what a line talks about, not how bad it is.
  const begin = line.length > mostLooked ? line.slice(0, mostLooked) : line
  const text = begin.includes("\u001b") ? readAnsi(begin).text : begin
  if (isError.test(text)) return logLevels.error
  if (isWarning.test(text)) return logLevels.warning
  return isDebug.test(text) ? logLevels.debug : logLevels.none
}

const mostLooked = 200
const isError =
  /\b(?:ERROR|ERR|FATAL|PANIC|CRITICAL|SEVERE|Killed|Traceback)\b|\b(?:error|fatal|panic|critical)\b\s*[:\]|"]|\b\w*(?:Error|Exception):/
const isWarning = /\b(?:WARN|WARNING)\b|\b(?:[Ww]arn(?:ing)?)\b\s*[:\]|"]/
const isDebug = /\b(?:DEBUG|TRACE)\b|"(?:debug|trace)"/
