import { createHash } from "node:crypto"
import { type FileHandle, open } from "node:fs/promises"
import { Agent as HttpsAgent } from "node:https"
import type { Readable } from "node:stream"
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from "@aws-sdk/client-s3"
import { eachLimited } from "./eachLimited.ts"
import type { StorageSettings } from "./storageSettings.ts"

/** The bytes of a colony's files, by object name. */
export interface FileStore {
  /** Sends a file; what an earlier try has sent of the same object is not sent again. */
  put(
    object: string,
    path: string,
    size: number,
    signal: AbortSignal,
    onBytes: OnBytes,
  ): Promise<void>
  /** The object's bytes from an offset on. */
  get(object: string, from: number, signal: AbortSignal): Promise<Readable>
  remove(object: string, signal: AbortSignal): Promise<void>
  close(): void
}

export type OnBytes = (count: number) => void

/** Above this a file is sent in parts of that size, so that memory is bounded and work can resume. */
const partBytes = 16 * 1024 * 1024
const partsAtOnce = 4

/** Looks for the bucket first and makes it if it is not there, as upstream does. */
export async function openFileStore(
  settings: StorageSettings,
  signal: AbortSignal,
): Promise<FileStore> {
  const client = clientOf(settings)
  const { bucket } = settings
  try {
    await ensureBucket(client, bucket, signal)
  } catch (error) {
    client.destroy()
    signal.throwIfAborted()
    throw new StorageError(sentenceOf(error, settings))
  }

  const told = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work()
    } catch (error) {
      signal.throwIfAborted()
      throw error instanceof S3ServiceException || isNetworkError(error)
        ? new StorageError(sentenceOf(error, settings))
        : error
    }
  }

  return {
    put: (object, path, size, stop, onBytes) =>
      told(async () => {
        if (size <= partBytes) await putWhole(client, bucket, object, path, size, stop, onBytes)
        else await putParts(client, bucket, object, path, size, stop, onBytes)
      }),
    get: (object, from, stop) =>
      told(async () => {
        const range = from > 0 ? { Range: `bytes=${from}-` } : {}
        const { Body } = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: object, ...range }),
          { abortSignal: stop },
        )
        return Body as Readable
      }),
    remove: (object, stop) =>
      told(async () => {
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: object }), {
          abortSignal: stop,
        })
      }),
    close: () => client.destroy(),
  }
}

/** What the storage refuses, in a sentence for people. */
export class StorageError extends Error {
  override readonly name = "StorageError"
}

function clientOf(settings: StorageSettings): S3Client {
  return new S3Client({
    endpoint: `${settings.tls ? "https" : "http"}://${settings.endpoint}`,
    region: settings.region,
    forcePathStyle: true,
    credentials: { accessKeyId: settings.accessKey, secretAccessKey: settings.secretKey },
    // Other makes of S3 do not know the newer checksums; ours is in the file's record.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: settings.skipVerify
      ? { httpsAgent: new HttpsAgent({ keepAlive: true, rejectUnauthorized: false }) }
      : {},
  })
}

async function ensureBucket(client: S3Client, Bucket: string, signal: AbortSignal): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket }), { abortSignal: signal })
  } catch (error) {
    if (statusOf(error) !== 404) throw error
    try {
      await client.send(new CreateBucketCommand({ Bucket }), { abortSignal: signal })
    } catch (refused) {
      // Somebody of ours was quicker.
      if (!(refused instanceof S3ServiceException && refused.name === "BucketAlreadyOwnedByYou")) {
        throw refused
      }
    }
  }
}

async function putWhole(
  client: S3Client,
  Bucket: string,
  Key: string,
  path: string,
  size: number,
  abortSignal: AbortSignal,
  onBytes: OnBytes,
): Promise<void> {
  const file = await open(path)
  try {
    const Body = await readRange(file, 0, size, path)
    await client.send(
      new PutObjectCommand({ Bucket, Key, Body, ContentType: "application/octet-stream" }),
      { abortSignal },
    )
    onBytes(size)
  } finally {
    await file.close()
  }
}

async function putParts(
  client: S3Client,
  Bucket: string,
  Key: string,
  path: string,
  size: number,
  abortSignal: AbortSignal,
  onBytes: OnBytes,
): Promise<void> {
  if (await isThere(client, Bucket, Key, size, abortSignal)) {
    onBytes(size)
    return
  }
  const { UploadId, sent } = await begunUpload(client, Bucket, Key, abortSignal)
  const parts: CompletedPart[] = []
  const numbers = Array.from({ length: Math.ceil(size / partBytes) }, (_, index) => index + 1)
  const file = await open(path)
  try {
    await eachLimited(numbers, partsAtOnce, async (PartNumber) => {
      const from = (PartNumber - 1) * partBytes
      const Body = await readRange(file, from, Math.min(partBytes, size - from), path)
      const before = sent.get(PartNumber)
      if (before !== undefined && before === md5Tag(Body)) {
        parts.push({ PartNumber, ETag: before })
      } else {
        const { ETag } = await client.send(
          new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }),
          { abortSignal },
        )
        parts.push({ PartNumber, ETag })
      }
      onBytes(Body.length)
    })
  } finally {
    await file.close()
  }
  const Parts = parts.sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0))
  try {
    await client.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
      { abortSignal },
    )
  } catch (error) {
    // Where the answer was lost, the second try finds no upload any more, and the object in its place.
    if (statusOf(error) !== 404 || !(await isThere(client, Bucket, Key, size, abortSignal))) {
      throw error
    }
  }
}

async function isThere(
  client: S3Client,
  Bucket: string,
  Key: string,
  size: number,
  abortSignal: AbortSignal,
): Promise<boolean> {
  try {
    const { ContentLength } = await client.send(new HeadObjectCommand({ Bucket, Key }), {
      abortSignal,
    })
    return ContentLength === size
  } catch (error) {
    if (statusOf(error) === 404) return false
    throw error
  }
}

/** The upload an earlier try left unfinished, with what arrived; else a new one. */
async function begunUpload(
  client: S3Client,
  Bucket: string,
  Key: string,
  abortSignal: AbortSignal,
) {
  const sent = new Map<number, string>()
  const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }), {
    abortSignal,
  })
  const begun = Uploads?.find((upload) => upload.Key === Key)?.UploadId
  if (begun === undefined) {
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ContentType: "application/octet-stream" }),
      { abortSignal },
    )
    return { UploadId, sent }
  }
  let marker: string | undefined
  do {
    const page = await client.send(
      new ListPartsCommand({ Bucket, Key, UploadId: begun, PartNumberMarker: marker }),
      { abortSignal },
    )
    for (const { PartNumber, ETag } of page.Parts ?? []) {
      if (PartNumber !== undefined && ETag !== undefined) sent.set(PartNumber, ETag)
    }
    marker = page.IsTruncated ? page.NextPartNumberMarker : undefined
  } while (marker !== undefined)
  return { UploadId: begun, sent }
}

function md5Tag(bytes: Uint8Array): string {
  return `"${createHash("md5").update(bytes).digest("hex")}"`
}

async function readRange(
  file: FileHandle,
  from: number,
  length: number,
  path: string,
): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  let read = 0
  while (read < length) {
    const { bytesRead } = await file.read(bytes, read, length - read, from + read)
    if (bytesRead === 0) {
      throw new StorageError(`"${path}" became shorter while it was read. Synchronise again.`)
    }
    read += bytesRead
  }
  return bytes
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined
}

function isNetworkError(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string"
}

function sentenceOf(error: unknown, { endpoint, bucket }: StorageSettings): string {
  const text = error instanceof Error ? error.message || error.name : String(error)
  const status = statusOf(error)
  if (status === 403) {
    return `The S3 storage at ${endpoint} refuses these keys for the bucket "${bucket}": ${text}. Check AWS_S3_ACCESSKEY and AWS_S3_SECRETKEY.`
  }
  if (status === 404) {
    return `The S3 storage at ${endpoint} does not have what a file's record names in the bucket "${bucket}": ${text}.`
  }
  if (status !== undefined) return `The S3 storage at ${endpoint} answered: ${text} (${status}).`
  return `The S3 storage at ${endpoint} cannot be reached: ${text}. Check AWS_S3_ENDPOINT and AWS_S3_TLS.`
}
