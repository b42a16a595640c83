//! The `security` section: a group is a list of alternatives, or a mapping with one; an alternative
//! is a scheme's name, or a list of names.

use super::{Line, List, Prose, Read, Required, elsewhere, mapping};
use crate::diagnostic::Problems;
use crate::rules::in_place::LIST;
use crate::rules::written;
use crate::rules::wrong_type;
use crate::source::Span;
use crate::syntax::{Node, Value};

mapping! {
    /// The alternatives of a group, with a description.
    #[schemars(rename = "SecurityGroup")]
    RawLongGroup {
        /// What the group's operations have in common, for the documentation.
        #[schemars(extend("examples" = ["Reports, which need a key of their own."]))]
        "description" => description: Option<Prose>,
        /// The alternatives, the preferred one first; at least one. Each is a scheme's name, or a list
        /// of names: schemes that are needed together. The empty list needs nothing.
        #[schemars(length(min = 1))]
        #[schemars(extend("examples" = [["oauth2", ["api_key", "basic"]]]))]
        "any" => any: Required<List<RawAlternative>>,
    }
}

/// What the operations of a group need.
#[derive(Debug)]
pub(crate) struct RawGroup(pub(crate) RawLongGroup);

impl Read for RawGroup {
    fn read(node: &Node, at: Span, problems: &mut Problems) -> Option<Self> {
        match &node.value {
            Value::Sequence(_) => Some(Self(RawLongGroup {
                description: None,
                any: Required(Read::read(node, at, problems)),
            })),
            Value::Mapping(_) => RawLongGroup::read(node, at, problems).map(Self),
            Value::Text(name) if !name.trim().is_empty() => {
                let list = Node::list(vec![node.clone()], node.span);
                let replacement = written::value(&list);
                problems.push(wrong_type::meant(node, at, LIST, &replacement));
                Self::read(&list, at, problems)
            }
            _ => {
                problems.push(wrong_type::found(node, at, LIST));
                Some(Self(RawLongGroup {
                    description: None,
                    any: Required(None),
                }))
            }
        }
    }
}

/// Schemes that are needed together, and where they stand.
#[derive(Debug)]
pub(crate) struct RawAlternative(pub(crate) List<Line>);

const EXPECTED: &str = "a scheme's name or a list of names";

impl Read for RawAlternative {
    fn read(node: &Node, at: Span, problems: &mut Problems) -> Option<Self> {
        match &node.value {
            Value::Sequence(_) => Read::read(node, at, problems).map(Self),
            Value::Text(_) => {
                let name = Line::read(node, at, problems)?;
                Some(Self(List {
                    at: name.span,
                    items: vec![name],
                    whole: true,
                }))
            }
            Value::Mapping(_) => {
                let meant = elsewhere::alternative(node);
                let replacement = written::value(&meant);
                problems.push(wrong_type::meant(node, at, EXPECTED, &replacement));
                Self::read(&meant, at, problems)
            }
            _ => {
                problems.push(wrong_type::found(node, at, EXPECTED));
                None
            }
        }
    }
}
