//! "Did you mean": the candidate that a mistyped word is nearest to.

/// The candidate closest to `word`, if any is close enough to be what was meant.
///
/// Case, `-` and `_` do not count. At most a third of the word may differ, counted in insertions,
/// deletions, replacements and swaps of neighbours; the first of several equally close wins.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = fold(word);
    let limit = (wanted.len() / 3).max(1);
    candidates
        .into_iter()
        .take(MOST_COMPARED)
        .map(|candidate| (fold(candidate), candidate))
        .filter(|(folded, _)| folded.len().abs_diff(wanted.len()) <= limit)
        .map(|(folded, candidate)| (distance(&wanted, &folded), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The one of `keys` that is meant by a wrong one: it lacks a space behind it, or is mistyped.
pub(crate) fn meant<'a>(key: &str, keys: &[&'a str]) -> Option<&'a str> {
    without_space(key, keys).or_else(|| closest(key, keys.iter().copied()))
}

/// The one of `keys` that `key` begins with: `name` of `name:Acme`.
pub(crate) fn without_space<'a>(key: &str, keys: &[&'a str]) -> Option<&'a str> {
    let (start, _) = key.split_once(':')?;
    keys.iter().copied().find(|known| *known == start)
}

/// Whether two words are the same but for case, `-` and `_`.
pub(crate) fn same(word: &str, other: &str) -> bool {
    fold(word) == fold(other)
}

/// The sentence for a help line: ``did you mean `…`?``
pub(crate) fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    closest(word, candidates).map(|meant| format!("did you mean `{meant}`?"))
}

/// In a longer list nobody looks for a typing error, and comparing would take its time.
const MOST_COMPARED: usize = 200;

/// Longer words are compared by their beginning only: a typing error is not looked for in prose.
const LONGEST: usize = 64;

fn fold(word: &str) -> Vec<char> {
    word.chars()
        .filter(|c| !matches!(c, '-' | '_'))
        .flat_map(char::to_lowercase)
        .take(LONGEST)
        .collect()
}

/// Optimal string alignment distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &y) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(x != y);
            let mut best = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let keys = ["token_url", "token_urls", "grant", "scopes"];
        assert_eq!(closest("tokenUrl", keys), Some("token_url"));
        assert_eq!(closest("garnt", keys), Some("grant"));
        assert_eq!(closest("scope", keys), Some("scopes"));
        assert_eq!(closest("password", keys), None);
    }
}
