//! The version of the spec format: what else is written in its place is answered with what to write.

use super::Read;
use crate::diagnostic::{Diagnostic, Problems};
use crate::located::Located;
use crate::rules::version::VERSION;
use crate::rules::{in_place, missing_key, wrong_type};
use crate::source::Span;
use crate::syntax::Node;

/// The version that a spec is written in.
#[derive(Debug)]
pub(crate) struct RawVersion(pub(crate) Located<u64>);

impl RawVersion {
    /// Whether the spec is written in a version that is yet to come.
    pub(crate) fn is_newer(&self) -> bool {
        self.0.value > VERSION
    }
}

impl Read for RawVersion {
    fn missing(key: &str, mapping: Span) -> Diagnostic {
        missing_key::with_value(key, VERSION, mapping)
    }

    fn read(node: &Node, at: Span, problems: &mut Problems) -> Option<Self> {
        let version = Located::read(node, at, &mut Problems::default());
        if version.is_none() {
            let replacement = format!("credsmith: {VERSION}");
            problems.push(wrong_type::meant(node, at, in_place::WHOLE, &replacement));
        }
        version.map(Self)
    }
}
