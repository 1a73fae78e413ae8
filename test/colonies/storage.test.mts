// The S3 server of these suites refuses what a real one refuses, and takes what one takes.
import assert from "node:assert/strict"
import { IncomingMessage } from "node:http"
import { Socket } from "node:net"
import { Readable } from "node:stream"
import { after, before, test } from "node:test"
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3"
import { type S3Server, startS3 } from "../support/colonies/s3.mts"
import { checkSignature } from "../support/colonies/s3Signature.mts"

const keys = { accessKey: "suite", secretKey: "suite-secret", region: "eu-north-1" }

let s3: S3Server
before(async () => {
  s3 = await startS3(keys)
})
after(() => s3.close())

const client = (secretAccessKey: string) =>
  new S3Client({
    endpoint: `http://${s3.endpoint}`,
    region: keys.region,
    forcePathStyle: true,
    credentials: { accessKeyId: keys.accessKey, secretAccessKey },
  })

test("a wrong secret is refused with 403, and nothing is kept", async () => {
  const wrong = client("not-the-secret")
  await assert.rejects(wrong.send(new CreateBucketCommand({ Bucket: "b" })), {
    name: "SignatureDoesNotMatch",
  })
  assert.deepEqual(s3.requests, [])
})

test("a body that is streamed in chunks is kept without their frames, under a name with anything in it", async () => {
  const right = client(keys.secretKey)
  await right.send(new CreateBucketCommand({ Bucket: "b" }))
  const Key = "a folder/å+b (1)*.txt"
  const text = "streamed ".repeat(20_000)
  const Body = Readable.from([Buffer.from(text)])
  await right.send(new PutObjectCommand({ Bucket: "b", Key, Body, ContentLength: text.length }))
  assert.equal(s3.objects.get(`b/${Key}`)?.toString(), text)
  const { ContentLength } = await right.send(new HeadObjectCommand({ Bucket: "b", Key }))
  assert.equal(ContentLength, text.length)
  const part = await right.send(new GetObjectCommand({ Bucket: "b", Key, Range: "bytes=9-17" }))
  assert.equal(await part.Body?.transformToString(), "streamed ")
})

test("the signed chunks of the published example are taken, and refused when one byte differs", () => {
  const example = {
    accessKey: "AKIAIOSFODNN7EXAMPLE",
    secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    region: "us-east-1",
  }
  const request = new IncomingMessage(new Socket())
  request.method = "PUT"
  request.url = "/examplebucket/chunkObject.txt"
  const names =
    "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class"
  const seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
  request.headers = {
    host: "s3.amazonaws.com",
    "x-amz-date": "20130524T000000Z",
    "x-amz-storage-class": "REDUCED_REDUNDANCY",
    "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "content-encoding": "aws-chunked",
    "x-amz-decoded-content-length": "66560",
    "content-length": "66824",
    authorization: `AWS4-HMAC-SHA256 Credential=${example.accessKey}/20130524/us-east-1/s3/aws4_request,SignedHeaders=${names},Signature=${seed}`,
  }
  const chunk = (data: string, signature: string) =>
    `${data.length.toString(16)};chunk-signature=${signature}\r\n${data}\r\n`
  const body = Buffer.from(
    chunk("a".repeat(65_536), "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648") +
      chunk("a".repeat(1024), "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497") +
      chunk("", "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"),
  )
  const good = checkSignature(request, body, example)
  assert.ok(good.kind === "good" && good.body.equals(Buffer.alloc(66_560, "a")))
  body[100] = 0x62
  assert.deepEqual(checkSignature(request, body, example), {
    kind: "refused",
    code: "SignatureDoesNotMatch",
    status: 403,
  })
})
