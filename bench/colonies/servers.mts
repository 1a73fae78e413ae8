import { startDevColony } from "../../test/support/colonies/devColony.mts"
import { startS3 } from "../../test/support/colonies/s3.mts"

/** Where the servers of the benchmark are: a process of their own, so that no memory is counted twice. */
export interface Servers {
  readonly s3: string
  readonly host: string
  readonly port: number
}

const s3 = await startS3({ accessKey: "bench", secretKey: "bench-secret", region: "eu-north-1" })
const { host, port } = await startDevColony()
process.send?.({ s3: s3.endpoint, host, port } satisfies Servers)
// How many parts of large files were received so far, whenever somebody asks.
process.on("message", () => {
  process.send?.(s3.requests.filter((line) => /^PUT .*[?&]partNumber=/.test(line)).length)
})
process.on("disconnect", () => process.exit(0))
