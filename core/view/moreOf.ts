/** Amounts to try in place of one that was too little, the most likely first: `16Gi`, `12Gi`. */
export function moreOf(amount: string): readonly string[] {
  const [, quote = "", digits = "", unit = ""] =
    /^(["']?)(\d+(?:\.\d+)?)([a-zA-Z]*)\1$/.exec(amount.trim()) ?? []
  const number = Number(digits)
  if (digits === "" || number === 0) return []
  return [2, 1.5].map((factor) => `${quote}${whole(number * factor)}${unit}${quote}`)
}

/** No finer than it was written: 1.5 times 1Gi is 2Gi, which is there already. */
function whole(number: number): string {
  return String(number >= 4 ? Math.ceil(number) : Math.ceil(number * 10) / 10)
}
