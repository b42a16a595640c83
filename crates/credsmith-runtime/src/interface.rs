//! The interface version of generated modules.
//!
//! A module that was generated for another version of this crate fails to compile with one sentence that names the
//! solution, instead of a page of missing methods.

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
