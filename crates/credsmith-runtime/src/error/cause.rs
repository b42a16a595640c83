//! The cause of an error, written as a part of its sentence.
//!
//! The errors of this crate include the whole cause in `Display`, so that `{error}` is a complete sentence. They
//! return nothing from [`Error::source`], because a report of the chain would repeat the cause. `get_ref` returns the
//! wrapped error, as [`std::io::Error::get_ref`] does.

use std::error::Error;

use crate::text;

/// The longest text of a cause, in characters.
const MAX_LENGTH: usize = 500;

/// An error of the application or of another library.
pub(crate) type Cause<'a> = &'a (dyn Error + Send + Sync + 'static);

/// Returns the texts of `error` and of its causes, as a part of a sentence.
pub(crate) fn described(error: &(dyn Error + 'static)) -> String {
    text::clean(&chain(error), MAX_LENGTH, &[])
}

/// Returns the texts of `error` and of its causes. Text that is shown already is left out.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut chain = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        let text = error.to_string();
        if !chain.contains(&text) {
            chain = format!("{chain}: {text}");
        }
        next = error.source();
    }
    chain
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use super::*;

    #[derive(Debug)]
    struct Layer(&'static str, Option<Box<Layer>>);

    impl fmt::Display for Layer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Layer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref().map(|error| error as _)
        }
    }

    #[test]
    fn n03_every_cause_is_described_once_and_on_one_line() {
        let inner = Layer("refused\n(os error 111)", None);
        let middle = Layer("tcp: connect", Some(Box::new(inner)));
        let outer = Layer("cannot send: tcp: connect", Some(Box::new(middle)));
        let wanted = "cannot send: tcp: connect: refused (os error 111)";
        assert_eq!(described(&outer), wanted);
    }
}
