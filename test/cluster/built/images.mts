import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import path from "node:path"
import { clone } from "./layout.mts"
import { type Entry, tar } from "./tar.mts"

/** An image as a registry serves it: every blob by its digest, and which of them is the manifest. */
export interface Image {
  readonly manifest: string
  readonly blobs: ReadonlyMap<string, Buffer>
}

export const manifestType = "application/vnd.oci.image.manifest.v1+json"

/** Names under which specs often ask for a small system; here they are all the same busybox. */
const systems = ["busybox", "alpine", "ubuntu", "debian", "bash", "centos", "fedora"]

/** Chooses by the repository's name alone, so every tag is there; undefined is "not found". */
export function recipe(repository: string): (() => Image) | undefined {
  const name = repository.replace(/^library\//, "")
  if (systems.includes(name)) return () => image(busyboxFiles(), ["sh"])
  if (name === "node") return () => image([...busyboxFiles(), ...nodeFiles()], ["node"])
  if (name === "kube-executions") return () => ownImage("deploy/Dockerfile")
  if (name === "kube-executions-executor") return () => ownImage("deploy/executor/Dockerfile")
  // The sandbox only has to hold the namespaces; containerd ends it by SIGKILL.
  if (name === "pause") return () => image(busyboxFiles(), ["/bin/sleep", "infinity"])
  return undefined
}

/** What a Dockerfile of ours says, on the Node of this machine: there is no docker to ask. */
function ownImage(dockerfile: string): Image {
  const { copies, entrypoint, user } = readDockerfile(
    readFileSync(path.join(clone, dockerfile), "utf8"),
  )
  const own = copies.map(({ from, to }): Entry => {
    const content = readFileSync(path.join(clone, from))
    return { kind: "file", path: to.slice(1), mode: 0o644, content }
  })
  return image([...busyboxFiles(), ...nodeFiles(), ...own], entrypoint, user)
}

export interface Dockerfile {
  readonly copies: readonly { readonly from: string; readonly to: string }[]
  readonly entrypoint: readonly string[]
  readonly user: string
}

/** The few instructions that ours has; another one is refused, so that nothing is left out in silence. */
export function readDockerfile(text: string): Dockerfile {
  const copies: { from: string; to: string }[] = []
  let entrypoint: readonly string[] = []
  let user = ""
  for (const line of text.split("\n")) {
    const [word, ...rest] = line.trim().split(/\s+/)
    if (word === "" || word?.startsWith("#")) continue
    if (word === "FROM" && rest[0]?.startsWith("node:")) continue
    else if (word === "COPY" && rest.length === 2)
      copies.push({ from: rest[0] ?? "", to: rest[1] ?? "" })
    else if (word === "USER" && rest.length === 1) user = rest[0] ?? ""
    else if (word === "ENTRYPOINT") entrypoint = JSON.parse(rest.join(" "))
    else throw new Error(`The bed cannot do as the Dockerfile says: ${line}`)
  }
  return { copies, entrypoint, user }
}

function image(files: readonly Entry[], command: readonly string[], user = ""): Image {
  const layer = tar(files)
  const config = json({
    created: "1970-01-01T00:00:00Z",
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config: {
      Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      // Arguments of a pod go behind an entry point and in the place of a command.
      ...(user === "" ? { Cmd: command } : { Entrypoint: command, User: user }),
    },
    rootfs: { type: "layers", diff_ids: [digest(layer)] },
  })
  const manifest = json({
    schemaVersion: 2,
    mediaType: manifestType,
    config: {
      mediaType: "application/vnd.oci.image.config.v1+json",
      digest: digest(config),
      size: config.length,
    },
    layers: [
      {
        // Not compressed: it never leaves this machine.
        mediaType: "application/vnd.oci.image.layer.v1.tar",
        digest: digest(layer),
        size: layer.length,
      },
    ],
  })
  const blobs = new Map([layer, config, manifest].map((blob) => [digest(blob), blob]))
  return { manifest: digest(manifest), blobs }
}

function busyboxFiles(): Entry[] {
  const applets = execFileSync("/bin/busybox", ["--list"], { encoding: "utf8" }).trim().split("\n")
  return [
    ...["dev", "etc", "home", "proc", "root", "sys", "usr", "usr/bin", "var"].map(
      (path): Entry => ({ kind: "folder", path, mode: 0o755 }),
    ),
    { kind: "folder", path: "tmp", mode: 0o1777 },
    { kind: "file", path: "bin/busybox", mode: 0o755, content: readFileSync("/bin/busybox") },
    ...applets
      .filter((applet) => applet !== "busybox")
      .map((applet): Entry => ({ kind: "link", path: `bin/${applet}`, target: "busybox" })),
    { kind: "link", path: "usr/bin/env", target: "/bin/busybox" },
    text("bin/bash", '#!/bin/sh\nexec /bin/sh "$@"\n', 0o755),
    text("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n", 0o644),
    text("etc/group", "root:x:0:\n", 0o644),
  ]
}

/**
 * The Node that runs this very program, with the shared libraries it names. It is read through /proc,
 * because node_modules may have been installed anew since this program began.
 */
function nodeFiles(): Entry[] {
  const itself = `/proc/${process.pid}/exe`
  const libraries = execFileSync("ldd", [itself], { encoding: "utf8" }).match(/\/[^ )]+(?= \()/g)
  return [
    { kind: "file", path: "usr/local/bin/node", mode: 0o755, content: readFileSync(itself) },
    ...(libraries ?? []).map(
      (path): Entry => ({
        kind: "file",
        path: path.slice(1),
        mode: 0o755,
        content: readFileSync(path),
      }),
    ),
  ]
}

const text = (path: string, content: string, mode: number): Entry => ({
  kind: "file",
  path,
  mode,
  content: Buffer.from(content),
})

const json = (value: object): Buffer => Buffer.from(JSON.stringify(value))

const digest = (blob: Buffer): string => `sha256:${createHash("sha256").update(blob).digest("hex")}`
