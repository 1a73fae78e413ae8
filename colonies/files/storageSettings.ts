/** The S3 storage that holds a colony's bytes. */
export interface StorageSettings {
  /** `host:port`, without a scheme. */
  readonly endpoint: string
  readonly accessKey: string
  readonly secretKey: string
  readonly region: string
  readonly bucket: string
  readonly tls: boolean
  readonly skipVerify: boolean
}

/** Reads AWS_S3_*; undefined when no storage is set, the missing names when it is set by half. */
export function storageOfEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): StorageSettings | { readonly missing: readonly string[] } | undefined {
  const {
    AWS_S3_ENDPOINT: endpoint,
    AWS_S3_ACCESSKEY: accessKey,
    AWS_S3_SECRETKEY: secretKey,
    AWS_S3_BUCKET: bucket,
  } = env
  if (!endpoint && !accessKey && !secretKey && !bucket) return undefined
  if (!endpoint || !accessKey || !secretKey || !bucket) {
    const missing = ["ENDPOINT", "ACCESSKEY", "SECRETKEY", "BUCKET"]
      .map((name) => `AWS_S3_${name}`)
      .filter((name) => !env[name])
    return { missing }
  }
  return {
    endpoint,
    accessKey,
    secretKey,
    bucket,
    // Shipped settings spell it with _KEY at its end, which upstream does not read.
    region: env.AWS_S3_REGION || env.AWS_S3_REGION_KEY || "us-east-1",
    tls: isTrue(env.AWS_S3_TLS),
    skipVerify: isTrue(env.AWS_S3_SKIPVERIFY),
  }
}

function isTrue(text: string | undefined): boolean {
  return text?.toLowerCase() === "true"
}
