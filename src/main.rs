//! argv, then the terminal's verbs, then an exit code.

fn main() {}
