import { deepEqual, equal, match, ok } from "node:assert/strict"
import { commands, env, window } from "vscode"
import { type ColoniesServer, connectColonies } from "../../colonies/client/server.ts"
import type { ColoniesServer as TestServer } from "../support/colonies/coloniesServer.mts"
import { devKeys, startDevColony } from "../support/colonies/devColony.mts"
import { answering } from "./support/answers.ts"
import { openSpec } from "./support/bed.ts"

const run = (id: string, ...args: readonly unknown[]) =>
  commands.executeCommand(`kubeExecutions.${id}`, ...args)

const node = (nodename: string, dependencies: readonly string[] = []) => ({
  nodename,
  conditions: {
    executortype: "kube",
    nodes: 1,
    processespernode: 1,
    cpu: "500m",
    mem: "256Mi",
    walltime: 120,
    dependencies,
  },
  funcname: "execute",
  kwargs: { "docker-image": "busybox", cmd: "date" },
  maxexectime: 100,
  maxretries: 1,
})

describe("a Colonies server as the place of runs", function () {
  this.timeout(120_000)
  let server: TestServer
  let member: ColoniesServer

  before(async () => {
    server = await startDevColony()
    const { host, port } = server
    member = connectColonies({ host, port, tls: false, privateKey: devKeys.user })
  })

  after(async () => {
    await answering([{ asked: "Where new runs go", answer: "Go Where kubectl Points" }], () =>
      run("choosePlace"),
    )
    await answering([{ asked: "Forget a Colonies Server", answer: "lab" }], () =>
      run("forgetColony"),
    )
    await member.close()
    await server.close()
  })

  const processes = async () =>
    (await member.call("getprocessesmsg", { colonyname: "dev", count: 100, state: 0 })) ?? []

  it("is added by typing it in, and chosen", async () => {
    const asked = (question: string, answer: string) => ({ asked: question, answer })
    await answering(
      [
        asked("Add a Colonies server", "Type It In"),
        asked("Host of the Colonies server", server.host),
        asked("Its port", String(server.port)),
        asked("Does it speak TLS", "false"),
        asked("Name of the colony", "dev"),
        asked("Your private key", devKeys.user),
        asked("S3 storage", ""),
        asked("What to call it", "lab"),
      ],
      () => run("addColony"),
    )
  })

  it("takes a function spec as a process", async () => {
    const { nodename: _, ...spec } = node("")
    const { uri } = await openSpec("process.json", JSON.stringify(spec, null, 2))
    await answering([{ asked: "Run ", answer: "Run as execute" }], () => run("run", uri, 0))
    const [process] = await processes()
    equal(process?.spec.funcname, "execute")
    equal(process?.spec.maxwaittime, -1)
  })

  it("takes a workflow as a processgraph, and offers nothing that it cannot do", async () => {
    const before = (await processes()).length
    const list = [node("a"), node("b", ["a"])]
    const { uri } = await openSpec("graph.json", JSON.stringify(list, null, 2))
    await answering([{ asked: "Run ", answer: "Run as workflow" }], () => run("run", uri, 0))
    const found = await processes()
    equal(found.length, before + 2)
    const graphs = await member.call("getprocessgraphsmsg", {
      colonyname: "dev",
      count: 10,
      state: 0,
    })
    const [graph] = graphs ?? []
    ok(graph)
    deepEqual(
      found
        .filter(({ processgraphid }) => processgraphid === graph.processgraphid)
        .map(({ spec }) => spec.nodename)
        .sort(),
      ["a", "b"],
    )
  })

  it("its ids are copied whole", async () => {
    const id = "a".repeat(64)
    await run("copyId", { kind: "executor", id })
    equal(await env.clipboard.readText(), id)
  })

  it("a file of the colony is removed on one word; one that cannot be fetched says why", async () => {
    const place = await placeOfRuns()
    const [label, name] = ["/data", "reads.txt"]
    const s3object = {
      ...{ server: "127.0.0.1", port: -1, tls: false, accesskey: "", secretkey: "" },
      ...{ region: "", encryptionkey: "", encryptionalg: "", object: "o", bucket: "b" },
    }
    await member.call("addfilemsg", {
      file: {
        ...{ colonyname: "dev", label, name, size: 1, checksum: "1", checksumalg: "SHA256" },
        ref: { protocol: "s3", s3object },
      },
    })
    const files = async () =>
      ((await member.call("getfilesmsg", { colonyname: "dev", label })) ?? []).length
    const told: string[] = []
    await run("refreshColony")
    const row = { kind: "file", place, label, name }
    await answering(
      [{ asked: 'Save "reads.txt"', answer: "/tmp/never" }],
      () => run("downloadFile", row),
      told,
    )
    match(told.join("\n"), /this profile names no storage/)
    const question = 'Remove "/data/reads.txt" from the colony'
    await answering([{ asked: question, answer: undefined }], () => run("removeFile", row))
    equal(await files(), 1)
    await answering([{ asked: question, answer: "Remove" }], () => run("removeFile", row))
    equal(await files(), 0)
  })
})

/** What the picks of runs call the colony's place. */
async function placeOfRuns(): Promise<string> {
  const { showQuickPick } = window
  const places: string[] = []
  const look = async (items: readonly { readonly row: { readonly place: string } }[]) => {
    places.push(...items.map(({ row }) => row.place))
  }
  Object.assign(window, { showQuickPick: look })
  try {
    await run("delete")
  } finally {
    Object.assign(window, { showQuickPick })
  }
  const place = places.find((one) => one.startsWith('["colonies"'))
  ok(place, `no run of a colony among ${places}`)
  return place
}
