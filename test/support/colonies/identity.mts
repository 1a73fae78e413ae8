import { createHash } from "node:crypto"
import { secp256k1 } from "@noble/curves/secp256k1.js"

/** The id that a private key stands for. */
export function idOfKey(privateKey: string): string {
  return idOfPublic(secp256k1.getPublicKey(Buffer.from(privateKey, "hex"), false))
}

/** The signature of a text as it travels: r, s and the recovery id, in hex. */
export function sign(text: string, privateKey: string): string {
  const signature = secp256k1.sign(digest(text), Buffer.from(privateKey, "hex"), {
    prehash: false,
    lowS: true,
    format: "recovered",
  })
  // The library puts the recovery id in front.
  return Buffer.concat([signature.subarray(1), signature.subarray(0, 1)]).toString("hex")
}

/** The id of who signed the text, or what is wrong with the signature. */
export function signerOf(text: string, signature: string): Signer {
  const bytes = Buffer.from(signature, "hex")
  if (bytes.length !== 65 || signature.length !== 130) return refused("Invalid signature length")
  try {
    const parsed = secp256k1.Signature.fromBytes(bytes.subarray(0, 64)).addRecoveryBit(
      bytes[64] ?? 0,
    )
    if (parsed.hasHighS()) return refused("Invalid signature")
    const key = parsed.recoverPublicKey(digest(text)).toBytes(false)
    return { kind: "known", id: idOfPublic(key) }
  } catch {
    return refused("Invalid signature")
  }
}

export function digest(text: string): Buffer {
  return createHash("sha3-256").update(text).digest()
}

type Signer =
  | { readonly kind: "known"; readonly id: string }
  | { readonly kind: "refused"; readonly why: string }

const refused = (why: string): Signer => ({ kind: "refused", why })

/** The hash is over the hex text of the key, not over its bytes. */
function idOfPublic(key: Uint8Array): string {
  return digest(Buffer.from(key).toString("hex")).toString("hex")
}
