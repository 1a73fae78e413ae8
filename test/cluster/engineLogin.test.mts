import assert from "node:assert/strict"
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import { after, before, suite, test } from "node:test"
import { parse } from "yaml"
import { openKubePlace } from "../../engine/kube/kubePlace.ts"
import { type Cluster, type Namespace, useCluster } from "./cluster.mts"
import { openEngine } from "./engine.mts"
import { installExecutions } from "./installExecutions.mts"
import { documentedRules, logInAs, writeKubeconfig, writePlugin } from "./logins.mts"

let bed: Cluster
let namespace: Namespace
let token: string
let server: { readonly server: string; readonly "certificate-authority-data": string }
const folder = mkdtempSync(path.join(tmpdir(), "kx-login-"))
const file = (name: string): string => path.join(folder, name)

before(async () => {
  bed = await useCluster()
  await installExecutions(bed)
  namespace = await bed.namespace("engine-login")
  token = await logInAs(bed, namespace.name, await documentedRules("kube-executions-driver"))
  server = parse(await readFile(bed.kubeconfig, "utf8")).clusters[0].cluster
})

after(async () => {
  await namespace?.remove()
  rmSync(folder, { recursive: true, force: true })
  bed?.close()
})

suite("a kubeconfig that does not lead to a cluster is one clear sentence:", {
  concurrency: true,
}, () => {
  test("it is not there", async () => {
    await says(
      { kubeconfig: file("nowhere") },
      `No kubeconfig: "${file("nowhere")}" is not there. Set KUBECONFIG, or the setting kubeExecutions.kubeconfig.`,
    )
  })

  test("it is no YAML", async () => {
    writeFileSync(file("broken"), "apiVersion: v1\nkind: Config\nusers: [\n  name: {\n")
    await says(
      { kubeconfig: file("broken") },
      /^The kubeconfig ".*broken", line \d, cannot be read: /,
    )
  })

  test("it has no such context", async () => {
    const kubeconfig = await writeKubeconfig(bed, file("context"), { user: { token } })
    await says(
      { kubeconfig, context: "lab" },
      'The kubeconfig has no context "lab". It has: "bed".',
    )
  })

  test("it has no current context", async () => {
    const kubeconfig = await writeKubeconfig(bed, file("current"), {
      user: { token },
      currentContext: "",
    })
    await says({ kubeconfig }, /^The kubeconfig has no current context\. /)
  })

  test("its token is none", async () => {
    const kubeconfig = await writeKubeconfig(bed, file("token"), { user: { token: "none" } })
    await says(
      { kubeconfig },
      /^The cluster does not accept the login of the kubeconfig \(401 Unauthorized\)\. It may have expired: /,
    )
  })

  test("its token is not good any more", async () => {
    const other = await bed.namespace("engine-login")
    const old = await logInAs(bed, other.name, [])
    await bed.api.remove(`/api/v1/namespaces/${other.name}/serviceaccounts/engine`)
    const kubeconfig = await writeKubeconfig(bed, file("old-token"), { user: { token: old } })
    await says(
      { kubeconfig },
      /^The cluster does not accept the login of the kubeconfig \(401 Unauthorized\)\. It may have expired: /,
    )
    await other.remove()
  })

  test("nobody listens at its address", async () => {
    const port = await closedPort()
    const cluster = { ...server, server: `https://127.0.0.1:${port}` }
    const kubeconfig = await writeKubeconfig(bed, file("refused"), { user: { token }, cluster })
    await says({ kubeconfig }, `127.0.0.1:${port} cannot be reached: the connection was refused.`)
  })

  test("its certificate authority is not that of the server", async () => {
    // A certificate that signed nothing.
    const admin = parse(await readFile(bed.kubeconfig, "utf8")).users[0].user
    const cluster = { ...server, "certificate-authority-data": admin["client-certificate-data"] }
    const kubeconfig = await writeKubeconfig(bed, file("other-ca"), { user: { token }, cluster })
    await says(
      { kubeconfig },
      /^The certificate of [\d.:]+ is not trusted \(\w+\)\. Check certificate-authority in the kubeconfig\.$/,
    )
  })

  test("its certificate authority is no certificate", async () => {
    const cluster = {
      ...server,
      "certificate-authority-data": Buffer.from("nothing").toString("base64"),
    }
    const kubeconfig = await writeKubeconfig(bed, file("no-ca"), { user: { token }, cluster })
    await says(
      { kubeconfig },
      /^The certificate of [\d.:]+ is not trusted \(\w+\)\. Check certificate-authority in /,
    )
  })

  test("the file of its certificate authority is not there", async () => {
    const cluster = { server: server.server, "certificate-authority": file("ca.crt") }
    const kubeconfig = await writeKubeconfig(bed, file("lost-ca"), { user: { token }, cluster })
    await says(
      { kubeconfig },
      `The kubeconfig names the file "${file("ca.crt")}", which cannot be read (ENOENT).`,
    )
  })

  test("its login plug-in is not installed", async () => {
    const user = {
      exec: { apiVersion: "client.authentication.k8s.io/v1", command: "no-such-login" },
    }
    const kubeconfig = await writeKubeconfig(bed, file("no-plugin"), { user })
    await says(
      { kubeconfig },
      'The login plug-in "no-such-login" of the kubeconfig was not found. Install it, or choose another context.',
    )
  })

  test("its login plug-in fails", async () => {
    const user = writePlugin(
      file("fails.sh"),
      "echo 'asked for a login'>&2; echo 'and got none' >&2; exit 255",
    )
    const kubeconfig = await writeKubeconfig(bed, file("plugin-fails"), { user })
    await says(
      { kubeconfig },
      `The login plug-in "${file("fails.sh")}" stopped: asked for a login; and got none`,
    )
  })

  test("its login plug-in answers something else", async () => {
    const user = writePlugin(file("babbles.sh"), "echo Welcome")
    const kubeconfig = await writeKubeconfig(bed, file("plugin-babbles"), { user })
    await says(
      { kubeconfig },
      `The login plug-in "${file("babbles.sh")}" ended well, but answered no credential.`,
    )
  })

  test("its login plug-in does not answer", async () => {
    const script = `echo $$ > ${file("slow.pid")}; exec sleep 600`
    const user = writePlugin(file("slow.sh"), script)
    const kubeconfig = await writeKubeconfig(bed, file("plugin-slow"), { user })
    try {
      await says(
        { kubeconfig },
        `The login plug-in "${file("slow.sh")}" of the kubeconfig has not answered for 30 s. Finish its login, or run it once in a terminal.`,
      )
    } finally {
      if (existsSync(file("slow.pid"))) process.kill(Number(readFileSync(file("slow.pid"), "utf8")))
    }
  })
})

suite("a kubeconfig that leads to a cluster by a plug-in", { concurrency: true }, () => {
  test("is asked again when the token it gave is refused", async () => {
    const stale = `if [ ! -e ${file("asked")} ]; then touch ${file("asked")}; echo '${credential("none")}'; exit; fi`
    const user = writePlugin(file("renews.sh"), `${stale}; echo '${credential(token)}'`)
    const kubeconfig = await writeKubeconfig(bed, file("plugin-renews"), { user })
    const { cluster } = await openKubePlace({ kind: "kube", kubeconfig, namespace: namespace.name })
    await cluster.close()
    assert.ok(existsSync(file("asked")))
  })

  test("is enough to run something", async () => {
    const user = writePlugin(file("good.sh"), `echo '${credential(token)}'`)
    const kubeconfig = await writeKubeconfig(bed, file("plugin-good"), { user })
    const engine = await openEngine(bed, namespace.name, kubeconfig)
    try {
      const run = await engine.run("by-plugin", { a: "true" })
      assert.equal((await run.ended()).status.phase, "Succeeded")
    } finally {
      await engine.close()
    }
  })
})

/** What a plug-in answers, with no word on how long it is good for. */
function credential(token: string): string {
  const kind = { apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential" }
  return JSON.stringify({ ...kind, status: { token } })
}

/** Opening the place ends, soon, with this one line. */
async function says(
  request: { readonly kubeconfig: string; readonly context?: string },
  sentence: string | RegExp,
): Promise<void> {
  const began = performance.now()
  await assert.rejects(openKubePlace({ kind: "kube", ...request }), ({ message }: Error) => {
    if (typeof sentence === "string") assert.equal(message, sentence)
    else assert.match(message, sentence)
    assert.ok(!message.includes("\n"), "it is more than one line")
    assert.doesNotMatch(message, /undefined|\[object|ERR_|at .*:\d+:\d+/)
    return true
  })
  assert.ok(performance.now() - began < 90_000)
}

/** A port on which nobody listens any more. */
async function closedPort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1")
  await new Promise((resolve) => listener.once("listening", resolve))
  const address = listener.address()
  await new Promise((resolve) => listener.close(resolve))
  assert.ok(typeof address === "object" && address !== null)
  return address.port
}
