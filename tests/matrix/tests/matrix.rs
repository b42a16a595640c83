//! Uses every combination.

#[tokio::test(flavor = "multi_thread")]
async fn every_combination_works() {
    let combinations = credsmith_matrix::all();
    assert_eq!(combinations.len(), 96);
    let mut failed = Vec::new();
    for (title, outcome) in combinations {
        if let Err(error) = outcome.await {
            failed.push(format!("{title}: {error:#}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
