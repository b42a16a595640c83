//! The interface version that generated modules name.
//!
//! A module generated for another generation of this crate then fails with one sentence that says
//! what to do, and not with a page of missing methods.

/// Compiles to nothing for interface version 1, and to an error for every other.
///
/// ```
/// credsmith_runtime::assert_interface!(1);
/// ```
///
/// ```compile_fail
/// credsmith_runtime::assert_interface!(2);
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! assert_interface {
    (1) => {};
    ($wanted:literal) => {
        ::core::compile_error!(::core::concat!(
            "this module was generated for interface version ",
            $wanted,
            " of credsmith-runtime, but the version in use has interface version 1; ",
            "generate the module again with a matching credsmith, or depend on the credsmith-runtime it asks for"
        ));
    };
}
