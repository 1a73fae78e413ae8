/** Something the person who asked can mend; the message is for them. */
export class UserError extends Error {
  override readonly name = "UserError"
}
