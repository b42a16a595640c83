//! `credsmith man`: the manual pages.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use clap::CommandFactory as _;

use crate::Outcome;
use crate::args::{Args, Man};
use crate::terminal;

pub(crate) fn run(args: &Man) -> Result<Outcome> {
    match &args.out {
        Some(folder) => pages(folder),
        None => page(),
    }
}

fn page() -> Result<Outcome> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Args::command()).render(&mut page)?;
    terminal::data(String::from_utf8(page)?.trim_end())?;
    Ok(Outcome::Done)
}

fn pages(folder: &Path) -> Result<Outcome> {
    let written =
        fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(Args::command(), folder));
    written.with_context(|| format!("{} cannot be written", folder.display()))?;
    terminal::say(&format!("wrote the pages to {}", folder.display()));
    Ok(Outcome::Done)
}
