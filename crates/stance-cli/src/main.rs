//! `stance`: the command line. Reads as a table of contents: parse, dispatch, exit code.

fn main() {}
