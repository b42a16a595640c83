//! Values that are one of a few words.

/// An enum whose variants are words of the spec language.
pub trait Keyword: Copy + Eq + 'static {
    /// What the words are, for messages: "grant".
    const WHAT: &'static str;
    /// All variants, in the order of the documentation.
    const ALL: &'static [Self];

    /// The word as it stands in a spec.
    fn word(self) -> &'static str;

    /// What it means.
    fn description(self) -> &'static str;
}

/// Declares an enum of keywords from its words and their descriptions.
macro_rules! keywords {
    (
        $(#[$meta:meta])*
        $name:ident, $what:literal { $( $(#[$vmeta:meta])* $variant:ident = $word:literal: $description:literal, )+ }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $( $(#[$vmeta])* #[doc = $description] $variant, )+ }

        impl $crate::keyword::Keyword for $name {
            const WHAT: &'static str = $what;
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )+ }
            }

            fn description(self) -> &'static str {
                match self { $( Self::$variant => $description, )+ }
            }
        }
    };
}
pub(crate) use keywords;
