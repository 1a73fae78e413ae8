/** A Kubernetes quantity, exact: Kubernetes itself keeps nothing finer than a billionth. */
export interface Quantity {
  readonly nanos: bigint
}

export type QuantityReading =
  | { readonly ok: true; readonly quantity: Quantity }
  | { readonly ok: false; readonly why: string; readonly better?: string }

/** Reads what Kubernetes calls a quantity: `500m`, `1.5`, `2Gi`, `1e3`. Never throws. */
export function parseQuantity(text: string): QuantityReading {
  // No amount needs them, and exact arithmetic on a million digits would hold everything up.
  if (text.length > 100) return { ok: false, why: "it has more than 100 characters" }
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(.*)$/s.exec(text)
  const sign = match?.[1] ?? ""
  const whole = match?.[2] ?? ""
  const fraction = match?.[3] ?? ""
  const unit = match?.[4] ?? ""
  if (text === "") return { ok: false, why: "it is empty" }
  if (whole === "" && fraction === "") return { ok: false, why: "it does not start with a number" }
  const scale = scaleOf(unit)
  if (scale === undefined) return wrongUnit(text, text.slice(0, text.length - unit.length), unit)
  const digits = BigInt(whole + fraction)
  const nanos = scaled(digits, 9 - fraction.length + scale.ten, scale.two)
  const capped = nanos > largest ? largest : nanos
  return { ok: true, quantity: { nanos: sign === "-" ? -capped : capped } }
}

/** Negative when a is the smaller one, 0 when both mean the same amount. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0
}

export const zeroQuantity: Quantity = { nanos: 0n }

const nano = 1_000_000_000n
/** Kubernetes caps larger amounts silently. */
const largest = (2n ** 63n - 1n) * nano

const tens: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  "": 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}
const twos: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 }

function scaleOf(unit: string): { readonly ten: number; readonly two: number } | undefined {
  if (Object.hasOwn(tens, unit)) return { ten: tens[unit] ?? 0, two: 0 }
  if (Object.hasOwn(twos, unit)) return { ten: 0, two: twos[unit] ?? 0 }
  const exponent = /^[eE]([+-]?\d+)$/.exec(unit)?.[1]
  if (exponent === undefined) return undefined
  // Far outside of what Kubernetes keeps, one exponent is as good as the next one.
  return { ten: Math.max(-60, Math.min(60, Number(exponent))), two: 0 }
}

function scaled(digits: bigint, ten: number, two: number): bigint {
  const doubled = digits << BigInt(two)
  if (ten >= 0) return doubled * 10n ** BigInt(ten)
  const divisor = 10n ** BigInt(-ten)
  // Kubernetes rounds away from zero, so that nothing asked for becomes nothing.
  return (doubled + divisor - 1n) / divisor
}

function wrongUnit(text: string, number: string, unit: string): QuantityReading {
  const known = unit.trim()
  const better = lookalikes[known.toLowerCase()]
  if (better !== undefined) {
    const why =
      known === unit ? `"${unit}" is not a unit` : "there is no space between number and unit"
    return { ok: false, why, better: number.trim() + better }
  }
  if (/^\s|\s$/.test(text)) return { ok: false, why: "it has a space in it", better: text.trim() }
  return { ok: false, why: `"${unit}" is not a unit` }
}

/** What people write for a unit, in lower case, and the unit they mean. */
const lookalikes: Readonly<Record<string, string>> = {
  k: "k",
  ki: "Ki",
  kb: "k",
  kib: "Ki",
  m: "M",
  mi: "Mi",
  mb: "M",
  mib: "Mi",
  g: "G",
  gi: "Gi",
  gb: "G",
  gib: "Gi",
  t: "T",
  ti: "Ti",
  tb: "T",
  tib: "Ti",
  pi: "Pi",
  ei: "Ei",
  c: "",
  core: "",
  cores: "",
  cpu: "",
  cpus: "",
}
