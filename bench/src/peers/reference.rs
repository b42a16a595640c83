//! Reference points: the least that can be done, and what one shared header value costs.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Result, ensure};
use http::HeaderValue;
use rustix::time::{ClockId, clock_gettime};

use super::{Kind, Subject, bearer};
use crate::endpoint::{Endpoint, token};

/// An atomic load, and a comparison with the coarse monotonic clock.
#[derive(Clone)]
pub(crate) struct Floor {
    deadline: Arc<AtomicI64>,
}

impl Subject for Floor {
    const NAME: &'static str = "floor: atomic load, coarse clock compare";
    const PACKAGE: &'static str = "";
    const KIND: Kind = Kind::Floor;
    type State = ();
    type Value = bool;
    type Error = anyhow::Error;

    async fn build(_: &Endpoint) -> Result<Self> {
        let now = clock_gettime(ClockId::MonotonicCoarse);
        Ok(Self {
            deadline: Arc::new(AtomicI64::new(now.tv_sec + 3_600)),
        })
    }

    fn state(&self) -> Result<()> {
        Ok(())
    }

    async fn header(&self, (): &mut ()) -> Result<bool> {
        let now = clock_gettime(ClockId::MonotonicCoarse);
        let lives = now.tv_sec < self.deadline.load(Ordering::Acquire);
        ensure!(lives, "an hour has passed");
        Ok(lives)
    }
}

/// A clone of one header value, whose reference count all share.
#[derive(Clone)]
pub(crate) struct SharedHeader {
    header: Arc<HeaderValue>,
}

impl Subject for SharedHeader {
    const NAME: &'static str = "clone of one `HeaderValue`, shared count";
    const PACKAGE: &'static str = "";
    const KIND: Kind = Kind::Reference;
    type State = ();
    type Value = HeaderValue;
    type Error = Infallible;

    async fn build(_: &Endpoint) -> Result<Self> {
        // A value made from a vector counts its references; one from a static text does not.
        let header = bearer(&token())?;
        drop(header.clone());
        Ok(Self {
            header: Arc::new(header),
        })
    }

    fn state(&self) -> Result<()> {
        Ok(())
    }

    async fn header(&self, (): &mut ()) -> Result<HeaderValue, Infallible> {
        Ok(HeaderValue::clone(&self.header))
    }
}
