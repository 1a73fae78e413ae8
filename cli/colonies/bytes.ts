/** `14 B`, `1.5 KiB`, `2.0 GiB`. */
export function bytes(count: number): string {
  let value = count
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}

const units = ["B", "KiB", "MiB", "GiB", "TiB"]
