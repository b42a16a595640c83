//! `cargo xtask bench engine`: the token engine beside its peers, and its bars.
//!
//! The measuring is done by the workspace `bench/`, since peers are dependencies of nothing else.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use super::{Bar, Outcome, conclude, program, release_build, results};
use crate::steps::{self, root};

/// How much longer a call may take when there are several callers, or during an early refresh.
const MOST_GROWTH: f64 = 1.3;

/// The threads of a process in which many managers are due at once.
const MOST_THREADS: usize = 80;

/// The memory for each of them while it waits, beside its token.
const MOST_BYTES: usize = 4_096;

/// Builds, measures and judges. False where a bar is missed.
#[expect(clippy::print_stdout, reason = "a command-line program")]
pub(crate) fn run(write: bool) -> Result<bool> {
    println!("building the engine and its peers (the first time takes minutes) ...");
    steps::run(release_build(&["--manifest-path", "bench/Cargo.toml"]))?;
    let path = results("engine")?;
    let mut command = Command::new(program("engine"));
    command.current_dir(root()).arg(&path);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("{command:?} cannot be started"))?;
    ensure!(
        output.status.success(),
        "{command:?} failed with {}",
        output.status
    );
    let figures = std::fs::read_to_string(&path)?;
    let report: Report = serde_json::from_str(&figures).context("the figures are malformed")?;
    let mut bars = cached_bars(&report.cached)?;
    bars.extend(refreshing_bars(&report.cached)?);
    bars.extend(herd_bars(&report.herd)?);
    bars.extend(report.managers.iter().flat_map(managers_bars));
    let tables = String::from_utf8(output.stdout)?;
    let outcome = Outcome {
        name: "engine",
        figures: serde_json::from_str(&figures)?,
        tables: format!("{}\n{}", tables.trim_end(), busy(&report.cached)),
        bars,
    };
    conclude(outcome, write)
}

#[derive(Deserialize)]
struct Report {
    cached: Vec<Row>,
    herd: Vec<Column>,
    managers: Vec<Managers>,
}

#[derive(Deserialize)]
struct Row {
    name: String,
    kind: Kind,
    one_thread: Figure,
    two_threads: Figure,
    eight_tasks: Figure,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Floor,
    /// A point of reference, or a part of what a peer does.
    Reference,
    Own,
    /// During an early refresh. The name begins with that of the same call with a cached token.
    #[serde(rename = "own_refreshing")]
    OwnRefreshing,
    Peer,
}

#[derive(Clone, Copy, Deserialize)]
struct Figure {
    smallest: f64,
    median: f64,
}

#[derive(Deserialize)]
struct Column {
    kind: Kind,
    cells: BTreeMap<String, Option<Cell>>,
}

#[derive(Deserialize)]
struct Cell {
    callers: usize,
    requests: usize,
    served: usize,
    failed: usize,
    delayed: usize,
    first_ms: Option<f64>,
    last_ms: Option<f64>,
    first_served: Option<usize>,
}

/// Many managers that are due at once, in a separate process.
#[derive(Deserialize)]
struct Managers {
    transport: String,
    name: String,
    count: usize,
    requests: usize,
    served: usize,
    last_ms: u64,
    threads: Option<usize>,
    bytes_each: Option<usize>,
}

/// A warning, where what scales by itself did not: two cores were not to be had.
fn busy(rows: &[Row]) -> String {
    let floors = rows.iter().filter(|row| row.kind == Kind::Floor);
    let others = |row: &Row| row.two_threads.median.max(row.eight_tasks.median);
    let worst = floors
        .map(|row| others(row) / row.one_thread.median)
        .fold(1.0, f64::max);
    if worst <= MOST_GROWTH {
        return String::new();
    }
    format!(
        "\nThe machine was busy: the floor itself grew to {worst:.1} times its figure on one \
         thread. Measure again before trusting the medians.\n"
    )
}

/// What a cached token may cost. Medians are judged; the smallest figures are told beside them.
fn cached_bars(rows: &[Row]) -> Result<Vec<Bar>> {
    let floor = rows
        .iter()
        .find(|row| row.kind == Kind::Floor)
        .context("there is no floor")?;
    let peers = || rows.iter().filter(|row| row.kind == Kind::Peer);
    let fastest = peers()
        .min_by(|a, b| a.eight_tasks.median.total_cmp(&b.eight_tasks.median))
        .context("there are no peers")?;
    let own = rows.iter().filter(|row| row.kind == Kind::Own);
    Ok(own
        .flat_map(|row| {
            let name = &row.name;
            let most_floors = most_floors(row);
            [
                ratio(
                    format!("{name}: at most {most_floors} times the floor on 1 thread"),
                    row.one_thread,
                    floor.one_thread,
                    |ratio| ratio <= most_floors,
                ),
                ratio(
                    format!("{name}: on 2 threads at most 1.3 times its time on 1"),
                    row.two_threads,
                    row.one_thread,
                    |ratio| ratio <= MOST_GROWTH,
                ),
                ratio(
                    format!("{name}: in 8 tasks at most 1.3 times its time on 1 thread"),
                    row.eight_tasks,
                    row.one_thread,
                    |ratio| ratio <= MOST_GROWTH,
                ),
                ratio(
                    format!(
                        "{name}: in 8 tasks at least 4 times faster than the fastest peer's \
                         header ({})",
                        fastest.name
                    ),
                    fastest.eight_tasks,
                    row.eight_tasks,
                    |ratio| ratio >= 4.0,
                ),
            ]
        })
        .collect())
}

/// The limit of a call, in floors. An asynchronous call makes a future and polls it.
fn most_floors(row: &Row) -> f64 {
    if row.name.contains(".await") {
        10.0
    } else {
        8.0
    }
}

/// Judges calls during an early refresh, which may add no more than other callers may.
fn refreshing_bars(rows: &[Row]) -> Result<Vec<Bar>> {
    let refreshing = rows.iter().filter(|row| row.kind == Kind::OwnRefreshing);
    let bars = refreshing.map(|row| {
        let cached = rows
            .iter()
            .find(|other| other.kind == Kind::Own && row.name.starts_with(&other.name))
            .with_context(|| format!("no row has the cached token of `{}`", row.name))?;
        let columns = [
            ("on 1 thread", row.one_thread, cached.one_thread),
            ("on 2 threads", row.two_threads, cached.two_threads),
            ("in 8 tasks", row.eight_tasks, cached.eight_tasks),
        ];
        Ok(columns.map(|(column, refreshing, cached)| {
            ratio(
                format!(
                    "{}: {column} at most 1.3 times the call with a cached token",
                    row.name
                ),
                refreshing,
                cached,
                |ratio| ratio <= MOST_GROWTH,
            )
        }))
    });
    let bars: Result<Vec<_>> = bars.collect();
    Ok(bars?.into_iter().flatten().collect())
}

fn ratio(promise: String, one: Figure, other: Figure, keeps: impl Fn(f64) -> bool) -> Bar {
    let median = one.median / other.median;
    let smallest = one.smallest / other.smallest;
    let seen = format!("{median:.1} times ({smallest:.1} in the smallest samples)");
    Bar::new(promise, seen, keeps(median))
}

/// What a herd may do. Times have 50 ms for the machine to wake everybody.
fn herd_bars(columns: &[Column]) -> Result<Vec<Bar>> {
    let own = columns
        .iter()
        .find(|column| column.kind == Kind::Own)
        .context("the herd of this crate is missing")?;
    let cell = |key: &str| {
        own.cells
            .get(key)
            .and_then(Option::as_ref)
            .with_context(|| format!("the herd `{key}` is missing"))
    };
    Ok(vec![
        served("no token", "1 request", cell("cold")?, |cell| {
            cell.requests == 1
        }),
        told("503", 3, "1 request per attempt", cell("unavailable")?),
        told("401", 1, "1 request", cell("refused")?),
        served(
            "tokens of 60 s",
            "1 request",
            cell("short_lived")?,
            |cell| cell.requests == 1,
        ),
        served(
            "expired a moment ago",
            "1 request, all within 0.05 s of the endpoint's 0.05 s",
            cell("expired")?,
            |cell| cell.requests == 1 && cell.last_ms.is_some_and(|last| last <= 100.0),
        ),
        window(cell("window")?),
        deadlines(cell("deadlines")?),
        served(
            "leader dropped",
            "1 request, 99 served in the remaining 75 ms",
            cell("leader_dropped")?,
            |cell| cell.requests == 1 && cell.last_ms.is_some_and(|last| last <= 150.0),
        ),
    ])
}

fn served(situation: &str, promise: &str, cell: &Cell, keeps: impl Fn(&Cell) -> bool) -> Bar {
    let seen = format!(
        "{}, {} of {} served, the last after {:.0} ms",
        requests(cell),
        cell.served,
        cell.callers,
        cell.last_ms.unwrap_or(f64::INFINITY)
    );
    let is_kept = cell.served == cell.callers && keeps(cell);
    Bar::new(format!("herd, {situation}: {promise}"), seen, is_kept)
}

fn told(status: &str, most_requests: usize, promise: &str, cell: &Cell) -> Bar {
    let first_and_last = cell.first_ms.zip(cell.last_ms);
    let spread = first_and_last.map_or(f64::INFINITY, |(first, last)| last - first);
    let seen = format!(
        "{}, {} of {} told within {spread:.0} ms",
        requests(cell),
        cell.failed,
        cell.callers
    );
    let is_kept = cell.requests <= most_requests && cell.failed == cell.callers && spread <= 50.0;
    Bar::new(
        format!("herd, no token and {status}: {promise}, all told within 50 ms of the outcome"),
        seen,
        is_kept,
    )
}

fn window(cell: &Cell) -> Bar {
    Bar::new(
        "herd, inside the refresh window: 1 request, nobody delayed",
        format!(
            "{}, {} of {} delayed",
            requests(cell),
            cell.delayed,
            cell.callers
        ),
        cell.requests == 1 && cell.delayed == 0 && cell.served == cell.callers,
    )
}

fn deadlines(cell: &Cell) -> Bar {
    let first = cell.first_served.map_or_else(
        || "nobody served".to_owned(),
        |first| format!("caller {first} served"),
    );
    Bar::new(
        "herd, deadlines of 30 ms: 1 request, fourth caller served",
        format!("{}, {first}", requests(cell)),
        cell.requests == 1 && cell.first_served.is_some_and(|first| first <= 4),
    )
}

/// Judges many managers. Connections have buffers, which are not the manager's, so its memory is judged
/// with the transport that has no sockets.
fn managers_bars(row: &Managers) -> Vec<Bar> {
    let name = format!("{} managers, {}", row.count, row.name);
    let served = Bar::new(
        format!("{name}: all served, 1 request each"),
        format!(
            "{} served, the last after {} ms, {}",
            row.served,
            row.last_ms,
            counted(row.requests)
        ),
        row.served == row.count && row.requests == row.count,
    );
    let threads = row.threads.map(|threads| {
        Bar::new(
            format!("{name}: at most {MOST_THREADS} threads in the process"),
            format!("{threads} threads"),
            threads <= MOST_THREADS,
        )
    });
    let memory = (row.transport == "handed_in").then(|| {
        let seen = row.bytes_each.map_or_else(
            || "never did all wait at a time".to_owned(),
            |bytes| format!("{bytes} bytes"),
        );
        Bar::new(
            format!("{name}: at most {MOST_BYTES} bytes for each that waits"),
            seen,
            row.bytes_each.is_some_and(|bytes| bytes <= MOST_BYTES),
        )
    });
    [Some(served), threads, memory]
        .into_iter()
        .flatten()
        .collect()
}

fn requests(cell: &Cell) -> String {
    counted(cell.requests)
}

fn counted(requests: usize) -> String {
    match requests {
        1 => "1 request".to_owned(),
        count => format!("{count} requests"),
    }
}
