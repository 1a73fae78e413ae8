import { secp256k1 } from "@noble/curves/secp256k1.js"
import { sha3_256 } from "@noble/hashes/sha3.js"
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js"

/** Somebody a Colonies server knows: what signs, and the id that its signatures lead to. */
export interface Identity {
  readonly id: string
  /** The signature of a base64 payload, in the form that goes over the wire. */
  sign(payload: string): string
}

export function newPrivateKey(): string {
  return bytesToHex(secp256k1.utils.randomSecretKey())
}

/** Undefined when the text is not a private key: 64 hex characters of a number the curve has. */
export function identityOf(privateKey: string): Identity | undefined {
  if (!/^[0-9a-fA-F]{64}$/.test(privateKey)) return undefined
  const secret = hexToBytes(privateKey.toLowerCase())
  if (!secp256k1.utils.isValidSecretKey(secret)) return undefined
  return {
    id: idOf(secp256k1.getPublicKey(secret, false)),
    sign(payload) {
      const signature = secp256k1.sign(digestOf(payload), secret, {
        prehash: false,
        lowS: true,
        format: "recovered",
      })
      // The library puts the recovery byte first, the protocol last.
      return bytesToHex(signature.subarray(1)) + bytesToHex(signature.subarray(0, 1))
    },
  }
}

/** Whose signature it is; undefined when it is nobody's. */
export function signerOf(payload: string, signature: string): string | undefined {
  if (!/^[0-9a-f]{130}$/.test(signature)) return undefined
  try {
    const bytes = hexToBytes(signature.slice(128) + signature.slice(0, 128))
    const point = secp256k1.recoverPublicKey(bytes, digestOf(payload), { prehash: false })
    return idOf(secp256k1.Point.fromBytes(point).toBytes(false))
  } catch {
    return undefined
  }
}

function digestOf(payload: string): Uint8Array {
  return sha3_256(utf8ToBytes(payload))
}

/** The hash is over the key's hex text, not over its bytes. */
function idOf(publicKey: Uint8Array): string {
  return bytesToHex(sha3_256(utf8ToBytes(bytesToHex(publicKey))))
}
