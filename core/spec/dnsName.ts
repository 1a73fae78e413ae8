/** What is wrong with a name that Kubernetes wants as a DNS-1123 label, or undefined. */
export function labelFault(text: string): NameFault | undefined {
  return nameFault(
    text,
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    63,
    'lower-case letters, digits and "-"',
  )
}

/** The same for a DNS-1123 subdomain: labels joined by dots. */
export function subdomainFault(text: string): NameFault | undefined {
  const pattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
  return nameFault(text, pattern, 253, 'lower-case letters, digits, "-" and "."')
}

export type NameFault =
  | { readonly kind: "empty" }
  | { readonly kind: "long"; readonly limit: number }
  /** `allowed` completes "use …"; `better` is the nearest name that would do. */
  | { readonly kind: "characters"; readonly allowed: string; readonly better: string | undefined }

/** The nearest name that would do. */
export function betterName(fault: NameFault): string | undefined {
  return fault.kind === "characters" ? fault.better : undefined
}

/** One sentence that says the fault of the name of a thing: `Task "a_b" …`. */
export function nameSentence(thing: string, name: string, fault: NameFault): string {
  switch (fault.kind) {
    case "empty":
      return `${thing} has an empty name: use lower-case letters, digits and "-".`
    case "long":
      return `${thing} "${name}" has ${name.length} characters; Kubernetes takes at most ${fault.limit}.`
    case "characters": {
      const example = fault.better === undefined ? "" : `, for example "${fault.better}"`
      return `${thing} "${name}" is not a name Kubernetes takes: use ${fault.allowed}, with a letter or digit at both ends${example}.`
    }
  }
}

function nameFault(
  text: string,
  pattern: RegExp,
  limit: number,
  allowed: string,
): NameFault | undefined {
  if (text === "") return { kind: "empty" }
  if (!pattern.test(text)) {
    const nearest = text
      .slice(0, limit)
      .toLowerCase()
      .replace(allowed.includes('"."') ? /[^a-z0-9.]+/g : /[^a-z0-9]+/g, "-")
      .replace(/(^|\.)[-.]+|[-.]+($|\.)/g, "$1$2")
    return { kind: "characters", allowed, better: pattern.test(nearest) ? nearest : undefined }
  }
  return text.length > limit ? { kind: "long", limit } : undefined
}
