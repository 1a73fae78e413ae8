import { deepEqual, equal, ok } from "node:assert/strict"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { commands, env } from "vscode"
import { type ColoniesServer, connectColonies } from "../../colonies/client/server.ts"
import { openFileStore } from "../../colonies/files/fileStore.ts"
import { applySync, planSync } from "../../colonies/files/sync.ts"
import type { ColoniesServer as TestServer } from "../support/colonies/coloniesServer.mts"
import { devKeys, startDevColony } from "../support/colonies/devColony.mts"
import { type S3Server, startS3 } from "../support/colonies/s3.mts"
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

const keys = { accessKey: "suite", secretKey: "suite-secret", region: "eu-north-1" }

describe("a Colonies server as the place of runs", function () {
  this.timeout(120_000)
  let server: TestServer
  let member: ColoniesServer
  let s3: S3Server
  const folder = mkdtempSync(join(tmpdir(), "colony-"))

  before(async () => {
    server = await startDevColony()
    s3 = await startS3(keys)
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
    await Promise.all([server.close(), s3.close()])
    rmSync(folder, { recursive: true, force: true })
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
        asked("S3 storage", s3.endpoint),
        asked("Does the storage speak TLS", "false"),
        asked("Bucket", "suite"),
        asked("Region", keys.region),
        asked("Access key", keys.accessKey),
        asked("Secret key", keys.secretKey),
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

  it("its files are saved here and removed there", async () => {
    const signal = AbortSignal.timeout(60_000)
    const storage = {
      ...keys,
      endpoint: s3.endpoint,
      bucket: "suite",
      tls: false,
      skipVerify: false,
    }
    const files = { server: member, colony: "dev" }
    writeFileSync(join(folder, "hello.txt"), "hello from the colony\n")
    const store = await openFileStore(storage, signal)
    const plan = await planSync(files, folder, "/hello", true, signal)
    await applySync({ files, store, storage }, folder, plan, signal)
    store.close()
    await run("refreshColony")
    const node = { kind: "file", label: "/hello", name: "hello.txt" }
    const target = join(folder, "saved.txt")
    await answering([{ asked: 'Save "hello.txt"', answer: target }], () =>
      run("downloadFile", node),
    )
    equal(readFileSync(target, "utf8"), "hello from the colony\n")
    await answering([{ asked: 'Remove "/hello/hello.txt"', answer: "Remove" }], () =>
      run("removeFile", node),
    )
    const left = await member.call("getfilesmsg", { colonyname: "dev", label: "/hello" })
    deepEqual(left ?? [], [])
  })
})
