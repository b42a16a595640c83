//! Values that are one of a few words.

/// An enum whose variants are words of the spec language.
pub trait Keyword: Copy + Eq + 'static {
    /// What the words are, for messages: "grant".
    const WHAT: &'static str;
    /// All variants, in the order of the documentation.
    const ALL: &'static [Self];
    /// Words that people write by analogy with other formats, and what to do about them.
    const ELSEWHERE: &'static [(&'static [&'static str], &'static str)];

    /// The word as it stands in a spec.
    fn word(self) -> &'static str;

    /// What it means.
    fn description(self) -> &'static str;
}

/// Declares an enum of keywords from its words and their descriptions, and from words that stand for
/// them elsewhere.
macro_rules! keywords {
    (
        $(#[$meta:meta])*
        $name:ident, $what:literal { $( $(#[$vmeta:meta])* $variant:ident = $word:literal: $description:literal, )+ }
        $( elsewhere { $( $($other:literal)|+ => $way_out:literal, )+ } )?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $( $(#[$vmeta])* #[doc = $description] $variant, )+ }

        impl $crate::keyword::Keyword for $name {
            const WHAT: &'static str = $what;
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            const ELSEWHERE: &'static [(&'static [&'static str], &'static str)] =
                &[$( $( (&[$($other),+], $way_out) ),+ )?];

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

#[cfg(test)]
mod tests {
    use super::Keyword;
    use crate::model::{
        BasicEncoding, ClientAuthentication, ClientSource, GetterStyle, Grant, Pkce, Place,
        Presence, SchemeType, TokenFetch, TokenRequestFormat,
    };
    use crate::suggest::same;

    fn check<K: Keyword>() {
        for (others, way_out) in K::ELSEWHERE {
            let is_own = |other: &str| K::ALL.iter().any(|word| same(word.word(), other));
            assert!(!others.iter().any(|other| is_own(other)), "{others:?}");
            let mut words = K::ALL.iter().map(|word| format!("`{}`", word.word()));
            let names_a_word = words.any(|word| way_out.contains(&word));
            assert!(names_a_word || NO_WORD.contains(way_out), "{way_out}");
        }
    }

    /// Ways out beyond the words.
    const NO_WORD: [&str; 2] = [
        "leave the scheme out: client certificates belong to the SDK's transport",
        "write the grant that the first token comes from: refresh tokens are used wherever there are any",
    ];

    #[test]
    fn what_is_written_elsewhere_leads_to_words_that_are_known() {
        check::<BasicEncoding>();
        check::<ClientAuthentication>();
        check::<ClientSource>();
        check::<GetterStyle>();
        check::<Grant>();
        check::<Pkce>();
        check::<Place>();
        check::<Presence>();
        check::<SchemeType>();
        check::<TokenFetch>();
        check::<TokenRequestFormat>();
    }
}
