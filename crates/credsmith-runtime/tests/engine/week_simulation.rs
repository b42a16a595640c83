//! A week of a busy client: a million requests, tokens of ten minutes, an endpoint that fails a
//! tenth of the time, and a machine that sleeps and has its clock set.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use credsmith_runtime::{
    BoxFuture, Clock, ManualClock, SecretString, TokenManager, TokenUpdateCallback, Transport,
    TransportError,
};
use http::{Request, Response};

use crate::runtimes::block_on;
use crate::support::*;

const REQUESTS: u32 = 1_000_000;
const WEEK: f64 = 604_800.0;
const LIFE: f64 = 600.0;

/// The lifetime less the clock skew, a fifth of the lifetime, and half of the jitter.
const INTERVAL: f64 = 600.0 - 30.0 - 120.0 - 30.0;

/// An endpoint that records the times of its tokens, in seconds of real time.
struct Flapping {
    world: World,
    issued: Mutex<Vec<f64>>,
    requests: AtomicU64,
    failures: AtomicU64,
}

impl Transport for Flapping {
    fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let response = if fastrand::u8(..10) == 0 {
            self.failures.fetch_add(1, Ordering::Relaxed);
            Response::builder().status(503).body(Bytes::new()).unwrap()
        } else {
            let mut issued = self.issued.lock().unwrap();
            issued.push(self.world.passed());
            let number = issued.len() - 1;
            let body = format!(r#"{{"access_token":"{number}","expires_in":{LIFE}}}"#);
            Response::new(body.into())
        };
        Box::pin(async { Ok(response) })
    }
}

/// The clock that the manager sees, and what has really happened to it.
#[derive(Clone)]
struct World {
    clock: ManualClock,
    /// Milliseconds that the machine slept, and that its clock was set ahead by.
    slept: Arc<AtomicU64>,
    ahead: Arc<AtomicU64>,
}

impl World {
    /// The seconds that have really passed.
    fn passed(&self) -> f64 {
        self.clock.monotonic().as_secs_f64() + milliseconds(&self.slept)
    }

    /// The seconds by which tokens have aged, as far as anyone inside can tell.
    fn aged(&self) -> f64 {
        self.passed() + milliseconds(&self.ahead)
    }

    fn happen(&self) {
        let length = Duration::from_millis(fastrand::u64(2_000..400_000));
        let millis = u64::try_from(length.as_millis()).unwrap();
        match fastrand::u8(..3) {
            0 => {
                self.slept.fetch_add(millis, Ordering::Relaxed);
                self.clock.suspend(length);
            }
            1 => {
                self.ahead.fetch_add(millis, Ordering::Relaxed);
                self.clock.set_wall(self.clock.wall() + length);
            }
            _ => self.clock.set_wall(self.clock.wall() - length),
        }
    }
}

fn milliseconds(counter: &AtomicU64) -> f64 {
    Duration::from_millis(counter.load(Ordering::Relaxed)).as_secs_f64()
}

#[test]
fn a_week_of_a_million_requests() {
    fastrand::seed(20_260_101);
    let world = World {
        clock: clock(),
        slept: Arc::default(),
        ahead: Arc::default(),
    };
    let endpoint = Arc::new(Flapping {
        world: world.clone(),
        issued: Mutex::default(),
        requests: AtomicU64::new(0),
        failures: AtomicU64::new(0),
    });
    let told = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&told);
    let transport: Arc<dyn Transport> = Arc::<Flapping>::clone(&endpoint);
    let manager = TokenManager::builder("acme_oauth")
        .token_url("https://acme.example/token")
        .client_id("id")
        .client_secret(SecretString::from("secret"))
        .transport(transport)
        .clock(Arc::new(world.clock.clone()))
        .on_token_update(TokenUpdateCallback::new(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        }))
        .build()
        .unwrap();

    let (mut required, mut due, mut unserved) = (0.0, 0.0, 0);
    for _ in 0..REQUESTS {
        world.clock.advance(Duration::from_secs_f64(
            fastrand::f64() * 2.0 * WEEK / f64::from(REQUESTS),
        ));
        if fastrand::u32(..10_000) == 0 {
            world.happen();
        }
        if world.aged() >= due {
            required += 1.0;
            due = world.aged() + INTERVAL;
        }
        let Ok(value) = block_on(manager.authorization()) else {
            unserved += 1;
            continue;
        };
        let number = value.to_str().unwrap().strip_prefix("Bearer ").unwrap();
        let issued = endpoint.issued.lock().unwrap()[number.parse::<usize>().unwrap()];
        assert!(
            world.passed() < issued + LIFE,
            "request with a token that expired {} s ago",
            world.passed() - issued - LIFE
        );
    }

    let requests = endpoint.requests.load(Ordering::Relaxed);
    let failures = endpoint.failures.load(Ordering::Relaxed);
    let issued = endpoint.issued.lock().unwrap().len() as u64;
    println!(
        "{requests} token requests, {failures} failed; {issued} tokens, {required} required; {unserved} requests not served"
    );
    assert!(world.passed() > WEEK * 0.99, "{} s", world.passed());
    assert_eq!(requests, issued + failures);
    assert_eq!(manager.statistics().refreshes, issued, "no token is lost");
    assert_eq!(told.load(Ordering::Relaxed), issued);
    assert!(unserved < 200, "{unserved} requests were not served");
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let off = (issued as f64 - required).abs() / required;
    assert!(off < 0.01, "{issued} tokens, {required} required");
}
