//! The cost of a valid cached token: no allocation, little time, and no more of it with more callers.
//! The memory of a manager, in bytes.
//!
//! Times mean something in release builds only, on a machine that has nothing else to do:
//! `cargo test --release -p credsmith-runtime --test hot_path -- --ignored --nocapture`.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, which the allowance for tests does not cover"
)]

use std::future::pending;
use std::hint::black_box;
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use credsmith_runtime::{
    BoxFuture, SecretString, Token, TokenManager, TokenManagerBuilder, Transport, TransportError,
};
use http::header::AUTHORIZATION;
use http::{Request, Response};

/// A transport that is never called.
struct Unused;

impl Transport for Unused {
    fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        panic!("a cached token needs no request")
    }
}

fn token() -> Token {
    Token::new("x".repeat(1_024)).with_expires_in(Duration::from_secs(86_400))
}

fn builder(transport: &Arc<dyn Transport>) -> TokenManagerBuilder {
    TokenManager::builder("acme_oauth")
        .token_url("https://acme.example/oauth/token")
        .client_id("the-client-id")
        .client_secret(SecretString::from("the-client-secret"))
        .transport(Arc::clone(transport))
}

fn manager() -> TokenManager {
    let transport: Arc<dyn Transport> = Arc::new(Unused);
    builder(&transport).token(token()).build().unwrap()
}

/// The output of a future that is ready at once.
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a cached token is ready at once"),
    }
}

#[test]
fn a_cached_token_costs_no_allocation() {
    let manager = manager();
    let mut request = Request::get("https://api.acme.example/things")
        .body(())
        .unwrap();
    now(manager.authorize(&mut request)).unwrap();
    let counted = allocation_counter::measure(|| {
        for _ in 0..1_000 {
            black_box(manager.try_authorization().unwrap());
            black_box(now(manager.authorization()).unwrap());
            now(manager.authorize(&mut request)).unwrap();
        }
    });
    assert_eq!(counted.count_total, 0);
    assert!(request.headers()[AUTHORIZATION].is_sensitive());
}

/// A transport that is called once, and never responds.
struct Silent(Sender<()>);

impl Transport for Silent {
    fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        self.0.send(()).unwrap();
        Box::pin(pending())
    }
}

#[test]
fn a_call_during_a_refresh_ahead_of_time_costs_no_allocation_either() {
    let (asked, is_asked) = channel();
    let transport: Arc<dyn Transport> = Arc::new(Silent(asked));
    // After half of its lifetime, a token is refreshed ahead of time.
    let token = Token::new("x".repeat(1_024)).with_expires_in(Duration::from_secs(4));
    let manager = builder(&transport)
        .clock_skew(Duration::ZERO)
        .token(token)
        .build()
        .unwrap();
    let call = || {
        manager.try_authorization().unwrap();
        is_asked.try_recv().is_ok()
    };
    while !call() {
        std::thread::sleep(Duration::from_millis(10));
    }
    let counted = allocation_counter::measure(|| {
        for _ in 0..1_000 {
            black_box(manager.try_authorization().unwrap());
            black_box(now(manager.authorization()).unwrap());
        }
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn a_manager_takes_two_kibibytes_and_a_header_per_core() {
    const COUNT: usize = 10_000;
    let transport: Arc<dyn Transport> = Arc::new(Unused);
    let mut managers = Vec::with_capacity(COUNT);
    // Allocations that happen once per process do not count.
    drop(builder(&transport).token(token()).build().unwrap());
    let counted = allocation_counter::measure(|| {
        for _ in 0..COUNT {
            managers.push(builder(&transport).token(token()).build().unwrap());
        }
    });
    let cores = std::thread::available_parallelism().unwrap().get();
    // Beyond two cores, what surrounds the line of a header would hide what a manager takes.
    let around = 256 * cores.saturating_sub(2);
    let headers = cores * ("Bearer ".len() + 1_024) + around;
    let each = usize::try_from(counted.bytes_current).unwrap() / COUNT;
    println!("{each} bytes each, of which {headers} are header lines");
    assert!(
        each <= 2_048 + headers,
        "{each} bytes each, {headers} for headers"
    );
    assert_eq!(managers.len(), COUNT);
}

#[cfg(target_os = "linux")]
mod time {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::thread;
    use std::time::Instant;

    use rustix::time::{ClockId, clock_gettime};

    use super::*;

    const CALLS: u32 = 200_000;
    const ROUNDS: usize = 60;

    /// Nanoseconds per call on `threads` threads: the smallest of the rounds.
    fn on_threads(threads: u32, call: &(impl Fn() + Sync)) -> f64 {
        let rounds = (0..ROUNDS).map(|_| round(threads, call));
        rounds.fold(f64::INFINITY, f64::min)
    }

    fn round(threads: u32, call: &(impl Fn() + Sync)) -> f64 {
        let calls = CALLS / threads;
        let barrier = Barrier::new(threads as usize);
        let spans: Vec<(Instant, Instant)> = thread::scope(|scope| {
            let work = || {
                barrier.wait();
                let begun = Instant::now();
                for _ in 0..calls {
                    call();
                }
                (begun, Instant::now())
            };
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap())
                .collect()
        });
        let begun = spans.iter().map(|span| span.0).min().unwrap();
        let ended = spans.iter().map(|span| span.1).max().unwrap();
        per_call(ended - begun, threads, calls * threads)
    }

    fn per_call(wall: Duration, callers: u32, calls: u32) -> f64 {
        let cores = thread::available_parallelism().unwrap().get();
        let busy = f64::from(callers.min(u32::try_from(cores).unwrap()));
        wall.as_secs_f64() * 1e9 * busy / f64::from(calls)
    }

    /// The same for tasks on a runtime with a worker per core.
    fn on_tasks<F, Fut>(tasks: u32, call: F) -> f64
    where
        F: Fn() -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send,
    {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let calls = CALLS / tasks;
        let rounds = (0..ROUNDS).map(|_| {
            let begun = Instant::now();
            let spawned: Vec<_> = (0..tasks)
                .map(|_| {
                    let call = call.clone();
                    runtime.spawn(async move {
                        for _ in 0..calls {
                            call().await;
                        }
                    })
                })
                .collect();
            for task in spawned {
                runtime.block_on(task).unwrap();
            }
            per_call(begun.elapsed(), tasks, calls * tasks)
        });
        rounds.fold(f64::INFINITY, f64::min)
    }

    /// The least that any answer takes: is it still early enough?
    #[inline(never)]
    fn floor(end: &AtomicU64) -> bool {
        clock_gettime(ClockId::MonotonicCoarse)
            .tv_sec
            .unsigned_abs()
            < end.load(Ordering::Relaxed)
    }

    #[test]
    #[ignore = "times mean something in release builds on an idle machine only"]
    fn a_cached_token_costs_little_and_scales() {
        let end = AtomicU64::new(u64::MAX);
        let floor = on_threads(1, &|| {
            black_box(floor(&end));
        });
        let manager = manager();
        let quick = || drop(black_box(manager.try_authorization().unwrap()));
        let full = || drop(black_box(now(manager.authorization()).unwrap()));
        let shared: &'static TokenManager = Box::leak(Box::new(manager.clone()));
        let eight = on_tasks(8, move || async move {
            drop(black_box(shared.authorization().await.unwrap()));
        });
        let (quick_one, quick_two) = (on_threads(1, &quick), on_threads(2, &quick));
        let (full_one, full_two) = (on_threads(1, &full), on_threads(2, &full));
        println!("floor              {floor:6.1} ns");
        println!("try_authorization  {quick_one:6.1} ns, {quick_two:6.1} ns on 2 threads");
        println!("authorization      {full_one:6.1} ns, {full_two:6.1} ns on 2 threads");
        println!("                   {eight:6.1} ns with 8 tasks");
        assert!(quick_two <= 1.3 * quick_one && full_two <= 1.3 * full_one);
        assert!(eight <= 1.3 * full_one);
        // The floor is a few nanoseconds, and halves where the processor overlaps its rounds.
        let floor = floor.max(4.4);
        assert!(quick_one <= 8.0 * floor && full_one <= 12.0 * floor);
    }
}
