import type { Io } from "./io.ts"
import { readSpecFile } from "./specFiles.ts"
import { quote } from "./words.ts"

export type InputFile =
  | { readonly kind: "inputs"; readonly inputs: Readonly<Record<string, unknown>> }
  | { readonly kind: "refused"; readonly sentence: string }

/** The values for a workflow's inputs: a JSON object in a file, `{"sample": "s1"}`. */
export async function readInputFile(path: string | undefined, io: Io): Promise<InputFile> {
  if (path === undefined) return { kind: "inputs", inputs: {} }
  const found = await readSpecFile(path, io)
  if (found.kind === "unreadable") return { kind: "refused", sentence: found.sentence }
  let value: unknown
  try {
    value = JSON.parse(found.text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { kind: "refused", sentence: `${quote(found.name)} is not JSON: ${why}` }
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const sentence = `${quote(found.name)} holds no object: write {"input": "value"}.`
    return { kind: "refused", sentence }
  }
  return { kind: "inputs", inputs: Object.fromEntries(Object.entries(value)) }
}
