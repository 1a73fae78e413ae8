import { RpcError } from "./rpcError.mts"

/** Millicores. Without the suffix the server silently reads zero. */
export function milliCores(text: string): number {
  if (!text.endsWith("m")) return 0
  const rest = text.slice(0, -1)
  if (!/^[+-]?\d+$/.test(rest)) throw new RpcError(400, "Error converting CPU to int")
  return Number(rest)
}

/** Bytes, converted as the server does it, with its traps: see facts on memory strings. */
export function bytes(text: string): number {
  if (text === "") return 0
  const upper = text.toUpperCase()
  const fitting = Object.entries(units).filter(([unit]) => upper.endsWith(unit.toUpperCase()))
  // Go walks the map of units in a random order: of "MB" and "Mb" either may come first.
  const [unit, factor] = fitting[Math.floor(Math.random() * fitting.length)] ?? ["", 0]
  const rest = factor === 0 ? "" : text.endsWith(unit) ? text.slice(0, -unit.length) : text
  if (!/^[+-]?\d+$/.test(rest)) {
    const why = `strconv.ParseInt: parsing "${rest}": invalid syntax`
    throw new RpcError(400, `error converting memory to int: ${why}`)
  }
  return Number(rest) * factor
}

/** How a memory comes back from the server: whole MiB, rounded down. */
export const mebibytes = (count: number) => `${Math.trunc(count / 1024 ** 2)}Mi`

const units: Readonly<Record<string, number>> = {
  Ki: 1024,
  KiB: 1024,
  Mi: 1024 ** 2,
  MiB: 1024 ** 2,
  Gi: 1024 ** 3,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
  K: 1e3,
  KB: 1e3,
  Kb: 1e3,
  M: 1e6,
  MB: 1e6,
  Mb: 1e6,
  G: 1e9,
  Gb: 1e9,
  TB: 1e12,
  Tb: 1e12,
}
