//! What is generated, in the layout of the file that it is compared with.
//!
//! Formatters move words from line to line. Both texts are cut where a line begins in each, with the
//! same words before it. A piece of the file that says what is generated then stands for it, so that
//! what is left to differ are pieces that say something else.

use similar::{Algorithm, DiffOp};

use super::words::Words;

/// A piece of both texts.
struct Piece<'a> {
    present: &'a [&'a str],
    wanted: &'a [&'a str],
    /// Whether both say the same.
    is_same: bool,
}

/// Where both texts can be cut: before a word, and before the line that it begins, of each.
struct Cut {
    words: (usize, usize),
    lines: (usize, usize),
}

/// The wanted text, in lines of the present one where these say the same. Absent when both have one
/// layout already, or cannot be read.
pub(super) fn relaid(present: &str, wanted: &str) -> Option<String> {
    let (present, wanted) = (Words::read(present)?, Words::read(wanted)?);
    let pieces = pieces(&present, &wanted);
    if have_one_layout(&pieces) {
        return None;
    }
    let lines = pieces.iter().flat_map(Piece::lines);
    Some(lines.copied().collect())
}

fn pieces<'a>(present: &'a Words<'_>, wanted: &'a Words<'_>) -> Vec<Piece<'a>> {
    let texts = (present.texts(), wanted.texts());
    let cuts = cuts(present, wanted, &texts.0, &texts.1);
    let piece = |pair: &[Cut]| {
        let (from, to) = (&pair[0], &pair[1]);
        let present_words = &texts.0[from.words.0..to.words.0];
        Piece {
            present: present.lines(from.lines.0, to.lines.0),
            wanted: wanted.lines(from.lines.1, to.lines.1),
            is_same: present_words == &texts.1[from.words.1..to.words.1],
        }
    };
    cuts.windows(2).map(piece).collect()
}

/// All cuts, those at the beginning and at the end included.
fn cuts(present: &Words<'_>, wanted: &Words<'_>, texts: &[&str], others: &[&str]) -> Vec<Cut> {
    let ops = similar::capture_diff_slices(Algorithm::Patience, texts, others);
    let equal = ops.into_iter().filter_map(|op| match op {
        DiffOp::Equal {
            old_index,
            new_index,
            len,
        } => Some((0..=len).map(move |at| (old_index + at, new_index + at))),
        _ => None,
    });
    let cut = |words: (usize, usize)| {
        let lines = (
            present.line_begun_by(words.0)?,
            wanted.line_begun_by(words.1)?,
        );
        Some(Cut { words, lines })
    };
    let start = Cut {
        words: (0, 0),
        lines: (0, 0),
    };
    let end = cut((texts.len(), others.len()));
    let between = equal.flatten().filter_map(cut);
    [start].into_iter().chain(between).chain(end).collect()
}

fn have_one_layout(pieces: &[Piece<'_>]) -> bool {
    let mut same = pieces.iter().filter(|piece| piece.is_same);
    let present = pieces.iter().flat_map(|piece| piece.present);
    let wanted = pieces.iter().flat_map(|piece| piece.wanted);
    // Deeper in braces than before is no other layout.
    let steps = (indentation(present), indentation(wanted));
    let is_one_step = steps.0 == steps.1 || steps.0.is_none() || steps.1.is_none();
    is_one_step && same.all(Piece::has_one_layout)
}

/// The least of what indented lines begin with.
fn indentation<'a>(lines: impl Iterator<Item = &'a &'a str>) -> Option<&'a str> {
    let full = lines.filter(|line| !line.trim().is_empty());
    let begin = full.map(|line| &line[..line.len() - line.trim_start().len()]);
    begin
        .filter(|begin| !begin.is_empty())
        .min_by_key(|begin| begin.len())
}

impl Piece<'_> {
    /// What is shown of it.
    fn lines(&self) -> &[&str] {
        if self.is_same {
            self.present
        } else {
            self.wanted
        }
    }

    /// Whether its lines are the same, but for empty ones and how deep they are.
    fn has_one_layout(&self) -> bool {
        full(self.present).eq(full(self.wanted))
    }
}

fn full<'a>(lines: &'a [&str]) -> impl Iterator<Item = &'a str> {
    let trimmed = lines.iter().map(|line| line.trim());
    trimmed.filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(present: &str, wanted: &str, expected: &str) {
        assert_eq!(relaid(present, wanted).as_deref(), Some(expected));
    }

    const WANTED: &str = "\
fn a() {
    b(|c| c.d(), e);
}

fn f() {
    // What follows.
    g(h);
}
";

    const TABS: &str = "\
fn a() {
\tb(
\t\t|c| {
\t\t\tc.d()
\t\t},
\t\te,
\t);
}

fn f() {
\t// What follows.
\tg(h);
}
";

    #[test]
    fn what_says_the_same_stays_as_it_is() {
        check(TABS, WANTED, TABS);
    }

    #[test]
    fn what_says_something_else_is_as_it_is_generated() {
        let wanted = WANTED.replace("g(h)", "g(i)");
        check(TABS, &wanted, &TABS.replace("\tg(h)", "    g(i)"));
        let wanted = WANTED.replace("What", "This");
        check(TABS, &wanted, &TABS.replace("\t// What", "    // This"));
        let wanted = WANTED.replace("fn f", "/// Now.\nfn f");
        check(TABS, &wanted, &TABS.replace("fn f", "/// Now.\nfn f"));
    }

    #[test]
    fn what_was_added_by_hand_goes_alone() {
        let edited = TABS.replace("\tg(h)", "\t// Mine.\n\tg(h)");
        check(&edited, WANTED, TABS);
        let edited = TABS.replace("fn f", "fn mine() {\n\tf()\n}\n\nfn f");
        check(&edited, WANTED, TABS);
    }

    #[test]
    fn braces_that_mean_nothing_are_never_torn() {
        let file = |body: &str| format!("fn a() {{\n\tb(\n{body}\t);\n}}\n");
        let present = file("\t\t|c| {\n\t\t\tc\n\t\t\t\t.d()\n\t\t\t\t.e()\n\t\t},\n");
        let body = "        |c| c\n            .d()\n            .f(),\n";
        check(&present, &file(body).replace('\t', "    "), &file(body));
    }

    #[test]
    fn a_string_on_several_lines_is_one_word() {
        let wanted = "fn a() {\n    b(\"c\n  d\", e);\n    f();\n}\n";
        let present = wanted.replace("    ", "\t");
        check(&present, wanted, &present);
        let changed = wanted.replace("d\"", "g\"");
        check(&present, &changed, &changed.replace("    f", "\tf"));
    }

    #[test]
    fn one_layout_needs_no_other() {
        assert_eq!(relaid(WANTED, &WANTED.replace("g(h)", "g(i)")), None);
        assert_eq!(relaid(WANTED, &WANTED.replace("\n\n", "\n")), None);
        let deeper = WANTED.replace("    g(h);\n", "    if i {\n        g(h);\n    }\n");
        assert_eq!(relaid(WANTED, &deeper), None);
        assert_eq!(relaid("", WANTED), None);
    }

    #[test]
    fn what_cannot_be_read_is_left_alone() {
        assert_eq!(relaid(&TABS.replace("b(", "b(("), WANTED), None);
    }
}
