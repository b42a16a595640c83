//! Events, if the feature `tracing` is on; otherwise nothing.
//!
//! Fields are names, numbers and addresses without their query. A secret, a token or a text of the server never
//! becomes a field; the error types decide how much of those is shown.

/// An event at one of the `tracing` levels: `event!(debug, scheme = …, "words")`.
macro_rules! event {
    ($level:ident, $($body:tt)*) => {
        #[cfg(feature = "tracing")]
        ::tracing::$level!(target: "credsmith_runtime", $($body)*);
    };
}

/// A future in a root span, which does not belong to the span of a caller: a refresh serves all callers. The span
/// begins with the first poll: a subscriber is code of the application, and must not be called under a lock.
macro_rules! in_span {
    ($future:expr, $name:literal, $scheme:expr) => {{
        let (future, _scheme): (_, &'static str) = ($future, $scheme);
        #[cfg(feature = "tracing")]
        let future = async move {
            let span = ::tracing::debug_span!(target: "credsmith_runtime", parent: None, $name, scheme = _scheme);
            ::tracing::Instrument::instrument(future, span).await
        };
        future
    }};
}

pub(crate) use {event, in_span};
