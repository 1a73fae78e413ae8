import type { PageData } from "#media/protocol"

export interface Page {
  readonly title: string
  /** Of the words, as in `lang`. */
  readonly language: string
  readonly script: string
  readonly style: string
  /** Where the page may load from: `webview.cspSource`. */
  readonly source: string
  readonly data: PageData
}

/**
 * The HTML of a page. It may run and load what lies in dist/media and nothing else: no script in
 * the page, no eval, no address. Workers are made from text the script brings with it.
 */
export function pageHtml({ title, language, script, style, source, data }: Page): string {
  const policy = [
    "default-src 'none'",
    `script-src ${source}`,
    `style-src ${source}`,
    `font-src ${source}`,
    "worker-src blob:",
  ].join("; ")
  return `<!doctype html>
<html lang="${escapeHtml(language)}" data-page="${escapeHtml(JSON.stringify(data))}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${escapeHtml(style)}">
</head>
<body>
<script src="${escapeHtml(script)}"></script>
</body>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
