import { writeYaml } from "#core/spec/convertText"

/** Data for programs, as JSON or YAML. */
export function dataText(form: "json" | "yaml", value: unknown): string {
  return form === "json" ? `${JSON.stringify(value, null, 2)}\n` : writeYaml(value)
}
