//! One process with 1,000 managers, none of which has a token, and one caller for each.
//!
//! `managers TRANSPORT TOKEN_URL` lets all callers ask at the same moment, and prints as JSON how many were
//! served, how many threads the process had, and how much more memory was in use while all of them waited than
//! before they asked. The endpoint belongs to another process. Objects that
//! all managers share, such as the HTTP client, are made by another manager before anything is measured.

use std::alloc::System;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};
use bytes::Bytes;
use credsmith_runtime::{BoxFuture, TokenManager, Transport, TransportError, UreqTransport};
use http::{Request, Response};
use serde_json::json;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use tokio::runtime::Builder;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const MANAGERS: usize = 1_000;

/// The time until the handed-in transport answers. The endpoint takes the same.
const DELAY: Duration = Duration::from_millis(500);

/// Callers without an answer by then are not served.
const BOUND: Duration = Duration::from_secs(60);

/// The time between two looks at the process.
const INTERVAL: Duration = Duration::from_millis(5);

fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [transport, token_url] = &arguments[..] else {
        bail!("usage: managers default|handed_in|ureq TOKEN_URL");
    };
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let crowd = Crowd::new(transport, token_url)?;
    let figures = runtime.block_on(measure(&Arc::new(crowd)))?;
    println!("{figures}");
    Ok(())
}

/// The managers, and how many of their callers have come how far.
struct Crowd {
    warm_up: TokenManager,
    managers: Vec<TokenManager>,
    arrived: AtomicUsize,
    served: AtomicUsize,
    is_over: AtomicBool,
}

impl Crowd {
    fn new(transport: &str, token_url: &str) -> Result<Self> {
        let transport = transport_of(transport)?;
        let manager = || {
            let builder = TokenManager::builder("bench")
                .token_url(token_url)
                .client_id("id")
                .client_secret("secret".into());
            let builder = match &transport {
                Some(transport) => builder.transport(Arc::clone(transport)),
                None => builder,
            };
            builder.build()
        };
        let managers: Result<Vec<_>, _> = (0..MANAGERS).map(|_| manager()).collect();
        Ok(Self {
            warm_up: manager()?,
            managers: managers?,
            arrived: AtomicUsize::new(0),
            served: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
        })
    }

    fn requests(&self) -> u64 {
        let requests = |manager: &TokenManager| manager.statistics().token_requests;
        self.managers.iter().map(requests).sum()
    }

    /// Whether every manager has its request under way, and none has its token.
    fn all_wait(&self) -> bool {
        let is_nobody_served = || self.served.load(Ordering::SeqCst) == 0;
        let has_sent = |manager: &TokenManager| manager.statistics().token_requests > 0;
        is_nobody_served() && self.managers.iter().all(has_sent)
    }
}

/// The transport to hand in; none for the default one.
fn transport_of(name: &str) -> Result<Option<Arc<dyn Transport>>> {
    match name {
        "default" => Ok(None),
        "handed_in" => Ok(Some(Arc::new(Socketless))),
        "ureq" => Ok(Some(Arc::new(UreqTransport::new()))),
        _ => bail!("there is no transport {name}"),
    }
}

/// Answers each request after a while, without a socket: the memory in use meanwhile is the manager's.
struct Socketless;

impl Transport for Socketless {
    fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(async {
            sleep(DELAY).await;
            let body = json!({
                "access_token": "t".repeat(1_024),
                "token_type": "Bearer",
                "expires_in": 3_600,
            });
            Ok(Response::new(body.to_string().into()))
        })
    }

    fn may_block(&self) -> bool {
        false
    }
}

async fn measure(crowd: &Arc<Crowd>) -> Result<serde_json::Value> {
    crowd.warm_up.authorization().await?;
    let (gate, opened) = watch::channel(false);
    let callers: Vec<_> = (0..MANAGERS)
        .map(|index| caller(Arc::clone(crowd), index, opened.clone()))
        .collect();
    while crowd.arrived.load(Ordering::SeqCst) < MANAGERS {
        sleep(INTERVAL).await;
    }
    let watcher = {
        let (crowd, before) = (Arc::clone(crowd), bytes_in_use());
        thread::spawn(move || Seen::of(&crowd, before))
    };
    let asked = Instant::now();
    gate.send(true)?;
    let mut last = Duration::ZERO;
    for caller in callers {
        if let Some(answered) = caller.await? {
            last = last.max(answered - asked);
        }
    }
    crowd.is_over.store(true, Ordering::SeqCst);
    let seen = watcher
        .join()
        .map_err(|_| anyhow!("the watcher panicked"))?;
    Ok(json!({
        "count": MANAGERS,
        "requests": crowd.requests(),
        "served": crowd.served.load(Ordering::SeqCst),
        "last_ms": last.as_millis(),
        "threads": seen.threads,
        "bytes_each": seen.bytes.map(|bytes| bytes / MANAGERS),
    }))
}

/// The caller of one manager: its task exists before the bytes in use are counted. Returns when it was served.
fn caller(
    crowd: Arc<Crowd>,
    index: usize,
    mut opened: watch::Receiver<bool>,
) -> JoinHandle<Option<Instant>> {
    tokio::spawn(async move {
        crowd.arrived.fetch_add(1, Ordering::SeqCst);
        opened.wait_for(|is_open| *is_open).await.ok()?;
        let header = timeout(BOUND, crowd.managers[index].authorization()).await;
        header.ok()?.ok()?;
        crowd.served.fetch_add(1, Ordering::SeqCst);
        Some(Instant::now())
    })
}

/// The readings of the process until all callers have their answers.
#[derive(Default)]
struct Seen {
    /// The most threads at a time, the one that looks among them; unknown where the system does not tell.
    threads: Option<usize>,
    /// The most bytes beyond those in use before, while all wait. None if the first was served before the last
    /// had sent its request, as on a busy machine.
    bytes: Option<usize>,
}

impl Seen {
    fn of(crowd: &Crowd, before: usize) -> Self {
        let mut seen = Self::default();
        while !crowd.is_over.load(Ordering::SeqCst) {
            let bytes = bytes_in_use();
            // Asked afterwards: nobody had been served by then.
            if crowd.all_wait() {
                seen.bytes = seen.bytes.max(Some(bytes.saturating_sub(before)));
            }
            seen.threads = seen.threads.max(threads());
            thread::sleep(INTERVAL);
        }
        seen
    }
}

fn bytes_in_use() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

/// The threads of this process.
fn threads() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("Threads:"));
    line?.trim().parse().ok()
}
