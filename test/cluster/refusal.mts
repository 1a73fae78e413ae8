/** A failure that the person at the terminal can act on: the message says it all, no stack is shown. */
export class Refusal extends Error {}
