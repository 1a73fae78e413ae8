/** JSON whose integers beyond 2^53 stay what they are: a bigint in memory, digits on the wire. */

/** Integer literals become bigint; `2.0` and `2e0` stay numbers, which Go's parser tells apart too. */
export function readExact(text: string): unknown {
  const parse = JSON.parse as (text: string, revive: Reviver) => unknown
  return parse(text, (_key, value, context) =>
    typeof value === "number" && /^-?\d+$/.test(context?.source ?? "")
      ? BigInt(context?.source ?? "0")
      : value,
  )
}

export function writeExact(value: unknown): string {
  const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown }
  return JSON.stringify(value, (_key, inner) =>
    typeof inner === "bigint" ? rawJSON(inner.toString()) : inner,
  )
}

type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown
