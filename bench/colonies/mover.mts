import { randomBytes } from "node:crypto"
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3"
import { connectColonies } from "#colonies/client/server"
import { eachLimited } from "#colonies/files/eachLimited"
import { openFileStore } from "#colonies/files/fileStore"
import { applySync, planSync } from "#colonies/files/sync"
import { planTotals } from "#colonies/files/syncPlan"
import { devKeys } from "../../test/support/colonies/devColony.mts"
import type { Servers } from "./servers.mts"

/** What this process is to do, once. */
export type Order = { readonly servers: Servers; readonly way: "up" | "down" } & (
  | {
      readonly kind: "ours"
      readonly folder: string
      readonly label: string
      /** Ends itself, as a power cut would, when so many bytes have been sent. */
      readonly dieAfter?: number
    }
  | {
      readonly kind: "floor"
      readonly label: string
      readonly count: number
      readonly size: number
      readonly parts: boolean
    }
)

export interface Told {
  readonly ms: number
  /** What differed and was moved. */
  readonly bytes: number
  readonly mostMemory: number
}

type Ours = Extract<Order, { kind: "ours" }>
type Floor = Extract<Order, { kind: "floor" }>

const keys = { accessKey: "bench", secretKey: "bench-secret", region: "eu-north-1" }

const order: Order = JSON.parse(process.argv[2] ?? "")
const began = performance.now()
const moved = order.kind === "ours" ? await moveOurs(order) : await moveFloor(order)
const told: Told = {
  ms: performance.now() - began,
  ...moved,
  mostMemory: process.resourceUsage().maxRSS * 1024,
}
process.send?.(told, () => process.exit(0))

async function moveOurs({ servers, folder, label, dieAfter }: Ours) {
  const signal = new AbortController().signal
  const { host, port } = servers
  const server = connectColonies({ host, port, tls: false, privateKey: devKeys.user })
  const storage = { ...keys, endpoint: servers.s3, bucket: "bench", tls: false, skipVerify: false }
  const store = await openFileStore(storage, signal)
  const files = { server, colony: "dev" }
  const plan = await planSync(files, folder, label, true, signal)
  let done = 0
  const counted = {
    ...store,
    put: (...[object, path, size, stop, onBytes]: Parameters<typeof store.put>) => {
      return store.put(object, path, size, stop, (count) => {
        done += count
        onBytes(count)
        if (dieAfter !== undefined && done >= dieAfter) process.exit(9)
      })
    },
  }
  await applySync({ files, store: counted, storage }, folder, plan, signal)
  return { bytes: planTotals(plan).bytes }
}

async function moveFloor({ servers, way, label, count, size, parts }: Floor) {
  const Bucket = `floor-${label}`
  const client = new S3Client({
    endpoint: `http://${servers.s3}`,
    region: keys.region,
    forcePathStyle: true,
    credentials: { accessKeyId: keys.accessKey, secretAccessKey: keys.secretKey },
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  })
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  if (way === "up") {
    await client.send(new CreateBucketCommand({ Bucket }))
    const Body = randomBytes(size)
    if (parts) {
      const Key = label
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }))
      const Parts: { PartNumber: number; ETag: string | undefined }[] = []
      await eachLimited(numbers, 4, async (PartNumber) => {
        const { ETag } = await client.send(
          new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }),
        )
        Parts.push({ PartNumber, ETag })
      })
      Parts.sort((a, b) => a.PartNumber - b.PartNumber)
      await client.send(
        new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
      )
    } else {
      await eachLimited(numbers, 16, async (number) => {
        await client.send(new PutObjectCommand({ Bucket, Key: `${label}/${number}`, Body }))
      })
    }
  } else {
    const names = parts ? [label] : numbers.map((number) => `${label}/${number}`)
    await eachLimited(names, 16, async (Key) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }))
      for await (const chunk of Body as AsyncIterable<Uint8Array>) void chunk
    })
  }
  return { bytes: count * size }
}
