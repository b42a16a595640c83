//! What is left to do by hand after `credsmith init`.

use credsmith_project::FILE_NAME;

use super::surroundings::{Crate, auth_module};
use super::{Plan, portable, texts};

/// The next steps, for people.
pub(super) fn next(plan: &Plan) -> String {
    let mut steps = Vec::new();
    if plan.is_configured {
        let spec = serde_json::Value::from(portable(&plan.spec));
        steps.push(format!(
            "add {spec} to an output of {FILE_NAME}, and run\n  credsmith generate"
        ));
    }
    if let Some(krate) = &plan.krate {
        steps.extend(dependencies(krate));
        steps.push(modules(krate, &plan.module));
    }
    let spec = plan.spec.display();
    steps.push(format!(
        "put your token URL into {spec}, and run again, as after each change of it\n  credsmith generate"
    ));
    steps.join("\n\n")
}

fn dependencies(krate: &Crate) -> Option<String> {
    let needed = [
        ("dependencies", "credsmith-runtime"),
        ("dev-dependencies", "credsmith-project"),
    ];
    let missing = needed
        .iter()
        .filter(|(table, name)| !krate.depends_on(table, name));
    let tables: Vec<_> = missing
        .map(|(table, name)| texts::dependency(table, name))
        .collect();
    (!tables.is_empty()).then(|| format!("add to Cargo.toml\n{}", indented(&tables.join("\n"))))
}

fn modules(krate: &Crate, module: &str) -> String {
    match auth_module() {
        Some(file) => format!(
            "add to {file}\n{}",
            indented(&format!("pub mod {module};\n"))
        ),
        None => format!(
            "add to {}\n{}",
            krate.root(),
            indented(&texts::declaration(module))
        ),
    }
}

fn indented(text: &str) -> String {
    let lines = text.lines().map(|line| match line {
        "" => String::new(),
        line => format!("  {line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}
