//! As many files at a time as there are processors; the results come in the order of the files.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Once, mpsc};
use std::time::{Duration, Instant};

use super::input::Buffer;
use crate::model::{CANCELLED, TIME_IS_UP, Why};

/// Every file may take so long …
const BASE_TIME: Duration = Duration::from_secs(120);
/// … and a second more for so many bytes.
const BYTES_PER_SECOND: u64 = 10_000_000;
/// Formats may go deep into files inside files.
const STACK: usize = 8 << 20;
/// So many results may wait for a slow terminal.
const AHEAD: usize = 64;

/// Does `work` for each of `items` on `jobs` threads (0: one for each processor), each with memory of
/// its own, and hands the results over in order. Returns whether all were done: `cancel` ends it.
pub(super) fn in_order<I: Sync, T: Send>(
    items: &[I],
    jobs: usize,
    cancel: &AtomicBool,
    work: impl Fn(&I, &mut Buffer) -> T + Sync + Send,
    mut on_result: impl FnMut(T),
) -> Result<bool, rayon::ThreadPoolBuildError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .stack_size(STACK)
        .build()?;
    let next = AtomicUsize::new(0);
    let (next, work) = (&next, &work);
    let (sender, results) = mpsc::sync_channel(AHEAD);
    let mut done = 0usize;
    pool.in_place_scope(|scope| {
        scope.spawn_broadcast(move |_, _| {
            let mut buffer = Buffer::default();
            while !cancel.load(Ordering::Relaxed) {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(item) = items.get(index) else { break };
                if sender.send((index, work(item, &mut buffer))).is_err() {
                    break;
                }
            }
        });
        let mut waiting = BTreeMap::new();
        let mut hand_over = |result| {
            on_result(result);
            done = done.saturating_add(1);
        };
        let mut turn = 0usize;
        for (index, result) in results {
            waiting.insert(index, result);
            while let Some(result) = waiting.remove(&turn) {
                hand_over(result);
                turn = turn.saturating_add(1);
            }
        }
        // After a cancel there can be gaps.
        waiting.into_values().for_each(hand_over);
    });
    Ok(done == items.len())
}

/// Tells when to stop with a file of `len` bytes.
pub(super) fn stopper(len: u64, cancel: &AtomicBool) -> impl Fn() -> Option<&'static str> + '_ {
    let seconds = len.checked_div(BYTES_PER_SECOND).unwrap_or(0);
    let allowed = BASE_TIME.saturating_add(Duration::from_secs(seconds));
    let begun = Instant::now();
    move || {
        if cancel.load(Ordering::Relaxed) {
            Some(CANCELLED)
        } else {
            (begun.elapsed() > allowed).then_some(TIME_IS_UP)
        }
    }
}

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Turns a panic into an outcome. It prints nothing, for that could show what stands in the file.
pub(super) fn contained<T>(work: impl FnOnce() -> Result<T, Why>) -> Result<T, Why> {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !CONTAINED.get() {
                before(info);
            }
        }));
    });
    CONTAINED.set(true);
    // Whatever was half done belongs to this file only and is not looked at again.
    let done = catch_unwind(AssertUnwindSafe(work));
    CONTAINED.set(false);
    done.unwrap_or(Err(Why::Bug))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_panics_stay_inside() {
        let items: Vec<usize> = (0..1000).collect();
        let mut got = Vec::new();
        let work = |n: &usize, _: &mut Buffer| {
            contained(|| {
                if n % 10 == 3 {
                    panic!("secret")
                } else {
                    Ok(*n)
                }
            })
        };
        let all = in_order(&items, 4, &AtomicBool::new(false), work, |r| got.push(r)).unwrap();
        assert!(all);
        assert_eq!(got.len(), 1000);
        for (n, result) in got.into_iter().enumerate() {
            match result {
                Ok(m) => assert_eq!(n, m),
                Err(why) => assert!(n % 10 == 3 && matches!(why, Why::Bug)),
            }
        }
    }

    #[test]
    fn cancel_ends_it() {
        let items: Vec<usize> = (0..1000).collect();
        let cancel = AtomicBool::new(false);
        let mut got = 0;
        let all = in_order(
            &items,
            2,
            &cancel,
            |n, _| *n,
            |n| {
                got += 1;
                if n == 10 {
                    cancel.store(true, Ordering::Relaxed);
                }
            },
        )
        .unwrap();
        assert!(!all);
        assert!((11..1000).contains(&got));
    }

    #[test]
    fn time_depends_on_length() {
        let cancel = AtomicBool::new(false);
        let stop = stopper(0, &cancel);
        assert_eq!(stop(), None);
        cancel.store(true, Ordering::Relaxed);
        assert_eq!(stop(), Some(CANCELLED));
    }
}
