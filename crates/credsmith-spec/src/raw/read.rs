//! How keys, lists and leaves are read from the tree.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use super::elsewhere;
use crate::diagnostic::{Diagnostic, Problems};
use crate::keyword::Keyword;
use crate::located::Located;
use crate::rules::{
    duplicate_key, in_place, keyword, missing_key, secret, unknown_key, wrong_type,
};
use crate::source::Span;
use crate::suggest::{meant, same};
use crate::syntax::{Entry, Node, Value};

/// What can be read from a node. `at` is the place to point at when the node has no width of its
/// own: the key before it.
pub(crate) trait Read: Sized {
    /// The key whose value people write where the mapping belongs: `read` for `{ value: read }`.
    const MAIN_KEY: Option<&'static str> = None;
    /// Whether it is text, of which several are written as one, too: `read write`.
    const IS_TEXT: bool = false;

    fn read(node: &Node, at: Span, problems: &mut Problems) -> Option<Self>;

    /// The mapping at `mapping` lacks the key that this is the value of.
    fn missing(key: &str, mapping: Span) -> Diagnostic {
        missing_key::missing(key, mapping)
    }
}

/// A field of a mapping: what it is when its key is absent.
pub(crate) trait Field: Sized {
    fn read_field(entry: Option<&Entry>, key: &str, mapping: Span, problems: &mut Problems)
    -> Self;
}

impl<T: Read> Field for Option<T> {
    fn read_field(entry: Option<&Entry>, key: &str, _: Span, problems: &mut Problems) -> Self {
        let entry = entry?;
        let (value, mut found) = read_entry(entry, key);
        if matches!(entry.node.value, Value::Null) && !entry.node.is_comment() {
            found.add_help("or leave it out");
        }
        problems.append(found);
        value
    }
}

/// Reads the value of `key`, and what is to be said of it.
fn read_entry<T: Read>(entry: &Entry, key: &str) -> (Option<T>, Problems) {
    let mut found = Problems::default();
    let value = T::read(&entry.node, entry.key.span, &mut found);
    // A value that does not fit the key it was taken for says nothing but that the key is another.
    if value.is_none() && entry.key.value != key {
        found = Problems::default();
    }
    (value, found)
}

/// A key that must be there. Empty when it is missing or unreadable, which has been noted by then.
#[derive(Debug)]
pub(crate) struct Required<T>(pub(crate) Option<T>);

impl<T: Read> Field for Required<T> {
    fn read_field(
        entry: Option<&Entry>,
        key: &str,
        mapping: Span,
        problems: &mut Problems,
    ) -> Self {
        let Some(entry) = entry else {
            problems.push(T::missing(key, mapping));
            return Self(None);
        };
        let (value, found) = read_entry(entry, key);
        problems.append(found);
        Self(value)
    }
}

/// The keys that a mapping was given, and where they stand; a mistyped one as what was meant.
#[derive(Debug)]
pub(crate) struct Given(Vec<Located<String>>);

impl Given {
    /// Where `key` stands.
    pub(crate) fn place_of(&self, key: &str) -> Option<Span> {
        self.keys()
            .find(|given| given.value == key)
            .map(|given| given.span)
    }

    /// All keys, in the order of the text.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &Located<String>> {
        self.0.iter()
    }
}

/// The known keys of one mapping.
pub(crate) struct Keys<'a> {
    /// Each entry by the key that it stands for.
    entries: Vec<(&'a str, &'a Entry)>,
    at: Span,
}

impl<'a> Keys<'a> {
    /// Opens a mapping, noting doubled keys, and keys that `known` lacks. `useful` are those of the
    /// known ones that have a meaning beside what else the mapping says.
    ///
    /// A mistyped key stands for the key that was meant, unless that is there as well: so its value
    /// is checked in the same run, and nothing is said to be missing that is only misspelt.
    pub(crate) fn open(
        node: &'a Node,
        at: Span,
        known: &[&'a str],
        useful: &[&'a str],
        problems: &mut Problems,
    ) -> Option<Self> {
        let unique = unique_entries(node, at, |key| key, problems)?;
        let mut entries = Vec::new();
        // That a key is of no use is told where that is known, and then it is all there is to tell.
        let useless = |key: &str| {
            known
                .iter()
                .find(|it| same(it, key) && !useful.contains(it))
        };
        for entry in &unique {
            let key = entry.key.as_str();
            if known.contains(&key) || key.starts_with("x-") {
                entries.push((key, *entry));
            } else if let Some(meant) = useless(key) {
                entries.push((*meant, *entry));
            } else if secret::asks_for_secret(key) && !is_switch(&entry.node) {
                problems.push(secret::key(&entry.key));
            } else {
                problems.push(unknown_key::unknown(&entry.key, useful));
                let meant = meant(key, useful);
                entries.extend(meant.map(|meant| (meant, *entry)));
            }
        }
        Some(Self { entries, at })
    }

    /// The keys that are there.
    pub(crate) fn given(&self) -> Given {
        let entries = self.entries.iter();
        let keys = entries.map(|(meant, entry)| Located::new((*meant).to_owned(), entry.key.span));
        Given(keys.collect())
    }

    /// Reads the value of `key`.
    pub(crate) fn field<F: Field>(&self, key: &str, problems: &mut Problems) -> F {
        let candidates = || self.entries.iter().filter(|(meant, _)| *meant == key);
        let spelt = candidates().find(|(_, entry)| entry.key.value == key);
        let entry = spelt.or_else(|| candidates().next());
        F::read_field(entry.map(|(_, entry)| *entry), key, self.at, problems)
    }
}

/// A value that is no secret, whatever its key asks for.
fn is_switch(node: &Node) -> bool {
    matches!(node.value, Value::Bool(_))
}

fn unique_entries<'a>(
    node: &'a Node,
    at: Span,
    same_as: impl Fn(&'a str) -> &'a str,
    problems: &mut Problems,
) -> Option<Vec<&'a Entry>> {
    let Value::Mapping(entries) = &node.value else {
        problems.push(wrong_type::found(node, at, "a mapping"));
        return None;
    };
    let mut first: BTreeMap<&str, &Located<String>> = BTreeMap::new();
    let mut unique = Vec::new();
    for entry in entries {
        let key = same_as(entry.key.as_str());
        if let Some(earlier) = first.get(key) {
            problems.push(duplicate_key::duplicate(&entry.key, earlier));
        } else {
            first.insert(key, &entry.key);
            unique.push(entry);
        }
    }
    Some(unique)
}

/// The text without the white space around it, which does not count: all that compare it see it so.
pub(super) fn trimmed(text: &Located<String>) -> Located<String> {
    Located::new(text.trim().to_owned(), text.span)
}

/// A mapping whose keys the author chooses, in the order of the text; `at` is the key before it. White
/// space around a key does not count.
#[derive(Debug)]
pub(crate) struct Entries<T> {
    pub(crate) at: Span,
    pub(crate) items: Vec<(Located<String>, T)>,
    /// Keys whose values could not be read, which has been noted.
    pub(crate) unread: Vec<Located<String>>,
    /// Whether a key was there twice, which has been noted: only its first value was read.
    pub(crate) doubled: bool,
}

impl<T> Entries<T> {
    /// Whether there is nothing; what could not be read is something.
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty() && self.unread.is_empty()
    }

    /// All keys in the order of the text, and the values that could be read.
    pub(crate) fn all(&self) -> Vec<(&Located<String>, Option<&T>)> {
        let read = self.items.iter().map(|(name, value)| (name, Some(value)));
        let unread = self.unread.iter().map(|name| (name, None));
        let mut all: Vec<_> = read.chain(unread).collect();
        all.sort_by_key(|(name, _)| name.span);
        all
    }

    /// All keys, in the order of the text.
    pub(crate) fn names(&self) -> Vec<&Located<String>> {
        self.all().into_iter().map(|(name, _)| name).collect()
    }
}

impl<T: Read> Entries<T> {
    /// Reads all entries but those whose keys are extensions.
    fn read_but(
        is_extension: impl Fn(&str) -> bool,
        node: &Node,
        at: Span,
        problems: &mut Problems,
    ) -> Option<Self> {
        let meant = elsewhere::entries::<T>(node, at, problems);
        let node = meant.as_ref().unwrap_or(node);
        if matches!(node.value, Value::Sequence(_)) {
            problems.push(wrong_type::nameless(node, at));
            return None;
        }
        let entries = unique_entries(node, at, str::trim, problems)?;
        let doubled = matches!(&node.value, Value::Mapping(all) if all.len() > entries.len());
        let (mut items, mut unread) = (Vec::new(), Vec::new());
        for entry in entries {
            if is_extension(&entry.key) {
                continue;
            }
            let name = trimmed(&entry.key);
            match T::read(&entry.node, name.span, problems) {
                Some(value) => items.push((name, value)),
                None => unread.push(name),
            }
        }
        Some(Self {
            at,
            items,
            unread,
            doubled,
        })
    }
}

impl<T: Read> Read for Entries<T> {
    fn read(node: &Node, at: Span, problems: &mut Problems) -> Option<Self> {
        Self::read_but(|key| key.starts_with("x-"), node, at, problems)
    }
}

/// Names and values that are sent as they are: here `x-name` is a name as any other.
#[derive(Debug)]
pub(crate) struct Pairs<T> {
    pub(crate) items: Vec<(Located<String>, T)>,
}

impl<T: Read> Read for Pairs<T> {
    fn read(node: &Node, at: Span, problems: &mut Problems) -> Option<Self> {
        let entries = Entries::read_but(|_| false, node, at, problems)?;
        Some(Self {
            items: entries.items,
        })
    }
}

impl Read for Located<String> {
    fn read(node: &Node, at: Span, problems: &mut Problems) -> Option<Self> {
        if let Value::Text(text) = &node.value {
            let span = if node.span.start == node.span.end {
                at
            } else {
                node.span
            };
            return Some(Located::new(text.clone(), span));
        }
        problems.push(wrong_type::found(node, at, "text"));
        None
    }
}

impl Read for Located<bool> {
    fn read(node: &Node, at: Span, problems: &mut Problems) -> Option<Self> {
        if let Value::Bool(value) = node.value {
            return Some(Located::new(value, node.span));
        }
        problems.push(wrong_type::found(node, at, "`true` or `false`"));
        None
    }
}

impl Read for Located<u64> {
    fn read(node: &Node, at: Span, problems: &mut Problems) -> Option<Self> {
        if let Value::Number(spelling) = &node.value
            && let Ok(value) = spelling.parse()
        {
            return Some(Located::new(value, node.span));
        }
        problems.push(wrong_type::found(node, at, in_place::WHOLE));
        None
    }
}

/// Text that must be one of the words of `K`; matched by the checker, which knows what was meant.
#[derive(Debug)]
pub(crate) struct Word<K>(Located<String>, PhantomData<K>);

impl<K: Keyword> Read for Word<K> {
    fn missing(key: &str, mapping: Span) -> Diagnostic {
        missing_key::word::<K>(key, mapping)
    }

    fn read(node: &Node, at: Span, problems: &mut Problems) -> Option<Self> {
        if !matches!(node.value, Value::Text(_)) {
            problems.push(wrong_type::no_word::<K>(node, at));
            return None;
        }
        Located::read(node, at, problems).map(|text| Self(text, PhantomData))
    }
}

impl<K: Keyword> Word<K> {
    /// Where the word stands.
    pub(crate) fn span(&self) -> Span {
        self.0.span
    }

    /// The keyword, or a diagnostic that lists the words.
    pub(crate) fn parse(&self, problems: &mut Problems) -> Option<Located<K>> {
        let found = K::ALL.iter().find(|keyword| keyword.word() == self.0.value);
        if found.is_none() {
            problems.push(keyword::unknown::<K>(&self.0));
        }
        found.map(|keyword| Located::new(*keyword, self.0.span))
    }
}
