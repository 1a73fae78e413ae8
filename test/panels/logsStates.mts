import type { LogsSubject, LogsToPage } from "#media/logs/protocol"

/** Everything a logs panel can be asked to show, as its host would tell it. */
export const logsSubject: LogsSubject = {
  place: "lab-cluster/gene",
  run: "wgs-cohort-7",
  steps: ["align.4", "align.17", "mark-dups.3"],
}

const begin = Date.parse("2026-03-14T14:23:58Z")

export const at = (seconds: number, line: string) =>
  `${new Date(begin + seconds * 1000).toISOString()} ${line}`

const place: LogsToPage = { kind: "place", name: "lab-cluster / gene", stale: null }
const live: LogsToPage = { kind: "state", isLive: true, nothing: "No output yet." }

export const text = (step: string, pod: string, lines: readonly string[]): LogsToPage => ({
  kind: "text",
  step,
  pod: `wgs-cohort-7.${step}-${pod}`,
  lines,
})

const esc = "\u001b["

/** Three steps: one goes on, one fails twice, one repeats itself. */
const merged: readonly LogsToPage[] = [
  text(
    "align.4",
    "a1b2c",
    Array.from({ length: 60 }, (_, index) =>
      at(
        index * 10,
        `${esc}36m[align]${esc}0m ${(11_200_000 + index * 400_000).toLocaleString("en")} reads placed`,
      ),
    ),
  ),
  text("align.17", "7tnbd", [at(2, "[mem] index loaded"), at(8, `${esc}91mKilled${esc}0m`)]),
  text("align.17", "x8kq2", [
    at(14, `${esc}36m[align]${esc}0m sample s17, 4 threads, reference hg38`),
    at(15, `${esc}33mwarning:${esc}0m index is older than the reference by 3 d`),
    at(343, "[mem] 42,118,904 reads mapped, 391,220 unmapped"),
    at(364, "[sort] spilling chunk 31 to /data/tmp/s17.31"),
    at(374, "[sort] chunk 32: asked for 2,147 MB"),
    at(376, `${esc}91mKilled${esc}0m`),
  ]),
  text("mark-dups.3", "p0o9i", [
    at(3, "markdup 0.7 reading /data/s3.bam"),
    at(22, `pair group ${esc}1m1${esc}0m: 2,114,007 duplicates ${esc}32mok${esc}0m`),
    ...Array.from({ length: 14 }, (_, index) =>
      at(391 + index, "WARN 2 reads longer than 512 bp cut"),
    ),
    at(420, '{"level":"debug","stage":"write","bytes":8123441152}'),
  ]),
]

export const hostileLines = [
  at(1, "<img src=x onerror=alert(1)><script>alert(2)</script>"),
  at(2, "\u001b]8;;http://evil.test\u0007click\u001b]8;;\u0007 \u001b[2J\u001b[31mred"),
  at(3, "\u202egnp.exe \u2066hidden\u2069"),
  at(4, "null \u0000 bell \u0007 del \u007f"),
  at(5, "x".repeat(1_000_000)),
  at(6, "error: after all of it"),
]

/** 300 steps, 30,000 lines, the same few errors in many of them. */
const crowded: readonly LogsToPage[] = Array.from({ length: 300 }, (_, step) =>
  text(
    `align-reads-of-a-long-name.${step}`,
    `p${step}`,
    Array.from({ length: 100 }, (_, line) =>
      at(
        line * 3 + step / 300,
        line === 60 && step % 3 === 0
          ? `ERROR: cannot write /data/tmp/s${step}.${line}: no space left on device (${4096 * step} bytes)`
          : line === 90 && step % 50 === 0
            ? `panic: runtime error: index out of range [${step}]`
            : line % 40 === 0
              ? `WARN retry ${line} of the read of chunk ${step}`
              : `[align] chunk ${line} of sample s${step}: ${line * 400} reads placed`,
      ),
    ),
  ),
)

export const logsStates: Readonly<Record<string, readonly LogsToPage[]>> = {
  merged: [place, live, ...merged],
  crowded: [place, live, ...crowded],
  empty: [
    place,
    {
      kind: "state",
      isLive: true,
      nothing: 'No output yet. "align.17": no node has room: 2 of 3 lack 8Gi of memory.',
    },
  ],
  kept: [
    place,
    text("align.17", "7tnbd", [at(2, "[mem] index loaded"), at(8, "Killed")]),
    { kind: "kept", step: "align.17", pod: "p", at: begin + 376_000 },
    { kind: "state", isLive: false, nothing: null },
  ],
  stale: [
    {
      kind: "place",
      name: "lab-cluster / gene",
      stale: { since: begin + 400_000, message: "lab-cluster cannot be reached." },
    },
    live,
    ...merged,
  ],
  forbidden: [place, { kind: "trouble", sentence: 'You may not read logs in "gene".' }],
  hostile: [place, live, text("<b>align</b>.\u202e1", "h", hostileLines)],
}
