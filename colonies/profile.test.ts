import { describe, expect, it } from "vitest"
import { profileOfEnvironment, readExports } from "./profile.ts"

const whole = {
  COLONIES_SERVER_HOST: "localhost",
  COLONIES_SERVER_PORT: "50080",
  COLONIES_COLONY_NAME: "dev",
  COLONIES_PRVKEY: "ab",
  COLONIES_TLS: "false",
}

describe("a profile", () => {
  it("is read from the variables of the Colonies tools", () => {
    expect(profileOfEnvironment(whole)).toEqual({
      server: { host: "localhost", port: 50080, tls: false, privateKey: "ab" },
      colony: "dev",
      storage: undefined,
    })
  })

  it("takes TLS for granted, and the newer name of the port before the older", () => {
    const { COLONIES_TLS: _, ...rest } = whole
    expect(profileOfEnvironment({ ...rest, COLONIES_SERVER_HTTP_PORT: "1" })).toMatchObject({
      server: { tls: true, port: 1 },
    })
  })

  it("names everything that is missing at once", () => {
    expect(profileOfEnvironment({ COLONIES_SERVER_PORT: "x", AWS_S3_BUCKET: "b" })).toEqual({
      faults: [
        "COLONIES_SERVER_HOST is not set: the name of the Colonies server.",
        "COLONIES_COLONY_NAME is not set: the colony to work in.",
        "COLONIES_PRVKEY is not set: the private key to sign with.",
        'COLONIES_SERVER_PORT is "x", which is no port.',
        "The S3 settings are not whole: AWS_S3_ENDPOINT, AWS_S3_ACCESSKEY, AWS_S3_SECRETKEY not set.",
      ],
    })
  })

  it("is read from a file that people source", () => {
    expect(
      readExports(
        '# dev\nexport A="x y" # why\nexport B=\'$q\'\nC=plain # no\necho hi\r\nD="a\\"b"',
      ),
    ).toEqual({ A: "x y", B: "$q", C: "plain", D: 'a"b' })
  })
})
