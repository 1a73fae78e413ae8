import { expect, test } from "vitest"
import type { FunctionSpecRecord } from "../client/records.ts"
import { failureText, specFault } from "./specFault.ts"

const good = {
  funcname: "execute",
  kwargs: { "docker-image": "busybox", cmd: "date" },
  conditions: { nodes: 1, processespernode: 1, walltime: 60, cpu: "500m", mem: "256Mi" },
  maxexectime: 60,
  maxretries: 1,
} satisfies FunctionSpecRecord

function check(changes: object, conditions: object, error: string | undefined): void {
  const spec = { ...good, ...changes, conditions: { ...good.conditions, ...conditions } }
  expect(specFault(spec as FunctionSpecRecord)?.error).toBe(error)
}

test("the published executor's rules, in its order; equal limits are enough", () => {
  check({}, {}, undefined)
  check({}, { processespernode: 0, nodes: 0 }, "Invalid funcspec, processespernode cannot be 0")
  check({}, { nodes: 0, walltime: 0 }, "Invalid funcspec, nodes cannot be 0")
  check({}, { nodes: -1 }, "Invalid funcspec, nodes cannot be 0")
  check({}, { walltime: 0 }, "Invalid funcspec, walltime cannot be 0")
  check(
    { maxexectime: -1 },
    {},
    "Invalid funcspec, maxexectime must be set to a larger value than 0",
  )
  check({}, { walltime: 59 }, "Invalid funcspec, walltime must be > maxexectime")
  check({ maxretries: 0 }, {}, "Invalid funcspec, maxretries must be set to a larger value than 0")
  check({}, { mem: "-1Mi" }, "Memory cannot be negative")
  check({}, { cpu: "0m" }, "CPU must be specified in the following format: {value}m, e.g. 1000m")
  check({}, { cpu: "-5m" }, "CPU cannot be negative")
})

test("a command and an image are texts; anything in args is turned into text later", () => {
  check({ kwargs: { cmd: "date" } }, {}, "Failed to parse docker image flag")
  check({ kwargs: { "docker-image": "busybox" } }, {}, "Failed to parse cmd kwarg")
  check({ kwargs: { ...good.kwargs, args: [1, true] } }, {}, undefined)
})

test("a folder that leaves the volume is refused before anything is done", () => {
  const dirs = (dir: string) => ({ fs: { mount: "/cfs", dirs: [{ label: "/a", dir }] } })
  check(dirs("/a/../../etc"), {}, '"/a/../../etc" leaves the shared volume')
  check(dirs("/a..b"), {}, undefined)
})

test("a failure is told in the form that the published executor uses", () => {
  expect(failureText({ error: "no", context: "Failed to pre sync" })).toBe(
    "ContainerExecutor: no: Failed to pre sync",
  )
  expect(failureText({ error: "no", context: "" })).toBe("ContainerExecutor: no")
})
