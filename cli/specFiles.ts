import { detect } from "#core/spec/detect"
import type { Io } from "./io.ts"
import { quote } from "./words.ts"

/** A file to be read, by the name the user knows it by. */
export type FoundFile =
  | { readonly kind: "file"; readonly name: string; readonly text: string }
  | { readonly kind: "unreadable"; readonly name: string; readonly sentence: string }

/** What a path leads to: itself, or the files of ours in a folder, or standard input for "-". */
export async function* findFiles(path: string, io: Io): AsyncGenerator<FoundFile> {
  if (path === "-") {
    yield { kind: "file", name: stdinName, text: decode(await io.readStdin()) }
    return
  }
  const facts = await io.files.stat(path).catch((error: unknown) => whyNot(path, error))
  if (typeof facts === "string") yield { kind: "unreadable", name: path, sentence: facts }
  else if (facts.kind === "folder") yield* walk(path, io)
  else yield await readSpecFile(path, io)
}

/** Reads one file, or says in a sentence why it cannot be read. */
export async function readSpecFile(path: string, io: Io): Promise<FoundFile> {
  if (path === "-") return { kind: "file", name: stdinName, text: decode(await io.readStdin()) }
  const unreadable = (sentence: string): FoundFile => ({ kind: "unreadable", name: path, sentence })
  try {
    const { kind, size } = await io.files.stat(path)
    if (kind === "folder") return unreadable(`${quote(path)} is a folder; name a file in it.`)
    if (size > largest) {
      const megabytes = Math.ceil(size / 1024 / 1024)
      return unreadable(`${quote(path)} has ${megabytes} MB; a spec may have 20 MB at most.`)
    }
    return { kind: "file", name: path, text: decode(await io.files.read(path)) }
  } catch (error) {
    return unreadable(whyNot(path, error))
  }
}

const stdinName = "<stdin>"
const largest = 20 * 1024 * 1024
const glance = 64 * 1024

/** The files below a folder that detect accepts. */
async function* walk(root: string, io: Io): AsyncGenerator<FoundFile> {
  for await (const found of walkFolder(root, io)) {
    if (typeof found !== "string") yield found
    else if (/\.(?:ya?ml|json)$/i.test(found)) {
      const start = await io.files
        .readStart(found, glance)
        .catch((error: unknown) => whyNot(found, error))
      if (typeof start === "string") yield { kind: "unreadable", name: found, sentence: start }
      else if (detect(decode(start), found)) yield await readSpecFile(found, io)
    }
  }
}

/** The paths of all files below a folder, by name; folders that hold others' files are passed by. */
export async function* walkFolder(
  root: string,
  io: Io,
): AsyncGenerator<string | (FoundFile & { kind: "unreadable" })> {
  const folders = [root]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const path: string = folder
    const entries = await io.files.list(path).catch((error: unknown) => whyNot(path, error))
    if (typeof entries === "string") {
      yield { kind: "unreadable", name: path, sentence: entries }
      continue
    }
    const below: string[] = []
    for (const { name, kind } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const inside = `${path.replace(/[\\/]+$/, "")}/${name}`
      if (kind === "folder" && name !== "node_modules" && name !== ".git") below.push(inside)
      if (kind === "file") yield inside
    }
    folders.push(...below.reverse())
  }
}

/** A byte order mark is no part of the text, as in editors. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

function whyNot(path: string, error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  const reason = reasons[code]
  if (reason) return `${quote(path)} ${reason}.`
  return `${quote(path)} cannot be read${code ? ` (${code})` : ""}.`
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  ENOTDIR: "does not exist",
  EACCES: "may not be read by you",
  EPERM: "may not be read by you",
  EISDIR: "is a folder; name a file in it",
  ELOOP: "is a link that leads back to itself",
}
