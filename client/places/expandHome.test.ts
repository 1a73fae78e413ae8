import { expect, test } from "vitest"
import { expandHome } from "./expandHome.ts"

test("~/ is the home in each path of a list, and nowhere else", () => {
  const expand = (paths: string) => expandHome(paths, "/home/$&", false)
  expect(expand("~/.kube/config")).toBe("/home/$&/.kube/config")
  expect(expand("/etc/kube:~/lab/config: ~")).toBe("/etc/kube:/home/$&/lab/config:/home/$&")
  expect(expand("/data/~/config:~other/config:a~/b")).toBe("/data/~/config:~other/config:a~/b")
  expect(expand("")).toBe("")
})

test("on Windows a list is parted by semicolons, and a drive is no part", () => {
  expect(expandHome("C:\\lab;~\\.kube\\config;~/b", "C:\\Users\\me", true)).toBe(
    "C:\\lab;C:\\Users\\me\\.kube\\config;C:\\Users\\me/b",
  )
})
