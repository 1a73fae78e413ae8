import { error, withRemedy } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** The names genectl takes for jobs: shorter and stricter than those of Kubernetes. */
export const gcsName: TaskRule = {
  name: "gcsName",
  dialects: ["gcs"],
  check: ({ key }) => {
    if (key === undefined) return []
    const name = String(key.value)
    if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name)) {
      const nearest = name
        .slice(0, 40)
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^[^a-z]+|-$/g, "")
      const example = nearest === "" ? "" : `, for example "${nearest}"`
      const message = `Job "${name}" is not a name genectl takes: use lower-case letters, digits and "-", with a letter first and no "-" at the end${example}.`
      const isBetter = nearest !== ""
      const problem = error("bad-name", key.span, message)
      return [withRemedy(problem, isBetter ? { kind: "rename", value: nearest } : undefined)]
    }
    if (name.length <= 40) return []
    const message = `Job "${name}" has ${name.length} characters; at most 40 leave room for the names of its Kubernetes Jobs.`
    return [error("name-too-long", key.span, message)]
  },
}
