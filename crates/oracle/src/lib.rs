//! The policy engine beside other people's: property tests against casbin, benchmarks beside casbin and
//! Cedar.
//!
//! Knows: `provost-policy` and the public interfaces of the two engines. Everything is in `tests` and
//! `benches`; this crate exists so that ordinary builds compile neither engine.
//! Must not know: anything of the service.
//!
//! Invariant: nothing depends on this crate.
