//! The parts of a browser that plain forms need: cookies, redirects, and a user who agrees to everything.

use std::collections::BTreeMap;

use bytes::Bytes;
use credsmith_runtime::{ReqwestTransport, Transport};
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::{Request, Response};

/// The redirect URI of the application. Nothing listens there: the browser stops before it.
pub(crate) const REDIRECT_URI: &str = "https://app.example/cb";

/// Pages of one sign-in; more of them would be a circle.
const PAGES: usize = 20;

#[derive(Default)]
pub(crate) struct Browser {
    cookies: BTreeMap<String, String>,
}

impl Browser {
    /// Goes to `url` and fills in whatever is asked, until the server sends the browser back to the
    /// application or shows a page without a form. Returns that address, or that page.
    pub(crate) async fn visit(&mut self, url: &str) -> String {
        let mut address = url.to_owned();
        let mut form = None;
        for _ in 0..PAGES {
            let response = self.send(&address, form.take()).await;
            if let Some(target) = response.headers().get(LOCATION) {
                address = absolute(&address, target.to_str().unwrap());
                if address.starts_with(REDIRECT_URI) {
                    return address;
                }
                continue;
            }
            let page = String::from_utf8_lossy(response.body()).into_owned();
            assert!(response.status().is_success(), "{address}: {page}");
            let Some((action, filled)) = filled(&page) else {
                return page;
            };
            address = absolute(&address, &action);
            form = Some(filled);
        }
        panic!("no end of pages at {address}");
    }

    async fn send(&mut self, address: &str, form: Option<String>) -> Response<Bytes> {
        let cookies = self.cookies.iter();
        let cookies: Vec<_> = cookies
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = match form {
            Some(form) => Request::post(address)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(COOKIE, cookies.join("; "))
                .body(form.into()),
            None => Request::get(address)
                .header(COOKIE, cookies.join("; "))
                .body(Bytes::new()),
        };
        let transport = ReqwestTransport::new().unwrap();
        let response = transport.send(request.unwrap()).await.unwrap();
        for line in response.headers().get_all(SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        response
    }
}

/// The first form of a page, filled in: its action and its data.
fn filled(page: &str) -> Option<(String, String)> {
    let (_, rest) = page.split_once("<form")?;
    let (form, _) = rest.split_once("</form>")?;
    let mut fields = form_urlencoded::Serializer::new(String::new());
    for input in form.split("<input").skip(1) {
        let input = input.split('>').next().unwrap_or_default();
        let name = attribute(input, "name")?;
        let value = attribute(input, "value").unwrap_or_else(|| "whoever".to_owned());
        fields.append_pair(&name, &value);
    }
    let opening = form.split('>').next().unwrap_or_default();
    Some((attribute(opening, "action")?, fields.finish()))
}

fn attribute(element: &str, name: &str) -> Option<String> {
    let (_, rest) = element.split_once(&format!(" {name}=\""))?;
    Some(rest.split('"').next()?.replace("&amp;", "&"))
}

/// `target` as seen from `base`.
fn absolute(base: &str, target: &str) -> String {
    if target.contains("://") {
        return target.to_owned();
    }
    let uri: http::Uri = base.parse().unwrap();
    let origin = format!(
        "{}://{}",
        uri.scheme_str().unwrap(),
        uri.authority().unwrap()
    );
    format!("{origin}{target}")
}
