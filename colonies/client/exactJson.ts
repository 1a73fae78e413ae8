/**
 * JSON whose integers stay what they are: beyond 2^53 they are read as bigint and written digit for
 * digit. Log times are nanoseconds since 1970, and a rounded one repeats or skips lines.
 */
export function parseExact(text: string): unknown {
  return (JSON.parse as ParseWithSource)(text, (_key, value, { source }) =>
    typeof value === "number" &&
    !Number.isSafeInteger(value) &&
    source !== undefined &&
    /^-?\d+$/.test(source)
      ? BigInt(source)
      : value,
  )
}

export function stringifyExact(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "bigint" ? rawJson(String(part)) : part,
  )
}

/** The text of the first JSON value: some replies carry two, back to back. */
export function firstValue(text: string): string {
  let depth = 0
  let isString = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]
    if (isString) {
      if (char === "\\") at += 1
      else if (char === '"') isString = false
      continue
    }
    if (char === '"') isString = true
    else if (char === "{" || char === "[") depth += 1
    else if (char === "}" || char === "]") {
      depth -= 1
      if (depth === 0) return text.slice(0, at + 1)
    }
  }
  return text
}

/** The language's own library types do not know the source of a value yet. */
type ParseWithSource = (
  text: string,
  reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown

const { rawJSON: rawJson } = JSON as unknown as { rawJSON(text: string): unknown }
