//! A made-up language, for tests of the wall: it goes the whole way that a language goes, and touches nothing but this
//! folder and the enum of targets.
//!
//! Its types are written `like_this`, its values `LIKE_THIS`, and `end` is its only keyword.

use crate::names::{Case, Ident, Place, Style};
use crate::output::{File, Kind};
use crate::plan::{Plan, Role};

/// How it writes names.
pub(crate) static STYLE: Style = Style {
    case,
    keywords: &["end"],
    reserved: |role| match role {
        Role::Accessor => &["SELF"],
        _ => &[],
    },
    place,
    companions: |_| &[],
};

fn case(role: Role) -> Case {
    match place(role) {
        Place::Types | Place::Modules => Case::Snake,
        _ => Case::Screaming,
    }
}

fn place(role: Role) -> Place {
    match role {
        Role::Module | Role::ScopesModule => Place::Modules,
        Role::Variable => Place::Variables,
        Role::Environment => Place::OfEnvironments,
        Role::Scope => Place::OfScopes,
        Role::Field | Role::OwnField => Place::OfFields,
        Role::Parameter | Role::Accessor | Role::Endpoint | Role::Execute | Role::Security => {
            Place::OfClient
        }
        _ => Place::Types,
    }
}

/// Renders a module for each scheme.
pub(crate) fn render(plan: &Plan<'_, Ident>) -> Vec<File> {
    let schemes = plan.schemes.iter();
    let modules = schemes.map(|scheme| {
        let fields = scheme.fields.iter();
        let fields: Vec<_> = fields.map(|field| format!("  {}\n", field.name)).collect();
        let text = format!("{}\n{}end\n", scheme.credentials, fields.concat());
        (format!("{}.toy", scheme.module), text)
    });
    modules.map(|(path, text)| file(path, text)).collect()
}

/// Renders the only page.
pub(crate) fn pages(plan: &Plan<'_, Ident>) -> Vec<File> {
    let methods = plan.groups.iter();
    let methods: Vec<_> = methods
        .map(|group| format!("- `{}`\n", group.execute))
        .collect();
    let text = format!("# {}\n\n{}", plan.sdk.client, methods.concat());
    vec![file("index.md".to_owned(), text)]
}

fn file(path: String, text: String) -> File {
    File {
        path,
        text,
        kind: Kind::Markdown,
    }
}

mod tests {
    use std::fs;

    use crate::{Generator, Target, check_names, plan, plan_text};

    const SPEC: &str = "\
credsmith: 1
sdk: { name: Acme }
schemes:
  login:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    names: { accessor: self }
  key: { type: api_key, keys: [{ name: X-Api-Key, in: header }] }
security: { default: [login, key], reports: [login] }
";

    #[test]
    fn a_new_language_goes_the_whole_way() {
        let folder = tempfile::tempdir().unwrap();
        let spec = folder.path().join("acme.yaml");
        fs::write(&spec, SPEC.replace("self", "SIGN_IN")).unwrap();
        let out = folder.path().join("out");
        let modules = Generator::modules(&out).target(Target::Toy).spec(&spec);
        let pages = Generator::pages(&out).target(Target::Toy).spec(&spec);
        modules.write().unwrap();
        pages.write().unwrap();
        let text = fs::read_to_string(out.join("acme/login.toy")).unwrap();
        assert!(
            text.contains("login_credentials\n  OAUTH_CLIENT_ID\n"),
            "{text}"
        );
        let page = fs::read_to_string(out.join("acme/index.md")).unwrap();
        assert!(page.contains("# acme_client\n"), "{page}");
        assert!(page.contains("- `EXECUTE_REPORTS`"), "{page}");
        assert_eq!(modules.check().unwrap(), []);
        fs::write(out.join("acme/key.toy"), "mine").unwrap();
        let stale = modules.check().unwrap();
        assert!(
            stale[0].edited && stale[0].diff.contains("-mine"),
            "{stale:?}"
        );
        assert_eq!(pages.check().unwrap(), []);
    }

    #[test]
    fn names_are_checked_for_the_languages_that_are_asked_for() {
        let parsed = || credsmith_spec::parse("acme.yaml", SPEC.replace("login", "end"));
        let codes = |target| {
            let found = check_names(parsed(), &[target]).diagnostics;
            found
                .iter()
                .map(|found| found.rule.code)
                .collect::<Vec<_>>()
        };
        // `self` is a keyword of Rust; of the other language `end` is one, and `SELF` is reserved.
        assert_eq!(codes(Target::Rust), ["CS0402"]);
        assert_eq!(codes(Target::Toy), ["CS0402", "CS0404"]);
    }

    #[test]
    fn the_plan_is_the_same_whatever_the_languages_are() {
        let text = SPEC.replace("self", "sign_in");
        let checked = crate::check_text("acme.yaml", &text);
        let plan = plan::build(checked.spec.as_ref().unwrap());
        let printed = plan::print(&plan);
        assert!(plan_text(&checked).unwrap().starts_with(&printed));
        for target in [Target::Rust, Target::Toy] {
            target.named(&plan).unwrap();
            assert_eq!(plan::print(&plan), printed);
        }
    }
}
