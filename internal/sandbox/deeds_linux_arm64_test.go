package sandbox

// Everything is tried by calls that all architectures have.
var deedsOfArch []deed
