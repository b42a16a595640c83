//! Where the examples of pages import from, for those who set up the crate.

use credsmith_spec::Checked;

use crate::plan;
use crate::targets::rust;

/// The crate or module path that pages import from, whether it was set by hand or comes from the name of the
/// SDK. `None` for a spec with errors.
///
/// ```
/// let spec = "credsmith: 1\nsdk: { name: Acme Cloud }\nschemes: { login: { type: basic } }\n";
/// let checked = credsmith_codegen::check_text("acme.yaml", spec);
/// assert_eq!(credsmith_codegen::crate_path(&checked).as_deref(), Some("acme_cloud"));
/// ```
pub fn crate_path(checked: &Checked) -> Option<String> {
    rust::crate_path(&plan::build(checked.spec.as_ref()?)).ok()
}
