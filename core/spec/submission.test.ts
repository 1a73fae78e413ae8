import { describe, expect, it } from "vitest"
import { parse } from "./parse.ts"
import { submission } from "./submission.ts"

function sent(text: string) {
  const [document] = parse(text, "spec.json")
  if (!document) throw new Error("the text is no spec")
  return submission(document.tree, "dev")
}

describe("what is sent to a Colonies server", () => {
  it("is the function spec with its colony and without limits where none are set", () => {
    expect(
      sent('{"funcname":"execute","kwargs":{"cmd":"date"},"conditions":{"executortype":"cli"}}'),
    ).toEqual({
      kind: "function",
      spec: {
        funcname: "execute",
        kwargs: { cmd: "date" },
        maxexectime: -1,
        maxwaittime: -1,
        conditions: { executortype: "cli", colonyname: "dev" },
      },
    })
  })

  it.each(["processes-per-node", "processes_per_node", "processespernode", "ProcessesPerNode"])(
    "names containers per pod as today's server does, not %s",
    (key) => {
      const { spec } = sent(`{"funcname":"execute","conditions":{"executortype":"x","${key}":2}}`)
      expect(spec).toMatchObject({ conditions: { processespernode: 2 } })
      expect(Object.keys((spec as { conditions: object }).conditions)).toHaveLength(3)
    },
  )

  it("keeps limits that are set, keys it does not know, and integers of any size", () => {
    const { spec } = sent(
      '{"funcname":"f","maxexectime":80,"stray":1,"kwargs":{"n":12345678901234567890},"conditions":{"executortype":"x"}}',
    )
    expect(spec).toMatchObject({ maxexectime: 80, stray: 1, kwargs: { n: 12345678901234567890n } })
  })

  it("is an object with the colony for a workflow in either form", () => {
    const node = '{"nodename":"a","funcname":"f","conditions":{"executortype":"x"}}'
    const expected = {
      kind: "workflow",
      spec: { colonyname: "dev", functionspecs: [{ nodename: "a", maxexectime: -1 }] },
    }
    expect(sent(`[${node}]`)).toMatchObject(expected)
    expect(sent(`{"functionspecs":[${node}]}`)).toMatchObject(expected)
  })

  it("is the same for YAML", () => {
    const yaml = "funcname: execute\nconditions:\n  executortype: x\n  nodes: 2\n"
    const json = '{"funcname":"execute","conditions":{"executortype":"x","nodes":2}}'
    expect(sent(yaml)).toEqual(sent(json))
  })
})
