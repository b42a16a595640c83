//! What a command takes, together with everything that it starts.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

/// How often memory is looked at: too seldom for a process of a few milliseconds, and often enough
/// for a compiler.
const INTERVAL: Duration = Duration::from_millis(50);

/// What a command took.
#[derive(Clone, Copy)]
pub(super) struct Cost {
    /// Seconds from start to end.
    pub(super) wall: f64,
    /// Seconds of all cores.
    pub(super) cpu: Option<f64>,
    /// Bytes of all processes at one time, at most; none where it was not measured.
    pub(super) memory: Option<u64>,
}

impl Cost {
    pub(super) fn figures(&self) -> Value {
        json!({ "wall_s": self.wall, "cpu_s": self.cpu, "peak_memory_bytes": self.memory })
    }
}

/// Runs a command, which has to succeed, and keeps what it says to itself.
pub(super) fn watch(command: &mut Command) -> Result<Cost> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let before = children_cpu();
    let begun = Instant::now();
    let mut child = command
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("{command:?} cannot be started"))?;
    let root = child.id();
    let ended = AtomicBool::new(false);
    let (status, wall, memory) = thread::scope(|scope| {
        let sampler = scope.spawn(|| peak_memory(root, &ended));
        let status = child.wait();
        let wall = begun.elapsed().as_secs_f64();
        ended.store(true, Ordering::Relaxed);
        sampler.thread().unpark();
        (status, wall, sampler.join().ok().flatten())
    });
    let status = status?;
    ensure!(status.success(), "{command:?} failed with {status}");
    let cpu = children_cpu()
        .zip(before)
        .map(|(after, before)| after - before);
    Ok(Cost { wall, cpu, memory })
}

/// Looks at the memory of a process and its descendants until it has ended.
fn peak_memory(root: u32, ended: &AtomicBool) -> Option<u64> {
    let mut peak = None;
    while !ended.load(Ordering::Relaxed) {
        peak = peak.max(memory(root));
        thread::park_timeout(INTERVAL);
    }
    peak
}

/// The memory of a process and its descendants, of which shared pages count in proportion; none
/// where the system has no such files as Linux.
fn memory(root: u32) -> Option<u64> {
    let parents: Vec<_> = fs::read_dir("/proc")
        .ok()?
        .filter_map(|entry| {
            let process: u32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
            Some((process, field(process, "status", "PPid:")?))
        })
        .collect();
    let mut tree = BTreeSet::from([u64::from(root)]);
    loop {
        let known = tree.len();
        let children = parents
            .iter()
            .filter(|(_, parent)| tree.contains(parent))
            .map(|&(process, _)| u64::from(process));
        tree.extend(children.collect::<Vec<_>>());
        if tree.len() == known {
            break;
        }
    }
    let kibibytes = parents
        .iter()
        .filter(|&&(process, _)| tree.contains(&u64::from(process)))
        .filter_map(|&(process, _)| field(process, "smaps_rollup", "Pss:"));
    Some(kibibytes.sum::<u64>() * 1_024).filter(|&bytes| bytes > 0)
}

/// The number in a line of a file about a process.
fn field(process: u32, file: &str, name: &str) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/{file}")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The seconds that all children which have ended took of all cores.
#[cfg(unix)]
fn children_cpu() -> Option<f64> {
    use nix::sys::resource::{UsageWho, getrusage};

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    let seconds = [usage.user_time(), usage.system_time()].map(|time| {
        let micros = time.tv_sec() * 1_000_000 + time.tv_usec();
        u64::try_from(micros).map(Duration::from_micros)
    });
    let [user, system] = seconds;
    Some((user.ok()? + system.ok()?).as_secs_f64())
}

#[cfg(not(unix))]
fn children_cpu() -> Option<f64> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn memory_is_that_of_the_whole_tree() {
        // `tail` keeps what it is to print until it has seen the end.
        let script = "head -c 50000000 /dev/zero | tail -c 50000000 | (sleep 0.5; cat)";
        let cost = watch(&mut shell(script)).unwrap();
        assert!(cost.memory.unwrap() > 50_000_000, "{:?}", cost.memory);
        assert!(cost.wall >= 0.5, "{}", cost.wall);
    }

    #[test]
    fn a_failed_command_is_no_measurement() {
        assert!(watch(&mut shell("exit 3")).is_err());
    }
}
