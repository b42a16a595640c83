//! What happens when many callers meet one token endpoint.
//!
//! Each cell is a new object, endpoint and runtime. It ends when the last caller has its answer, or
//! at a bound; callers without an answer by then count as not served.

use std::pin::pin;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::cached::runtime;
use crate::endpoint::{Answer, Endpoint};
use crate::peers::{Kind, Subject, version};

/// The callers of a herd.
const HERD: usize = 1_000;

/// Callers that had to wait longer than this were delayed.
const DELAYED: Duration = Duration::from_millis(100);

/// A cell is measured this often, as long as it is over soon.
const REPEATS: usize = 3;

/// No repeat is begun later than this.
const REPEAT_UNTIL: Duration = Duration::from_secs(5);

/// The rows of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Situation {
    Cold,
    Unavailable,
    Refused,
    ShortLived,
    Expired,
    Window,
    Deadlines,
    LeaderDropped,
}

pub(crate) const SITUATIONS: [Situation; 8] = [
    Situation::Cold,
    Situation::Unavailable,
    Situation::Refused,
    Situation::ShortLived,
    Situation::Expired,
    Situation::Window,
    Situation::Deadlines,
    Situation::LeaderDropped,
];

impl Situation {
    /// Its name in the JSON.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Cold => "cold",
            Self::Unavailable => "unavailable",
            Self::Refused => "refused",
            Self::ShortLived => "short_lived",
            Self::Expired => "expired",
            Self::Window => "window",
            Self::Deadlines => "deadlines",
            Self::LeaderDropped => "leader_dropped",
        }
    }

    /// Its name in the table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cold => "no token, endpoint answers in 50 ms",
            Self::Unavailable => "no token, endpoint 503 after 50 ms",
            Self::Refused => "no token, endpoint 401 after 50 ms",
            Self::ShortLived => "tokens of 60 s, endpoint answers at once",
            Self::Expired => "expired a moment ago, endpoint 50 ms",
            Self::Window => "inside the refresh window, endpoint 500 ms",
            Self::Deadlines => "20 callers, one by one, with 30 ms deadlines, endpoint 100 ms",
            Self::LeaderDropped => "leader dropped at 25 ms, 99 waiting, endpoint 100 ms",
        }
    }

    /// How long callers may wait.
    fn bound(self) -> Duration {
        match self {
            // Some wait out a pause of ten seconds here, which is worth seeing.
            Self::Expired => Duration::from_secs(10),
            _ => Duration::from_secs(3),
        }
    }

    /// What the endpoint gives before the herd comes, if anything, and then.
    fn answers<S: Subject>(self) -> (Option<Answer>, Answer) {
        match self {
            Self::Cold => (None, Answer::token(3_600).after(50)),
            Self::Unavailable => (None, Answer::status(503).after(50)),
            Self::Refused => (None, Answer::status(401).after(50)),
            Self::ShortLived => (None, Answer::token(60)),
            Self::Expired => (Some(Answer::token(1)), Answer::token(3_600).after(50)),
            Self::Window => (
                Some(Answer::token(S::WINDOW.life)),
                Answer::token(3_600).after(500),
            ),
            Self::Deadlines | Self::LeaderDropped => (None, Answer::token(3_600).after(100)),
        }
    }

    /// Whether the situation is one before the first token.
    fn is_before_first_token(self) -> bool {
        !matches!(self, Self::ShortLived | Self::Expired | Self::Window)
    }
}

/// What was seen. Times are from the herd's arrival.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    pub(crate) callers: usize,
    /// Requests at the endpoint, those before the herd left out.
    pub(crate) requests: usize,
    /// Callers that got what they need.
    pub(crate) served: usize,
    /// Callers that got an error.
    pub(crate) failed: usize,
    /// Callers that had nothing at the bound.
    pub(crate) unserved: usize,
    pub(crate) delayed: usize,
    pub(crate) first: Option<Duration>,
    pub(crate) last: Option<Duration>,
    /// The first caller that was served, counted from one.
    pub(crate) first_served: Option<usize>,
    /// All requests shortly before the bound, where it was reached: callers that give up there set
    /// off others, which is not what is measured.
    requests_before_bound: Option<usize>,
}

/// One column of the table: what one library did. A situation it cannot get into has no cell.
pub(crate) struct Herd {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    pub(crate) kind: Kind,
    pub(crate) cells: Vec<(Situation, Option<Cell>)>,
}

/// All columns, before they are measured.
#[derive(Default)]
pub(crate) struct Herds {
    columns: Vec<Column>,
}

struct Column {
    herd: Herd,
    measure: fn(Situation) -> Result<Option<Cell>>,
}

impl Herds {
    pub(crate) fn add<S: Subject>(&mut self) {
        self.columns.push(Column {
            herd: Herd {
                name: S::NAME,
                version: version(S::PACKAGE),
                kind: S::KIND,
                cells: Vec::new(),
            },
            measure: repeated::<S>,
        });
    }

    /// Measures one situation after the other, all libraries in each.
    pub(crate) fn run(mut self) -> Result<Vec<Herd>> {
        for situation in SITUATIONS {
            eprintln!("herd: {}", situation.name());
            for column in &mut self.columns {
                let cell = (column.measure)(situation)
                    .with_context(|| format!("{}, {}", column.herd.name, situation.name()))?;
                column.herd.cells.push((situation, cell));
            }
        }
        Ok(self.columns.into_iter().map(|column| column.herd).collect())
    }
}

/// The cell of the worst counts and the median times of a few runs.
fn repeated<S: Subject>(situation: Situation) -> Result<Option<Cell>> {
    if !S::CALLS_FETCH && situation.is_before_first_token() {
        return Ok(None);
    }
    let begun = Instant::now();
    let mut cells = Vec::new();
    while cells.len() < REPEATS && (cells.is_empty() || begun.elapsed() < REPEAT_UNTIL) {
        cells.push(once::<S>(situation)?);
    }
    Ok(Some(combined(&cells)))
}

fn combined(cells: &[Cell]) -> Cell {
    let worst = |count: fn(&Cell) -> usize| cells.iter().map(count).max().unwrap_or_default();
    let fewest = |count: fn(&Cell) -> usize| cells.iter().map(count).min().unwrap_or_default();
    let median = |time: fn(&Cell) -> Option<Duration>| {
        let mut times: Vec<_> = cells.iter().filter_map(time).collect();
        times.sort();
        times.get(times.len() / 2).copied()
    };
    let is_served = cells.iter().all(|cell| cell.first_served.is_some());
    Cell {
        callers: worst(|cell| cell.callers),
        requests: worst(|cell| cell.requests),
        served: fewest(|cell| cell.served),
        failed: fewest(|cell| cell.failed),
        unserved: worst(|cell| cell.unserved),
        delayed: worst(|cell| cell.delayed),
        first: median(|cell| cell.first),
        last: median(|cell| cell.last),
        first_served: is_served.then(|| worst(|cell| cell.first_served.unwrap_or_default())),
        requests_before_bound: None,
    }
}

fn once<S: Subject>(situation: Situation) -> Result<Cell> {
    let runtime = runtime()?;
    let (first, then) = situation.answers::<S>();
    let endpoint = Endpoint::new(Some(situation), first, then);
    let cell = runtime.block_on(async {
        let subject = S::build(&endpoint).await?;
        if first.is_some() {
            subject
                .header(&mut subject.state()?)
                .await
                .map_err(Into::into)?;
        }
        let before = first.map_or(0, |_| endpoint.requests());
        match situation {
            Situation::Expired => sleep(Duration::from_millis(1_200)).await,
            Situation::Window => sleep(S::WINDOW.wait).await,
            _ => {}
        }
        let mut cell = match situation {
            Situation::Deadlines => deadlines(&subject).await?,
            Situation::LeaderDropped => leader_dropped(&subject, situation.bound()).await?,
            _ => crowd(&subject, &endpoint, situation.bound()).await?,
        };
        if situation == Situation::Window {
            // A refresh that nobody waits for is still under way.
            sleep(Duration::from_millis(700)).await;
        }
        let requests = cell
            .requests_before_bound
            .unwrap_or_else(|| endpoint.requests());
        cell.requests = requests - before;
        Ok::<_, anyhow::Error>(cell)
    });
    runtime.shutdown_background();
    cell
}

/// What came of one caller: its waiting time, the time since the herd's arrival, and the outcome.
struct Outcome {
    waited: Duration,
    at: Duration,
    is_ok: bool,
}

fn caller<S: Subject>(
    subject: &S,
    arrival: Instant,
    bound: Duration,
) -> JoinHandle<Result<Option<Outcome>>> {
    let subject = subject.clone();
    tokio::spawn(async move {
        let mut state = subject.state()?;
        let begun = Instant::now();
        let answer = timeout(bound, subject.header(&mut state)).await;
        Ok(answer.ok().map(|value| Outcome {
            waited: begun.elapsed(),
            at: arrival.elapsed(),
            is_ok: value.is_ok(),
        }))
    })
}

async fn crowd<S: Subject>(subject: &S, endpoint: &Endpoint, bound: Duration) -> Result<Cell> {
    let arrival = Instant::now();
    let tasks: Vec<_> = (0..HERD).map(|_| caller(subject, arrival, bound)).collect();
    let mut cell = pin!(collect(tasks));
    tokio::select! {
        cell = &mut cell => cell,
        () = sleep(bound - Duration::from_millis(20)) => {
            let requests_before_bound = Some(endpoint.requests());
            let cell = cell.await?;
            Ok(Cell { requests_before_bound, ..cell })
        }
    }
}

async fn collect(tasks: Vec<JoinHandle<Result<Option<Outcome>>>>) -> Result<Cell> {
    let mut cell = Cell {
        callers: tasks.len(),
        ..Cell::default()
    };
    for task in tasks {
        let Some(outcome) = task.await?? else {
            cell.unserved += 1;
            cell.delayed += 1;
            continue;
        };
        cell.served += usize::from(outcome.is_ok);
        cell.failed += usize::from(!outcome.is_ok);
        cell.delayed += usize::from(outcome.waited > DELAYED);
        cell.first = Some(cell.first.map_or(outcome.at, |first| first.min(outcome.at)));
        cell.last = cell.last.max(Some(outcome.at));
    }
    Ok(cell)
}

async fn deadlines<S: Subject>(subject: &S) -> Result<Cell> {
    let mut cell = Cell {
        callers: 20,
        ..Cell::default()
    };
    for number in 1..=cell.callers {
        let mut state = subject.state()?;
        let call = timeout(Duration::from_millis(30), subject.header(&mut state));
        if matches!(call.await, Ok(Ok(_))) {
            cell.served += 1;
            cell.first_served.get_or_insert(number);
        } else {
            cell.unserved += 1;
        }
    }
    Ok(cell)
}

async fn leader_dropped<S: Subject>(subject: &S, bound: Duration) -> Result<Cell> {
    let arrival = Instant::now();
    let leader = caller(subject, arrival, bound);
    sleep(Duration::from_millis(5)).await;
    let others: Vec<_> = (0..99).map(|_| caller(subject, arrival, bound)).collect();
    sleep(Duration::from_millis(25).saturating_sub(arrival.elapsed())).await;
    leader.abort();
    collect(others).await
}
