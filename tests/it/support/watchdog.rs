//! A test that hangs must fail and not hang the run.

use std::sync::mpsc;
use std::time::Duration;

/// Far more than anything here takes, on the slowest machine.
pub const GENEROUS: Duration = Duration::from_secs(60);

/// What `f` returns; panics when it takes longer than `limit`. The thread is left behind: the test has
/// failed anyway.
pub fn within<T: Send + 'static>(
    limit: Duration,
    what: &str,
    f: impl FnOnce() -> T + Send + 'static,
) -> T {
    let (sender, receiver) = mpsc::channel();
    let worker = std::thread::spawn(move || {
        let _ = sender.send(f());
    });
    match receiver.recv_timeout(limit) {
        Ok(value) => value,
        Err(mpsc::RecvTimeoutError::Timeout) => {
            panic!("{what}: not done after {} s", limit.as_secs())
        }
        Err(mpsc::RecvTimeoutError::Disconnected) => match worker.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(()) => unreachable!("the value was sent before the thread ended"),
        },
    }
}
