let translations: Readonly<Record<string, string>> = {}

/** What a person reads: translated where there is a translation, its `{places}` filled in. */
export function t(message: string, places: Readonly<Record<string, string | number>> = {}): string {
  const text = translations[message] ?? message
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(places[name] ?? whole))
}

/** A number as it is read: 9,537. */
export function countText(count: number): string {
  return count.toLocaleString("en")
}

export function useWords(words: Readonly<Record<string, string>>): void {
  translations = words
}
