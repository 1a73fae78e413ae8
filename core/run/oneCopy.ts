const copies = new Map<string, string>()
/** Beyond so many it begins anew: what they all share is soon there again. */
const mostCopies = 10_000

/** The same text as one object: of what thousands of Jobs and pods say alike, each has its own otherwise. */
export function oneCopy<T extends string | undefined>(text: T): T {
  if (text === undefined) return text
  const known = copies.get(text)
  if (known !== undefined) return known as T
  if (copies.size >= mostCopies) copies.clear()
  copies.set(text, text)
  return text
}
