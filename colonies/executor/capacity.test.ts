import { expect, test } from "vitest"
import { demandOf, offerOf } from "./capacity.ts"

const capacity = { milliCpu: 4000n, bytes: 8n * 1024n ** 3n }

test("a process asks for what all its containers ask for together", () => {
  const conditions = { nodes: 2, processespernode: 2, cpu: "500m", mem: "1024Mi" }
  expect(demandOf({ funcname: "execute", conditions })).toEqual({
    milliCpu: 2000n,
    bytes: 4n * 1024n ** 3n,
  })
  expect(demandOf({ funcname: "sync", conditions })).toEqual({ milliCpu: 0n, bytes: 0n })
})

test("what is left is offered; where nothing is left, nothing may be handed out", () => {
  const demand = { milliCpu: 1000n, bytes: 1024n ** 3n }
  expect(offerOf(capacity, [demand])).toEqual({ availablecpu: "3000m", availablemem: "7340032Ki" })
  expect(offerOf(capacity, [])).toEqual({ availablecpu: "4000m", availablemem: "8388608Ki" })
  expect(offerOf(capacity, Array(4).fill(demand))).toBeUndefined()
  expect(offerOf(capacity, [{ milliCpu: 0n, bytes: 9n * 1024n ** 3n }])).toBeUndefined()
})
