//! `credsmith explain`: what a diagnostic means.

use anyhow::Result;
use credsmith_spec::{Rule, closest};

use crate::Outcome;
use crate::args::Explain;
use crate::terminal;

pub(crate) fn run(args: &Explain) -> Result<Outcome> {
    let mut rules = credsmith_codegen::rules();
    rules.extend(credsmith_project::rules());
    let Some(code) = &args.code else {
        return list(&rules);
    };
    let rule = rules
        .iter()
        .find(|rule| rule.code.eq_ignore_ascii_case(code));
    let Some(rule) = rule else {
        return Ok(unknown(code, &rules));
    };
    terminal::data(page(rule).trim_end())?;
    Ok(Outcome::Done)
}

fn list(rules: &[&Rule]) -> Result<Outcome> {
    for rule in rules {
        terminal::data(&format!("{}  {}", rule.code, rule.title))?;
    }
    Ok(Outcome::Done)
}

fn unknown(code: &str, rules: &[&Rule]) -> Outcome {
    let meant = closest(code, rules.iter().map(|rule| rule.code));
    let meant = meant.map(|meant| format!("; did you mean {meant}?"));
    let meant = meant.unwrap_or_default();
    terminal::error(&format!("there is no diagnostic {code}{meant}"));
    terminal::say("`credsmith explain` lists all");
    Outcome::Wrong
}

fn page(rule: &Rule) -> String {
    let mut page = format!("{}: {}\n\n{}", rule.code, rule.title, rule.explanation);
    // A file that cannot be read has no text to show.
    if !rule.bad.trim().is_empty() {
        page += &format!("\nThis breaks the rule:\n\n{}", indented(rule.bad));
    }
    page + &format!("\nThis keeps it:\n\n{}", indented(rule.good))
}

fn indented(text: &str) -> String {
    let lines = text.lines();
    let lines: Vec<_> = lines.map(|line| format!("    {line}")).collect();
    lines.join("\n") + "\n"
}
