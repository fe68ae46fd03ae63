//! As many files at a time as there are processors; the results come in the order of the files.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Mutex, Once, PoisonError};
use std::time::{Duration, Instant};

use super::Cancel;
use super::input::Buffer;
use crate::model::{CANCELLED, TIME_IS_UP, Why};

/// Every file may take so long …
const BASE_TIME: Duration = Duration::from_secs(120);
/// … and a second more for so many bytes.
const BYTES_PER_SECOND: u64 = 10_000_000;
/// Formats may go deep into files inside files.
const STACK: usize = 8 << 20;
/// Maximum number of results that wait for a slow terminal.
pub(super) const AHEAD: usize = 64;

/// Does `work` for each of `items` on `jobs` threads (0: one for each processor), each with memory of its
/// own, and hands over what `work` sends, in the order in which it is sent. `cancel` ends it.
pub(super) fn each<I: Send, T: Send>(
    items: impl Iterator<Item = I> + Send,
    jobs: usize,
    cancel: &Cancel,
    (sender, results): (SyncSender<T>, Receiver<T>),
    work: impl Fn(I, &mut Buffer, &SyncSender<T>) + Sync + Send,
    on_result: impl FnMut(T),
) -> Result<(), rayon::ThreadPoolBuildError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .stack_size(STACK)
        .build()?;
    let items = Mutex::new(Some(items));
    let work = &work;
    let next = &|| {
        let mut items = items.lock().unwrap_or_else(PoisonError::into_inner);
        let item = items.as_mut().and_then(Iterator::next);
        if cancel.is_cancelled() {
            // Whoever makes the items must not wait for a worker that never comes.
            *items = None;
            return None;
        }
        item
    };
    pool.in_place_scope(move |scope| {
        scope.spawn_broadcast(move |_, _| {
            let mut buffer = Buffer::default();
            while let Some(item) = next() {
                work(item, &mut buffer, &sender);
            }
        });
        results.into_iter().for_each(on_result);
    });
    Ok(())
}

/// As [`each`], with one result for each item, handed over in the order of the items. Returns whether all
/// were done.
pub(super) fn in_order<I: Sync, T: Send>(
    items: &[I],
    jobs: usize,
    cancel: &Cancel,
    work: impl Fn(&I, &mut Buffer) -> T + Sync + Send,
    mut on_result: impl FnMut(T),
) -> Result<bool, rayon::ThreadPoolBuildError> {
    let mut waiting = BTreeMap::new();
    let mut turn = 0usize;
    each(
        items.iter().enumerate(),
        jobs,
        cancel,
        mpsc::sync_channel(AHEAD),
        |(index, item), buffer, sender| {
            // Nobody listens any more only when the whole scope ends.
            let _ = sender.send((index, work(item, buffer)));
        },
        |(index, result)| {
            waiting.insert(index, result);
            while let Some(result) = waiting.remove(&turn) {
                on_result(result);
                turn = turn.saturating_add(1);
            }
        },
    )?;
    // After a cancel there can be gaps.
    let done = turn.saturating_add(waiting.len());
    waiting.into_values().for_each(on_result);
    Ok(done == items.len())
}

/// Tells when to stop with a file of `len` bytes.
pub(super) fn stopper(len: u64, cancel: &Cancel) -> impl Fn() -> Option<&'static str> + '_ {
    let seconds = len.checked_div(BYTES_PER_SECOND).unwrap_or(0);
    let allowed = BASE_TIME.saturating_add(Duration::from_secs(seconds));
    let begun = Instant::now();
    move || {
        if cancel.is_cancelled() {
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
        let all = in_order(&items, 4, &Cancel::default(), work, |r| got.push(r)).unwrap();
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
        let cancel = Cancel::default();
        let mut got = 0;
        let all = in_order(
            &items,
            2,
            &cancel,
            |n, _| *n,
            |n| {
                got += 1;
                if n == 10 {
                    cancel.cancel();
                }
            },
        )
        .unwrap();
        assert!(!all);
        assert!((11..1000).contains(&got));
    }

    #[test]
    fn time_depends_on_length() {
        let cancel = Cancel::default();
        let stop = stopper(0, &cancel);
        assert_eq!(stop(), None);
        cancel.cancel();
        assert_eq!(stop(), Some(CANCELLED));
    }
}
