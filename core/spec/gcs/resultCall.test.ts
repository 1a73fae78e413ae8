import { expect, test } from "vitest"
import { readResultCall } from "./resultCall.ts"

function seen(text: string): string {
  const reading = readResultCall(text, text.includes("check") ? "check_result" : "get_result")
  if (reading === undefined) return "plain"
  if (reading.kind === "fault") return `! ${reading.why}`
  const { job, argument, differs } = reading.call
  expect(text.slice(job.start, job.end).replaceAll(" ", "")).toBe(job.value)
  const shown = argument === undefined ? "" : ` ${argument.form} ${JSON.stringify(argument.value)}`
  const place = argument === undefined ? "" : ` at ${text.slice(argument.start, argument.end)}`
  return `${job.value}${shown}${place}${differs === undefined ? "" : `; ${differs}`}`
}

test.each([
  ["get_result(list)", "list"],
  ['get_result(list, " ")', 'list quoted " " at " "'],
  ["get_result( list ,';')", "list quoted \";\" at ';'"],
  ['get_result(list, "\\n")', 'list quoted "\\n" at "\\n"'],
  ['get_result(list, "${sep}")', 'list quoted "${sep}" at "${sep}"'],
  [
    "get_result(list, ${sep})",
    'list input "sep" at ${sep}; genectl reads ${sep} without quotes as an empty text',
  ],
  ['get_result(list, "")', 'list quoted "" at ""; genectl takes no empty quotes'],
  ['get_result(list, ",")', 'list quoted "," at ","; genectl takes no comma inside the quotes'],
  [
    'get_result(list, ";" )',
    'list quoted ";" at ";"; genectl takes no space before a bracket or at the end',
  ],
  ['check_result(qc, "PASS")', 'qc quoted "PASS" at "PASS"'],
  ["check_result(qc)", "qc"],
  ["get_result(list, ;)", '! ";" needs quotes around it: get_result(job, "separator")'],
  ["get_result()", '! the name of a job is missing: get_result(job, "separator")'],
  ["get_result list", '! it is written get_result(job, "separator")'],
  ["check_result(qc, PASS)", '! "PASS" needs quotes around it: check_result(job, "text")'],
  ["get_results(list)", '! it is written get_result(job, "separator")'],
  ["result", "plain"],
])("%s", (text, expected) => {
  expect(seen(text)).toBe(expected)
})
