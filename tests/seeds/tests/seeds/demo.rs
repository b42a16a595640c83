//! Every line of the demonstration is as it should be.

use credsmith_seeds::demo;

#[tokio::test(flavor = "multi_thread")]
async fn every_capability_of_every_seed_works() {
    let log = std::env::temp_dir().join(format!("credsmith-seeds-{}.log", std::process::id()));
    let report = demo::run(&log).await.unwrap();
    std::fs::remove_file(&log).unwrap();
    assert!(report.all_well(), "\n{report}");
    // 9 capabilities of three seeds, 8 of the manual one, 2 of single seeds, 17 of the other kinds, and
    // the sweep.
    assert_eq!(report.len(), 55, "\n{report}");
}
