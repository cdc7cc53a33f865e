//! The program: parses the command line, runs one command, turns its outcome into an exit status.
#![forbid(unsafe_code)]

fn main() {}
