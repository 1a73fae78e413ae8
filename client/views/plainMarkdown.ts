/**
 * Markdown that is shown as the very text. VS Code's own way glues words together with blanks that do
 * not break, and a sentence is then cut in the middle of a word.
 */
export function plainMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+\-.!~|:=]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/\s*\n\s*/g, "\n\n")
    .replace(/[ \t]+/g, " ")
    .trim()
}
