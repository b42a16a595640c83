//! Every block of Rust on every page was compiled to get here; every getter is called, every link
//! followed.

use std::collections::BTreeSet;

use credsmith_seeds::{
    Getters, acme_external, everything, github, google, multiauthsample, notion, paypal, slack,
    spotify, stripe, twilio, verizon_edge, verizon_thingspace,
};

/// The pages of a spec.
struct Pages {
    sdk: &'static str,
    all: &'static [(&'static str, &'static str)],
    getters: &'static [(&'static str, Getters)],
    /// How many blocks of Rust were compiled.
    blocks: usize,
}

macro_rules! pages {
    ($($sdk:ident),*) => {
        [$(Pages {
            sdk: stringify!($sdk),
            all: $sdk::pages::ALL,
            getters: $sdk::pages::GETTERS,
            blocks: $sdk::pages::BLOCKS,
        }),*]
    };
}

const SDKS: [Pages; 13] = pages![
    acme_external,
    everything,
    github,
    google,
    multiauthsample,
    notion,
    paypal,
    slack,
    spotify,
    stripe,
    twilio,
    verizon_edge,
    verizon_thingspace
];

impl Pages {
    fn page(&self, name: &str) -> Option<&'static str> {
        let mut all = self.all.iter();
        all.find(|page| page.0 == name).map(|page| page.1)
    }
}

/// Getters as the page's table names them.
fn named(page: &str) -> BTreeSet<&str> {
    let (_, table) = page
        .split_once("| Name | Type | Description | Getter |")
        .unwrap();
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    rows.map(|row| row.rsplit('`').nth(1).unwrap()).collect()
}

#[test]
fn every_spec_has_its_pages_here() {
    let specs = std::fs::read_dir(env!("SPECS_DIR")).unwrap();
    let names = specs.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names = names.filter_map(|name| Some(name.strip_suffix(".yaml")?.replace('-', "_")));
    let here: BTreeSet<_> = SDKS.iter().map(|pages| pages.sdk.to_owned()).collect();
    assert_eq!(here, names.collect());
}

#[test]
fn every_getter_that_a_page_names_can_be_called() {
    for pages in SDKS {
        // All pages have getters but the index and the one on HTTP clients.
        assert_eq!(pages.getters.len() + 2, pages.all.len(), "{}", pages.sdk);
        for (name, getters) in pages.getters {
            let page = pages.page(name).unwrap();
            assert_eq!(named(page), getters().into_iter().collect(), "{name}");
        }
    }
}

#[test]
fn every_block_is_compiled() {
    for pages in SDKS {
        let printed = pages.all.iter();
        let printed: usize = printed
            .map(|(_, page)| page.matches("```rust\n").count())
            .sum();
        assert_eq!(printed, pages.blocks, "{}", pages.sdk);
    }
}

/// The blocks on tests, with what they assert, do what they say.
#[tokio::test]
async fn what_pages_show_for_tests_passes() {
    macro_rules! run {
        ($($sdk:ident $client:ident),*) => {$(
            let client = credsmith_seeds::$sdk::$client::builder().build().unwrap();
            let passed = $sdk::pages::in_tests(client).await.unwrap();
            assert_eq!(passed, $sdk::pages::GETTERS.len(), stringify!($sdk));
        )*};
    }
    run!(
        everything EverythingClient,
        github GitHubClient,
        google GoogleClient,
        multiauthsample MultiauthsampleClient,
        notion NotionClient,
        paypal PaypalServersdkClient,
        slack SlackClient,
        spotify SpotifyClient,
        stripe StripeClient,
        twilio TwilioClient,
        verizon_edge VerizonClient,
        verizon_thingspace VerizonClient
    );
}

#[test]
fn every_link_leads_somewhere() {
    let mut links = 0;
    for pages in SDKS {
        for (name, page) in pages.all {
            for target in targets(page) {
                links += 1;
                let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
                let other = match file {
                    "" => Some(*page),
                    file => file.strip_suffix(".md").and_then(|file| pages.page(file)),
                };
                let place = format!("{} of {}/{name}", target, pages.sdk);
                let other = other.unwrap_or_else(|| panic!("no page: {place}"));
                assert!(
                    anchor.is_empty() || anchors(other).contains(anchor),
                    "{place}"
                );
            }
        }
    }
    assert!(links > 150, "only {links} links were found");
}

fn targets(page: &str) -> Vec<&str> {
    let prose = page.split("```").step_by(2);
    let links = prose.flat_map(|prose| prose.split("](").skip(1));
    links.filter_map(|rest| rest.split(')').next()).collect()
}

/// The anchors of a page's headings: small letters, spaces to dashes, all else but letters, digits,
/// dashes and underscores gone.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter(|line| line.starts_with("##"));
    let texts = headings.map(|line| line.trim_start_matches('#').trim().to_lowercase());
    let kept = |text: String| -> String {
        let kept = text
            .chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    texts.map(kept).collect()
}

#[test]
fn everything_has_a_page_of_every_kind() {
    let titles: BTreeSet<_> = everything::pages::ALL
        .iter()
        .filter_map(|(_, page)| page.lines().find_map(|line| line.strip_prefix("# ")))
        .collect();
    let expected = [
        "API Keys",
        "Authentication with Everything",
        "Bearer Token",
        "Custom Signature",
        "HTTP Basic Authentication",
        "HTTP clients",
        "OAuth 2 Authorization Code Grant",
        "OAuth 2 Client Credentials Grant",
        "OAuth 2 Device Authorization Grant",
        "OAuth 2 Implicit Grant",
        "OAuth 2 JWT Bearer Grant",
        "OAuth 2 Password Grant",
        "OAuth 2 Token Exchange",
    ];
    assert_eq!(titles, BTreeSet::from(expected));
}

#[test]
fn pages_of_retired_grants_say_what_retired_them() {
    let retired: Vec<_> = SDKS
        .iter()
        .flat_map(|pages| pages.all)
        .filter(|(_, page)| page.contains("> **Retired.** RFC 9700 section 2."))
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(retired, ["old_login", "old_website"]);
}

#[test]
fn the_index_lists_what_operations_need() {
    let index = everything::pages::INDEX;
    for row in [
        "| default | `execute` | [signIn](sign_in.md), or [service](service.md), or \
         [apiKey](api_key.md) and [httpBasic](http_basic.md), or [accessToken](access_token.md) |",
        "| devices: What televisions and loudspeakers call. | `execute_devices` | \
         [device](device.md), or [accessToken](access_token.md) and [signature](signature.md) |",
        "| health | `execute_health` | nothing |",
    ] {
        assert!(index.contains(row), "{row}\n{index}");
    }
    assert!(!paypal::pages::INDEX.contains("What operations need"));
    let default = index.find("client.execute(request)").unwrap();
    let devices = index.find("client.execute_devices(request)").unwrap();
    assert!(default < devices, "{index}");
    let only_default = github::pages::INDEX;
    assert!(
        only_default.contains("client.execute(request)"),
        "{only_default}"
    );
}

/// The rows of a table, cell by cell.
fn rows<'p>(page: &'p str, head: &str) -> Vec<Vec<&'p str>> {
    let table = page.split_once(head).map_or("", |(_, table)| table);
    let rows = table.lines().skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

/// The alternatives of all operations as the index lists them, each by the pages of its schemes.
fn alternatives(index: &str) -> Vec<BTreeSet<&str>> {
    let groups = rows(index, "| Operations | Sent with | Need |");
    let needs = groups.into_iter().flat_map(|row| row[2].split(", or "));
    needs
        .map(|all| targets(all).into_iter().collect())
        .collect()
}

/// The code of the first block behind a heading.
fn block<'p>(page: &'p str, heading: &str) -> &'p str {
    let (_, rest) = page.split_once(&format!("# {heading}\n")).unwrap();
    let (_, rest) = rest.split_once("```rust\n").unwrap();
    rest.split_once("\n```").unwrap().0
}

/// Whether the code sets the credentials of every scheme of one alternative.
fn is_complete(code: &str, alternatives: &[BTreeSet<&str>], setters: &[(&str, String)]) -> bool {
    let sets = |page: &&str| {
        let (_, setter) = setters.iter().find(|(of, _)| of == page).unwrap();
        code.contains(setter)
    };
    alternatives
        .iter()
        .any(|all| !all.is_empty() && all.iter().all(sets))
}

#[test]
fn what_pages_build_has_all_credentials_of_an_alternative() {
    let mut together = BTreeSet::new();
    for pages in SDKS {
        let index = pages.page("index").unwrap();
        let schemes = rows(
            index,
            "| Scheme | Kind | Credentials | Parameter of the client |",
        );
        let setters: Vec<_> = schemes
            .iter()
            .map(|row| {
                (
                    targets(row[0])[0],
                    format!(".{}(", row[3].trim_matches('`')),
                )
            })
            .collect();
        let alternatives = alternatives(index);
        for (page, _) in &setters {
            let (with, alone) = (
                alternatives.iter().any(|all| all.contains(page)),
                alternatives.contains(&BTreeSet::from([*page])),
            );
            if !with {
                continue;
            }
            if !alone {
                together.insert(*page);
            }
            let text = pages.page(page.trim_end_matches(".md")).unwrap();
            for heading in [
                "Initialize the client",
                "From the environment",
                "Complete example",
            ] {
                let code = block(text, heading);
                assert!(
                    is_complete(code, &alternatives, &setters),
                    "{}/{page}: {code}",
                    pages.sdk
                );
            }
        }
    }
    assert_eq!(
        together,
        BTreeSet::from(["api_key.md", "http_basic.md", "signature.md"])
    );
}

/// Tokens are renewed with what else the credentials hold, and those of two schemes are no copies of
/// one another.
#[test]
fn stored_tokens_stand_beside_credentials_and_in_files_of_their_own() {
    let mut stores = 0;
    for pages in SDKS {
        for (name, page) in pages.all {
            let Some((_, store)) = page.split_once("## Store and restore a token\n") else {
                continue;
            };
            stores += 1;
            let (_, stored) = store.split_once("With a stored token").unwrap();
            let (_, code) = stored.split_once("```rust\n").unwrap();
            let (code, _) = code.split_once("\n```").unwrap();
            assert!(code.contains("from_env()?.to_builder()"), "{name}: {code}");
            let file = format!("\"{name}_token.json\"");
            assert_eq!(page.matches(".json\"").count(), 4, "{name}");
            assert_eq!(page.matches(&file).count(), 4, "{name}");
        }
    }
    assert!(stores > 10, "only {stores} pages store tokens");
}
