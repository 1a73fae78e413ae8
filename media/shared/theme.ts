/** The editor's colours, as a canvas needs them: read once and again when the theme changes. */
export interface Theme {
  readonly kind: "dark" | "light" | "high contrast" | "high contrast light"
  readonly isHighContrast: boolean
  /** Nothing turns or slides. */
  readonly isStill: boolean
  readonly font: string
  readonly colors: Readonly<Record<ColorName, string>>
}

/** Tokens of VS Code, each with what stands in for it where a theme leaves it out. */
const tokens = {
  ground: ["editor-background"],
  raised: ["editorWidget-background", "editor-background"],
  raisedBorder: ["editorWidget-border", "contrastBorder", "panel-border", "foreground"],
  rule: ["panel-border", "contrastBorder", "foreground"],
  lines: ["charts-lines", "foreground"],
  text: ["foreground"],
  dimText: ["descriptionForeground", "foreground"],
  disabled: ["disabledForeground", "descriptionForeground", "foreground"],
  focus: ["focusBorder", "foreground"],
  contrast: ["contrastBorder", "foreground"],
  contrastActive: ["contrastActiveBorder", "focusBorder", "foreground"],
  hover: ["list-hoverBackground", "editorWidget-background", "editor-background"],
  match: ["editor-findMatchHighlightBackground", "focusBorder"],
  matchBorder: ["editor-findMatchHighlightBorder", "focusBorder"],
  button: ["button-background", "foreground"],
  buttonText: ["button-foreground", "editor-background"],
  red: ["charts-red", "testing-iconFailed"],
  blue: ["charts-blue", "foreground"],
  green: ["charts-green", "testing-iconPassed"],
  yellow: ["charts-yellow", "testing-iconQueued"],
  orange: ["charts-orange", "charts-yellow"],
  purple: ["charts-purple", "foreground"],
  queued: ["testing-iconQueued", "charts-yellow"],
  skipped: ["testing-iconSkipped", "descriptionForeground"],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type ColorName = keyof typeof tokens

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement)
  const colors = {} as Record<ColorName, string>
  for (const [name, list] of Object.entries(tokens) as [ColorName, readonly string[]][]) {
    const found = list.map((token) => style.getPropertyValue(`--vscode-${token}`).trim())
    // A theme that says nothing at all leaves the system's own text colour.
    colors[name] = found.find((value) => value !== "") ?? "CanvasText"
  }
  const { classList, dataset } = document.body
  const kind = kinds[dataset.vscodeThemeKind ?? ""] ?? "dark"
  return {
    kind,
    isHighContrast: kind === "high contrast" || kind === "high contrast light",
    isStill:
      classList.contains("vscode-reduce-motion") ||
      matchMedia("(prefers-reduced-motion: reduce)").matches,
    font: style.getPropertyValue("--vscode-font-family").trim() || "sans-serif",
    colors,
  }
}

const kinds: Readonly<Record<string, Theme["kind"]>> = {
  "vscode-dark": "dark",
  "vscode-light": "light",
  "vscode-high-contrast": "high contrast",
  "vscode-high-contrast-light": "high contrast light",
}

/**
 * Calls when colours, contrast, the wish for stillness or the density of pixels have changed, once
 * for one change.
 */
export function onThemeChange(take: (theme: Theme) => void): void {
  let isAsked = false
  const ask = () => {
    if (isAsked) return
    isAsked = true
    queueMicrotask(() => {
      isAsked = false
      take(readTheme())
    })
  }
  const observer = new MutationObserver(ask)
  observer.observe(document.documentElement, { attributeFilter: ["style", "class"] })
  observer.observe(document.body, {
    attributeFilter: ["class", "data-vscode-theme-id", "data-vscode-theme-kind"],
  })
  matchMedia("(prefers-reduced-motion: reduce)").addEventListener("change", ask)
  watchDensity(ask)
}

/** A window that goes to another screen keeps its size: no other event tells of it. */
function watchDensity(take: () => void): void {
  const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
  const changed = () => {
    take()
    watchDensity(take)
  }
  query.addEventListener("change", changed, { once: true })
}
