//! Nothing leaves credsmith that does not parse.

use crate::error::Error;

/// Parses a generated file. A failure is a fault of credsmith, and stops it from writing.
pub(crate) fn check(path: &str, text: &str) -> Result<(), Error> {
    let file = syn::parse_file(text).map_err(|error| Error::unparsable(path, &error))?;
    if file.attrs.is_empty() {
        Ok(())
    } else {
        // A generated file has to work through `include!` as well.
        Err(Error::inner_attribute(path))
    }
}
