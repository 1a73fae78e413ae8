import {
  type Disposable,
  Range,
  type TextEditor,
  type TextEditorDecorationType,
  ThemeColor,
  window,
} from "vscode"
import type { AnsiSpan, AnsiStyle } from "#core/view/ansi"

/** The colours of terminals as decorations: one kind for each look that occurs. */
export class AnsiColors implements Disposable {
  readonly #kinds = new Map<string, TextEditorDecorationType>()

  paint(editor: TextEditor, colors: readonly (AnsiSpan & { readonly line: number })[]): void {
    const ranges = new Map<string, Range[]>()
    for (const { line, start, end, style } of colors) {
      const key = this.#keyOf(style)
      const list = ranges.get(key)
      const range = new Range(line, start, line, end)
      if (list) list.push(range)
      else ranges.set(key, [range])
    }
    for (const [key, kind] of this.#kinds) editor.setDecorations(kind, ranges.get(key) ?? [])
  }

  dispose(): void {
    for (const kind of this.#kinds.values()) kind.dispose()
  }

  #keyOf(style: AnsiStyle): string {
    const key = JSON.stringify(style)
    if (!this.#kinds.has(key))
      this.#kinds.set(key, window.createTextEditorDecorationType(lookOf(style)))
    return key
  }
}

function lookOf({ color, background, isBold, isUnderlined }: AnsiStyle) {
  return {
    ...(color ? { color: new ThemeColor(`terminal.ansi${color}`) } : {}),
    ...(background ? { backgroundColor: new ThemeColor(`terminal.ansi${background}`) } : {}),
    ...(isBold ? { fontWeight: "bold" } : {}),
    ...(isUnderlined ? { textDecoration: "underline" } : {}),
  }
}
