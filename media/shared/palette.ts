import { type ViewPhase, viewPhases } from "#core/view/phase"
import { phaseColor } from "./phaseColor.ts"
import type { ColorName, Theme } from "./theme.ts"

/** Colours ready for a canvas: strings it reads fast, with the tints that pictures need. */
export interface Palette {
  readonly theme: Theme
  readonly colors: Readonly<Record<ColorName, string>>
  readonly phases: Readonly<Record<ViewPhase, PhaseInks>>
  readonly hatch: string
  readonly emptyStrip: string
}

export interface PhaseInks {
  readonly full: string
  readonly border: string
  readonly cellBorder: string
  readonly tint: string
  /** On the ground, and as one solid piece where a picture is tiny. */
  readonly far: string
}

type Color = readonly [red: number, green: number, blue: number, alpha: number]

export function paletteOf(theme: Theme): Palette {
  const read = colorReader()
  const ground = read(theme.colors.ground)
  const solid = (color: Color) => say(over(color, ground))
  const faded = (color: Color, share: number) => solid(withAlpha(color, share))
  const inks = (phase: ViewPhase): PhaseInks => {
    const color = read(theme.colors[phaseColor[phase]])
    const idle = phaseColor[phase] === "lines"
    if (theme.isHighContrast) {
      const line = solid(read(theme.colors.contrast))
      const full = idle ? line : solid(color)
      return { full, border: line, cellBorder: full, tint: solid(ground), far: full }
    }
    return {
      full: solid(color),
      border: idle ? solid(color) : faded(color, 0.55),
      cellBorder: idle ? solid(color) : faded(color, 0.7),
      tint: faded(color, 0.32),
      far: idle ? faded(color, 0.6) : faded(color, 0.85),
    }
  }
  const colors = Object.fromEntries(
    (Object.entries(theme.colors) as [ColorName, string][]).map(([name, color]) => [
      name,
      solid(read(color)),
    ]),
  ) as Record<ColorName, string>
  const text = read(theme.colors.text)
  return {
    theme,
    colors,
    phases: Object.fromEntries(viewPhases.map((phase) => [phase, inks(phase)])) as Record<
      ViewPhase,
      PhaseInks
    >,
    hatch: theme.isHighContrast
      ? faded(text, 0.35)
      : say(over(withAlpha(text, 0.12), over(read(theme.colors.raised), ground))),
    emptyStrip: theme.isHighContrast ? solid(ground) : faded(text, 0.18),
  }
}

/** Themes write colours in every way that CSS knows; a canvas tells what they are. */
function colorReader(): (color: string) => Color {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })
  return (color) => {
    if (context === null) return [0, 0, 0, 1]
    context.clearRect(0, 0, 1, 1)
    context.fillStyle = color
    context.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0, alpha = 255] = context.getImageData(0, 0, 1, 1).data
    return [red, green, blue, alpha / 255]
  }
}

function withAlpha([red, green, blue, alpha]: Color, share: number): Color {
  return [red, green, blue, alpha * share]
}

function over([red, green, blue, alpha]: Color, [r, g, b]: Color): Color {
  const mix = (upper: number, lower: number) => Math.round(upper * alpha + lower * (1 - alpha))
  return [mix(red, r), mix(green, g), mix(blue, b), 1]
}

function say([red, green, blue]: Color): string {
  return `rgb(${red}, ${green}, ${blue})`
}
