import type { Problem } from "../problem.ts"
import { betterName, labelFault, nameSentence, subdomainFault } from "../spec/dnsName.ts"
import { entriesOf, givenAt, type StringNode, stringAt } from "../spec/lookup.ts"
import type { ScalarNode } from "../spec/tree.ts"
import { error, warning, withRemedy, writing } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** The volumes of a task: names, paths and claims that Kubernetes takes. */
export const volumes: TaskRule = {
  name: "volumes",
  dialects: ["execution"],
  check: ({ tree }) => {
    const paths = new Map<string, string>()
    return entriesOf(givenAt(tree, "volumes")).flatMap(({ key, value }) => {
      const path = stringAt(value, "mountPath")
      const claim = stringAt(givenAt(value, "mountFrom"), "pvc")
      const problems = [...checkName(key), ...checkPath(path), ...checkClaim(claim)]
      const before = path === undefined ? undefined : paths.get(path.value)
      if (path !== undefined && before !== undefined) {
        const message = `"${path.value}" is where "${before}" is mounted too: each volume needs its own path.`
        problems.push(error("bad-value", path.span, message))
      }
      if (path !== undefined) paths.set(path.value, String(key.value))
      return problems
    })
  },
}

export function checkName(key: ScalarNode): Problem[] {
  const name = String(key.value)
  const fault = labelFault(name)
  return fault === undefined
    ? []
    : [
        withRemedy(
          error("bad-name", key.span, nameSentence("Volume", name, fault)),
          writing(betterName(fault)),
        ),
      ]
}

function checkPath(path: StringNode | undefined): Problem[] {
  if (path === undefined) return []
  if (path.value === "") {
    return [error("bad-value", path.span, "The path is empty: say where to mount the volume.")]
  }
  if (path.value.includes(":")) {
    return [error("bad-value", path.span, `"${path.value}" cannot be mounted: a path has no ":".`)]
  }
  if (path.value.startsWith("/")) return []
  const message = `"${path.value}" is counted from "/" of the container: write "/${path.value.replace(/^\.?\/*/, "")}".`
  const better = `/${path.value.replace(/^\.?\/*/, "")}`
  return [withRemedy(warning("bad-value", path.span, message), writing(better))]
}

export function checkClaim(claim: StringNode | undefined): Problem[] {
  if (claim === undefined) return []
  if (claim.value === "") {
    const message = "The claim is empty: name a PersistentVolumeClaim."
    return [error("bad-value", claim.span, message)]
  }
  const fault = subdomainFault(claim.value)
  return fault === undefined
    ? []
    : [
        withRemedy(
          error("bad-name", claim.span, nameSentence("Claim", claim.value, fault)),
          writing(betterName(fault)),
        ),
      ]
}
