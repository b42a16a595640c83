//! Generates the API's authentication.

fn main() -> Result<(), credsmith_build::Error> {
    credsmith_build::compile("verizon-edge.yaml")
}
