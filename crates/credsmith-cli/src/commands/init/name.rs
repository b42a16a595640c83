//! The name of an SDK, and of the files and modules that are named after it.

/// The name of the spec's file and of the module: lower-case words, joined by `_`.
///
/// # Errors
///
/// Says why there is none: names of types and variables come from the SDK's name, and they are
/// ASCII letters and digits.
pub(super) fn module_name(name: &str) -> Result<String, &'static str> {
    let is_foreign = |c: char| c.is_alphanumeric() && !c.is_ascii();
    if name.contains(is_foreign) {
        return Err("types and variables are named after it, in ASCII letters and digits");
    }
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let joined = words.join("_").to_lowercase();
    if joined.starts_with(|c: char| c.is_ascii_lowercase()) {
        Ok(joined)
    } else {
        Err("it has to begin with a letter")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, module: Option<&str>) {
        assert_eq!(module_name(name).ok().as_deref(), module, "{name:?}");
    }

    #[test]
    fn modules_are_named_in_plain_words() {
        check("Acme", Some("acme"));
        check("Acme Cloud", Some("acme_cloud"));
        check("O'Neil & Co.", Some("o_neil_co"));
        check("  web-3.0 ", Some("web_3_0"));
    }

    #[test]
    fn what_names_nothing_is_refused() {
        for name in ["", "!!!", " ", "3M", "Süßwaren", "日本", "Ärzte GmbH"] {
            check(name, None);
        }
    }
}
