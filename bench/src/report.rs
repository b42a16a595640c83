//! The figures as Markdown and as JSON.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use crate::cached::{Row, smallest_and_median};
use crate::herd::{Cell, Herd, SITUATIONS, Situation};
use crate::managers::Managers;

/// The first table: the smallest of the rounds, and the median.
pub(crate) fn cached_table(rows: &[Row]) -> String {
    let mut text =
        "| ns per call, smallest (median) | 1 thread | 2 threads | 8 tasks |\n|---|--:|--:|--:|\n"
            .to_owned();
    for row in rows {
        let name = named(row.name, row.version);
        let cells = row.samples.each_ref().map(|samples| {
            let (smallest, median) = smallest_and_median(samples);
            format!("{} ({})", nanoseconds(smallest), nanoseconds(median))
        });
        let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
    }
    text
}

/// The second table: a row for each situation, a column for each library.
pub(crate) fn herd_table(herds: &[Herd]) -> String {
    let names: Vec<_> = herds
        .iter()
        .map(|herd| {
            let library = herd.name.split(',').next().unwrap_or(herd.name);
            named(library, herd.version)
        })
        .collect();
    let mut text = format!(
        "| requests; callers | our bar | {} |\n|---|---|{}\n",
        names.join(" | "),
        "---|".repeat(herds.len())
    );
    for situation in SITUATIONS {
        let cells = herds.iter().map(|herd| {
            let cell = herd.cells.iter().find(|cell| cell.0 == situation);
            let cell = cell.and_then(|cell| cell.1.as_ref());
            cell.map_or_else(
                || "fetches when built".to_owned(),
                |cell| format!("{}; {}", cell.requests, words(situation, cell)),
            )
        });
        let cells: Vec<_> = cells.collect();
        let _ = writeln!(
            text,
            "| {} | {} | {} |",
            situation.name(),
            bar(situation),
            cells.join(" | ")
        );
    }
    text
}

/// The third table: a row for each transport.
pub(crate) fn managers_table(rows: &[Managers]) -> String {
    let mut text =
        "| 1,000 managers without a token, 1 caller each, 500 ms | requests | served | last after \
                    | most threads | bytes for each that waits |\n|---|--:|--:|--:|--:|--:|\n"
            .to_owned();
    for row in rows {
        let figures = &row.figures;
        let known = |figure: Option<usize>| {
            figure.map_or_else(|| "unknown".to_owned(), |figure| figure.to_string())
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} ms | {} | {} |",
            row.name,
            figures.requests,
            figures.served,
            figures.last_ms,
            known(figures.threads),
            known(figures.bytes_each)
        );
    }
    text
}

pub(crate) fn cached_json(row: &Row) -> Value {
    let figures = row.samples.each_ref().map(|samples| {
        let (smallest, median) = smallest_and_median(samples);
        json!({ "smallest": smallest, "median": median, "rounds": samples })
    });
    let [one, two, eight] = figures;
    json!({
        "name": row.name,
        "version": row.version,
        "kind": row.kind.key(),
        "one_thread": one,
        "two_threads": two,
        "eight_tasks": eight,
    })
}

pub(crate) fn herd_json(herd: &Herd) -> Value {
    let cells = herd.cells.iter().map(|(situation, cell)| {
        let value = cell.as_ref().map_or(Value::Null, |cell| {
            json!({
                "callers": cell.callers,
                "requests": cell.requests,
                "served": cell.served,
                "failed": cell.failed,
                "unserved": cell.unserved,
                "delayed": cell.delayed,
                "first_ms": cell.first.map(milliseconds),
                "last_ms": cell.last.map(milliseconds),
                "first_served": cell.first_served,
            })
        });
        (situation.key().to_owned(), value)
    });
    json!({
        "name": herd.name,
        "version": herd.version,
        "kind": herd.kind.key(),
        "cells": cells.collect::<serde_json::Map<_, _>>(),
    })
}

fn named(name: &str, version: &str) -> String {
    match name.split_once(',') {
        _ if version.is_empty() => name.to_owned(),
        Some((library, rest)) => format!("{library} {version},{rest}"),
        None => format!("{name} {version}"),
    }
}

fn bar(situation: Situation) -> &'static str {
    match situation {
        Situation::Cold | Situation::ShortLived => "1 request",
        Situation::Unavailable => "1 request per attempt, all told within 50 ms",
        Situation::Refused => "1 request, all told within 50 ms",
        Situation::Expired => "1 request, 50 ms",
        Situation::Window => "1 request, nobody delayed",
        Situation::Deadlines => "1 request, caller 4 served",
        Situation::LeaderDropped => "1 request, all in the remaining 75 ms",
    }
}

fn words(situation: Situation, cell: &Cell) -> String {
    let callers = cell.callers;
    let first = cell.first.map(milliseconds).unwrap_or_default();
    let last = cell.last.map(milliseconds).unwrap_or_default();
    match situation {
        Situation::Unavailable | Situation::Refused => match cell.unserved {
            0 => format!("all told, {first:.0} to {last:.0} ms"),
            unserved => format!("{unserved} not told in 3 s"),
        },
        Situation::Window => format!("{} delayed", cell.delayed),
        Situation::Deadlines => match cell.first_served {
            Some(first) => format!("served from caller {first} on"),
            None => "none served".to_owned(),
        },
        _ if cell.served == callers => format!("all in {last:.0} ms"),
        _ => format!("{} not served", callers - cell.served),
    }
}

fn nanoseconds(value: f64) -> String {
    if value < 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    }
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e4).round() / 10.0
}
