/** What a Colonies server makes of a text before anybody else sees it. */
export type CpuReading =
  | { readonly kind: "milli"; readonly milli: bigint }
  /** Without the letter m at the end the server reads 0 and says nothing. */
  | { readonly kind: "dropped" }
  | { readonly kind: "refused" }

export function readCpu(text: string): CpuReading {
  if (text === "") return { kind: "milli", milli: 0n }
  if (!text.endsWith("m")) return { kind: "dropped" }
  const milli = wholeNumber(text.slice(0, -1))
  return milli === undefined ? { kind: "refused" } : { kind: "milli", milli }
}

export type MemoryReading =
  | { readonly kind: "bytes"; readonly bytes: bigint }
  | { readonly kind: "refused" }
  /** The server looks its units up in no order, and two of them fit: sometimes it takes the text. */
  | { readonly kind: "random"; readonly bytes: bigint }

/**
 * Units are looked for without regard to capitals and cut off with regard to them, so `10mi` finds
 * its unit and then fails; `GB` and `Ti` are not there at all.
 */
export function readMemory(text: string): MemoryReading {
  if (text === "") return { kind: "bytes", bytes: 0n }
  const folded = text.toUpperCase()
  const readings: (bigint | undefined)[] = []
  for (const { unit, upper, size } of units) {
    if (!folded.endsWith(upper)) continue
    const rest = wholeNumber(text.endsWith(unit) ? text.slice(0, -unit.length) : text)
    readings.push(rest === undefined ? undefined : rest * size)
  }
  const bytes = readings.find((reading) => reading !== undefined)
  if (bytes === undefined) return { kind: "refused" }
  return readings.includes(undefined) ? { kind: "random", bytes } : { kind: "bytes", bytes }
}

/** The form in which the server gives memory back, and executors see it: whole mebibytes. */
export function mebibytes(bytes: bigint): string {
  return `${bytes / 1048576n}Mi`
}

const sizes: Readonly<Record<string, bigint>> = {
  Ki: 1024n,
  KiB: 1024n,
  Mi: 1024n ** 2n,
  MiB: 1024n ** 2n,
  Gi: 1024n ** 3n,
  GiB: 1024n ** 3n,
  TiB: 1024n ** 4n,
  K: 1000n,
  KB: 1000n,
  Kb: 1000n,
  M: 1000n ** 2n,
  MB: 1000n ** 2n,
  Mb: 1000n ** 2n,
  G: 1000n ** 3n,
  Gb: 1000n ** 3n,
  TB: 1000n ** 4n,
  Tb: 1000n ** 4n,
}

const units = Object.entries(sizes).map(([unit, size]) => ({
  unit,
  upper: unit.toUpperCase(),
  size,
}))

/** A 64-bit integer in decimal digits, as Go reads it. */
function wholeNumber(text: string): bigint | undefined {
  if (!/^[+-]?\d{1,40}$/.test(text)) return undefined
  const number = BigInt(text.replace(/^\+/, ""))
  return number >= -(2n ** 63n) && number < 2n ** 63n ? number : undefined
}
