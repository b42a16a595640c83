//! The figures as Markdown and as JSON.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use crate::cached::{Row, smallest_and_median};
use crate::herd::{Cell, Herd, SITUATIONS, Situation};

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

/// The second table: one row for each library.
pub(crate) fn herd_table(herds: &[Herd]) -> String {
    let mut text = String::new();
    for situation in SITUATIONS {
        let _ = writeln!(
            text,
            "| {} | requests | {} |\n|---|--:|---|",
            situation.name(),
            heading(situation)
        );
        for herd in herds {
            let name = named(herd.name, herd.version);
            let cell = herd.cells.iter().find(|cell| cell.0 == situation);
            let _ = match cell.and_then(|cell| cell.1.as_ref()) {
                Some(cell) => {
                    writeln!(
                        text,
                        "| {name} | {} | {} |",
                        cell.requests,
                        words(situation, cell)
                    )
                }
                None => writeln!(
                    text,
                    "| {name} | | does not apply: fetches when it is built |"
                ),
            };
        }
        text.push('\n');
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

fn heading(situation: Situation) -> &'static str {
    match situation {
        Situation::Unavailable | Situation::Refused => "callers told",
        Situation::Window => "callers delayed",
        _ => "callers served",
    }
}

fn words(situation: Situation, cell: &Cell) -> String {
    let callers = cell.callers;
    let last = cell.last.map(milliseconds).unwrap_or_default();
    match situation {
        Situation::Unavailable | Situation::Refused => {
            let first = cell.first.map(milliseconds).unwrap_or_default();
            match cell.failed + cell.served {
                0 => format!("none of {callers} within the bound of 3 s"),
                told if told == callers => {
                    format!("all {callers}, from {first:.0} to {last:.0} ms")
                }
                told => format!("{told} of {callers} within the bound of 3 s"),
            }
        }
        Situation::Window => format!("{} of {callers}", cell.delayed),
        Situation::Deadlines => match cell.first_served {
            Some(first) => format!("{} of {callers}, the first is caller {first}", cell.served),
            None => format!("none of {callers}"),
        },
        _ if cell.served == callers => format!("all {callers}, the last after {last:.0} ms"),
        _ => {
            let mut words = format!("{} of {callers}", cell.served);
            if cell.failed > 0 {
                let _ = write!(words, ", {} got an error", cell.failed);
            }
            if cell.unserved > 0 {
                let _ = write!(words, ", {} nothing within the bound", cell.unserved);
            }
            words
        }
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
