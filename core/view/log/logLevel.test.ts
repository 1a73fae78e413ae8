import { expect, test } from "vitest"
import { logLevel, logLevels } from "./logLevel.ts"

test("a line is as bad as it says, not as what it talks about", () => {
  const { none, debug, warning, error } = logLevels
  const cases = [
    ["[sort] chunk 32", none],
    ["0 errors so far", none],
    ["error: cannot open", error],
    ["2026-03-14 ERROR worker lost", error],
    ['{"level":"error","msg":"x"}', error],
    ["java.lang.NullPointerException: x", error],
    ["Killed", error],
    ["\u001b[91mKilled\u001b[0m", error],
    ["warning: index is older", warning],
    ["[WARN] slow", warning],
    ['{"level":"debug"}', debug],
  ] as const
  for (const [line, level] of cases) expect([line, logLevel(line)]).toEqual([line, level])
})
