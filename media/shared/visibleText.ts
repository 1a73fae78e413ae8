/**
 * Text of users, clusters and logs as it can be looked at: control characters are seen instead of
 * obeyed (␛ for escape), and nothing turns the direction of what stands around it.
 */
export function visibleText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029\ufeff]/gu, (sign) => {
    const code = sign.codePointAt(0) ?? 0
    if (code < 0x20) return String.fromCodePoint(0x2400 + code)
    if (code === 0x7f) return "\u2421"
    if (code >= 0xd800 && code <= 0xdfff) return "\ufffd"
    return `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`
  })
}
