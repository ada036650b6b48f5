//! The binary `provost`; everything is in the library, where tests and benchmarks reach it.

use std::process::ExitCode;

fn main() -> ExitCode {
    provost::run()
}
