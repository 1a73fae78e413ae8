export type Entry =
  | {
      readonly kind: "file"
      readonly path: string
      readonly mode: number
      readonly content: Buffer
    }
  | { readonly kind: "folder"; readonly path: string; readonly mode: number }
  | { readonly kind: "link"; readonly path: string; readonly target: string }

const blockSize = 512

/** A tar archive (ustar) owned by root and dated 1970: the same entries always give the same bytes. */
export function tar(entries: readonly Entry[]): Buffer {
  const parts = entries.flatMap((entry) => {
    if (entry.kind !== "file") return [header(entry)]
    const rest = entry.content.length % blockSize
    return [header(entry), entry.content, Buffer.alloc(rest === 0 ? 0 : blockSize - rest)]
  })
  return Buffer.concat([...parts, Buffer.alloc(2 * blockSize)])
}

function header(entry: Entry): Buffer {
  const block = Buffer.alloc(blockSize)
  const octal = (value: number, offset: number, length: number): void => {
    block.write(`${value.toString(8).padStart(length - 1, "0")}\0`, offset, "latin1")
  }
  if (Buffer.byteLength(entry.path) > 99) throw new Error(`path too long for tar: ${entry.path}`)
  block.write(entry.path, 0)
  octal(entry.kind === "link" ? 0o777 : entry.mode, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(entry.kind === "file" ? entry.content.length : 0, 124, 12)
  octal(0, 136, 12)
  block.write({ file: "0", folder: "5", link: "2" }[entry.kind], 156)
  if (entry.kind === "link") block.write(entry.target, 157)
  block.write("ustar\x0000", 257, "latin1")
  // The checksum is taken with its own field full of spaces.
  block.fill(" ", 148, 156)
  block.write(
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0")}\0 `,
    148,
    "latin1",
  )
  return block
}
