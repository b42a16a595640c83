//! Modules and pages of all specs, those of the seed systems first, and a demonstration of what
//! they do.
//!
//! The modules come from the build script, or from a folder that `cargo xtask demo` filled. Every
//! Rust block of every page is compiled here, inside a harness that adds what a reader has by then.

pub mod demo;

/// An SDK: its modules, and its pages with all their Rust compiled.
macro_rules! sdk {
    ($module:ident, $name:ident, $stem:literal, $subject:ident) => {
        #[doc = concat!("Generated from `specs/", $stem, ".yaml`.")]
        pub mod $module {
            #[allow(clippy::doc_markdown, reason = "descriptions are the API's own words")]
            pub mod $name {
                #![doc = include_str!(concat!(
                                                                            env!("SEEDS_DIR"),
                                                                            "/modules/",
                                                                            $stem,
                                                                            "/overview.md"
                                                                        ))]

                include!(concat!(env!("SEEDS_DIR"), "/modules/", $stem, "/mod.rs"));
            }

            pub use $name::*;

            #[allow(missing_docs)]
            pub mod pages {
                type Subject = super::$subject;
                include!(concat!(env!("OUT_DIR"), "/", $stem, "-pages.rs"));
            }

            /// What the pages leave to the application.
            #[allow(dead_code, clippy::unused_async)]
            mod support {
                type Token = credsmith_runtime::Token;

                pub(super) async fn load_token_from_database() -> Option<Token> {
                    None
                }

                pub(super) async fn save_token_to_database(_: Token) -> Result<(), std::io::Error> {
                    Ok(())
                }
            }
        }
    };
}

sdk!(acme_external, acme, "acme-external", WarehouseManager);
sdk!(
    multiauthsample,
    multiauthsample,
    "multiauthsample",
    MultiauthsampleClient
);
sdk!(paypal, paypalserversdk, "paypal", PaypalServersdkClient);
sdk!(verizon_edge, verizon, "verizon-edge", VerizonClient);
sdk!(
    verizon_thingspace,
    verizon,
    "verizon-thingspace",
    VerizonClient
);
