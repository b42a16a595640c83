//! The same for texts that nobody wrote down.
