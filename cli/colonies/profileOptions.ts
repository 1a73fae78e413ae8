/** Which Colonies server a command speaks to, and as whom. */
export const profileOptions = {
  "colony-env": {
    kind: "value",
    placeholder: "FILE",
    help: 'a file of export K="V" lines with COLONIES_* and AWS_S3_* (default: the environment)',
  },
  env: { kind: "value", placeholder: "FILE", help: "the same, in fewer letters" },
  insecure: { kind: "flag", help: "plain HTTP instead of TLS" },
  "skip-verify": { kind: "flag", help: "accept any certificate" },
} as const

export interface ProfileValues {
  readonly "colony-env"?: string
  readonly env?: string
  readonly insecure?: true
  readonly "skip-verify"?: true
}
