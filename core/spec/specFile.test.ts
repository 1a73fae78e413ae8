import { test } from "vitest"
import { followEdits } from "../../test/support/followEdits.ts"

// Ten thousand of them, and as many as wanted, are followed in test/lsp/oracle.test.mts.
test("after any edit a file answers what a new file with that text answers", () => {
  let done = 0
  for (let seed = 0; done < 400; seed++) done += followEdits(seed)
}, 60_000)
