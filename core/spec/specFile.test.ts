import { test } from "vitest"
import { followEdits } from "../../test/support/followEdits.ts"

test("after any edit a file answers what a new file with that text answers", () => {
  let done = 0
  for (let seed = 0; done < 1000; seed++) done += followEdits(seed)
})
