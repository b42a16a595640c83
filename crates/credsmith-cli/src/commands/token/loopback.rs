//! The loopback redirect of native applications (RFC 8252 section 7.3): the browser brings the
//! server's answer to a port of this machine.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use credsmith_runtime::http::Uri;

/// No request line of a browser is longer.
const MAX_LINE: u64 = 16 << 10;

/// A browser opens connections ahead of time; one that stays silent is given up.
const PATIENCE: Duration = Duration::from_secs(10);

/// Waits for browsers on a port of this machine.
pub(super) struct Loopback {
    redirect_uri: String,
    arrivals: Receiver<Arrival>,
}

/// A browser that came back, and waits for a page.
pub(super) struct Arrival {
    callback_url: String,
    stream: TcpStream,
}

impl Arrival {
    /// The URL that the browser was sent to.
    pub(super) fn callback_url(&self) -> &str {
        &self.callback_url
    }

    /// Shows in the browser what has come of it.
    pub(super) fn show(self, outcome: &str) {
        let body = format!(
            "<!doctype html><title>credsmith</title><p>{}</p><p>You can close this window.</p>\n",
            escaped(outcome)
        );
        // A browser that has gone misses nothing that the terminal does not say.
        let _ = respond(&self.stream, "200 OK", &body);
    }
}

impl Loopback {
    /// Listens where `redirect_uri` points, or else on a free port.
    pub(super) fn listen(redirect_uri: Option<&str>) -> Result<Self, String> {
        let (address, path) = match redirect_uri {
            Some(uri) => place(uri)?,
            None => (SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), "/".to_owned()),
        };
        let listener = TcpListener::bind(address)
            .map_err(|error| format!("cannot listen on {address} for the redirect: {error}"))?;
        let redirect_uri = match (redirect_uri, listener.local_addr()) {
            (Some(uri), _) => uri.to_owned(),
            (None, Ok(address)) => format!("http://{address}{path}"),
            (None, Err(error)) => return Err(format!("cannot listen for the redirect: {error}")),
        };
        let (sender, arrivals) = channel();
        let prefix = redirect_uri.clone();
        thread::spawn(move || accept(&listener, &path, &prefix, &sender));
        Ok(Self {
            redirect_uri,
            arrivals,
        })
    }

    /// Where the browser has to come.
    pub(super) fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// The next browser that comes until `deadline`.
    pub(super) fn next(&self, deadline: Instant) -> Option<Arrival> {
        let left = deadline.saturating_duration_since(Instant::now());
        self.arrivals.recv_timeout(left).ok()
    }
}

/// Address and path of a redirect URI on loopback.
fn place(uri: &str) -> Result<(SocketAddr, String), String> {
    let wrong = || {
        format!(
            "cannot wait at the redirect URI `{uri}`: it has to be `http://127.0.0.1:PORT/…` or `http://localhost:PORT/…`"
        )
    };
    let parsed: Uri = uri.parse().map_err(|_| wrong())?;
    let host = parsed.host().unwrap_or_default();
    let (Some("http"), Some(port)) = (parsed.scheme_str(), parsed.port_u16()) else {
        return Err(wrong());
    };
    let address = match host {
        "localhost" | "127.0.0.1" => SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        "[::1]" => SocketAddr::from((std::net::Ipv6Addr::LOCALHOST, port)),
        _ => return Err(wrong()),
    };
    Ok((address, parsed.path().to_owned()))
}

fn accept(listener: &TcpListener, path: &str, redirect_uri: &str, arrivals: &Sender<Arrival>) {
    for stream in listener.incoming().flatten() {
        let (path, redirect_uri) = (path.to_owned(), redirect_uri.to_owned());
        let arrivals = arrivals.clone();
        thread::spawn(move || {
            if let Some(query) = query(&stream, &path) {
                // Nobody waits any more where this fails.
                let _ = arrivals.send(Arrival {
                    callback_url: format!("{redirect_uri}?{query}"),
                    stream,
                });
            }
        });
    }
}

/// Reads one request; its query if it came to `path` with one. Any other is answered.
fn query(stream: &TcpStream, path: &str) -> Option<String> {
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let mut lines = BufReader::new(stream.take(MAX_LINE));
    let mut line = String::new();
    lines.read_line(&mut line).ok()?;
    let target = line.strip_prefix("GET ")?.split(' ').next()?;
    let query = target
        .split_once('?')
        .filter(|(at, _)| *at == path)
        .map(|(_, query)| query.to_owned());
    // The rest is read, so that closing the connection does not reset it under the answer.
    while lines.read_line(&mut line).is_ok_and(|read| read > 2) {}
    if query.is_none() {
        respond(stream, "404 Not Found", "").ok()?;
    }
    query
}

fn respond(mut stream: &TcpStream, status: &str, body: &str) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\ncache-control: no-store\r\nreferrer-policy: no-referrer\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes())
}

/// Text for a page: the server's words in it must not become markup.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(address: &str, target: &str) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        let request = format!("GET {target} HTTP/1.1\r\nhost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn a_browser_that_comes_to_the_redirect_uri_is_heard() {
        let loopback = Loopback::listen(None).unwrap();
        let address = loopback
            .redirect_uri()
            .split('/')
            .nth(2)
            .unwrap()
            .to_owned();
        // What browsers do besides: a connection ahead of time, and the icon.
        let _silent = TcpStream::connect(&address).unwrap();
        assert!(get(&address, "/favicon.ico").starts_with("HTTP/1.1 404 "));
        let browser = {
            let address = address.clone();
            thread::spawn(move || get(&address, "/?code=c0de&state=s"))
        };
        let deadline = Instant::now() + Duration::from_secs(5);
        let arrival = loopback.next(deadline).unwrap();
        let wanted = format!("http://{address}/?code=c0de&state=s");
        assert_eq!(arrival.callback_url(), wanted);
        arrival.show("it says <b>no</b> & goes");
        let page = browser.join().unwrap();
        assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
        let shown = "<p>it says &lt;b&gt;no&lt;/b&gt; &amp; goes</p>";
        assert!(page.contains(shown) && !page.contains("c0de"), "{page}");
        assert!(loopback.next(Instant::now()).is_none());
    }

    #[test]
    fn only_loopback_addresses_with_a_port_can_be_waited_at() {
        assert_eq!(
            place("http://localhost:8080/callback").unwrap(),
            ("127.0.0.1:8080".parse().unwrap(), "/callback".to_owned())
        );
        assert!(place("http://[::1]:8080/").is_ok());
        for wrong in [
            "https://127.0.0.1:8080/",
            "http://example.com:8080/",
            "http://127.0.0.1/",
            "urn:ietf:wg:oauth:2.0:oob",
            "not a uri",
        ] {
            let told = place(wrong).unwrap_err();
            assert!(
                told.contains(wrong) && told.contains("127.0.0.1:PORT"),
                "{told}"
            );
        }
    }
}
