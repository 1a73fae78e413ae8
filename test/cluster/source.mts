import { existsSync } from "node:fs"
import path from "node:path"
import { clone } from "./built/layout.mts"
import { tried } from "./built/shell.mts"
import { Refusal } from "./refusal.mts"

/** Where the cluster for the suites comes from. */
export type Source =
  | { readonly kind: "given"; readonly kubeconfig: string }
  | { readonly kind: "kind" }
  | { readonly kind: "built" }

/** The first that this machine offers: a cluster the person names, kind, or the one we build. */
export async function findSource(): Promise<Source> {
  const given = process.env.KUBECONFIG_TEST
  if (given) {
    const kubeconfig = path.resolve(clone, given)
    if (!existsSync(kubeconfig)) {
      throw new Refusal(
        `KUBECONFIG_TEST names ${kubeconfig}, and there is no such file. Name one, or unset it.`,
      )
    }
    return { kind: "given", kubeconfig }
  }
  if ((await tried("kind", "version")) && (await tried("docker", "info"))) return { kind: "kind" }
  if (process.platform === "linux" && process.getuid?.() === 0) return { kind: "built" }
  throw new Refusal(
    `There is no way to a test cluster here. Three ways:
  1. Set KUBECONFIG_TEST to the kubeconfig of a cluster that the tests may use. They stay in
     namespaces of their own; those that need a whole cluster do not run.
  2. Install docker and kind (https://kind.sigs.k8s.io), start docker, and run this again.
  3. On Linux, run this as root: it builds a one-node cluster of its own (Go 1.24 or newer needed).`,
  )
}
