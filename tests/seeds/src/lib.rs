//! Modules and pages of all specs, those of the seed systems first, and a demonstration of what
//! they do.
//!
//! The modules come from the build script, or from a folder that `cargo xtask demo` filled. Every
//! Rust block of every page is compiled here, inside a harness that adds what a reader has by then.

pub mod demo;
mod signing;

/// Calls every getter that the page of a scheme names, and says which they are.
pub type Getters = fn() -> Vec<&'static str>;

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

            #[allow(missing_docs, clippy::missing_errors_doc)]
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

                pub(super) fn save_in_session(_: String) {}

                pub(super) fn load_from_session() -> String {
                    String::new()
                }

                pub(super) fn redirect_to(_: &str) {}

                pub(super) fn callback_url() -> String {
                    String::new()
                }

                pub(super) async fn open_browser(url: &str) -> String {
                    url.to_owned()
                }
            }
        }
    };
}

sdk!(acme_external, acme, "acme-external", WarehouseManager);
sdk!(everything, everything, "everything", EverythingClient);
sdk!(github, github, "github", GitHubClient);
sdk!(google, google, "google", GoogleClient);
sdk!(
    multiauthsample,
    multiauthsample,
    "multiauthsample",
    MultiauthsampleClient
);
sdk!(notion, notion, "notion", NotionClient);
sdk!(paypal, paypalserversdk, "paypal", PaypalServersdkClient);
sdk!(slack, slack, "slack", SlackClient);
sdk!(spotify, spotify, "spotify", SpotifyClient);
sdk!(stripe, stripe, "stripe", StripeClient);
sdk!(twilio, twilio, "twilio", TwilioClient);
sdk!(verizon_edge, verizon, "verizon-edge", VerizonClient);
sdk!(
    verizon_thingspace,
    verizon,
    "verizon-thingspace",
    VerizonClient
);
