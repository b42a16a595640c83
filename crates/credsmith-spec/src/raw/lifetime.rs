//! How long tokens live: a number of seconds, or a word.

use super::Read;
use crate::diagnostic::Problems;
use crate::located::Located;
use crate::rules::wrong_type;
use crate::source::Span;
use crate::syntax::{Node, Value};

/// How long a token is used when the server does not say how long it lives.
#[derive(Debug)]
pub(crate) enum RawTokenLifetime {
    Seconds(Located<u64>),
    Never,
}

impl RawTokenLifetime {
    /// The word for a token that does not expire by itself.
    pub(crate) const NEVER: &str = "never";
}

impl Read for RawTokenLifetime {
    fn read(node: &Node, at: Span, problems: &mut Problems) -> Option<Self> {
        let seconds = match &node.value {
            Value::Text(text) if text == Self::NEVER => return Some(Self::Never),
            Value::Number(spelling) => spelling.parse().ok(),
            _ => None,
        };
        if seconds.is_none() {
            let expected = format!("a whole number or `{}`", Self::NEVER);
            problems.push(wrong_type::found(node, at, &expected));
        }
        seconds.map(|seconds| Self::Seconds(Located::new(seconds, node.span)))
    }
}
