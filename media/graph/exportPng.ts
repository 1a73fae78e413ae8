import type { GraphCanvas } from "./canvas.ts"

/** The whole picture as it looks now, as large as a picture file may reasonably be. */
export async function exportPng(canvas: GraphCanvas): Promise<Uint8Array | undefined> {
  const { scene } = canvas
  if (scene === undefined) return undefined
  const { width, height } = scene.laidOut
  const scale = Math.min(2, largestSide / (width + 2 * margin), largestSide / (height + 2 * margin))
  const sheet = new OffscreenCanvas(
    Math.ceil((width + 2 * margin) * scale),
    Math.ceil((height + 2 * margin) * scale),
  )
  const context = sheet.getContext("2d")
  if (context === null) return undefined
  context.setTransform(scale, 0, 0, scale, margin * scale, margin * scale)
  canvas.paint(
    context,
    { x: -margin, y: -margin, width: width + 2 * margin, height: height + 2 * margin },
    scale,
  )
  const blob = await sheet.convertToBlob({ type: "image/png" })
  return new Uint8Array(await blob.arrayBuffer())
}

const largestSide = 8000
const margin = 20
