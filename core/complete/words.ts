/** Behind the closing quote; where there is none on the line, at its end. */
export function quotedEnd(text: string, start: number, end: number): number {
  const quote = text.charAt(start)
  for (let i = start + 1; i < end; i++) {
    const sign = text.charAt(i)
    if (sign === "\\" && quote === '"') i++
    else if (sign === quote) {
      if (quote === "'" && text.charAt(i + 1) === "'") i++
      else return i + 1
    }
  }
  return start + text.slice(start, end).trimEnd().length
}

export function unquoted(written: string): string {
  const inner = /^(["'])(.*)\1$/s.exec(written)?.[2]
  return inner ?? written.replace(/^["']/, "")
}
