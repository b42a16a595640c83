//! Nothing leaves credsmith that does not parse.

use proc_macro2::TokenStream;

use crate::error::Error;

/// Parses a generated file, and gives its tokens. A failure is a fault of credsmith, and stops it
/// from writing.
pub(crate) fn check(path: &str, text: &str) -> Result<TokenStream, Error> {
    let unparsable = |error: syn::Error| Error::unparsable(path, &error);
    let tokens: TokenStream = text
        .parse()
        .map_err(|error| unparsable(syn::Error::from(error)))?;
    let file: syn::File = syn::parse2(tokens.clone()).map_err(unparsable)?;
    if file.attrs.is_empty() {
        Ok(tokens)
    } else {
        // A generated file has to work through `include!` as well.
        Err(Error::inner_attribute(path))
    }
}
