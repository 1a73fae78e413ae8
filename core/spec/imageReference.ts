/**
 * What is wrong with an image reference (`registry:5000/name/part:tag@sha256:…`), as the end of a
 * sentence, or undefined. The API server stores anything; a pod with a bad one never starts.
 */
export function imageFault(text: string): string | undefined {
  // Ten thousand tasks run a handful of images.
  if (sound.has(text)) return undefined
  const fault = findFault(text)
  if (fault === undefined) {
    if (sound.size >= mostSound) sound.clear()
    sound.add(text)
  }
  return fault
}

const sound = new Set<string>()
const mostSound = 100

function findFault(text: string): string | undefined {
  if (/\s/.test(text)) return "it has a space in it"
  if (text.includes("://"))
    return `it is not an address, leave out "${text.slice(0, text.indexOf("://") + 3)}"`
  if (/[^\w.:/@-]/.test(text)) return `"${/[^\w.:/@-]/u.exec(text)?.[0]}" cannot be part of it`
  const [named = "", digest, ...more] = text.split("@")
  if (more.length > 0) return 'it has more than one "@"'
  if (digest !== undefined && !isDigest(digest)) {
    return `"${digest}" is not a digest such as "sha256:" and 64 hexadecimal digits`
  }
  const slash = named.lastIndexOf("/")
  const colon = named.indexOf(":", slash + 1)
  const tag = colon === -1 ? undefined : named.slice(colon + 1)
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag)) {
    return tag === "" ? 'nothing follows the ":"' : `"${tag}" is not a tag`
  }
  return nameFault(colon === -1 ? named : named.slice(0, colon))
}

function nameFault(name: string): string | undefined {
  const parts = name.split("/")
  const first = parts[0] ?? ""
  const hasRegistry = parts.length > 1 && (/[.:]/.test(first) || first === "localhost")
  if (hasRegistry && !isRegistry(first)) return `"${first}" is not a registry`
  const path = hasRegistry ? parts.slice(1) : parts
  if (path.some((part) => part === ""))
    return name === "" ? "the name is missing" : 'a name is missing beside a "/"'
  const upper = path.find((part) => /[A-Z]/.test(part))
  if (upper !== undefined) return `"${upper}" must be in lower case`
  const odd = path.find((part) => !/^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/.test(part))
  if (odd !== undefined)
    return `"${odd}" is not a name: use lower-case letters and digits, joined by ".", "_" or "-"`
  return name.length > 255 ? "it has more than 255 characters" : undefined
}

function isRegistry(text: string): boolean {
  return /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*(:\d+)?$/.test(
    text,
  )
}

function isDigest(text: string): boolean {
  if (text.startsWith("sha256:")) return /^sha256:[0-9a-f]{64}$/.test(text)
  return /^[A-Za-z][A-Za-z0-9]*([-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/.test(text)
}
