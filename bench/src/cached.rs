//! What a call costs that yields a header value from a valid cached token.
//!
//! All rows are measured in turn, in each round in another order, so that what else the machine does
//! meets them alike. A sample is the wall time of a few thousand calls; the figure is wall time times the
//! threads that could run at once, by the number of calls.

use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use tokio::runtime::{Builder, Runtime};

use crate::endpoint::Endpoint;
use crate::peers::{Kind, Subject, version};

/// Rounds, each with one sample of every row and way.
pub(crate) const ROUNDS: usize = 51;

/// What one sample is to take, as far as a call's time is known: short, so that some samples have the
/// machine for themselves.
const SAMPLE: Duration = Duration::from_millis(4);

/// The attempts of which the shortest says how long a number of calls takes.
const CALIBRATIONS: usize = 5;

/// Ways of calling.
#[derive(Clone, Copy)]
pub(crate) enum Way {
    OneThread,
    TwoThreads,
    EightTasks,
}

pub(crate) const WAYS: [Way; 3] = [Way::OneThread, Way::TwoThreads, Way::EightTasks];

impl Way {
    /// Callers, and the threads they have.
    fn callers_and_threads(self) -> (usize, usize) {
        match self {
            Self::OneThread => (1, 1),
            Self::TwoThreads => (2, 2),
            Self::EightTasks => (8, WORKERS),
        }
    }
}

/// The parts of a task's calls, between which it lets others run.
const SLICES: usize = 16;

/// The threads of the runtime that the eight tasks share.
const WORKERS: usize = 2;

/// The figures of one row: nanoseconds per call, by way and round.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    pub(crate) kind: Kind,
    pub(crate) samples: [Vec<f64>; WAYS.len()],
}

/// All rows, before they are measured.
pub(crate) struct Samplers {
    runtime: Arc<Runtime>,
    samplers: Vec<Sampler>,
}

struct Sampler {
    row: Row,
    settle: Box<dyn Fn() -> Result<()>>,
    measure: Box<dyn Fn(Way, usize) -> Result<Duration>>,
    calls: [usize; WAYS.len()],
}

impl Samplers {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            runtime: Arc::new(pinned_runtime()?),
            samplers: Vec::new(),
        })
    }

    /// Builds a row's object and gives it its token.
    pub(crate) fn add<S: Subject>(&mut self) -> Result<()> {
        let runtime = Arc::clone(&self.runtime);
        let (first, then) = S::answers();
        let endpoint = Endpoint::new(None, first, then);
        let subject = runtime
            .block_on(async {
                let subject = S::build(&endpoint).await?;
                subject.calls(1).await?;
                Ok::<_, anyhow::Error>(subject)
            })
            .with_context(|| S::NAME)?;
        let settle = {
            let (runtime, subject) = (Arc::clone(&runtime), subject.clone());
            move || runtime.block_on(subject.settle()).context(S::NAME)
        };
        let measure = move |way, count| {
            let time = measure(&runtime, &subject, way, count).with_context(|| S::NAME)?;
            // The endpoint lives as long as what asks it.
            black_box(&endpoint);
            Ok(time)
        };
        self.samplers.push(Sampler {
            row: Row {
                name: S::NAME,
                version: version(S::PACKAGE),
                kind: S::KIND,
                samples: [const { Vec::new() }; WAYS.len()],
            },
            settle: Box::new(settle),
            measure: Box::new(measure),
            calls: [0; WAYS.len()],
        });
        Ok(())
    }

    /// Measures all rows.
    pub(crate) fn run(mut self) -> Result<Vec<Row>> {
        for sampler in &self.samplers {
            (sampler.settle)()?;
        }
        for sampler in &mut self.samplers {
            sampler.calibrate()?;
        }
        let count = self.samplers.len();
        for round in 0..ROUNDS {
            if round % 10 == 0 {
                eprintln!("cached token: round {} of {ROUNDS}", round + 1);
            }
            for index in 0..count {
                self.samplers[(index + round) % count].sample()?;
            }
        }
        Ok(self
            .samplers
            .into_iter()
            .map(|sampler| sampler.row)
            .collect())
    }
}

impl Sampler {
    /// Finds how many calls make a sample; warms up on the way.
    fn calibrate(&mut self) -> Result<()> {
        for (way, calls) in WAYS.into_iter().zip(&mut self.calls) {
            *calls = 200;
            loop {
                // One that was interrupted would make all samples too short, and tasks cost more than their calls.
                let times = (0..CALIBRATIONS).map(|_| (self.measure)(way, *calls));
                let times: Result<Vec<_>> = times.collect();
                let time = times?.into_iter().min().unwrap_or_default();
                if time >= SAMPLE / 4 {
                    let factor = SAMPLE.as_secs_f64() / time.as_secs_f64();
                    *calls = scaled(*calls, factor);
                    break;
                }
                *calls *= 3;
            }
        }
        Ok(())
    }

    fn sample(&mut self) -> Result<()> {
        let rows = WAYS.into_iter().zip(self.calls).zip(&mut self.row.samples);
        for ((way, calls), samples) in rows {
            let time = (self.measure)(way, calls)?;
            let (callers, threads) = way.callers_and_threads();
            let cores = thread::available_parallelism()?.get();
            let at_once = f64::from(u32::try_from(threads.min(cores))?);
            let all_calls = f64::from(u32::try_from(calls * callers)?);
            samples.push(time.as_secs_f64() * 1e9 * at_once / all_calls);
        }
        Ok(())
    }
}

fn scaled(calls: usize, factor: f64) -> usize {
    let factor = Duration::from_secs_f64(factor).as_millis();
    calls * usize::try_from(factor).unwrap_or(1_000) / 1_000 + 1
}

/// The wall time of `count` calls by each caller.
fn measure<S: Subject>(runtime: &Runtime, subject: &S, way: Way, count: usize) -> Result<Duration> {
    match way {
        Way::OneThread => on_threads(subject, 1, count),
        Way::TwoThreads => on_threads(subject, 2, count),
        Way::EightTasks => runtime.block_on(as_tasks(subject, 8, count)),
    }
}

/// Each thread has a runtime of its own; the time is from the first start to the last end.
fn on_threads<S: Subject>(subject: &S, threads: usize, count: usize) -> Result<Duration> {
    let barrier = Arc::new(Barrier::new(threads));
    let started: Vec<_> = (0..threads)
        .map(|index| {
            let (subject, barrier) = (subject.clone(), Arc::clone(&barrier));
            thread::spawn(move || {
                pin(index);
                let runtime = Builder::new_current_thread().enable_all().build()?;
                barrier.wait();
                let begun = Instant::now();
                runtime.block_on(subject.calls(count))?;
                Ok::<_, anyhow::Error>((begun, Instant::now()))
            })
        })
        .collect();
    let mut times = Vec::new();
    for thread in started {
        times.push(thread.join().map_err(|_| anyhow!("a thread panicked"))??);
    }
    let begun = times.iter().map(|time| time.0).min();
    let ended = times.iter().map(|time| time.1).max();
    begun
        .zip(ended)
        .map(|(begun, ended)| ended - begun)
        .context("no thread was measured")
}

async fn as_tasks<S: Subject>(subject: &S, tasks: usize, count: usize) -> Result<Duration> {
    let begun = Instant::now();
    let started: Vec<_> = (0..tasks)
        .map(|_| {
            let subject = subject.clone();
            tokio::spawn(async move {
                // Tasks that never wait stay where they began, and one worker may end up with more
                // of them than the other.
                for _ in 0..SLICES {
                    subject.calls(count.div_ceil(SLICES)).await?;
                    tokio::task::yield_now().await;
                }
                Ok::<_, anyhow::Error>(())
            })
        })
        .collect();
    for task in started {
        task.await??;
    }
    Ok(begun.elapsed())
}

/// Keeps this thread on one core: the scheduler may leave two new threads on the same one for longer
/// than a sample takes. Where it cannot be done, it is left.
fn pin(index: usize) {
    let Ok(allowed) = sched_getaffinity(None) else {
        return;
    };
    let allowed: Vec<_> = (0..CpuSet::MAX_CPU)
        .filter(|&core| allowed.is_set(core))
        .collect();
    if let Some(&core) = allowed.get(index % allowed.len().max(1)) {
        let mut only = CpuSet::new();
        only.set(core);
        let _ = sched_setaffinity(None, &only);
    }
}

/// The runtime of the eight tasks, each worker on a core of its own.
fn pinned_runtime() -> Result<Runtime> {
    let started = AtomicUsize::new(0);
    Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .on_thread_start(move || pin(started.fetch_add(1, Ordering::Relaxed)))
        .enable_all()
        .build()
        .context("there is no runtime")
}

/// The runtime of a herd.
pub(crate) fn runtime() -> Result<Runtime> {
    Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()
        .context("there is no runtime")
}

/// The smallest sample and the median.
pub(crate) fn smallest_and_median(samples: &[f64]) -> (f64, f64) {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN);
    (sorted.first().copied().unwrap_or(f64::NAN), median)
}
