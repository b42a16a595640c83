//! A short fuzz run that is the same every time: specs with random damage are diagnosed or accepted,
//! never a panic, and what is accepted renders. `fuzz/` holds the long one.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::corpus;
use super::output::generate;

/// Damaged specs that are checked.
const RUNS: usize = 3_000;

/// Of the accepted ones, every so many is rendered: that takes longer.
const RENDERED: usize = 8;

/// A small generator of random numbers (xorshift64*): the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap() % limit.max(1)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

fn specs_in(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(folder);
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect()
}

/// One kind of damage at one place; `other` is a spec to take lines from.
fn damage(text: &mut String, other: &str, random: &mut Random) {
    let mut at = |text: &str| text.floor_char_boundary(random.below(text.len() + 1));
    let (a, b) = (at(text), at(text));
    let (start, end) = (a.min(b), a.max(b));
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[start..]
        .find('\n')
        .map_or(text.len(), |newline| start + newline + 1);
    let lines: Vec<_> = other.lines().collect();
    match random.below(8) {
        0 => text.replace_range(start..end.min(text.ceil_char_boundary(start + 8)), ""),
        1 => text.insert_str(start, random.pick(corpus::TEXTS)),
        2 => text.insert_str(
            start,
            random.pick(&[
                "{", "}", "[", "]", ":", "-", "\"", "&a ", "*a", "|\n", "\n", "  ", "\t", "#",
                "!!str ",
            ]),
        ),
        3 => text.replace_range(line_start..line_end, ""),
        4 => text.insert_str(line_start, &format!("{}\n", random.pick(&lines))),
        5 => {
            let line = text[line_start..line_end].to_owned();
            text.insert_str(line_start, &line);
        }
        6 => text.insert_str(line_start, "  "),
        _ => {
            let value = random.pick(corpus::TEXTS);
            text.insert_str(line_end, &format!("  description: {value:?}\n"));
        }
    }
}

#[test]
fn damaged_specs_are_diagnosed_or_rendered() {
    let (good, bad) = (specs_in("specs"), specs_in("tests/rejects"));
    let good: Vec<_> = good.iter().map(String::as_str).collect();
    let all: Vec<_> = good
        .iter()
        .copied()
        .chain(bad.iter().map(String::as_str))
        .collect();
    let mut random = Random(0x5eed);
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..RUNS {
        let specs = if random.below(4) == 0 { &all } else { &good };
        let mut text = random.pick(specs).to_owned();
        for _ in 0..=random.below(2) {
            let other = random.pick(&all);
            damage(&mut text, other, &mut random);
        }
        let began = Instant::now();
        let checked = credsmith_codegen::check_text("damaged.yaml", &text);
        assert!(began.elapsed() < Duration::from_secs(2), "{text}");
        if checked.spec.is_none() {
            assert!(
                !checked.diagnostics.is_empty(),
                "refused without a word:\n{text}"
            );
            for found in &checked.diagnostics {
                let span = found.primary.span;
                assert!(
                    checked.source.text().get(span.range()).is_some(),
                    "{found:?}\n{text}"
                );
            }
            refused += 1;
            continue;
        }
        accepted += 1;
        if accepted % RENDERED == 0 {
            generate(&text).unwrap_or_else(|failure| panic!("{failure}\n{text}"));
        }
    }
    // Damage that is always, or never, noticed would show nothing.
    assert!(
        accepted > RUNS / 20 && refused > RUNS / 4,
        "{accepted} accepted, {refused} refused"
    );
}
