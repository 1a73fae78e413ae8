/** `2`, `0.5c`, `4C`: a number of CPUs as a Kubernetes quantity, or undefined. */
export function cpuQuantity(text: string): string | undefined {
  return /^\d+(\.\d+)?[cC]?$/.test(text) ? text.replace(/c$/i, "") : undefined
}

/** `4G`, `4g`, `8`: memory as a Kubernetes quantity (G is 10^9 bytes, no unit is bytes), or undefined. */
export function memoryQuantity(text: string): string | undefined {
  return /^\d+(\.\d+)?[gG]?$/.test(text) ? text.toUpperCase() : undefined
}
