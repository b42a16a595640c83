//! `credsmith_runtime::ManualClock` exists only with the feature `test-util`, which no dependency of this SDK turns on.
//!
//! If the runtime exported it here, the name in [`LocalClock`] would be ambiguous, and this file would not compile.

#![allow(
	clippy::wildcard_imports,
	reason = "only a glob import may lack a name"
)]

use credsmith_runtime::*;
use local::*;

mod local {
	pub struct ManualClock;
}

type LocalClock = ManualClock;

#[test]
fn the_manual_clock_needs_the_feature_test_util() {
	let LocalClock {} = LocalClock {};
	// The other clocks do not need it.
	let _: Option<CoarseTime> = None;
}
