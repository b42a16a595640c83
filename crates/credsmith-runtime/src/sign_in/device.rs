//! The device authorization response (RFC 8628 section 3.2).

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::MASK;

/// A user's sign-in on another device: the code for the user, and the page to enter it on.
///
/// It can be serialized, so that another process can poll. The serialized form contains the device code, which is
/// secret. `Debug` shows neither of the codes.
#[derive(Clone)]
pub struct DeviceSignIn {
    pub(crate) device_code: SecretString,
    pub(crate) user_code: String,
    pub(crate) verification_uri: String,
    pub(crate) verification_uri_complete: Option<String>,
    pub(crate) expires_at: SystemTime,
    pub(crate) interval: Duration,
}

impl DeviceSignIn {
    /// Returns the code to show to the user.
    pub fn user_code(&self) -> &str {
        &self.user_code
    }

    /// Returns the URL of the page on which the user enters the code, on any device.
    pub fn verification_uri(&self) -> &str {
        &self.verification_uri
    }

    /// Returns the URL of the same page with the code filled in, for a link or a QR code, if the server has one. Show
    /// the user code beside it (RFC 8628 section 3.3.1).
    pub fn verification_uri_complete(&self) -> Option<&str> {
        self.verification_uri_complete.as_deref()
    }

    /// Returns the time at which the codes expire, in UTC.
    pub fn expires_at(&self) -> SystemTime {
        self.expires_at
    }

    /// Returns the time between two polls.
    pub fn interval(&self) -> Duration {
        self.interval
    }
}

impl fmt::Debug for DeviceSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceSignIn")
            .field("device_code", &MASK)
            .field("user_code", &MASK)
            .field("verification_uri", &self.verification_uri)
            .field("expires_at", &unix_seconds(self.expires_at))
            .field("interval", &self.interval)
            .finish_non_exhaustive()
    }
}

/// The serialized form: the members of RFC 8628, with the time of expiry in place of `expires_in`.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    device_code: Cow<'a, str>,
    user_code: Cow<'a, str>,
    verification_uri: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    verification_uri_complete: Option<Cow<'a, str>>,
    expires_at: u64,
    interval: u64,
}

impl Serialize for DeviceSignIn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Stored {
            device_code: self.device_code.expose_secret().into(),
            user_code: self.user_code().into(),
            verification_uri: self.verification_uri().into(),
            verification_uri_complete: self.verification_uri_complete().map(Into::into),
            expires_at: unix_seconds(self.expires_at),
            interval: self.interval.as_secs(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for DeviceSignIn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        let expires_at = UNIX_EPOCH.checked_add(Duration::from_secs(stored.expires_at));
        let expires_at =
            expires_at.ok_or_else(|| serde::de::Error::custom("`expires_at` is out of range"))?;
        Ok(Self {
            device_code: stored.device_code.into_owned().into(),
            user_code: stored.user_code.into_owned(),
            verification_uri: stored.verification_uri.into_owned(),
            verification_uri_complete: stored.verification_uri_complete.map(Cow::into_owned),
            expires_at,
            interval: Duration::from_secs(stored.interval),
        })
    }
}

fn unix_seconds(moment: SystemTime) -> u64 {
    let since = moment.duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}
