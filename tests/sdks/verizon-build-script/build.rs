//! Generates the modules of the spec.

fn main() -> Result<(), credsmith_build::Error> {
    credsmith_build::compile("specs/verizon-thingspace.yaml")
}
