//! `credsmith plan`: what a spec means, and the names of everything.

use anyhow::Result;

use crate::Outcome;
use crate::args::Plan;
use crate::terminal;

pub(crate) fn run(args: &Plan) -> Result<Outcome> {
    let checked = credsmith_codegen::check(&args.spec);
    terminal::problems(std::slice::from_ref(&checked));
    let Some(plan) = credsmith_codegen::plan_text(&checked) else {
        return Ok(Outcome::Wrong);
    };
    terminal::data(plan.trim_end())?;
    Ok(Outcome::Done)
}
