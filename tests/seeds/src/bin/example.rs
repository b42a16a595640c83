//! Runs the complete example of a page, as a reader would: `example SPEC`.

use std::error::Error;

use credsmith_seeds::{multiauthsample, paypal, verizon_edge, verizon_thingspace};

fn main() -> Result<(), Box<dyn Error>> {
    match std::env::args().nth(1).as_deref() {
        Some("multiauthsample") => multiauthsample::pages::o_auth_ccg::complete(),
        Some("paypal") => paypal::pages::o_auth_2::complete(),
        Some("verizon-edge") => verizon_edge::pages::oauth_2::complete(),
        Some("verizon-thingspace") => verizon_thingspace::pages::thingspace_oauth_1::complete(),
        _ => Err("usage: example SPEC".into()),
    }
}
