//! pages
use crate::error::Error;
use crate::files::File;
use crate::naming::Names;
use credsmith_spec::model::Spec;
pub(crate) fn render(_: &Spec, _: &Names) -> Result<Vec<File>, Error> {
    Ok(vec![])
}
