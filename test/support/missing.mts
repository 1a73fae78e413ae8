/** What a machine lacks, and the way to get it. */
export interface Missing {
  readonly missing: string
  readonly how: string
}

const ci = process.env.CI ?? ""
export const isCi = ci !== "" && ci !== "0" && ci !== "false"

/** Packages of the machine are touched on the user's word only; a CI machine is there for us. */
export const mayInstall = isCi || process.env.KUBE_EXECUTIONS_INSTALL === "1"

export function isMissing(value: unknown): value is Missing {
  return typeof value === "object" && value !== null && "missing" in value && "how" in value
}
