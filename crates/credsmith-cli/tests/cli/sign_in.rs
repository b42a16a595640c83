//! `credsmith token` where a user takes part, played here, and for the other grants.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use credsmith_token_server::TokenServer;
use tempfile::TempDir;

/// A spec with a scheme for each grant, all at one server.
struct Acme {
    server: TokenServer,
    folder: TempDir,
}

impl Acme {
    fn new() -> Self {
        let server = TokenServer::start_blocking();
        server.register_client("cli", "hush-hush");
        server.register_user("ada", "lovelace");
        server.register_subject_token("a subject's token");
        server.set_device_interval(0);
        let folder = tempfile::tempdir().unwrap();
        let spec = format!(
            "credsmith: 1\nsdk: {{ name: Acme }}\nschemes:\n\
             \x20 code: {{ type: oauth2, grant: authorization_code, token_url: '{token}', authorization_url: '{authorization}' }}\n\
             \x20 found: {{ type: oauth2, grant: authorization_code, issuer: '{issuer}' }}\n\
             \x20 device: {{ type: oauth2, grant: device_code, token_url: '{token}', device_authorization_url: '{device}' }}\n\
             \x20 moved: {{ type: oauth2, grant: authorization_code, token_url: '{gone}', authorization_url: '{gone}' }}\n\
             \x20 away: {{ type: oauth2, grant: device_code, token_url: '{gone}', device_authorization_url: '{gone}' }}\n\
             \x20 user: {{ type: oauth2, grant: password, token_url: '{token}' }}\n\
             \x20 other: {{ type: oauth2, grant: token_exchange, token_url: '{token}' }}\n\
             \x20 json: {{ type: oauth2, grant: password, token_url: '{token}', token_request_format: json }}\n\
             \x20 page: {{ type: oauth2, grant: implicit, authorization_url: '{authorization}' }}\n\
             \x20 basic: {{ type: basic }}\n",
            token = server.token_url(),
            authorization = server.authorization_url(),
            device = server.device_authorization_url(),
            issuer = server.issuer(),
            gone = "http://127.0.0.1:9/gone",
        );
        std::fs::write(folder.path().join("acme.yaml"), spec).unwrap();
        Self { server, folder }
    }

    fn spec(&self) -> PathBuf {
        self.folder.path().join("acme.yaml")
    }

    fn token(&self, scheme: &str, more: &[&str]) -> Running {
        let mut command = Command::new(env!("CARGO_BIN_EXE_credsmith"));
        command.arg("token").arg(self.spec()).arg(scheme).args(more);
        let prefix = format!("ACME_{}_OAUTH", scheme.to_uppercase());
        for (field, value) in [
            ("CLIENT_ID", "cli"),
            ("CLIENT_SECRET", "hush-hush"),
            ("USERNAME", "ada"),
            ("PASSWORD", "lovelace"),
            ("SUBJECT_TOKEN", "a subject's token"),
        ] {
            command.env(format!("{prefix}_{field}"), value);
        }
        command.stdin(Stdio::piped());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let words = BufReader::new(child.stderr.take().unwrap());
        Running { child, words }
    }
}

struct Running {
    child: Child,
    words: BufReader<std::process::ChildStderr>,
}

impl Running {
    /// Reads what the command says, up to the line that begins like this; its rest.
    fn heard(&mut self, beginning: &str) -> String {
        let mut line = String::new();
        while self.words.read_line(&mut line).unwrap() > 0 {
            if let Some(rest) = line.trim_end().strip_prefix(beginning) {
                return rest.to_owned();
            }
            line.clear();
        }
        panic!("it did not say `{beginning}`");
    }

    /// Exit code, stdout, and the rest of what it said.
    fn ended(mut self) -> (Option<i32>, String, String) {
        let (mut data, mut words) = (String::new(), String::new());
        self.words.read_to_string(&mut words).unwrap();
        let status = self.child.wait().unwrap();
        let mut stdout = self.child.stdout.take().unwrap();
        stdout.read_to_string(&mut data).unwrap();
        (status.code(), data, words)
    }
}

/// One request, as a browser sends it; the head of the response.
fn get(url: &str) -> String {
    let rest = url.strip_prefix("http://").unwrap();
    let (address, target) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET /{target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Where the authorization endpoint sends the browser.
fn location(url: &str) -> String {
    let answer = get(url);
    let line = answer.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("location").then_some(value)
    });
    line.unwrap_or_else(|| panic!("{answer}")).to_owned()
}

#[test]
fn the_browser_brings_the_code_to_this_machine() {
    let acme = Acme::new();
    for scheme in ["code", "found"] {
        let mut running = acme.token(scheme, &[]);
        let url = "http".to_owned() + &running.heard("http");
        assert!(url.contains("code_challenge_method=S256"), "{url}");
        let callback = location(&url);
        // A page that knows the port, and not the state.
        let forged = format!(
            "{}?code=forged&state=guessed",
            callback.split('?').next().unwrap()
        );
        assert!(get(&forged).starts_with("HTTP/1.1 200"));
        running.heard("an answer to another request was ignored");
        assert!(get(&callback).contains("You can close this window"));
        let (code, data, words) = running.ended();
        assert_eq!(code, Some(0), "{scheme}: {words}");
        assert!(data.contains("there is a refresh token"), "{data}");
        for token in acme.server.issued_tokens() {
            assert!(!data.contains(&token) && !words.contains(&token), "{data}");
        }
    }
}

#[test]
fn a_user_who_says_no_and_one_who_never_comes_end_it() {
    let acme = Acme::new();
    acme.server.set_user_consents(false);
    let mut running = acme.token("code", &[]);
    let url = "http".to_owned() + &running.heard("http");
    let page = get(&location(&url));
    let m06 = "The sign-in has failed: the user's sign-in of code: the authorization server answered access_denied";
    assert!(page.contains(m06), "{page}");
    let (code, _, words) = running.ended();
    assert_eq!(code, Some(1), "{words}");
    let m03 = words.matches("answered access_denied").count();
    assert_eq!(m03, 1, "{words}");

    let (code, _, words) = acme.token("code", &["--timeout", "0"]).ended();
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains("--timeout waits longer"), "{words}");
}

#[test]
fn m04_a_denial_without_a_state_ends_it_at_once() {
    let acme = Acme::new();
    let mut running = acme.token("code", &[]);
    let callback = location(&("http".to_owned() + &running.heard("http")));
    let (place, _) = callback.split_once('?').unwrap();
    let page = get(&format!(
        "{place}?error=access_denied&error_description=%3Cb%3Eno"
    ));
    assert!(
        page.contains("answered access_denied: &lt;b&gt;no"),
        "{page}"
    );
    let (code, _, words) = running.ended();
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains("answered access_denied: <b>no"), "{words}");
}

#[test]
fn m05_a_url_that_is_not_whole_says_what_is_missing() {
    let acme = Acme::new();
    let uri = "https://app.example/callback";
    for (pasted, missing) in [
        ("", "the callback URL is empty"),
        (
            "SplxlOBeZQQYbYS6WxSbIA",
            "the callback URL has no parameters",
        ),
        (
            "https://app.example/callback?code=c",
            "the callback URL has no `state`",
        ),
    ] {
        let mut running = acme.token("code", &["--redirect-uri", uri]);
        running.heard("then paste");
        writeln!(running.child.stdin.take().unwrap(), "{pasted}").unwrap();
        let (code, _, words) = running.ended();
        assert_eq!(code, Some(1), "{words}");
        assert!(words.contains(missing), "{words}");
    }
}

#[test]
fn a_redirect_uri_elsewhere_is_pasted() {
    let acme = Acme::new();
    let uri = "https://app.example/callback";
    let mut running = acme.token("code", &["--redirect-uri", uri]);
    let url = "http".to_owned() + &running.heard("http");
    running.heard("then paste");
    let callback = location(&url);
    assert!(callback.starts_with(uri), "{callback}");
    writeln!(running.child.stdin.take().unwrap(), "{callback}").unwrap();
    let (code, data, words) = running.ended();
    assert_eq!(code, Some(0), "{words}");
    assert!(data.contains("type     Bearer"), "{data}");

    let (code, _, words) = acme
        .token("code", &["--redirect-uri", "http://127.0.0.1/x"])
        .ended();
    assert_eq!(code, Some(2), "{words}");
    assert!(words.contains("127.0.0.1:PORT"), "{words}");
}

#[test]
fn g17_a_url_that_nobody_pastes_ends_with_the_time() {
    let acme = Acme::new();
    let uri = "https://app.example/callback";
    for seconds in ["0", "1"] {
        let began = Instant::now();
        let arguments = ["--redirect-uri", uri, "--timeout", seconds];
        // Its stdin stays open until it has ended.
        let (code, data, words) = acme.token("code", &arguments).ended();
        assert_eq!(code, Some(1), "{words}");
        let told = format!("no URL was pasted in {seconds} s; --timeout waits longer");
        assert!(words.contains(&told), "{words}");
        assert_eq!(data, "");
        let took = began.elapsed();
        assert!(took < Duration::from_secs(30), "{took:?}");
    }
}

#[test]
fn the_code_is_entered_on_another_device() {
    let acme = Acme::new();
    for consents in [true, false] {
        let mut running = acme.token("device", &[]);
        running.heard("open http://");
        let user_code = running.heard("enter ");
        assert!(acme.server.decide_for_device(&user_code, consents));
        let (code, data, words) = running.ended();
        if consents {
            assert_eq!(code, Some(0), "{words}");
            assert!(data.contains("type     Bearer"), "{data}");
        } else {
            assert_eq!(code, Some(1), "{data}");
            assert!(words.contains("access_denied"), "{words}");
        }
    }
}

#[test]
fn a_code_that_nobody_enters_ends_with_the_time() {
    let acme = Acme::new();
    for seconds in ["0", "1"] {
        let began = Instant::now();
        let (code, data, words) = acme.token("device", &["--timeout", seconds]).ended();
        assert_eq!(code, Some(1), "{words}");
        let told = format!("nobody entered the code in {seconds} s; --timeout waits longer");
        assert!(words.contains(&told), "{words}");
        assert_eq!(data, "");
        // The server's codes are good for minutes.
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "{:?}",
            began.elapsed()
        );
    }
}

#[test]
fn endpoints_can_be_others_than_those_of_the_spec() {
    let acme = Acme::new();
    let token_url = acme.server.token_url();
    let authorization_url = acme.server.authorization_url();
    let others = [
        "--token-url",
        &token_url,
        "--authorization-url",
        &authorization_url,
    ];
    let mut running = acme.token("moved", &others);
    let url = "http".to_owned() + &running.heard("http");
    assert!(get(&location(&url)).contains("You can close this window"));
    let (code, data, words) = running.ended();
    assert_eq!(code, Some(0), "{words}");
    assert!(data.contains("type     Bearer"), "{data}");

    let device = acme.server.device_authorization_url();
    let others = [
        "--token-url",
        &token_url,
        "--device-authorization-url",
        &device,
    ];
    let mut running = acme.token("away", &others);
    let user_code = running.heard("enter ");
    assert!(acme.server.decide_for_device(&user_code, true));
    let (code, data, words) = running.ended();
    assert_eq!(code, Some(0), "{words}");
    assert!(data.contains("type     Bearer"), "{data}");
}

#[test]
fn an_endpoint_that_the_grant_has_not_is_wrong_use() {
    let acme = Acme::new();
    for (scheme, option, home) in [
        ("device", "--authorization-url", "authorization_code"),
        ("user", "--authorization-url", "authorization_code"),
        ("code", "--device-authorization-url", "device_code"),
    ] {
        let (code, _, words) = acme.token(scheme, &[option, "http://127.0.0.1:9/"]).ended();
        assert_eq!(code, Some(2), "{words}");
        let told = format!("{option} belongs to the grant `{home}`, and `{scheme}` has");
        assert!(words.contains(&told), "{words}");
    }
    assert!(acme.server.token_requests().is_empty());
}

#[test]
fn grants_without_a_browser_need_the_environment_alone() {
    let acme = Acme::new();
    for scheme in ["user", "other"] {
        let (code, data, words) = acme.token(scheme, &[]).ended();
        assert_eq!(code, Some(0), "{scheme}: {words}");
        assert!(data.contains("type     Bearer"), "{data}");
        for secret in ["hush-hush", "lovelace", "a subject's token"] {
            assert!(!data.contains(secret) && !words.contains(secret), "{words}");
        }
    }
}

#[test]
fn a_server_that_wants_json_gets_it() {
    let acme = Acme::new();
    acme.server.set_takes_json(true);
    let (code, _, words) = acme.token("json", &[]).ended();
    assert_eq!(code, Some(0), "{words}");
    let (code, _, words) = acme.token("user", &[]).ended();
    assert_eq!(code, Some(1), "{words}");
}

#[test]
fn schemes_without_a_token_endpoint_say_so() {
    let acme = Acme::new();
    for (scheme, reason) in [
        ("basic", "are sent as they are"),
        ("page", "RFC 9700 section 2.1.2"),
    ] {
        let (code, _, words) = acme.token(scheme, &[]).ended();
        assert_eq!(code, Some(2), "{words}");
        assert!(words.contains(reason), "{words}");
    }
    assert!(acme.server.token_requests().is_empty());
}

#[test]
fn an_address_that_is_none_is_wrong_use() {
    let acme = Acme::new();
    let (code, _, words) = acme
        .token("user", &["--token-url", "ftp://127.0.0.1/"])
        .ended();
    assert_eq!(code, Some(2), "{words}");
    assert!(words.contains("\nerror: "), "{words}");
}
