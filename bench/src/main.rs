//! The token engine of credsmith beside its peers, measured in one run.
//!
//! Three tables: what a header value from a cached token costs, what happens when many callers
//! meet one token endpoint, and what many managers that are due at once need. The figures go to the JSON file named by the first argument, the tables
//! to standard output as Markdown, and the progress to standard error. Judging the figures is left
//! to `cargo xtask bench engine`.

mod cached;
mod endpoint;
mod herd;
mod managers;
mod peers;
mod report;

use anyhow::{Context as _, Result};
use serde_json::json;

use crate::cached::Samplers;
use crate::herd::Herds;
use crate::peers::{aws, azure, credsmith, google, huskarl, middle, object_store, reference, yup};

fn main() -> Result<()> {
    let path = std::env::args().nth(1).context("usage: engine FILE.json")?;

    let mut herds = Herds::default();
    herds.add::<credsmith::Asynchronous>();
    herds.add::<middle::Middle>();
    herds.add::<huskarl::Huskarl>();
    herds.add::<object_store::WithHeader>();
    herds.add::<azure::BearerPolicy>();
    herds.add::<google::Google>();
    herds.add::<aws::LazyCache>();
    herds.add::<yup::Yup>();

    let mut samplers = Samplers::new()?;
    samplers.add::<reference::Floor>()?;
    samplers.add::<reference::SharedHeader>()?;
    samplers.add::<credsmith::Synchronous>()?;
    samplers.add::<credsmith::Asynchronous>()?;
    samplers.add::<credsmith::Refreshing<credsmith::Synchronous>>()?;
    samplers.add::<credsmith::Refreshing<credsmith::Asynchronous>>()?;
    samplers.add::<middle::Middle>()?;
    samplers.add::<object_store::TokenOnly>()?;
    samplers.add::<object_store::WithHeader>()?;
    samplers.add::<azure::EmptyPipeline>()?;
    samplers.add::<azure::BearerPolicy>()?;
    samplers.add::<google::Google>()?;
    samplers.add::<huskarl::Huskarl>()?;
    samplers.add::<aws::LazyCache>()?;
    samplers.add::<yup::Yup>()?;

    let cached = samplers.run()?;
    println!("{}", report::cached_table(&cached));
    let herds = herds.run()?;
    println!("{}", report::herd_table(&herds));
    let managers = managers::run()?;
    println!("{}", report::managers_table(&managers));

    let report = json!({
        "rounds": cached::ROUNDS,
        "token_bytes": endpoint::TOKEN_LENGTH,
        "cached": cached.iter().map(report::cached_json).collect::<Vec<_>>(),
        "herd": herds.iter().map(report::herd_json).collect::<Vec<_>>(),
        "managers": managers,
    });
    std::fs::write(&path, format!("{report:#}\n")).with_context(|| format!("cannot write {path}"))
}
