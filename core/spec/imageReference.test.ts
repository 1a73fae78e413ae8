import { expect, test } from "vitest"
import { imageFault } from "./imageReference.ts"

const hex = "0123456789abcdef".repeat(4)

test.each([
  "busybox",
  "busybox:1.36",
  "library/busybox",
  "ghcr.io/lab/bwa-tools:0.7.17",
  "localhost/x",
  "localhost:5000/a/b__c.d-e",
  "registry.example.org:443/x:V1.2_3",
  `busybox@sha256:${hex}`,
  `busybox:1@sha256:${hex}`,
])("%s is an image", (image) => {
  expect(imageFault(image)).toBeUndefined()
})

test.each([
  ["busybox 1.36", "it has a space in it"],
  ["busybox ", "it has a space in it"],
  ["https://ghcr.io/a/b", 'it is not an address, leave out "https://"'],
  ["${image}", '"$" cannot be part of it'],
  ["BusyBox", '"BusyBox" must be in lower case'],
  ["ghcr.io/Lab/x", '"Lab" must be in lower case'],
  ["busybox:", 'nothing follows the ":"'],
  ["busybox:-1", '"-1" is not a tag'],
  ["a//b", 'a name is missing beside a "/"'],
  ["/a", 'a name is missing beside a "/"'],
  [":1", "the name is missing"],
  ["busybox@sha256:12", /is not a digest/],
  ["a@b@c", 'it has more than one "@"'],
  ["a_-b", /"a_-b" is not a name/],
  ["re_gistry.io:1/a", '"re_gistry.io:1" is not a registry'],
  ["x".repeat(256), "it has more than 255 characters"],
])("%s is not an image, and it is said why", (image, why) => {
  if (typeof why === "string") expect(imageFault(image)).toBe(why)
  else expect(imageFault(image)).toMatch(why)
})
