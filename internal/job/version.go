package job

// OutputVersion counts the changes by which an equal Job over an equal file
// writes other bytes than the release before: raise it with each of them, be it
// in an operation, a decoder, an encoder or what is carried along. Outputs of an
// earlier version are then no longer up to date, and are made anew. A new field
// of Job needs no new version, if its zero value leaves the bytes as they are.
const OutputVersion = 1
