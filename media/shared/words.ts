let translations: Readonly<Record<string, string>> = {}

/** What a person reads: translated where there is a translation, its `{places}` filled in. */
export function t(message: string, places: Readonly<Record<string, string | number>> = {}): string {
  const text = translations[message] ?? message
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(places[name] ?? whole))
}

/** Made once: it is asked for in every frame. */
const numbers = new Intl.NumberFormat("en")

/** A number as it is read: 9,537. */
export function countText(count: number): string {
  return numbers.format(count)
}

export function useWords(words: Readonly<Record<string, string>>): void {
  translations = words
}
