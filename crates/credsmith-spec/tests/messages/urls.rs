//! Texts where a URL belongs.

use super::check;

/// Checks the URL of a token endpoint.
#[track_caller]
fn check_url(url: &str, message: &str, help: &str) {
    let text = format!(
        "credsmith: 1\nsdk: {{ name: Acme }}\nschemes:\n  acme:\n    type: oauth2\n    \
         grant: client_credentials\n    token_url: {url}\n"
    );
    check(&text, &[&format!("7:16 CS0203 {message} | {help}")]);
}

#[test]
fn of_what_is_nearly_a_url_the_url_is_shown() {
    for (url, meant) in [
        ("api.example.com/token", "https://api.example.com/token"),
        (
            "api.example.com:8443/token?a=b",
            "https://api.example.com:8443/token?…",
        ),
        ("//api.example.com/token", "https://api.example.com/token"),
        (
            "https:/api.example.com/token",
            "https://api.example.com/token",
        ),
        (
            "https//api.example.com/token",
            "https://api.example.com/token",
        ),
        ("localhost:8080/token", "http://localhost:8080/token"),
    ] {
        check_url(url, "the URL is not absolute", &format!("write `{meant}`"));
    }
    check_url(
        "htps://api.example.com/token",
        "the URL's scheme is neither `https` nor `http`",
        "write `https://api.example.com/token`",
    );
    check_url(
        "“https://api.example.com/token”",
        "a URL cannot hold '“'",
        "write `https://api.example.com/token`",
    );
}

#[test]
fn of_what_is_no_url_an_example_is_shown() {
    const EXAMPLE: &str = "write it whole, as in `https://api.example.com/oauth2/token`";
    for url in ["/oauth2/token", "token", "..", "a..b/token", ":", "https:"] {
        check_url(&format!("'{url}'"), "the URL is not absolute", EXAMPLE);
    }
    check_url("''", "the URL is empty", EXAMPLE);
    for authority in [
        "",
        "b%20c",
        "a~b",
        "a.example:0",
        "a.example:65536",
        "[::1]b",
    ] {
        let url = format!("https://{authority}/token");
        check_url(&url, "the URL has no valid host", EXAMPLE);
    }
    check_url(
        "ftp://api.example.com/token",
        "the URL's scheme is neither `https` nor `http`",
        EXAMPLE,
    );
    check_url(
        "https://api.example.com/my token",
        "a URL cannot hold ' '",
        "percent-encode it",
    );
}

#[test]
fn nothing_is_filled_into_a_url() {
    const HELP: &str = "write the URL itself: one for each of `sdk.environments` where they differ; the \
                        application can set another one when it makes its client";
    for (url, placeholder) in [
        ("${TOKEN_URL}", "${TOKEN_URL}"),
        ("$TOKEN_URL", "$TOKEN_URL"),
        ("https://${HOST}/token", "${HOST}"),
        ("https://$HOST/token", "$HOST"),
        ("https://{tenant}.example.com/token", "{tenant}"),
        ("https://api.example.com/<tenant>/token", "<tenant>"),
        ("'{{ token_url }}'", "{{ token_url }}"),
        ("'%TOKEN_URL%'", "%TOKEN_URL%"),
    ] {
        check_url(
            url,
            &format!("nothing is filled in for `{placeholder}`"),
            HELP,
        );
    }
}

#[test]
fn marks_that_a_url_may_hold_are_no_placeholders() {
    for url in [
        "https://api.example.com/$token",
        "https://api.example.com/a%20b?$c=%41",
    ] {
        check(
            &format!(
                "credsmith: 1\nsdk: {{ name: Acme }}\nschemes:\n  acme: {{ type: oauth2, \
                 grant: client_credentials, token_url: \"{url}\" }}\n"
            ),
            &[],
        );
    }
}
