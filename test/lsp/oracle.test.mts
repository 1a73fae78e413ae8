import { test } from "node:test"
import { followEdits } from "../support/followEdits.ts"

// A million: ORACLE_EDITS=1000000 node --test test/lsp/oracle.test.mts
const edits = Number(process.env.ORACLE_EDITS ?? 10_000)

test("after any edit a file answers what a new file with that text answers", () => {
  let done = 0
  // Every seed is another text; those of the unit test come first, and here go on.
  for (let seed = 1000; done < edits; seed++) done += followEdits(seed)
})
