//! What generated code calls its own cannot be the name of anything in a spec. The names are read
//! from the output itself, so that a new method or import cannot be forgotten.

use std::collections::BTreeSet;
use std::path::Path;

use credsmith_codegen::{Generator, Kind, check_text};
use proc_macro2::{TokenStream, TokenTree};
use syn::{ImplItem, Item, Type};

use super::everything::{EVERYTHING, MARK};
use super::write_spec;

/// The generated files, by their names.
fn files() -> Vec<(String, syn::File)> {
    let folder = tempfile::tempdir().unwrap();
    let path = write_spec(folder.path(), "zz.yaml", EVERYTHING);
    let files = Generator::modules("out").spec(path).list();
    let files = files.unwrap_or_else(|failure| panic!("{failure}"));
    let rust = files
        .into_iter()
        .filter(|(_, file)| file.kind == Kind::Rust);
    rust.map(|(path, file)| {
        let name = Path::new(&path).file_stem().unwrap().to_str().unwrap();
        (name.to_owned(), syn::parse_file(&file.text).unwrap())
    })
    .collect()
}

fn is_own(name: &str) -> bool {
    !name.to_lowercase().contains(MARK)
}

/// Methods of the types that `wanted` is true for, those of their traits included.
fn methods(wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for item in files().into_iter().flat_map(|(_, file)| file.items) {
        match item {
            Item::Impl(block) if named(&block.self_ty).is_some_and(|name| wanted(&name)) => {
                found.extend(block.items.iter().filter_map(|item| match item {
                    ImplItem::Fn(method) => Some(method.sig.ident.to_string()),
                    _ => None,
                }));
            }
            Item::Struct(item) if wanted(&item.ident.to_string()) => {
                // What the traits have that are derived.
                found.extend(["clone", "default", "fmt"].map(str::to_owned));
            }
            _ => {}
        }
    }
    found.retain(|name| is_own(name));
    found
}

fn named(kind: &Type) -> Option<String> {
    match kind {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

/// A spec that gives the name to something, by the line of a basic scheme.
fn scheme(names: &str) -> String {
    format!("credsmith: 1\nsdk: {{ name: Acme }}\nschemes:\n  acme: {{ type: basic, {names} }}\n")
}

#[track_caller]
fn check_refused(spec: &str, name: &str) {
    let checked = check_text("acme.yaml", spec);
    let codes = checked.diagnostics.iter().map(|found| found.rule.code);
    let codes: Vec<_> = codes.collect();
    assert!(checked.spec.is_none(), "`{name}` is accepted:\n{spec}");
    assert!(
        codes.iter().all(|code| code.starts_with("CS04")),
        "`{name}`: {codes:?}"
    );
}

#[test]
fn no_field_is_named_like_a_method_of_credentials() {
    let methods = methods(|kind| kind.contains("Credentials"));
    assert!(methods.len() >= 9, "{methods:?}");
    for name in methods {
        check_refused(
            &scheme(&format!("names: {{ fields: {{ username: {name} }} }}")),
            &name,
        );
        let own = format!(
            "credsmith: 1\nsdk: {{ name: Acme }}\nschemes:\n  acme: {{ type: custom, fields: [{{ name: {name} }}] }}\n"
        );
        check_refused(&own, &name);
    }
}

#[test]
fn nothing_of_a_client_is_named_like_its_methods() {
    let is_client = |kind: &str| ["ZzClient", "ZzClientBuilder", "ZzConfig"].contains(&kind);
    let methods = methods(is_client);
    assert!(methods.len() >= 10, "{methods:?}");
    for name in methods {
        for key in ["accessor", "parameter"] {
            check_refused(&scheme(&format!("names: {{ {key}: {name} }}")), &name);
        }
    }
}

#[test]
fn no_type_is_named_like_one_that_is_used() {
    let mut used = BTreeSet::new();
    for (_, file) in files() {
        unqualified(quote::quote!(#file), &mut used);
    }
    // Attributes speak of the crate that lints, and shapes that no type has are refused as such.
    used.retain(|name| is_own(name) && name.starts_with(char::is_uppercase));
    for known in [
        "Option",
        "SecretString",
        "SignRequest",
        "Requirement",
        "Grant",
        "Arc",
        "K",
    ] {
        assert!(used.contains(known), "{used:?}");
    }
    for name in used {
        for key in ["credentials", "manager"] {
            check_refused(&scheme(&format!("names: {{ {key}: {name} }}")), &name);
        }
    }
}

/// Names that stand without a path before them. Those of constants and of associated types belong
/// to a type or trait, and what is imported under another name leaves its own free.
fn unqualified(tokens: TokenStream, found: &mut BTreeSet<String>) {
    let (mut colons, mut is_constant) = (0, false);
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let before = std::mem::take(&mut colons);
        match token {
            TokenTree::Punct(mark) if mark.as_char() == ':' => colons = before + 1,
            TokenTree::Ident(name) => {
                let next = tokens.peek().map(ToString::to_string);
                let is_bound = matches!(next.as_deref(), Some("=" | "as"));
                if before < 2 && !is_constant && !is_bound {
                    found.insert(name.to_string());
                }
                is_constant = name == "const";
            }
            TokenTree::Group(group) => unqualified(group.stream(), found),
            _ => {}
        }
    }
}

#[test]
fn no_module_is_named_like_one_that_is_there() {
    let mut modules = BTreeSet::new();
    for (name, file) in files() {
        let is_root = name == "mod";
        modules.insert(name);
        for item in file.items.into_iter().filter(|_| is_root) {
            if let Item::Use(item) = item {
                let text = quote::quote!(#item).to_string();
                let last = text.trim_end_matches([' ', ';']).rsplit(' ').next();
                modules.extend(last.map(str::to_owned));
            }
        }
    }
    let is_module = |name: &String| name.starts_with(|c: char| c.is_ascii_lowercase());
    modules.retain(|name| is_own(name) && is_module(name));
    for known in ["mod", "client", "blocking", "http", "bytes", "environment"] {
        assert!(modules.contains(known), "{modules:?}");
    }
    for name in modules {
        check_refused(&scheme(&format!("names: {{ module: {name} }}")), &name);
    }
}
