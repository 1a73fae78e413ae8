import type { Description } from "../spec/describe.ts"

/** What a key means, as Markdown: what it is, what it is for, and some of its values. */
export function documentation({ description, replacement, values }: Description): string {
  const lines: string[] = []
  if (description) lines.push(description)
  if (replacement !== undefined) lines.push(`Write \`${replacement}\` instead.`)
  const shown = values
    .slice(0, mostValues)
    .map(({ value, description: words }) => `- \`${value}\`${words ? `: ${words}` : ""}`)
  if (shown.length > 0) lines.push(shown.join("\n"))
  return lines.join("\n\n")
}

const mostValues = 5
