import type { Where } from "./where.ts"

/** Values that a key has in the tasks around, the nearest first, each once. */
export function seen(where: Where, keys: readonly string[]): readonly string[] {
  const { standing, task } = where
  const { items, layout } = standing.document.text
  const texts = [where.text]
  if (layout) {
    const from = task?.rank ?? items.length
    for (let distance = 1; distance <= most; distance++) {
      const above = items[from - distance]
      const below = items[from + distance]
      if (above) texts.push(above.text)
      if (below) texts.push(below.text)
      if (!above && !below) break
    }
  }
  const found = new Set<string>()
  const pattern = new RegExp(
    `(?:^|[\\s{,])["']?(?:${keys.join("|")})["']?:[ \\t]*("[^"\\n]*"|'[^'\\n]*'|[^\\s,"'{}[\\]#&*|>][^\\n,}#]*)`,
    "gi",
  )
  for (const text of texts) {
    for (const match of text.slice(0, longest).matchAll(pattern)) {
      const start = match.index + match[0].length - (match[1]?.length ?? 0)
      // The word at the cursor is not finished, so it is no example for itself.
      const isOwn =
        text === where.text &&
        start <= where.offset &&
        where.offset <= start + (match[1]?.length ?? 0)
      const value = match[1]?.trim().replace(/^(["'])(.*)\1$/, "$2") ?? ""
      if (!isOwn && value !== "") found.add(value)
    }
  }
  return [...found]
}

/** Further away than this many tasks nobody looks. */
const most = 200
const longest = 100_000
