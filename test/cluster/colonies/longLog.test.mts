// A log with everything in it that is hard arrives as it was printed.
import assert from "node:assert/strict"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { after, before, test } from "node:test"
import { processState } from "#colonies/client/records"
import { type ExecutorBed, openExecutorBed } from "./executorBed.mts"

let bed: ExecutorBed
before(async () => {
  bed = await openExecutorBed()
  await bed.start()
})
after(() => bed?.close())

const count = 100_000

/** Characters of one to four bytes at every place of a chunk, zeros, and lines of a megabyte. */
const program = `
const { writeSync } = require("node:fs")
const line = (i) => {
  const text = i + " " + "aå€🚀".repeat(i % 20)
  if (i % 20_000 === 7) return text + "ü🚀".repeat(170_000)
  return i % 500 === 3 ? text + "\\0zero" : text
}
let text = ""
const write = () => {
  let bytes = Buffer.from(text)
  while (bytes.length > 0) {
    try { bytes = bytes.subarray(writeSync(1, bytes)) } catch (error) { if (error.code !== "EAGAIN") throw error }
  }
  text = ""
}
for (let i = 0; i < ${count}; i++) {
  text += line(i) + "\\n"
  if (text.length > 30_011) write()
}
write()
`

function expected(): string {
  const lines = Array.from({ length: count }, (_, i) => {
    const text = `${i} ${"aå€🚀".repeat(i % 20)}`
    if (i % 20_000 === 7) return `${text}${"ü🚀".repeat(170_000)}`
    return i % 500 === 3 ? `${text}zero` : text
  })
  return `${lines.join("\n")}\n`
}

test("100,000 lines arrive once and in order, with nothing in them changed but zeros left out", async () => {
  writeFileSync(join(bed.volume, "print.js"), program)
  const id = await bed.submit({
    conditions: { mem: "256Mi", cpu: "500m" },
    kwargs: { "docker-image": "node:24-slim", cmd: "node", args: ["/cfs/print.js"] },
    fs: { mount: "/cfs" },
  })
  const process = await bed.ended(id)
  assert.equal(process.state, processState.successful, process.errors?.join())
  const [first, ...rest] = (await bed.logOf(id)).split("\n")
  assert.match(first ?? "", /^ColonyOS: /)
  const log = rest.join("\n")
  const wanted = expected()
  // A diff of 13 MB helps nobody.
  if (log !== wanted) {
    let at = 0
    while (log[at] === wanted[at]) at += 1
    const near = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 40), at + 40))
    assert.fail(`${log.length} of ${wanted.length}; at ${at}: ${near(log)} for ${near(wanted)}`)
  }
})
