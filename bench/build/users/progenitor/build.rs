//! Generates the API's client, as progenitor's own pages show it.

use std::error::Error;
use std::path::Path;

const DOCUMENT: &str = "edge.openapi.json";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DOCUMENT}");
    let document = serde_json::from_str(&std::fs::read_to_string(DOCUMENT)?)?;
    let tokens = progenitor::Generator::default().generate_tokens(&document)?;
    let text = prettyplease::unparse(&syn::parse2(tokens)?);
    std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("edge.rs"), text)?;
    Ok(())
}
