import { startDevColony } from "../../test/support/colonies/devColony.mts"
import { startVersitygw } from "./versitygw.mts"

/** Where the servers of the benchmark are: a process of their own, so that no memory is counted twice. */
export interface Servers {
  readonly s3: string
  readonly host: string
  readonly port: number
}

const keys = { accessKey: "bench", secretKey: "bench-secret", region: "eu-north-1" }
const s3 = await startVersitygw(keys)
const { host, port } = await startDevColony()
process.send?.({ s3: s3.endpoint, host, port } satisfies Servers)
// How many parts of large files were received so far, whenever somebody asks.
process.on("message", () => {
  process.send?.(s3.parts())
})
process.on("disconnect", () => process.exit(0))
