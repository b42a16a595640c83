//! `credsmith explain`: what a diagnostic means.

use anyhow::Result;
use credsmith_spec::{Rule, closest};

use crate::Outcome;
use crate::args::Explain;
use crate::terminal;

pub(crate) fn run(args: &Explain) -> Result<Outcome> {
    let rules = credsmith_codegen::rules();
    let Some(code) = &args.code else {
        for rule in rules {
            terminal::data(&format!("{}  {}", rule.code, rule.title))?;
        }
        return Ok(Outcome::Done);
    };
    match rules
        .iter()
        .find(|rule| rule.code.eq_ignore_ascii_case(code))
    {
        Some(rule) => {
            terminal::data(&page(rule))?;
            Ok(Outcome::Done)
        }
        None => {
            let meant = closest(code, rules.iter().map(|rule| rule.code));
            let meant = meant
                .map(|meant| format!("; did you mean {meant}?"))
                .unwrap_or_default();
            terminal::error(&format!("there is no diagnostic {code}{meant}"));
            terminal::say("`credsmith explain` lists all");
            Ok(Outcome::Wrong)
        }
    }
}

fn page(rule: &Rule) -> String {
    let mut page = format!("{}: {}\n\n{}", rule.code, rule.title, rule.explanation);
    if !rule.bad.is_empty() {
        page += &format!("\nThis breaks the rule:\n\n{}", indented(rule.bad));
    }
    page + &format!("\nThis keeps it:\n\n{}", indented(rule.good))
        .trim_end()
        .to_owned()
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}
