import type { Area } from "./scene.ts"

/** Which part of the picture is looked at: screen = picture × scale − x. */
export interface View {
  readonly x: number
  readonly y: number
  readonly scale: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

export const largest = 4
const smallest = 0.005

/** The whole picture, never larger than it is, with some air round it and more where others stand. */
export function wholeIn(picture: Size, window: Size, below: number, air = 20): View {
  const room = { width: window.width, height: Math.max(4 * air, window.height - below) }
  const scale = Math.min(
    1,
    (room.width - 2 * air) / Math.max(1, picture.width),
    (room.height - 2 * air) / Math.max(1, picture.height),
  )
  return centred(picture, room, Math.max(smallest, scale))
}

/** The picture is in sight as a whole, and would not be much larger if it were fitted anew. */
export function isWholeIn(view: View, picture: Size, window: Size, below: number): boolean {
  const right = picture.width * view.scale - view.x
  const bottom = picture.height * view.scale - view.y
  const isInside =
    view.x <= 0 && view.y <= 0 && right <= window.width && bottom <= window.height - below
  return isInside && wholeIn(picture, window, below).scale <= 1.25 * view.scale
}

function centred(picture: Size, window: Size, scale: number): View {
  return {
    x: (picture.width * scale - window.width) / 2,
    y: (picture.height * scale - window.height) / 2,
    scale,
  }
}

/** Zooms so that what is at this place of the window stays there. */
export function zoomAt(
  view: View,
  factor: number,
  at: { readonly x: number; readonly y: number },
): View {
  const scale = Math.max(smallest, Math.min(largest, view.scale * factor))
  const ratio = scale / view.scale
  return { x: (view.x + at.x) * ratio - at.x, y: (view.y + at.y) * ratio - at.y, scale }
}

/** Moves as little as is needed to have the area in sight. */
export function reveal(view: View, area: Area, window: Size, air = 40): View {
  const shift = (low: number, size: number, from: number, room: number) => {
    const begin = low * view.scale - air
    const end = (low + size) * view.scale + air
    if (end - begin > room) return (begin + end - room) / 2
    return Math.min(Math.max(from, end - room), begin)
  }
  return {
    ...view,
    x: shift(area.x, area.width, view.x, window.width),
    y: shift(area.y, area.height, view.y, window.height),
  }
}

export function areaOf(view: View, window: Size): Area {
  return {
    x: view.x / view.scale,
    y: view.y / view.scale,
    width: window.width / view.scale,
    height: window.height / view.scale,
  }
}
