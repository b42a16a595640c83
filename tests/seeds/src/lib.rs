//! The seed systems.
#![deny(warnings)]

macro_rules! sdk {
    ($name:ident, $stem:literal) => {
        #[doc = concat!("Generated from `specs/", $stem, ".yaml`.")]
        pub mod $name {
            include!(concat!(env!("OUT_DIR"), "/", $stem, "/mod.rs"));
        }
    };
}

sdk!(multiauthsample, "multiauthsample");
sdk!(paypal, "paypal");
sdk!(verizon_edge, "verizon-edge");
sdk!(verizon_thingspace, "verizon-thingspace");
