import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"

export function hashText(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)))
}

/** Enough to tell apart the names inside one namespace. */
export function shortHash(text: string): string {
  return hashText(text).slice(0, 8)
}
