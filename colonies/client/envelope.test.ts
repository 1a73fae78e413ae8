import { describe, expect, it } from "vitest"
import { ColonyError } from "./colonyError.ts"
import { open, seal } from "./envelope.ts"
import { identityOf, newPrivateKey, signerOf } from "./identity.ts"

const keyA = "6d2fb6f546bacfd98c68769e61e0b44a697a30596c018a50e28200aa59b01c0a"
const keyB = "d6eb959e9aec2e6fdc44b5862b269e987b8a4d6f2baca542d8acaa97ee5e74f6"
const idB = "5d6568f883451ae2e407d1a0a7992e414f2a67b69d0e6e9176d353b98f06f696"
const devUser = "ddf7f7791208083b6a9ed975a72684f6406a269cfa36f1b1c32045c0a71fff05"

describe("an identity", () => {
  it.each([
    [keyA, "4fef2b5a82d134d058c1883c72d6d9caf77cd59ca82d73105017590dea3dcb87"],
    [keyB, idB],
    [devUser, "3fc05cf3df4b494e95d6a3d297a34f19938f7daa7422ab0d4f794454133341ac"],
    [
      "fcc79953d8a751bf41db661592dc34d30004b1a651ffa0725b03ac227641499d",
      "039231c7644e04b6895471dd5335cf332681c54e27f81fac54f9067b3f2c0103",
    ],
    [
      "ba949fa134981372d6da62b6a56f336ab4d843b22c02a4257dcf7d0d73097514",
      "4787a5071856a4acf702b2ffcea422e3237a679c681314113d86139461290cf4",
    ],
  ])("is the hash of the public key's text", (key, id) => {
    expect(identityOf(key)?.id).toBe(id)
  })

  it("signs as the server does, byte for byte", () => {
    expect(identityOf(keyB)?.sign("hello")).toBe(
      "e713a1bb015fecabb5a084b0fe6d6e7271fca6f79525a634183cfdb175fe69241f4da161779d8e6b761200e1cf93766010a19072fa778f9643363e2cfadd640900",
    )
    expect(identityOf(keyA)?.sign("dGVzdF9wYXlsb2Fk")).toBe(
      "de155de91bebb9bda76aa82f756860fa4a44becfe41bfe57824a45dfff86d4944a5a1cce403033d4c34b1c1cbbfc45a998d080f9be6f1ddd7b482cc76482bf1a01",
    )
  })

  it("is found again from any valid signature, and from no other", () => {
    const other =
      "997eca36736d465e0e8d64e6d657ff4c939c8f5cad4272797ea0fe372bfd8d0953d21b3d06ded5dd80aee8cfa3a9be7ce615ce690eb64184fe15962943fe541300"
    expect(signerOf("hello", other)).toBe(idB)
    expect(signerOf("hello!", other)).not.toBe(idB)
    expect(signerOf("hello", "00")).toBeUndefined()
    const key = newPrivateKey()
    const identity = identityOf(key)
    expect(signerOf("text", identity?.sign("text") ?? "")).toBe(identity?.id)
  })

  it("is not made of what is no key", () => {
    for (const text of ["", "12", "g".repeat(64), "0".repeat(64), "f".repeat(64)]) {
      expect(identityOf(text)).toBeUndefined()
    }
  })
})

describe("a request", () => {
  it("carries its type within and without, and is signed over the base64 text", () => {
    const body = seal("getexecutorsmsg", { colonyname: "dev" }, identityOf(devUser))
    expect(JSON.parse(body)).toEqual({
      payloadtype: "getexecutorsmsg",
      payload: "eyJtc2d0eXBlIjoiZ2V0ZXhlY3V0b3JzbXNnIiwiY29sb255bmFtZSI6ImRldiJ9",
      signature:
        "e3c5e76f19655aca0d5016eaa18222dafbf817bee2e20d8f0fed09a59936db47541d8f3faf7014c7ecc6f992f1edf2ae6277d7004718ecf9e0c38fbaf8adcd6100",
    })
  })

  it("sends integers beyond 2^53 digit for digit", () => {
    const { payload } = JSON.parse(seal("getlogsmsg", { since: 1795214014015325123n }, undefined))
    expect(Buffer.from(payload, "base64").toString()).toContain('"since":1795214014015325123')
  })
})

describe("a reply", () => {
  const reply = (value: string, isError = false) =>
    JSON.stringify({
      payloadtype: isError ? "error" : "x",
      payload: Buffer.from(value).toString("base64"),
      error: isError,
    })
  const refusal = (text: string): ColonyError => {
    try {
      open(text, "here:1")
    } catch (error) {
      if (error instanceof ColonyError) return error
    }
    throw new Error("nothing was refused")
  }

  it("keeps integers beyond 2^53", () => {
    expect(open(reply('[{"timestamp":1795214014015325123,"size":12}]'), "here:1").value).toEqual([
      { timestamp: 1795214014015325123n, size: 12 },
    ])
  })

  it("is the first envelope when there are two", () => {
    const first = reply('{"status":400,"message":"pq: \\"}{\\""}', true)
    expect(refusal(first + reply("{}")).said).toBe('pq: "}{"')
  })

  it("that is an error says of which kind", () => {
    const kind = (status: number, message: string) =>
      refusal(reply(JSON.stringify({ status, message }), true)).kind
    expect(kind(404, "No process available for assignment")).toBe("nothing")
    expect(kind(404, "Failed to get process, process not found")).toBe("not-found")
    expect(kind(403, "Access denied, not colony owner")).toBe("forbidden")
    expect(kind(400, "Failed to submit process, invalid JSON")).toBe("invalid")
    expect(kind(503, "No processes available: colony assignments are paused")).toBe("busy")
    expect(kind(500, "Duplicate nodename: a")).toBe("server")
  })

  it("that is empty stands for a missing membership", () => {
    expect(refusal("").kind).toBe("forbidden")
  })

  it("of something that is no Colonies server says so", () => {
    expect(refusal("<html>hello</html>").message).toBe(
      'here:1 did not answer as a Colonies server does: "<html>hello</html>". Check its address.',
    )
  })
})
