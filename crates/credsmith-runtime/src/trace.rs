//! Events, where the `tracing` feature is on; nothing at all where it is off.
//!
//! Fields are names, numbers and addresses without their query. A secret, a token or a text the
//! server sent never becomes a field: what may be shown of those is decided by the error types.

/// An event at one of the `tracing` levels: `event!(debug, scheme = …, "words")`.
macro_rules! event {
    ($level:ident, $($body:tt)*) => {
        #[cfg(feature = "tracing")]
        ::tracing::$level!(target: "credsmith_runtime", $($body)*);
    };
}

/// A future inside a span of its own, whose parent is not that of a caller: a refresh serves all of them. The span
/// begins when the future is polled first: a subscriber is code of the application, and is not called
/// under a lock.
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
